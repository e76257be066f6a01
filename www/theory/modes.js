/** Two modes of data and a model with one: the one at hand, or the best by each of four divergences. */
import { fixed } from "../shell/format.js";
import { curve, handle, place, plane, styles, unplace } from "./plot.js";
import { nearest } from "./pair.js";

/** @typedef {import("./theory.d.ts").ValuesOf<"mean" | "width">} Values */
/** @typedef {import("./theory.d.ts").ModesAnswer} Answer */

const MODELS = /** @type {const} */ (["covering", "seeking", "minimax", "nonSaturating", "own"]);
const OWN = 4;
/** @type {import("./plot.js").Frame} */
const FRAME = { x: [-6, 6], y: [0, 0.85] };

/** @type {import("./theory.d.ts").Kind<"theoryModes", "aim" | "half" | "mean" | "width">} */
export const modes = {
  id: "modes",
  name: "theoryModes",
  fields: [
    { name: "aim", min: 0, max: OWN, step: 1, value: 0, options: MODELS },
    { name: "half", min: 0, max: 3, step: 0.01, value: 1.5 },
    { name: "mean", min: -4, max: 4, step: 0.01, value: 0.5, when: ["aim", OWN] },
    { name: "width", min: 0.2, max: 3, step: 0.01, value: 1, when: ["aim", OWN] },
  ],
  rows: [["covering", "nats"], ["seeking", "nats"], ["minimax", "nats"], ["nonSaturating", "nats"]],
  heights: [15],
  args: (v) => [v.half, [v.mean, v.width]],
  draw({ canvases: [canvas], palette }, answer, values) {
    const drawn = plane(canvas, palette, FRAME, { x: "x" });
    const { data, generated } = styles(palette);
    curve(drawn, answer.x, answer.p, data);
    curve(drawn, answer.x, answer[MODELS[values.aim] ?? "own"].q, { ...generated, fill: 0.15 });
    if (values.aim === OWN) handles(canvas, values).forEach(({ x, y }) => handle(drawn, x, y, palette.generated));
  },
  /** What the model shown loses, and the least that any such model does. */
  numbers(answer, values) {
    const shown = answer[MODELS[values.aim] ?? "own"].costs;
    const row = (/** @type {Exclude<(typeof MODELS)[number], "own">} */ name) =>
      values.aim === MODELS.indexOf(name) ? fixed(shown[name], 3) : `${fixed(shown[name], 3)} \u2265 ${fixed(answer[name].costs[name], 3)}`;
    return { covering: row("covering"), seeking: row("seeking"), minimax: row("minimax"), nonSaturating: row("nonSaturating") };
  },
  grab: (canvas, at, values) => (values.aim === OWN ? nearest(handles(canvas, values), at) : -1),
  drag(canvas, index, at, values) {
    const { x } = unplace(canvas, FRAME, at);
    const [name, value] = index === 0 ? ["mean", x] : ["width", x - values.mean];
    return { [name]: value };
  },
};

/** Its mean, at the peak, and its width, one deviation to the right. @param {HTMLCanvasElement} canvas @param {Values} v */
function handles(canvas, v) {
  const { x, y, box } = place(canvas, FRAME);
  const up = (/** @type {number} */ value) => Math.max(box.top, y(value));
  return [{ x: x(v.mean), y: up(0.3989 / v.width) }, { x: x(v.mean + v.width), y: up(0.242 / v.width) }];
}
