import { draw } from "../shell/spark.js";

/** @typedef {keyof import("../types.d.ts").GameNumbers} Name */

const EQUILIBRIUM = -Math.log(4);
const LOG2 = Math.log(2);
/** Least range shown, and the value at the equilibrium. @type {Record<Name, {low: number, high: number, reference: number}>} */
const RANGES = {
  v: { low: -1.6, high: -1, reference: EQUILIBRIUM },
  cOfG: { low: -1.6, high: -1, reference: EQUILIBRIUM },
  identity: { low: -1.6, high: -1, reference: EQUILIBRIUM },
  vBatch: { low: -1.6, high: -1, reference: EQUILIBRIUM },
  gap: { low: 0, high: 0.1, reference: 0 },
  jsd: { low: 0, high: 0.1, reference: 0 },
  klDataG: { low: 0, high: 0.1, reference: 0 },
  klGData: { low: 0, high: 0.1, reference: 0 },
  supDDStar: { low: 0, high: 0.2, reference: 0 },
  supDHalf: { low: 0, high: 0.2, reference: 0 },
  lossD: { low: 1, high: 1.6, reference: -EQUILIBRIUM },
  lossG: { low: 0.4, high: 1, reference: LOG2 },
};
const OF_D = new Set(/** @type {Name[]} */ (["v", "cOfG", "identity", "gap", "supDDStar", "supDHalf", "vBatch", "lossD"]));
/** Milliseconds between two drawings. */
const REST = 120;

/**
 * The course of every number over the moments that were kept, up to the one that is shown in ink.
 * @param {import("../shell/page.d.ts").Page} page
 * @returns {(game: import("../protocol.d.ts").Snapshot["game"], anew: boolean) => void}
 */
export function mountSparks(page) {
  const canvases = [...document.querySelectorAll("#game-numbers canvas[data-spark]")].map((canvas) => ({
    canvas: /** @type {HTMLCanvasElement} */ (canvas),
    name: /** @type {Name} */ (canvas.getAttribute("data-spark")),
  }));
  let drawn = 0;
  let timer = 0;
  const paint = () => {
    timer = 0;
    drawn = performance.now();
    const { moments, at, settings } = page.lab.snapshot.game;
    const xs = moments.map((moment) => moment.at);
    const { discriminator, generated, soft } = page.palette;
    for (const { canvas, name } of canvases) {
      const ys = moments.map(({ frame }) => frame.numbers[name]);
      const range = RANGES[name];
      const quadratic = settings?.loss === "least-squares" && (name === "lossD" || name === "lossG");
      const { low, high, reference } = quadratic ? { low: 0, high: 0.5, reference: name === "lossD" ? 0.25 : 0.125 } : range;
      draw(canvas, xs, ys, { low, high, reference, colour: OF_D.has(name) ? discriminator : generated, hair: soft, mark: at });
    }
  };
  return (game, anew) => {
    if (game.frame === null || timer !== 0) return;
    const wait = anew ? 0 : Math.max(0, drawn + REST - performance.now());
    timer = window.setTimeout(paint, wait);
  };
}
