/** JSD and the earth mover's distance between two uniform densities, over the distance between them. */
import { fixed } from "../shell/format.js";
import { curve, hair, handle, label, plane, styles } from "./plot.js";

/** @type {import("./plot.js").Frame} */
const FRAME = { x: [0, 3], y: [0, 3] };

/** @type {import("./theory.d.ts").Kind<"theoryShift", "shift" | "width">} */
export const shift = {
  id: "shift",
  name: "theoryShift",
  fields: [
    { name: "shift", min: 0, max: 3, step: 0.01, value: 1.6 },
    { name: "width", min: 0.05, max: 2, step: 0.01, value: 0.8 },
  ],
  rows: [["jsd", "nats"], ["closed", "nats"], ["mover"], ["jsdSlope"], ["moverSlope"]],
  heights: [6, 15],
  args: (v) => [v.width, v.shift],
  draw({ canvases: [top, canvas], palette }, answer, values) {
    const two = plane(top, palette, { x: [-0.5, 5.2], y: [0, 1.3 / values.width] }, { x: "x" });
    const { data, generated } = styles(palette);
    const box = (/** @type {number} */ from) => [from, from, from + values.width, from + values.width];
    const heights = [0, 1 / values.width, 1 / values.width, 0];
    curve(two, box(0), heights, { ...data, fill: 0.08 });
    curve(two, box(values.shift), heights, { ...generated, fill: 0.15 });
    const drawn = plane(canvas, palette, FRAME, { x: "s" });
    const { pen, x, y } = drawn;
    curve(drawn, answer.shifts, answer.movers, { colour: palette.ink, width: 1.5 });
    curve(drawn, answer.shifts, answer.jsds, { colour: palette.discriminator, width: 2, dash: [7, 5] });
    pen.strokeStyle = palette.soft;
    hair(pen, x(values.shift), drawn.box.top, x(values.shift), drawn.box.bottom);
    handle(drawn, x(values.shift), y(answer.mover), palette.ink);
    handle(drawn, x(values.shift), y(answer.jsd), palette.discriminator);
    label(drawn, "W\u2081", x(2.55), y(2.55) - 14, { align: "right" });
    label(drawn, "JSD", x(2.9), y(Math.LN2) - 12, { colour: palette.discriminator, align: "right" });
  },
  numbers: (answer) => ({
    jsd: fixed(answer.jsd, 4), closed: fixed(answer.jsdClosed, 4), mover: fixed(answer.mover, 4),
    jsdSlope: fixed(answer.jsdSlope, 3), moverSlope: fixed(answer.moverSlope, 3),
  }),
};
