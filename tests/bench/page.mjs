// The page itself: how soon it moves, and whether it stays smooth while it trains.
import { serveSite, until } from "../browser/harness.mjs";
import { load, SLOW } from "../browser/loading.mjs";
import { median } from "./contest.mjs";

const LOADS = 5;
const WATCH = 8000;

/** Runs in the page before its own scripts: notes the first frame, long tasks, late timers and drawn frames. */
function watch() {
  const seen = { firstFrame: null, firstDrawn: null, frames: 0, tasks: [], gaps: [] };
  Object.defineProperty(window, "__seen", { value: seen });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) seen.tasks.push(entry.duration);
  }).observe({ type: "longtask", buffered: true });
  let last = performance.now();
  const beat = () => {
    const now = performance.now();
    seen.gaps.push(now - last);
    last = now;
    setTimeout(beat, 0);
  };
  setTimeout(beat, 0);
  const draw = () => {
    seen.frames += 1;
    if (seen.firstFrame === null && (window.saddle?.snapshot().game.frame?.iteration ?? 0) > 0) {
      seen.firstFrame = performance.now();
    }
    if (seen.firstDrawn === null) {
      const figures = [...document.querySelectorAll("[data-iteration]")];
      if (figures.some((figure) => Number(figure.dataset.iteration) > 0)) seen.firstDrawn = performance.now();
    }
    requestAnimationFrame(draw);
  };
  requestAnimationFrame(draw);
}

/** @param {import("playwright-core").Browser} browser @param {(text: string) => void} say */
export async function measurePage(browser, say) {
  const server = await serveSite();
  try {
    const first = [];
    const drawn = [];
    for (let i = 0; i < LOADS; i++) {
      // A new context has empty caches.
      const { page, context } = await visit(browser, server.origin, say);
      const seen = await until("the first frame of the game", () => page.evaluate(() => window.__seen.firstDrawn && window.__seen));
      first.push(seen.firstFrame ?? seen.firstDrawn);
      drawn.push(seen.firstDrawn);
      await context.close();
      say(`page load ${i + 1} of ${LOADS}: first frame after ${Math.round(seen.firstDrawn)} ms`);
    }
    const { page, context } = await visit(browser, server.origin, say);
    await until("the game to play", () => page.evaluate(() => window.saddle?.snapshot().game.frame?.iteration > 0));
    await page.waitForTimeout(2000);
    const game = await stretch(page);
    await context.close();
    const mnist = await training(browser, server.origin, say).catch((error) => ({ failure: error.message }));
    return { firstFrame: median(first), firstDrawn: median(drawn), loads: drawn, game, mnist };
  } finally {
    await server.close();
  }
}

async function visit(browser, origin, say, hash = "") {
  const context = await browser.newContext();
  await context.addInitScript(watch);
  const page = await context.newPage();
  page.on("pageerror", (error) => say(`page: ${error.message}`));
  await page.goto(`${origin}/${hash}`);
  return { page, context };
}

/**
 * How the page loads from an empty cache over a slow line, throttled by the browser, compressed as hosts serve it.
 * @param {import("playwright-core").Browser} browser @param {(text: string) => void} say
 */
export async function measureLoading(browser, say) {
  const loads = [];
  for (let i = 0; i < LOADS; i++) {
    loads.push(await load(browser, SLOW));
    say(`slow load ${i + 1} of ${LOADS}: the game moves after ${Math.round(loads[i].moves.ms)} ms`);
  }
  const moment = (name) => {
    const of = (key) => median(loads.map((one) => one[name][key]));
    return { ms: of("ms"), requests: of("requests"), bytes: of("bytes") };
  };
  return { moves: moment("moves"), digits: moment("digits"), trains: moment("trains") };
}

/** MNIST trained on the CPU, the game playing beside it. */
async function training(browser, origin, say) {
  const { page, context } = await visit(browser, origin, say, "#device=cpu");
  await page.click("#data-fetch", { timeout: 30_000 });
  say("page: MNIST trains");
  await page.waitForSelector("#train-play:enabled", { timeout: 60_000 });
  await page.click("#train-play");
  const steps = () => page.evaluate(() => window.saddle.snapshot().train.row?.step ?? 0);
  await until("the first training step", steps, 60);
  const before = await steps();
  const result = { ...(await stretch(page)), steps: (await steps()) - before };
  await context.close();
  return result;
}

/** Frames per second, the longest task and the longest silence of a timer, milliseconds, while it is watched. */
async function stretch(page) {
  await page.evaluate(() => {
    Object.assign(window.__seen, { frames: 0, tasks: [], gaps: [] });
  });
  await page.waitForTimeout(WATCH);
  return page.evaluate((seconds) => {
    const { frames, tasks, gaps } = window.__seen;
    return { framesPerSecond: frames / seconds, longestTask: Math.max(0, ...tasks), longestGap: Math.max(...gaps) };
  }, WATCH / 1000);
}
