/** Orbits of the Dirac-GAN: three losses, and both players' steps at once or in turn. */
import { fixed } from "../shell/format.js";
import { curve, handle, label, plane } from "./plot.js";

const LOSSES = /** @type {const} */ (["minimax", "non-saturating", "r1"]);
const REACH = 2.4;

/** @type {import("./theory.d.ts").Kind<"theoryDirac", "loss" | "order" | "steps" | "eta" | "gamma">} */
export const dirac = {
  id: "dirac",
  name: "theoryDirac",
  fields: [
    { name: "loss", min: 0, max: 2, step: 1, value: 0, options: ["minimax", "ns", "r1"] },
    { name: "order", min: 0, max: 1, step: 1, value: 0, options: ["together", "turn"] },
    { name: "steps", min: 0, max: 600, step: 1, value: 150 },
    { name: "eta", min: 0.02, max: 1, step: 0.01, value: 0.2 },
    { name: "gamma", min: 0, max: 1, step: 0.01, value: 0.1, when: ["loss", 2] },
  ],
  rows: [["first"], ["radius"], ["change"]],
  heights: [19],
  plays: "steps",
  args: (v) => [LOSSES[v.loss] ?? "minimax", v.order === 1, v.eta, v.gamma, Math.round(v.steps)],
  draw({ canvases: [canvas], palette }, answer) {
    // Both axes to one scale, so that a circle is round.
    const aspect = (canvas.clientWidth - 40) / Math.max(1, canvas.clientHeight - 34);
    const plot = plane(canvas, palette, { x: [-REACH * aspect, REACH * aspect], y: [-REACH, REACH] }, { x: "\u03c8", y: "\u03b8" });
    const { pen, x, y, box } = plot;
    pen.strokeStyle = palette.soft;
    pen.lineWidth = 1;
    pen.setLineDash([2, 4]);
    pen.beginPath();
    pen.ellipse(x(0), y(0), Math.abs(x(answer.radiusFirst) - x(0)), Math.abs(y(answer.radiusFirst) - y(0)), 0, 0, 2 * Math.PI);
    pen.stroke();
    pen.setLineDash([]);
    const psi = answer.path.filter((_, i) => i % 2 === 0);
    const theta = answer.path.filter((_, i) => i % 2 === 1);
    curve(plot, psi, theta, { colour: palette.discriminator, width: 1.5 });
    label(plot, "+", x(0), y(0), { align: "center" });
    const end = { x: x(psi.at(-1) ?? NaN), y: y(theta.at(-1) ?? NaN) };
    // With large steps the players leave the picture; the distance says how far.
    if (end.x > box.left && end.x < box.right && end.y > box.top && end.y < box.bottom) handle(plot, end.x, end.y, palette.discriminator);
  },
  numbers: (answer) => ({ first: fixed(answer.radiusFirst, 4), radius: fixed(answer.radius, 4), change: fixed(answer.change, 4) }),
};
