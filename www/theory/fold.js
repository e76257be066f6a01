/** A G that folds: its graph, its branches turned into pieces of p_g, and one expectation both ways. */
import { fixed } from "../shell/format.js";
import { scale } from "../shell/canvas.js";
import { curve, FINGER, hair, handle, label, place, plane, unplace } from "./plot.js";
import { addUp } from "./sums.js";

/** @typedef {import("./theory.d.ts").FoldAnswer} Answer */

const MAPS = /** @type {const} */ (["cubic", "square", "flat"]);
const PROBES = /** @type {const} */ (["mean", "square", "cosine", "judge"]);
/** Opacity of the branches' areas, first to last. */
const TINTS = [0.55, 0.2, 0.38];
/** The density that fills the right part. */
const TALL = 1.5;

/** The graph of G in the left 60 %; p_g beside it, on the same axis of x. @param {HTMLCanvasElement} canvas @returns {import("./plot.js").Frame} */
const frame = (canvas) => ({ x: [-3, 3], y: [-3, 3], right: Math.round(canvas.clientWidth * 0.4), bottom: 34 });

/** @type {import("./theory.d.ts").Kind<"theoryFold", "map" | "t" | "at" | "probe">} */
export const fold = {
  id: "fold",
  name: "theoryFold",
  fields: [
    { name: "map", min: 0, max: 2, step: 1, value: 0, options: MAPS },
    { name: "t", min: -1, max: 2, step: 0.01, value: 1 },
    { name: "at", min: -3, max: 3, step: 0.01, value: 0.3 },
    { name: "probe", min: 0, max: 3, step: 1, value: 1, options: PROBES },
  ],
  rows: [["branch1"], ["branch2"], ["branch3"], ["density"], ["atom"], ["overZ"], ["overX"]],
  heights: [22],
  args: (v) => [MAPS[v.map] ?? "cubic", v.t, PROBES[v.probe] ?? "mean", v.at],
  draw({ canvases: [canvas], palette }, answer, values) {
    const drawn = plane(canvas, palette, frame(canvas), { x: "z", y: "x = G(z)" });
    const { pen, x, y, box } = drawn;
    // The prior, standing on the z-axis.
    const foot = scale(0, 0.4, box.bottom, box.bottom - 40);
    curve({ ...drawn, y: foot }, answer.z, answer.prior, { colour: palette.soft, width: 1, fill: 0.12 });
    curve(drawn, answer.z, answer.gz, { colour: palette.generated, width: 2 });
    beside(drawn, canvas, answer, values.at);
    pen.strokeStyle = palette.discriminator;
    pen.lineWidth = 1;
    hair(pen, box.left, y(values.at), canvas.clientWidth - 8, y(values.at));
    for (const { z, branch } of answer.preimages) {
      pen.setLineDash([2, 3]);
      pen.strokeStyle = palette.soft;
      hair(pen, x(z), y(values.at), x(z), box.bottom);
      pen.setLineDash([]);
      handle(drawn, x(z), y(values.at), palette.discriminator);
      label(drawn, String(branch + 1), x(z) + 9, y(values.at) - 11, { colour: palette.discriminator });
    }
  },
  numbers(answer) {
    const found = answer.preimages;
    const finite = Number.isFinite(answer.density);
    const { terms, total } = finite
      ? addUp(found.map((p) => p.density), answer.density, 4)
      : { terms: found.map((p) => p.density), total: answer.density };
    const text = (/** @type {number} */ branch) => {
      const i = found.findIndex((p) => p.branch === branch);
      if (i >= 0) return fixed(terms[i] ?? NaN, 4);
      return branch < answer.ends.length - 1 ? fixed(0, 4) : null;
    };
    return {
      branch1: text(0), branch2: text(1), branch3: text(2), density: fixed(total, 4),
      atom: answer.atom > 0 ? fixed(answer.atom, 3) : null,
      overZ: fixed(answer.overZ, 3), overX: fixed(answer.overX, 3),
    };
  },
  near: (canvas, at, values) => Math.abs(at.y - place(canvas, frame(canvas)).y(values.at)) <= FINGER,
  grab: () => 0,
  drag: (canvas, _, at) => ({ at: unplace(canvas, frame(canvas), at).y }),
};

/** p_g to the right, each branch's part stacked on the one before. @param {import("./plot.js").Plane} plane @param {HTMLCanvasElement} canvas @param {Answer} answer @param {number} line the x that must not run through a label */
function beside({ pen, palette, y, box }, canvas, answer, line) {
  const [left, right] = [box.right + 14, canvas.clientWidth - 8];
  const across = scale(0, TALL, left, right);
  const count = answer.x.length;
  const stacked = new Array(count).fill(0);
  pen.save();
  pen.beginPath();
  pen.rect(left, box.top, right - left, box.bottom - box.top);
  pen.clip();
  for (let branch = 0; branch * count < answer.branches.length; branch += 1) {
    const area = new Path2D();
    const before = stacked.slice();
    for (let i = 0; i < count; i += 1) {
      const top = (before[i] ?? 0) + (answer.branches[branch * count + i] ?? 0);
      stacked[i] = top;
      area.lineTo(across(Math.min(9, top)), y(answer.x[i] ?? NaN));
    }
    for (let i = count - 1; i >= 0; i -= 1) area.lineTo(across(Math.min(9, before[i] ?? 0)), y(answer.x[i] ?? NaN));
    area.closePath();
    pen.globalAlpha = TINTS[branch] ?? 0.3;
    pen.fillStyle = palette.generated;
    pen.fill(area);
    pen.globalAlpha = 1;
    pen.strokeStyle = palette.generated;
    pen.lineWidth = 1;
    pen.stroke(area);
  }
  pen.restore();
  pen.strokeStyle = palette.soft;
  hair(pen, left, box.top, left, box.bottom);
  const on = { pen, palette, x: across, y, box };
  label(on, "p", right - 9, box.bottom - 12, { colour: palette.generated, align: "right", serif: true });
  label(on, "g", right, box.bottom - 8, { colour: palette.generated, align: "right" });
  if (answer.atom > 0) {
    // An arrow: no density is high enough for a mass on one value.
    pen.strokeStyle = palette.generated;
    pen.lineWidth = 4;
    pen.beginPath();
    pen.moveTo(left, y(answer.atomAt));
    pen.lineTo(right - 8, y(answer.atomAt));
    pen.stroke();
    pen.fillStyle = palette.generated;
    pen.beginPath();
    pen.moveTo(right, y(answer.atomAt));
    pen.lineTo(right - 12, y(answer.atomAt) - 6);
    pen.lineTo(right - 12, y(answer.atomAt) + 6);
    pen.fill();
    label(on, fixed(answer.atom, 3), (left + right) / 2, y(answer.atomAt) + (line > answer.atomAt ? 16 : -14), { align: "center" });
  }
}
