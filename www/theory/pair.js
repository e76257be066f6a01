/** Two densities to drag: C(G) = -log 4 + KL(p||m) + KL(q||m), as a bar whose digits add up. */
import { fixed } from "../shell/format.js";
import { fit, scale } from "../shell/canvas.js";
import { curve, handle, label, place, plane, styles, unplace } from "./plot.js";
import { addUp } from "./sums.js";

/**
 * Two densities; `shape` 1: both are uniform.
 * @typedef {import("./theory.d.ts").ValuesOf<"pMean" | "pWidth" | "qMean" | "qWidth"> & {readonly shape?: number}} Shapes
 */
/** @typedef {import("./theory.d.ts").PairAnswer} Answer */

export const MEAN = { min: -4, max: 4, step: 0.01 };
export const WIDTH = { min: 0.2, max: 2, step: 0.01 };
/** Mean and deviation of the data and of the generator that most figures begin with. */
export const BUMPS = Object.freeze({ p: /** @type {const} */ ([-1, 0.7]), q: /** @type {const} */ ([1, 1]) });
/** With six, log 4 = log 2 + log 2 holds for the digits as well; the grid is good for as many. */
const DIGITS = 6;
const ROOT3 = Math.sqrt(3);

/** @type {import("./theory.d.ts").Kind<"theoryPair", "shape" | "pMean" | "pWidth" | "qMean" | "qWidth">} */
export const pair = {
  id: "pair",
  name: "theoryPair",
  fields: [
    { name: "shape", min: 0, max: 1, step: 1, value: 0, options: ["gaussian", "uniform"] },
    { name: "pMean", ...MEAN, value: BUMPS.p[0] },
    { name: "pWidth", ...WIDTH, value: BUMPS.p[1] },
    { name: "qMean", ...MEAN, value: BUMPS.q[0] },
    { name: "qWidth", ...WIDTH, value: BUMPS.q[1] },
  ],
  rows: [["klP", "nats"], ["klQ", "nats"], ["jsd", "nats"], ["root"], ["cOfG", "nats"], ["identity", "nats"]],
  heights: [15, 7],
  args: (v) => [v.shape === 1, [v.pMean, v.pWidth], [v.qMean, v.qWidth]],
  draw({ canvases: [graph, bar], palette }, answer, values) {
    const drawn = plane(graph, palette, frame(values), { x: "x" });
    const { data, generated } = styles(palette);
    const mean = answer.p.map((p, i) => 0.5 * (p + (answer.q[i] ?? 0)));
    curve(drawn, answer.x, mean, { colour: palette.soft, width: 1, fill: 0.08 });
    curve(drawn, answer.x, answer.p, data);
    curve(drawn, answer.x, answer.q, generated);
    handles(graph, values).forEach(({ x, y }, i) => handle(drawn, x, y, i < 2 ? palette.data : palette.generated));
    drawBar(bar, palette, answer);
  },
  numbers(answer) {
    const { terms, total } = shown(answer);
    return {
      klP: fixed(terms[1], DIGITS), klQ: fixed(terms[2], DIGITS), jsd: `${fixed(answer.jsd, DIGITS)} \u2264 ${fixed(Math.LN2, DIGITS)}`,
      root: fixed(Math.sqrt(answer.jsd), DIGITS), cOfG: fixed(total, DIGITS), identity: fixed(2 * answer.jsd - Math.log(4), DIGITS),
    };
  },
  grab: (canvas, at, values) => nearest(handles(canvas, values), at),
  drag: (canvas, handle, at, values) => dragged(canvas, handle, at, values),
};

/** The terms with digits that add up to those of C(G). @param {Answer} answer */
export const shown = (answer) => addUp([answer.floor, answer.klPMean, answer.klQMean], answer.cOfG, DIGITS, 1);

/** @param {Shapes} v @returns {import("./plot.js").Frame} tall enough for the narrower one */
export function frame(v) {
  const peak = v.shape === 1 ? 1 / (2 * ROOT3) : 0.399;
  return { x: [-6, 6], y: [0, Math.max(0.6, (1.15 * peak) / Math.min(v.pWidth, v.qWidth))] };
}

