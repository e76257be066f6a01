/** @typedef {{z: Float32Array, gz: Float32Array}} Map  z ascending, and G(z) */

/** Part of G's whole range that it has to run back for a fold to be drawn. */
const LEAST = 0.002;

/**
 * Where G is not invertible.
 * @param {Map} map
 * @returns {{turns: {z: number, x: number}[], backward: boolean[]}} turns: where G turns, ascending in z;
 *   backward: for every z, whether G runs against its overall direction there
 */
export function folds({ z, gz }) {
  const last = gz.length - 1;
  const at = (/** @type {Float32Array} */ array, /** @type {number} */ i) => array[Math.min(last, Math.max(0, i))] ?? 0;
  const direction = Math.sign(at(gz, last) - at(gz, 0)) || 1;
  const [low, high] = gz.reduce(([a, b], x) => [Math.min(a, x), Math.max(b, x)], [Infinity, -Infinity]);
  const least = LEAST * (high - low);
  /** @type {{z: number, x: number, i: number}[]} */
  const turns = [];
  // `extreme` is the furthest point on the way; a run back from it by more than `least` makes it a turn.
  let [heading, extreme] = [0, 0];
  for (let i = 1; i <= last; i += 1) {
    const change = at(gz, i) - at(gz, extreme);
    if (heading === 0) {
      if (Math.abs(change) > least) [heading, extreme] = [Math.sign(change), i];
    } else if (change * heading >= 0) extreme = i;
    else if (-change * heading > least) {
      turns.push({ z: at(z, extreme), x: at(gz, extreme), i: extreme });
      [heading, extreme] = [-heading, i];
    }
  }
  const first = turns[0];
  let way = first ? Math.sign(first.x - at(gz, 0)) : direction;
  let next = 0;
  const backward = Array.from(gz, (_, i) => {
    while (next < turns.length && i > (turns[next]?.i ?? Infinity)) [way, next] = [-way, next + 1];
    return way * direction < 0;
  });
  return { turns: turns.map(({ z: zTurn, x }) => ({ z: zTurn, x })), backward };
}

/**
 * @param {Map} map @param {number} x
 * @returns {number} how many z are mapped to x, as far as the lines tell
 */
export function preimages({ gz }, x) {
  let count = 0;
  for (let i = 1; i < gz.length; i += 1) {
    const [a, b] = [gz[i - 1] ?? NaN, gz[i] ?? NaN];
    if ((a < x && x <= b) || (b < x && x <= a)) count += 1;
  }
  return count;
}
