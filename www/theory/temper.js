/** Both losses of G as functions of u = p_g / p_data, and what each charges for data that are left out. */
import { fixed } from "../shell/format.js";
import { curve, hair, handle, label, plane, styles, unplace } from "./plot.js";

/** @type {import("./plot.js").Frame} */
const FRAME = { x: [0, 4], y: [0, 1.2] };

/** @type {import("./theory.d.ts").Kind<"theoryTemper", "lost">} */
export const temper = {
  id: "temper",
  name: "theoryTemper",
  fields: [{ name: "lost", min: 0, max: 0.75, step: 0.01, value: 0.2 }],
  rows: [["minimax", "nats"], ["ns", "nats"], ["kept"]],
  heights: [17],
  args: (v) => [v.lost],
  draw({ canvases: [canvas], palette }, answer, values) {
    const drawn = plane(canvas, palette, FRAME, { x: "u", y: "f(u)" });
    const { pen, x, y, box } = drawn;
    const { generated } = styles(palette);
    const minimax = { colour: palette.discriminator, width: 2, dash: [7, 5] };
    pen.strokeStyle = palette.soft;
    pen.setLineDash([2, 3]);
    hair(pen, x(1), box.top, x(1), box.bottom);
    pen.setLineDash([]);
    curve(drawn, answer.u, answer.minimax, minimax);
    curve(drawn, answer.u, answer.nonSaturating, generated);
    for (const [f, kept, colour] of /** @type {const} */ ([[answer.minimax, answer.minimaxKept, palette.discriminator], [answer.nonSaturating, answer.nonSaturatingKept, palette.generated]])) {
      const none = f[0] ?? NaN;
      if (values.lost > 0) handle(drawn, x(0), y(none), colour);
      handle(drawn, x(answer.kept), y(kept), colour);
      label(drawn, fixed(none, 3), x(0) + 30, y(none) - 10, { colour });
    }
  },
  numbers: (answer) => ({ minimax: fixed(answer.minimaxCost, 4), ns: fixed(answer.nonSaturatingCost, 4), kept: fixed(answer.kept, 2) }),
  grab: () => 0,
  drag(canvas, _, at) {
    const { x } = unplace(canvas, FRAME, at);
    return { lost: x > 1 ? 1 - 1 / x : 0 };
  },
};
