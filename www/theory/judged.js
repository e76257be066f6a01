/** Nine handles for a D of one's own over two fixed densities, and V of it against V of D*. */
import { fixed } from "../shell/format.js";
import { curve, FINGER, handle, place, plane, styles, unplace } from "./plot.js";
import { BUMPS } from "./pair.js";
import { addUp } from "./sums.js";

export const HANDLES = 9;
const LIMIT = { min: 0.01, max: 0.99, step: 0.01 };
/** @type {import("./plot.js").Frame} */
const FRAME = { x: [-4, 4], y: [0, 1] };
const at = (/** @type {number} */ i) => -4 + i;
/** @typedef {`d${number}`} Handle */
const names = Array.from({ length: HANDLES }, (_, i) => /** @type {Handle} */ (`d${i}`));
/** Densities are drawn on the same axis as D: this much of them is 1. */
const DENSITY = 0.7;

/** @type {import("./theory.d.ts").Kind<"theoryJudged">} */
export const judged = {
  id: "judged",
  name: "theoryJudged",
  fields: names.map((name) => ({ name, ...LIMIT, value: 0.5, apart: true })),
  rows: [["v", "nats"], ["gap", "nats"], ["cOfG", "nats"], ["bound", "nats"], ["jsd", "nats"]],
  heights: [19],
  args: (v) => [[...BUMPS.p], [...BUMPS.q], names.map((name) => v[name] ?? 0.5)],
  draw({ canvases: [canvas], palette }, answer, values) {
    const drawn = plane(canvas, palette, FRAME, { x: "x", y: "D" });
    const { data, generated, discriminator, best } = styles(palette);
    const scaled = (/** @type {number[]} */ density) => density.map((p) => p * DENSITY);
    curve(drawn, answer.x, scaled(answer.p), data);
    curve(drawn, answer.x, scaled(answer.q), generated);
    curve(drawn, answer.x, answer.best, best);
    curve(drawn, names.map((_, i) => at(i)), names.map((name) => values[name] ?? 0.5), discriminator);
    names.forEach((name, i) => handle(drawn, drawn.x(at(i)), drawn.y(values[name] ?? 0.5), palette.discriminator));
  },
  numbers(answer) {
    const { terms: [v, gap], total } = addUp([answer.v, answer.gap], answer.cOfG, 4);
    return {
      v: fixed(v, 4), gap: fixed(gap, 4), cOfG: fixed(total, 4),
      bound: fixed(answer.bound, 4), jsd: fixed(answer.jsd, 4),
    };
  },
  near(canvas, pointer, values) {
    const { x, y } = place(canvas, FRAME);
    return names.some((name, i) => Math.hypot(pointer.x - x(at(i)), pointer.y - y(values[name] ?? 0.5)) <= FINGER);
  },
  grab(canvas, pointer) {
    const { x } = place(canvas, FRAME);
    const handle = names.findIndex((_, i) => Math.abs(pointer.x - x(at(i))) <= 0.5 * (x(1) - x(0)));
    return handle;
  },
  drag: (canvas, handle, pointer) => ({ [names[handle] ?? "none"]: unplace(canvas, FRAME, pointer).y }),
};
