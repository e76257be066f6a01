/** A ruler for nats: two densities as far apart as asked for, and the best judge of them among all that is possible. */
import { fixed } from "../shell/format.js";
import { curve, hair, handle, label, plane, styles } from "./plot.js";

/** @type {import("./theory.d.ts").Kind<"theoryRuler", "nats">} */
export const ruler = {
  id: "ruler",
  name: "theoryRuler",
  fields: [{ name: "nats", min: 0, max: 0.69, step: 0.01, value: 0.3 }],
  rows: [["jsd", "nats"], ["judge"], ["tv"], ["shift"]],
  heights: [9, 16],
  args: (v) => [v.nats],
  draw({ canvases: [two, canvas], palette }, answer) {
    const top = plane(two, palette, { x: [-5, 5], y: [0, 0.5] }, { x: "x" });
    const { data, generated } = styles(palette);
    const overlap = answer.p.map((p, i) => Math.min(p, answer.q[i] ?? 0));
    curve(top, answer.x, overlap, { colour: palette.soft, width: 0.5, fill: 0.15 });
    curve(top, answer.x, answer.p, data);
    curve(top, answer.x, answer.q, generated);

    const percent = answer.accuracies.map((r) => 100 * r);
    const drawn = plane(canvas, palette, { x: [50, 100], y: [0, 0.7] }, { x: "%", y: "JSD" });
    const { pen, x, y } = drawn;
    band(drawn, percent, answer.least, answer.most, palette.soft);
    curve(drawn, percent, answer.normals, { colour: palette.ink, width: 1.5 });
    for (const mark of answer.marks) {
      const [px, py] = [x(100 * mark.accuracy), y(mark.jsd)];
      pen.strokeStyle = palette.soft;
      pen.setLineDash([2, 3]);
      hair(pen, drawn.box.left, py, px, py);
      hair(pen, px, py, px, drawn.box.bottom);
      pen.setLineDash([]);
      const end = px > drawn.box.right - 40;
      label(drawn, `${fixed(100 * mark.accuracy, 0)} %`, end ? px - 7 : px + 7, end ? py - 12 : py + 12, { colour: palette.soft, align: end ? "right" : "left" });
    }
    handle(drawn, x(100 * answer.here.accuracy), y(answer.here.jsd), palette.discriminator);
  },
  numbers: ({ here }) => ({ jsd: fixed(here.jsd, 3), judge: `${fixed(100 * here.accuracy, 1)} %`, tv: fixed(here.tv, 3), shift: fixed(here.shift, 2) }),
};

/** The area between two curves. @param {import("./plot.js").Plane} plane @param {number[]} xs @param {number[]} low @param {number[]} high @param {string} colour */
function band({ pen, x, y }, xs, low, high, colour) {
  pen.beginPath();
  xs.forEach((value, i) => pen.lineTo(x(value), y(high[i] ?? NaN)));
  for (let i = xs.length - 1; i >= 0; i -= 1) pen.lineTo(x(xs[i] ?? NaN), y(low[i] ?? NaN));
  pen.closePath();
  pen.globalAlpha = 0.14;
  pen.fillStyle = colour;
  pen.fill();
  pen.globalAlpha = 1;
}
