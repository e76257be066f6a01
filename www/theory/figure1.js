/** The four panels of Figure 1, from the default game, played as far as the fields say. */
import { fixed } from "../shell/format.js";
import { draw } from "../game/draw.js";

/** @typedef {import("../types.d.ts").GameFrame} GameFrame */

/** @type {import("./theory.d.ts").Kind<"theoryFigure1", "iterations" | "dSteps" | "gSteps">} */
export const figure1 = {
  id: "figure1",
  name: "theoryFigure1",
  fields: [
    { name: "iterations", min: 20, max: 600, step: 10, value: 100 },
    { name: "dSteps", min: 0, max: 1500, step: 20, value: 1500 },
    { name: "gSteps", min: 0, max: 100, step: 1, value: 40 },
  ],
  rows: [["jsdA", "nats"], ["supA"], ["supB"], ["jsdC", "nats"], ["jsdD", "nats"]],
  heights: [12, 12, 12, 12],
  columns: 2,
  args: (v) => [v.iterations, v.dSteps, v.gSteps],
  draw({ canvases, palette }, answer) {
    canvases.forEach((canvas, i) => {
      draw(canvas, /** @type {GameFrame} */ (/** @type {unknown} */ (answer[i])), palette);
      const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
      pen.font = `12px ${palette.font}`;
      pen.textAlign = "left";
      pen.textBaseline = "top";
      pen.fillStyle = palette.ink;
      pen.fillText(`(${"abcd"[i]})`, 2, 2);
    });
  },
  numbers: ([a, b, c, d]) => ({
    jsdA: fixed(a.jsd, 4), supA: fixed(a.sup, 3), supB: fixed(b.sup, 3), jsdC: fixed(c.jsd, 4), jsdD: fixed(d.jsd, 4),
  }),
};
