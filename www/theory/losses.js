/** The two losses of G for one sample over D's logit, with their tangents: where each falls silent. */
import { fixed } from "../shell/format.js";
import { curve, handle, label, place as layout, plane, unplace } from "./plot.js";
import { addUp } from "./sums.js";

/** @type {import("./plot.js").Frame} */
const FRAME = { x: [-8, 8], y: [-8, 8] };

/** @type {import("./theory.d.ts").Kind<"theoryLosses", "logit">} */
export const losses = {
  id: "losses",
  name: "theoryLosses",
  fields: [{ name: "logit", min: -8, max: 8, step: 0.01, value: -3 }],
  rows: [["d"], ["minimax", "nats"], ["minimaxSlope"], ["ns", "nats"], ["nsSlope"], ["both"]],
  heights: [19],
  args: (v) => [v.logit],
  draw({ canvases: [canvas], palette }, answer, values) {
    const drawn = plane(canvas, palette, FRAME, { x: "a" });
    const { x, y } = drawn;
    /** @type {{loss: number[], at: number, slope: number, colour: string, dash: number[], name: string, place: [number, number]}[]} */
    const lines = [
      { loss: answer.minimax, at: answer.minimaxLoss, slope: answer.minimaxSlope, colour: palette.discriminator, dash: [7, 5], name: "log(1 \u2212 D)", place: [x(0.5), y(-5)] },
      { loss: answer.nonSaturating, at: answer.nonSaturatingLoss, slope: answer.nonSaturatingSlope, colour: palette.generated, dash: [], name: "\u2212log D", place: [x(-4.4), y(6.5)] },
    ];
    for (const { loss, at, slope, colour, dash, name, place } of lines) {
      curve(drawn, answer.a, loss, { colour, dash });
      const ends = [values.logit - 2.5, values.logit + 2.5];
      curve(drawn, ends, ends.map((a) => at + slope * (a - values.logit)), { colour: palette.ink, width: 1 });
      handle(drawn, x(values.logit), y(at), colour);
      label(drawn, name, ...place, { colour });
    }
  },
  numbers(answer) {
    const { terms: [one, other], total } = addUp([answer.minimaxSlope, answer.nonSaturatingSlope], -1, 4);
    return {
      d: fixed(answer.d, 4), minimax: fixed(answer.minimaxLoss, 4), ns: fixed(answer.nonSaturatingLoss, 4),
      minimaxSlope: fixed(one, 4), nsSlope: fixed(other, 4), both: fixed(total, 4),
    };
  },
  grab: (canvas, at) => (at.x >= layout(canvas, FRAME).box.left - 10 ? 0 : -1),
  drag: (canvas, _, at) => ({ logit: unplace(canvas, FRAME, at).x }),
};
