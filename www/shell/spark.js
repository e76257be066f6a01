import { fit, scale } from "./canvas.js";

/**
 * A small line without axes, with one reference value as a hairline.
 * @param {HTMLCanvasElement} canvas
 * @param {readonly number[]} xs ascending
 * @param {readonly number[]} ys
 * @param {{low: number, high: number, reference: number, colour: string, hair: string, mark?: number}} look
 *   low and high are the least range shown; values outside widen it. `mark`: an x that gets a vertical line, where it
 *   is not the last
 */
export function draw(canvas, xs, ys, { low, high, reference, colour, hair, mark = Infinity }) {
  const { pen, width, height } = fit(canvas);
  if (width === 0) return;
  let [from, to] = [low, high];
  for (const y of ys) {
    if (Number.isFinite(y)) [from, to] = [Math.min(from, y), Math.max(to, y)];
  }
  const toY = scale(from, to, height - 2, 2);
  const toX = scale(xs[0] ?? 0, Math.max(xs.at(-1) ?? 1, (xs[0] ?? 0) + 1), 1, width - 1);
  pen.lineWidth = 1;
  pen.strokeStyle = hair;
  pen.beginPath();
  pen.moveTo(0, Math.round(toY(reference)) + 0.5);
  pen.lineTo(width, Math.round(toY(reference)) + 0.5);
  pen.stroke();
  pen.strokeStyle = colour;
  pen.lineWidth = 1.25;
  pen.beginPath();
  ys.forEach((y, i) => Number.isFinite(y) && pen.lineTo(toX(xs[i] ?? 0), toY(y)));
  pen.stroke();
  if (mark >= (xs.at(-1) ?? 0)) return;
  pen.strokeStyle = hair;
  pen.lineWidth = 1;
  pen.beginPath();
  pen.moveTo(Math.round(toX(mark)) + 0.5, 0);
  pen.lineTo(Math.round(toX(mark)) + 0.5, height);
  pen.stroke();
}
