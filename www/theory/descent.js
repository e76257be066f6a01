/** Descent on the masses of p_g with D at its best, and its error beside what Proposition 2 allows. */
import { fixed } from "../shell/format.js";
import { curve, label, plane, styles } from "./plot.js";

/** Errors below this are rounding. */
const LEAST = -10;

/** @type {import("./theory.d.ts").Kind<"theoryDescent", "steps" | "eta" | "gamma">} */
export const descent = {
  id: "descent",
  name: "theoryDescent",
  fields: [
    { name: "steps", min: 0, max: 300, step: 1, value: 20 },
    { name: "eta", min: 0.02, max: 1, step: 0.01, value: 0.2 },
  ],
  rows: [["kl", "nats"], ["allowed", "nats"], ["cOfG", "nats"], ["apart"]],
  heights: [11, 10],
  plays: "steps",
  args: (v) => [v.eta, Math.round(v.steps)],
  draw({ canvases: [masses, error], palette }, answer) {
    const most = Math.max(...answer.data, ...answer.g) * 1.15;
    const bars = plane(masses, palette, { x: [-4, 4], y: [0, most], left: 36 }, { x: "x" });
    const { data, generated } = styles(palette);
    const width = 8 / answer.g.length;
    const edges = answer.g.flatMap((_, i) => [-4 + i * width, -4 + (i + 1) * width]);
    const twice = (/** @type {number[]} */ values) => values.flatMap((v) => [v, v]);
    curve(bars, edges, twice(answer.g), { ...generated, width: 1.5, fill: 0.25 });
    curve(bars, edges, twice(answer.data), data);

    const log = (/** @type {number[]} */ values) => values.map((v) => Math.max(LEAST, Math.log10(Math.max(v, 1e-300))));
    const steps = answer.kl.map((_, t) => t);
    const last = Math.max(10, steps.length - 1);
    const lowest = Math.min(-1, Math.floor(Math.min(...log(answer.kl))));
    const plot = plane(error, palette, { x: [0, last], y: [lowest, 1], left: 36 }, { x: "t", y: "log\u2081\u2080 KL" });
    curve(plot, steps, log(answer.allowed), { colour: palette.soft, width: 1.25, dash: [5, 4] });
    curve(plot, steps, log(answer.kl), { ...generated });
    const at = Math.min(steps.length - 1, Math.round(last * 0.6));
    label(plot, "(1 \u2212 \u03b7/2)\u1d57", plot.x(at), plot.y(log(answer.allowed)[at] ?? NaN) - 12, { colour: palette.soft });
  },
  numbers: (answer) => ({
    kl: fixed(answer.kl.at(-1) ?? NaN, 6), allowed: fixed(answer.allowed.at(-1) ?? NaN, 6),
    cOfG: fixed(answer.cOfG, 6), apart: fixed(answer.apart, 6),
  }),
};
