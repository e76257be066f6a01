// What the tests of faults share: a page in a storage of its own, what is asked of it, what is put in the place of files.
import { readFile, readdir } from "node:fs/promises";
import { dirname, join, normalize } from "node:path";
import { built, environment, open, until } from "./harness.mjs";

export const env = environment({ webgpu: false });
/** The folder of the version that is served. */
export const site = join(await built("www"), "..");
export const served = async (/** @type {string} */ path) => readFile(await built(path), "utf8");

/** @param {string} folder @returns {Promise<string[]>} every script under it, as the server is asked for it */
export async function scripts(folder) {
  const all = await readdir(join(site, folder), { withFileTypes: true });
  const found = await Promise.all(all.map(async (entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? scripts(path) : path.endsWith(".js") ? [path] : [];
  }));
  return found.flat().sort();
}

/** @param {string} path @param {Set<string>} [seen] @returns {Promise<Set<string>>} it and all that it imports statically, as it is served */
export async function graph(path, seen = new Set()) {
  if (seen.has(path)) return seen;
  seen.add(path);
  for (const [, target] of (await served(path)).matchAll(/\b(?:from|import)"(\.[^"]+\.js)"/g)) await graph(normalize(join(dirname(path), target)), seen);
  return seen;
}

/** A page in a storage of its own, with what it tells. @param {string} [hash] @param {import("playwright-core").BrowserContext} [shared] */
export async function visit(hash = "", shared = undefined) {
  const context = shared ?? (await env.browser.newContext());
  const visited = await open(context, `${env.server.origin}/${hash}`);
  const { page } = visited;
  const snapshot = (/** @type {(s: any, x?: any) => unknown} */ pick, x = undefined) => page.evaluate(`(${pick})(window.saddle.snapshot(), ${JSON.stringify(x)})`);
  return { ...visited, context, snapshot, text: (/** @type {string} */ selector) => page.textContent(selector), close: () => (shared ? page.close() : context.close()) };
}
/** @typedef {Awaited<ReturnType<typeof visit>>} Visited */

export const shown = (/** @type {Visited} */ { page }, /** @type {string} */ selector) => page.waitForSelector(selector, { state: "visible", timeout: 30_000 });
export const reads = (/** @type {Visited} */ visited, /** @type {string} */ selector, /** @type {RegExp} */ words, seconds = 30) =>
  until(`${selector} says ${words}`, async () => words.test((await visited.text(selector)) ?? ""), seconds);
export const plays = (/** @type {Visited} */ { snapshot }) => until("the game moves", () => snapshot((s) => s.game.frame?.iteration > 5));
export const digits = (/** @type {Visited} */ { snapshot }) => until("the digits", () => snapshot((s) => s.digits.images !== null), 60);

/** @param {Record<string, unknown>} faults what is answered in place of files @param {() => Promise<void>} act */
export async function under(faults, act) {
  for (const [path, reply] of Object.entries(faults)) env.server.override(path, reply);
  try {
    await act();
  } finally {
    for (const path of Object.keys(faults)) env.server.override(path, null);
  }
}

/** Fetches MNIST and takes some steps of `tiny`. @param {Visited} visited @param {number} steps */
export async function train(visited, steps) {
  const { page, snapshot } = visited;
  await page.click("#data-fetch:not([disabled])", { timeout: 60_000 });
  await until("MNIST", () => snapshot((s) => s.data.phase === "ready"), 90);
  await page.click("#train-play:not([disabled])", { timeout: 60_000 });
  await until("steps", () => snapshot((s, n) => s.train.row?.step >= n, steps), 120);
  await page.click("#train-play");
  await until("it is kept", () => snapshot((s) => s.train.phase === "paused" && (s.train.savedStep === s.train.row.step || s.train.notSaved)), 60);
  return /** @type {Promise<number>} */ (snapshot((s) => s.train.row.step));
}

export const workerOf = (/** @type {Visited} */ { page }, /** @type {string} */ name) =>
  until(name, () => page.workers().find((worker) => worker.url().endsWith(`/${name}.js`)));
export const TINY = "#net=tiny&device=cpu";
