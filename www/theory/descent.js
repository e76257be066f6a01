/** The same game by two descents: masses of p_g converge, the two parameters of the Dirac-GAN circle. */
import { fixed } from "../shell/format.js";
import { curve, handle, label, plane, styles } from "./plot.js";

/** @type {import("./theory.d.ts").Kind<"theoryDescent">} */
export const descent = {
  id: "descent",
  name: "theoryDescent",
  fields: [
    { name: "steps", min: 0, max: 300, step: 1, value: 20 },
    { name: "eta", min: 0.02, max: 1, step: 0.01, value: 0.2 },
    { name: "gamma", min: 0, max: 1, step: 0.01, value: 0 },
  ],
  rows: [["cOfG", "nats"], ["above", "nats"], ["apart"], ["first"], ["radius"]],
  heights: [11, 16],
  plays: "steps",
  args: (v) => [v.eta, v.gamma, Math.round(v.steps)],
  draw({ canvases: [masses, circle], palette }, answer) {
    const most = Math.max(...answer.data, ...answer.g) * 1.15;
    const bars = plane(masses, palette, { x: [-4, 4], y: [0, most], left: 36 }, { x: "x" });
    const { data, generated } = styles(palette);
    const width = 8 / answer.g.length;
    const edges = answer.g.flatMap((_, i) => [-4 + i * width, -4 + (i + 1) * width]);
    const twice = (/** @type {number[]} */ values) => values.flatMap((v) => [v, v]);
    curve(bars, edges, twice(answer.g), { ...generated, width: 1.5, fill: 0.25 });
    curve(bars, edges, twice(answer.data), data);

    // Both axes to one scale, so that a circle is round.
    const reach = 2.4;
    const aspect = (circle.clientWidth - 40) / Math.max(1, circle.clientHeight - 34);
    const plot = plane(circle, palette, { x: [-reach * aspect, reach * aspect], y: [-reach, reach] }, { x: "\u03c8", y: "\u03b8" });
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
    curve(plot, psi, theta, { colour: palette.judge, width: 1.5 });
    label(plot, "+", x(0), y(0), { align: "center" });
    const end = { x: x(psi[psi.length - 1]), y: y(theta[theta.length - 1]) };
    // With large steps the players leave the picture; the distance says how far.
    if (end.x > box.left && end.x < box.right && end.y > box.top && end.y < box.bottom) handle(plot, end.x, end.y, palette.judge);
  },
  numbers: (answer) => ({
    cOfG: fixed(answer.cOfG, 6), above: fixed(answer.course[answer.course.length - 1], 6), apart: fixed(answer.apart, 6),
    first: fixed(answer.radiusFirst, 4), radius: fixed(answer.radius, 4),
  }),
};
