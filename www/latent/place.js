/** From places to z. Everything here asks Rust; only indices are counted. */
import { decodeZ } from "./state.js";

/** @typedef {import("./latent.d.ts").Place} Place */
/** @typedef {import("./latent.d.ts").Sampler} Sampler */
/** @typedef {import("./latent.d.ts").ExplorerModule} Module */

/**
 * @param {Sampler} sampler @param {import("./state.js").End} end
 * @returns {Float32Array} its z, as long as this generator's: what is missing is 0
 */
export function endOf(sampler, end) {
  if (typeof end === "number") return sampler.noise(end, 1);
  const z = new Float32Array(sampler.latent);
  z.set(decodeZ(end).subarray(0, z.length));
  return z;
}

/** @param {Sampler} sampler @param {Place} place whether a point of it was made for a z of another length */
export function misfits(sampler, { a, b, c, on }) {
  const ends = on === "plane" ? [a, b, c] : [a, b];
  return ends.some((end) => typeof end === "string" && end.length !== 2 * sampler.latent);
}

/**
 * @param {Module} module @param {Sampler} sampler @param {Place} place
 * @param {readonly (readonly number[])[]} directions
 * @returns {Float32Array}
 */
export function placed(module, sampler, place, directions) {
  const [a, b] = [endOf(sampler, place.a), endOf(sampler, place.b)];
  const z = place.on === "plane"
    ? module.plane(a, b, endOf(sampler, place.c), place.spot[0], place.spot[1], place.way === "slerp")
    : module[place.way](a, b, place.t);
  directions.forEach((direction, k) => shift(z, direction, place.moves[k] ?? 0));
  for (const [i, by] of place.nudge) if (i < z.length) z[i] = (z[i] ?? 0) + by;
  return z;
}

/** Adds `by` times a direction, in place. @param {Float32Array} z @param {ArrayLike<number>} direction @param {number} by */
export function shift(z, direction, by) {
  if (by !== 0) for (let i = 0; i < z.length; i += 1) z[i] = (z[i] ?? 0) + by * (direction[i] ?? 0);
}

/** @param {Float32Array[]} rows @returns {Float32Array} row-major */
export function stack(rows) {
  const all = new Float32Array(rows.reduce((sum, row) => sum + row.length, 0));
  let at = 0;
  for (const row of rows) {
    all.set(row, at);
    at += row.length;
  }
  return all;
}

/**
 * z on the plane, rows from the greatest share of C down to the least.
 * @param {Module} module @param {Sampler} sampler @param {Place} place
 * @param {number} n @param {number} low @param {number} high
 * @returns {Float32Array[]} n * n
 */
export function planeRows(module, sampler, place, n, low, high) {
  const [a, b, c] = [endOf(sampler, place.a), endOf(sampler, place.b), endOf(sampler, place.c)];
  // The middle of each of n cells.
  const at = (/** @type {number} */ i) => low + ((i + 0.5) * (high - low)) / n;
  return Array.from({ length: n * n }, (_, k) =>
    module.plane(a, b, c, at(k % n), at(n - 1 - Math.floor(k / n)), place.way === "slerp"));
}

/** @param {ArrayLike<number>} probabilities `[n, 10]` @returns {number[]} the likeliest digit of each row */
export function classesOf(probabilities) {
  return Array.from({ length: probabilities.length / 10 }, (_, row) => {
    let best = 0;
    for (let digit = 1; digit < 10; digit += 1) {
      if ((probabilities[10 * row + digit] ?? 0) > (probabilities[10 * row + best] ?? 0)) best = digit;
    }
    return best;
  });
}
