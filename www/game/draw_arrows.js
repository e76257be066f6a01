import { fit } from "../shell/canvas.js";
import { layout } from "./draw.js";

/** @typedef {import("../types.d.ts").GameSamples} GameSamples */

/** Length of the longest arrow, in CSS pixels, before the scale changes. */
const LONGEST = 84;

/**
 * Where a loss of G would push each sample: minus its derivative by x = G(z).
 * @param {GameSamples} samples
 * @returns {{minimax: Float32Array, nonSaturating: Float32Array}} nats per data unit
 */
export function pushes({ d, slope }) {
  return {
    minimax: slope.map((a, i) => (d[i] ?? NaN) * a),
    nonSaturating: slope.map((a, i) => (1 - (d[i] ?? NaN)) * a),
  };
}

/** @param {Float32Array} push @returns {number} mean length */
export const strength = (push) => push.reduce((sum, value) => sum + Math.abs(value), 0) / push.length;

/**
 * Pixels per nat per data unit, a power of two, so that the longest of all arrows is long and the scale rarely
 * changes while the game goes on.
 * @param {readonly Float32Array[]} all
 */
export function arrowScale(all) {
  const most = Math.max(...all.map((push) => push.reduce((max, value) => Math.max(max, Math.abs(value)), 0)));
  return most > 0 ? 2 ** Math.floor(Math.log2(LONGEST / most)) : 1;
}

/**
 * One strip for each loss, on the x axis of the graph above it and at one scale.
 * @param {HTMLCanvasElement} canvas @param {GameSamples} samples @param {import("../types.d.ts").GameFrame} frame
 * @param {import("../shell/canvas.js").Palette} colours
 * @returns {number} pixels per nat per data unit
 */
export function draw(canvas, samples, frame, colours) {
  const { pen, width, height } = fit(canvas);
  if (width === 0) return 1;
  const { toX, left, right } = layout(frame, width, height);
  const { minimax, nonSaturating } = pushes(samples);
  const scale = arrowScale([minimax, nonSaturating]);
  const order = Array.from(samples.x.keys()).sort((a, b) => (samples.x[a] ?? 0) - (samples.x[b] ?? 0));
  [minimax, nonSaturating].forEach((push, strip) => {
    const top = (strip * height) / 2 + 20;
    const room = height / 2 - 26;
    pen.strokeStyle = colours.hair;
    pen.lineWidth = 1;
    pen.beginPath();
    pen.moveTo(left, Math.round(top + room) + 0.5);
    pen.lineTo(right, Math.round(top + room) + 0.5);
    pen.stroke();
    order.forEach((i, rank) => {
      // Samples take turns on rows of their own, so that neighbours do not hide each other's arrows.
      const y = top + ((rank % 7) + 0.5) * (room / 7);
      const x = Math.min(right, Math.max(left, toX(samples.x[i] ?? 0)));
      const length = (push[i] ?? 0) * scale;
      pen.fillStyle = pen.strokeStyle = colours.generated;
      pen.lineWidth = 1.5;
      pen.beginPath();
      pen.arc(x, y, 2, 0, 2 * Math.PI);
      pen.fill();
      pen.beginPath();
      pen.moveTo(x, y);
      pen.lineTo(x + length, y);
      if (Math.abs(length) > 4) {
        const back = Math.sign(length) * 4;
        pen.moveTo(x + length - back, y - 3);
        pen.lineTo(x + length, y);
        pen.lineTo(x + length - back, y + 3);
      }
      pen.stroke();
    });
  });
  return scale;
}
