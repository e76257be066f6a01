/**
 * Rounds the terms of a sum and the sum itself so that the digits shown add up. Each number becomes one of
 * the two nearest below and above it; of all such choices that add up, the closest, and where it can be
 * helped equal terms stay equal.
 * @template {readonly [] | readonly number[]} T
 * @param {T} terms finite, at most eight
 * @param {number} total their sum but for its own error, which must be below a digit
 * @param {number} digits after the point
 * @param {number} [constants] how many of the first terms are known numbers, only to be rounded
 * @returns {{terms: {-readonly [K in keyof T]: number}, total: number}} multiples of 10^-digits
 */
export function addUp(terms, total, digits, constants = 0) {
  const unit = 10 ** digits;
  const all = [...terms, total].map((value) => value * unit);
  /** @type {{cost: number, picked: number[]}} */
  let best = { cost: Infinity, picked: all.map(Math.round) };
  for (let choice = 0; choice < 2 ** all.length; choice += 1) {
    const picked = all.map((value, i) => Math.floor(value) + ((choice >> i) & 1));
    const sum = picked.slice(0, -1).reduce((a, b) => a + b, 0);
    if (sum !== picked.at(-1) || all.slice(0, constants).some((value, i) => picked[i] !== Math.round(value))) continue;
    const cost = picked.reduce((cost, value, i) => cost + (value - (all[i] ?? NaN)) ** 2, 0) + torn(all, picked);
    if (cost < best.cost) best = { cost, picked };
  }
  const shown = best.picked.map((value) => value / unit);
  return { terms: /** @type {any} */ (shown.slice(0, -1)), total: shown.at(-1) ?? NaN };
}

/** @param {number[]} all @param {number[]} picked @returns {number} ten for each pair of equal terms that differ now */
function torn(all, picked) {
  let cost = 0;
  all.slice(0, -1).forEach((one, i) => all.slice(0, i).forEach((other, j) => {
    if (Math.abs(one - other) < 1e-4 && picked[i] !== picked[j]) cost += 10;
  }));
  return cost;
}
