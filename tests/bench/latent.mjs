// The latent explorer: from a slider's move, and from the wish for 64 other digits, to what is drawn.
import { serveSite, until } from "../browser/harness.mjs";
import { median } from "./contest.mjs";

const MOVES = 100;
const GRIDS = 20;
/** What the explorer promises, milliseconds at the median. */
const PROMISED = { move: 16, grid: 250 };

/** @param {import("playwright-core").Browser} browser @param {(text: string) => void} say */
export async function measureLatent(browser, say) {
  const server = await serveSite();
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(`${server.origin}/`);
    const ready = () => page.evaluate(() => window.saddle?.snapshot().latent.image !== null);
    await until("the generator", ready, 60);
    // Nothing else computes: the game stands still.
    await page.click("#opening-play:enabled");
    await page.evaluate(() => document.getElementById("lab-latent").scrollIntoView());
    await until("the explorer", () => page.evaluate(() => window.saddle.snapshot().latent.strips !== null), 60);
    await page.waitForTimeout(1500);
    say("latent: the slider moves");
    const moves = await page.evaluate(slide, MOVES);
    say("latent: other digits");
    const grids = await page.evaluate(wish, GRIDS);
    const row = (times) => ({ median: median(times), fastest: Math.min(...times), slowest: Math.max(...times) });
    return { move: row(moves.drawn), worker: row(moves.worker), grid: row(grids.drawn), gridWorker: row(grids.worker) };
  } finally {
    await context.close();
    await server.close();
  }
}

/** In the page: moves the slider and waits for the canvas, again and again. @param {number} count */
async function slide(count) {
  const [slider, figure] = [document.getElementById("latent-at"), document.getElementById("latent-figure")];
  const [drawn, worker] = [[], []];
  for (let i = 1; i <= count; i += 1) {
    const done = new Promise((resolve) => {
      new MutationObserver((_, observer) => {
        observer.disconnect();
        resolve(undefined);
      }).observe(figure, { attributeFilter: ["data-draws"] });
    });
    const start = performance.now();
    slider.value = String((i * 0.37) % 1);
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    await done;
    drawn.push(performance.now() - start);
    worker.push(window.saddle.snapshot().latent.milliseconds);
    // Off the beat of the screen, so that the wait for a frame is that of a hand.
    await new Promise((resolve) => setTimeout(resolve, 7 + (i * 5) % 16));
  }
  return { drawn, worker };
}

/** In the page: asks for 64 other digits and waits until they are drawn. @param {number} count */
async function wish(count) {
  const [drawn, worker] = [[], []];
  const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  for (let i = 0; i < count; i += 1) {
    const before = window.saddle.snapshot().latent.grid;
    const start = performance.now();
    document.getElementById("latent-others").click();
    while (window.saddle.snapshot().latent.grid === before) await new Promise((resolve) => setTimeout(resolve));
    await frame();
    drawn.push(performance.now() - start);
    worker.push(window.saddle.snapshot().latent.grid.milliseconds);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { drawn, worker };
}

/** @param {Awaited<ReturnType<typeof measureLatent>> & {failure?: string}} result @param {(value: number) => string} number */
export function latentText({ failure, move, worker, grid, gridWorker }, number) {
  if (failure) return `The latent explorer: NOT MEASURED: ${failure}`;
  const line = (text, all, own, most) =>
    `  ${text}: ${number(all.median)} ms (${number(all.fastest)} to ${number(all.slowest)}), of which the worker computes ${number(own.median)} ms; at most ${most} ms at the median: ${all.median <= most ? "kept" : "MISSED"}`;
  return [
    "The latent explorer, pretrained compact on the CPU module, medians:",
    line(`a slider's move to the digit on the canvas, ${MOVES} moves`, move, worker, PROMISED.move),
    line(`64 other digits to the grid on the canvas, ${GRIDS} times`, grid, gridWorker, PROMISED.grid),
  ].join("\n");
}
