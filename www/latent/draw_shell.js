/** The norm of z along a walk, against the shell in which draws from the prior lie. */
import { fit, scale, ticks } from "../shell/canvas.js";

/** 95 % of a nearly normal quantity lie within so many standard deviations. */
const BAND = 1.96;

/**
 * @param {HTMLCanvasElement} canvas
 * @param {{radius: number, scatter: number, norms: Float32Array, at: number | null, norm: number, way: "slerp" | "lerp"}} walk
 *   norms: along the straight way, then along the arc; at: share of the way, null where z is not on it
 * @param {import("../shell/canvas.js").Palette} colours
 * @param {{shell: string, straight: string, arc: string}} words
 */
export function draw(canvas, { radius, scatter, norms, at, norm, way }, colours, words) {
  const { pen, width, height } = fit(canvas);
  const n = norms.length / 2;
  const top = Math.max(radius + 6 * scatter, norm, ...norms) * 1.04;
  const x = scale(0, 1, 30, width - 8);
  const y = scale(0, top, height - 16, 6);
  pen.font = `11px ${colours.font}`;
  pen.fillStyle = colours.hair;
  const [low, high] = [radius - BAND * scatter, radius + BAND * scatter];
  pen.fillRect(x(0), y(high), x(1) - x(0), y(low) - y(high));
  pen.fillStyle = colours.soft;
  pen.textAlign = "right";
  pen.textBaseline = "middle";
  for (const value of ticks(0, top, 4)) pen.fillText(String(value), x(0) - 6, y(value));
  pen.textAlign = "left";
  // Within the band the walk would cross it.
  pen.fillText(words.shell, x(0) + 6, y(high) - 8);
  pen.textBaseline = "alphabetic";
  pen.fillText("A", x(0), height - 2);
  pen.textAlign = "right";
  pen.fillText("B", x(1), height - 2);
  pen.strokeStyle = colours.soft;
  pen.lineWidth = 1;
  pen.beginPath();
  pen.moveTo(x(0), y(0));
  pen.lineTo(x(1), y(0));
  pen.stroke();
  const line = (/** @type {number} */ from, /** @type {boolean} */ chosen, /** @type {number[]} */ dash) => {
    pen.setLineDash(dash);
    pen.strokeStyle = chosen ? colours.ink : colours.soft;
    pen.lineWidth = chosen ? 2 : 1;
    pen.beginPath();
    for (let i = 0; i < n; i += 1) pen.lineTo(x(i / (n - 1)), y(norms[from + i] ?? 0));
    pen.stroke();
    pen.setLineDash([]);
  };
  if (n > 1) {
    line(0, way === "lerp", [5, 4]);
    line(n, way === "slerp", []);
    pen.textAlign = "center";
    pen.fillStyle = way === "lerp" ? colours.ink : colours.soft;
    pen.fillText(words.straight, x(0.5), Math.min(y(norms[n >> 1] ?? 0) + 15, height - 20));
    pen.fillStyle = way === "slerp" ? colours.ink : colours.soft;
    pen.fillText(words.arc, x(0.5), y(norms[n + (n >> 1)] ?? 0) - 7);
  }
  pen.fillStyle = colours.generated;
  pen.beginPath();
  pen.arc(x(at ?? 0.5), y(norm), 5, 0, 2 * Math.PI);
  if (at === null) {
    pen.strokeStyle = colours.generated;
    pen.lineWidth = 2;
    pen.stroke();
  } else pen.fill();
}
