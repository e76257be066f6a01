// One load of the page from an empty cache: when what is there, and what was asked for by then.
import { host } from "./host.mjs";
import { until } from "./harness.mjs";

/** Lighthouse's slow 4G, in bytes a second and ms. */
export const SLOW = { offline: false, latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 750e3 / 8 };

/** Runs in the page before its own scripts. */
function watch() {
  const conditions = {
    moves: () => Number(document.getElementById("opening-game")?.dataset["iteration"]) > 0,
    digits: () => (/** @type {any} */ (window).saddle?.snapshot().digits.images ?? null) !== null,
    trains: () => document.querySelector("#data-fetch:enabled"),
  };
  const left = new Map(Object.entries(conditions));
  const look = () => {
    for (const [name, there] of left) {
      if (!there()) continue;
      left.delete(name);
      /** @type {any} */ (window).seen(name, performance.now());
    }
    if (left.size > 0) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

/**
 * Files count whole as soon as they are asked for, compressed as they are sent.
 * @typedef {{ms: number, requests: number, bytes: number, list: string[]}} Moment
 * @param {import("playwright-core").Browser} browser
 * @param {typeof SLOW} [link] the browser's own throttling; none when left out
 * @returns {Promise<{moves: Moment, digits: Moment, trains: Moment}>} the game moves, digits are drawn, training can be begun
 */
export async function load(browser, link = undefined) {
  const served = await host({ encoding: "br", headers: true });
  const context = await browser.newContext({ locale: "en-GB" });
  try {
    const page = await context.newPage();
    /** @type {Record<string, Moment>} */
    const moments = {};
    await page.exposeFunction("seen", (/** @type {string} */ name, /** @type {number} */ ms) => {
      const list = served.sent.map(({ path, bytes }) => `${bytes} ${path}`);
      moments[name] = { ms, requests: list.length, bytes: served.sent.reduce((sum, { bytes }) => sum + bytes, 0), list };
    });
    await page.addInitScript(watch);
    if (link) {
      const session = await context.newCDPSession(page);
      await session.send("Network.enable");
      await session.send("Network.emulateNetworkConditions", link);
    }
    await page.goto(served.address, { waitUntil: "commit" });
    await until("training can be begun", () => Object.keys(moments).length === 3, 60);
    return /** @type {any} */ (moments);
  } finally {
    await context.close();
    await served.close();
  }
}
