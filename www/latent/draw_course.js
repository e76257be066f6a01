/** The error of a search, step by step, against two bounds. */
import { fit, scale } from "../shell/canvas.js";

/** Steps of a whole search, so that the line grows to the right instead of being squeezed. */
const STEPS = 300;

/**
 * @param {HTMLCanvasElement} canvas
 * @param {readonly number[]} errors of the nearest image after each step, falling
 * @param {readonly [number, number]} bounds found up to the first, no z above the second
 * @param {import("../shell/canvas.js").Palette} colours
 */
export function drawCourse(canvas, errors, bounds, colours) {
  const { pen, width, height } = fit(canvas);
  const top = Math.max(errors[0] ?? 0, bounds[1]) * 1.08;
  const x = scale(0, STEPS, 30, width - 4);
  const y = scale(0, top, height - 6, 4);
  pen.font = `11px ${colours.font}`;
  pen.textAlign = "right";
  pen.textBaseline = "middle";
  for (const bound of bounds) {
    pen.fillStyle = colours.soft;
    pen.fillText(bound.toFixed(2), 26, y(bound));
    pen.strokeStyle = colours.soft;
    pen.lineWidth = 1;
    pen.setLineDash([3, 3]);
    pen.beginPath();
    pen.moveTo(x(0), y(bound));
    pen.lineTo(x(STEPS), y(bound));
    pen.stroke();
  }
  pen.setLineDash([]);
  pen.strokeStyle = colours.generated;
  pen.lineWidth = 2;
  pen.beginPath();
  errors.forEach((error, i) => pen.lineTo(x(i + 1), y(error)));
  pen.stroke();
}
