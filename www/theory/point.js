/** f(y) = a log y + b log(1 - y): its maximum, and what another y gives away. */
import { fixed } from "../shell/format.js";
import { curve, hair, handle, label, place, plane, unplace } from "./plot.js";
import { addUp } from "./sums.js";

const DENSITY = { min: 0, max: 3, step: 0.01 };
/** @type {import("./plot.js").Frame} */
const FRAME = { x: [0, 1], y: [-6, 0] };

/** @type {import("./theory.d.ts").Kind<"theoryPoint", "a" | "b" | "y">} */
export const point = {
  id: "point",
  name: "theoryPoint",
  fields: [
    { name: "a", ...DENSITY, value: 1.4 },
    { name: "b", ...DENSITY, value: 0.6 },
    { name: "y", min: 0.01, max: 0.99, step: 0.01, value: 0.4 },
  ],
  rows: [["value", "nats"], ["gap", "nats"], ["most", "nats"], ["best"], ["slope"]],
  heights: [17],
  args: (v) => [v.a, v.b, v.y],
  draw({ canvases: [canvas], palette }, answer, values) {
    const drawn = plane(canvas, palette, FRAME, { x: "y", y: "f(y)" });
    const { pen, x, y, box } = drawn;
    curve(drawn, answer.y, answer.f, { colour: palette.ink, width: 2 });
    // The tangent at y, a quarter of the axis long.
    const reach = 0.12;
    const ends = [values.y - reach, values.y + reach];
    curve(drawn, ends, ends.map((at) => answer.value + answer.slope * (at - values.y)), { colour: palette.discriminator, width: 1.5, dash: [7, 5] });
    if (!Number.isNaN(answer.best)) {
      pen.strokeStyle = palette.best;
      hair(pen, x(answer.best), box.top, x(answer.best), box.bottom);
      label(drawn, "y*", x(answer.best) + (answer.best > 0.9 ? -6 : 6), box.bottom - 26, { colour: palette.best, serif: true, align: answer.best > 0.9 ? "right" : "left" });
      pen.strokeStyle = palette.soft;
      pen.setLineDash([2, 3]);
      hair(pen, x(values.y), y(answer.value), x(values.y), y(answer.most));
      pen.setLineDash([]);
    }
    handle(drawn, x(values.y), Math.min(box.bottom, y(answer.value)), palette.discriminator);
  },
  numbers(answer) {
    const free = Number.isNaN(answer.best);
    const { terms: [value, gap], total } = free ? { terms: /** @type {const} */ ([0, 0]), total: 0 } : addUp([answer.value, answer.gap], answer.most, 4);
    return {
      value: fixed(value, 4), gap: fixed(gap, 4), most: fixed(total, 4),
      best: fixed(answer.best, 4), slope: fixed(answer.slope, 4),
    };
  },
  grab: (canvas, at) => (at.x >= place(canvas, FRAME).box.left - 10 ? 0 : -1),
  drag: (canvas, _, at) => ({ y: unplace(canvas, FRAME, at).x }),
};