/**
 * Two for each density: its mean, at the peak, and its width, one deviation to the right.
 * @param {HTMLCanvasElement} canvas @param {Shapes} v @returns {{x: number, y: number}[]} CSS pixels
 */
export function handles(canvas, v) {
  const { x, y } = place(canvas, frame(v));
  return [{ m: v.pMean, s: v.pWidth }, { m: v.qMean, s: v.qWidth }].flatMap(({ m, s }) => {
    const [peak, side] = v.shape === 1 ? /** @type {const} */ ([0.2887 / s, 0.2887 / s]) : /** @type {const} */ ([0.3989 / s, 0.242 / s]);
    return [{ x: x(m), y: y(peak) }, { x: x(m + s), y: y(side) }];
  });
}

/** @param {{x: number, y: number}[]} all @param {{x: number, y: number}} at @returns {number} -1: none within reach */
export function nearest(all, at) {
  const far = all.map(({ x, y }) => Math.hypot(x - at.x, y - at.y));
  const least = Math.min(...far);
  return least <= 28 ? far.indexOf(least) : -1;
}

/**
 * @param {HTMLCanvasElement} canvas @param {number} handle @param {{x: number, y: number}} at @param {Shapes} v
 * @returns {Record<string, number>}
 */
export function dragged(canvas, handle, at, v) {
  const { x } = unplace(canvas, frame(v), at);
  const mean = handle < 2 ? "pMean" : "qMean";
  if (handle % 2 === 0) return { [mean]: x };
  return { [handle < 2 ? "pWidth" : "qWidth"]: x - v[mean] };
}

/** From 0 down to -log 4, from there up by both divergences, and where that ends. @param {HTMLCanvasElement} canvas @param {import("../shell/canvas.js").Palette} palette @param {Answer} answer */
function drawBar(canvas, palette, answer) {
  const { pen, width, height } = fit(canvas);
  const { terms: [floor, klP, klQ], total } = shown(answer);
  const x = scale(-1.45, 0.02, 8, width - 8);
  const row = (height - 8) / 3;
  const on = { pen, palette, x, y: (/** @type {number} */ v) => v, box: { left: 0, right: width, top: 0, bottom: height } };
  const piece = (/** @type {number} */ i, /** @type {number} */ from, /** @type {number} */ to, /** @type {string} */ colour, alpha = 0.55) => {
    pen.globalAlpha = alpha;
    pen.fillStyle = colour;
    pen.fillRect(x(Math.min(from, to)), 4 + i * row + 4, Math.abs(x(to) - x(from)), row - 10);
    pen.globalAlpha = 1;
    pen.strokeStyle = colour;
    pen.lineWidth = 1;
    pen.strokeRect(x(Math.min(from, to)), 4 + i * row + 4, Math.abs(x(to) - x(from)), row - 10);
  };
  const middle = (/** @type {number} */ i) => 3 + (i + 0.5) * row;
  piece(0, 0, floor, palette.soft, 0.3);
  piece(1, floor, floor + klP, palette.data);
  piece(1, floor + klP, floor + klP + klQ, palette.generated);
  piece(2, 0, total, palette.discriminator);
  pen.setLineDash([2, 3]);
  pen.strokeStyle = palette.soft;
  for (const [value, from, to] of /** @type {const} */ ([[floor, 0, 2], [floor + klP + klQ, 1, 3]])) {
    pen.beginPath();
    pen.moveTo(x(value), 4 + from * row);
    pen.lineTo(x(value), 4 + to * row);
    pen.stroke();
  }
  pen.setLineDash([]);
  label(on, `\u2212log 4 = ${fixed(floor, DIGITS)}`, width / 2, middle(0), { align: "center" });
  const end = x(floor + klP + klQ);
  const sum = `+ ${fixed(klP, DIGITS)} + ${fixed(klQ, DIGITS)}`;
  // Beside the pieces, on the side with room.
  if (end < width * 0.55) label(on, sum, end + 8, middle(1));
  else label(on, sum, (x(floor) + end) / 2, middle(1), { align: "center" });
  label(on, `C(G) = ${fixed(total, DIGITS)}`, (x(Math.min(total, -0.3)) + x(0)) / 2, middle(2), { align: "center" });
}
