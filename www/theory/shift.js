/** JSD and the earth mover's distance between two densities, over the distance between them. */
import { fixed } from "../shell/format.js";
import { BUMPS } from "./pair.js";
import { curve, hair, handle, label, plane, styles } from "./plot.js";

/** Shifts, and what W1 can be of them. @type {import("./plot.js").Frame} */
const FRAME = { x: [0, 4], y: [0, 4] };
/** The narrower bump at a width of 1, a bit higher than it is; a uniform density of that width is 1. */
const PEAK = 0.62;
const UNIFORM_PEAK = 1.1;

/** @type {import("./theory.d.ts").Kind<"theoryShift", "shape" | "shift" | "width">} */
export const shift = {
  id: "shift",
  name: "theoryShift",
  fields: [
    { name: "shape", min: 0, max: 1, step: 1, value: 0, options: ["gaussian", "uniform"] },
    { name: "shift", min: 0, max: 4, step: 0.01, value: BUMPS.q[0] - BUMPS.p[0] },
    { name: "width", min: 0.05, max: 2, step: 0.01, value: 1 },
  ],
  rows: [["jsd", "nats"], ["fromBest", "nats"], ["mover"], ["jsdSlope"], ["moverSlope"]],
  heights: [7, 15],
  args: (v) => [v.shape === 1, v.width, v.shift],
  draw({ canvases: [top, canvas], palette }, answer, values) {
    const peak = (values.shape === 1 ? UNIFORM_PEAK : PEAK) / values.width;
    const two = plane(top, palette, { x: [-4, 6], y: [0, peak] }, { x: "x" });
    const { data, generated } = styles(palette);
    // The ends of a uniform density fall between the places where it is known.
    const box = (/** @type {number} */ middle) => [-0.5, -0.5, 0.5, 0.5].map((side) => middle + side * values.width);
    const heights = [0, 1 / values.width, 1 / values.width, 0];
    const drawOne = (/** @type {number} */ middle, /** @type {number[]} */ density, /** @type {Parameters<typeof curve>[3]} */ style) =>
      values.shape === 1 ? curve(two, box(middle), heights, style) : curve(two, answer.x, density, style);
    drawOne(BUMPS.p[0], answer.p, data);
    drawOne(BUMPS.p[0] + values.shift, answer.q, generated);
    const drawn = plane(canvas, palette, FRAME, { x: "s" });
    const { pen, x, y } = drawn;
    curve(drawn, answer.shifts, answer.movers, { colour: palette.ink, width: 1.5 });
    curve(drawn, answer.shifts, answer.jsds, { colour: palette.discriminator, width: 2, dash: [7, 5] });
    pen.strokeStyle = palette.soft;
    hair(pen, x(values.shift), drawn.box.top, x(values.shift), drawn.box.bottom);
    handle(drawn, x(values.shift), y(answer.mover), palette.ink);
    handle(drawn, x(values.shift), y(answer.jsd), palette.discriminator);
    label(drawn, "W\u2081", x(3.35), y(3.35) - 14, { align: "right" });
    label(drawn, "JSD", x(3.9), y(Math.LN2) - 12, { colour: palette.discriminator, align: "right" });
  },
  numbers: (answer) => ({
    jsd: fixed(answer.jsd, 4), fromBest: fixed(answer.fromBest, 4), mover: fixed(answer.mover, 4),
    jsdSlope: fixed(answer.jsdSlope, 3), moverSlope: fixed(answer.moverSlope, 3),
  }),
};
