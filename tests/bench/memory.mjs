// Does a long run in the browser grow? `node tests/bench/memory.mjs [NET] [STEPS]` on the built page: the worker's
// WebAssembly memory and the renderer's resident memory (Linux) after 200 steps and after STEPS.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { chromium, open, serveSite, until } from "../browser/harness.mjs";

const [net = "tiny", steps = "5000"] = process.argv.slice(2);
const WARM = 200;
const MOST = 0.05;

const server = await serveSite();
const browser = await chromium({ webgpu: false });
const cdp = await browser.newBrowserCDPSession();

/** Bytes of the largest renderer; NaN where /proc does not say. */
async function resident() {
  const { processInfo } = await cdp.send("SystemInfo.getProcessInfo");
  const renderers = processInfo.filter(({ type }) => type === "renderer");
  const sizes = await Promise.all(renderers.map(({ id }) =>
    readFile(`/proc/${id}/statm`, "utf8").then((text) => 4096 * Number(text.split(" ")[1]), () => NaN)));
  return Math.max(...sizes);
}

const { page } = await open(browser, `${server.origin}/#net=${net}&device=cpu`);
await page.click("#data-fetch:not([disabled])", { timeout: 60_000 });
await page.click("#train-play:not([disabled])", { timeout: 60_000 });
const reached = async (step) => {
  await until(`step ${step}`, () => page.evaluate((n) => window.saddle.snapshot().train.row?.step >= n, step), 3600);
  const [at, wasm] = await page.evaluate(() => [window.saddle.snapshot().train.row.step, window.saddle.snapshot().train.memory]);
  return { step: at, wasm, resident: await resident() };
};
const rows = [];
for (const step of [WARM, 1000, 2000, 3000, 4000, Number(steps)].filter((step, i, all) => step <= Number(steps) && all.indexOf(step) === i)) {
  rows.push(await reached(step));
  const { step: at, wasm, resident: whole } = rows.at(-1);
  console.log(`step ${at}: WebAssembly ${(wasm / 1e6).toFixed(1)} MB, renderer ${(whole / 1e6).toFixed(0)} MB`);
}
await browser.close();
await server.close();
const growth = rows.at(-1).wasm / rows[0].wasm - 1;
console.log(`growth after step ${WARM}: ${(100 * growth).toFixed(1)} %`);
assert.ok(growth < MOST, `the worker's memory grew by ${(100 * growth).toFixed(1)} %`);
