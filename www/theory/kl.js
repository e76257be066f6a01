/** KL in both directions between two Gaussians: the densities, and below them what each direction integrates. */
import { fixed } from "../shell/format.js";
import { curve, handle, plane, styles } from "./plot.js";
import { BUMPS, dragged, frame, handles, MEAN, nearest, WIDTH } from "./pair.js";

/** @type {import("./theory.d.ts").Kind<"theoryPair", "pMean" | "pWidth" | "qMean" | "qWidth">} */
export const kl = {
  id: "kl",
  name: "theoryPair",
  fields: [
    { name: "pMean", ...MEAN, value: BUMPS.p[0] },
    { name: "pWidth", ...WIDTH, value: BUMPS.p[1] },
    { name: "qMean", ...MEAN, value: BUMPS.q[0] },
    { name: "qWidth", ...WIDTH, value: BUMPS.q[1] },
  ],
  rows: [["pq", "nats"], ["pqClosed", "nats"], ["qp", "nats"], ["qpClosed", "nats"]],
  heights: [12, 10],
  args: (v) => [false, [v.pMean, v.pWidth], [v.qMean, v.qWidth]],
  draw({ canvases: [graph, below], palette }, answer, values) {
    const top = plane(graph, palette, frame(values), { x: "x" });
    const { data, generated } = styles(palette);
    curve(top, answer.x, answer.p, data);
    curve(top, answer.x, answer.q, generated);
    handles(graph, values).forEach(({ x, y }, i) => handle(top, x, y, i < 2 ? palette.data : palette.generated));
    const most = Math.min(4, Math.max(0.5, ...answer.pLog, ...answer.qLog) * 1.1);
    const least = Math.max(-2, Math.min(-0.2, ...answer.pLog, ...answer.qLog) * 1.1);
    const plot = plane(below, palette, { x: [-6, 6], y: [least, most] }, { x: "x" });
    curve(plot, answer.x, answer.pLog, { ...data, fill: 0.12 });
    curve(plot, answer.x, answer.qLog, { ...generated, fill: 0.2 });
  },
  numbers: (answer) => ({
    pq: fixed(answer.klPQ, 4), pqClosed: fixed(answer.closedPQ, 4),
    qp: fixed(answer.klQP, 4), qpClosed: fixed(answer.closedQP, 4),
  }),
  grab: (canvas, at, values) => nearest(handles(canvas, values), at),
  drag: dragged,
};
