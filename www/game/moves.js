/**
 * The course of a game: what was done to it since its start, in order. Settings at the start and these moves
 * give every number of every moment again. In a link it is written `400i_5d_k-d~5_20o_300i`.
 */

/**
 * @typedef {"i" | "d" | "g" | "o" | "t"} Act  whole iterations; steps of D; steps of G; steps of D towards its
 *   optimum; the end of an iteration whose steps were taken one by one (in no link: it becomes one `i`)
 * @typedef {{act: Act, n: number} | {act: "set", key: string, value: string}} Move
 *   key and value of a setting as the link writes them
 */

/** Steps of D towards its optimum come in multiples of this, so that they can be divided anywhere. */
export const CLIMB = 20;

/** What one link may ask to be played again: a few seconds' worth. */
const MOST_ITERATIONS = 1_000_000;
const MOST_STEPS = 50_000;
/** And how long it may be: a run by hand has some tens of moves. */
const MOST_MOVES = 5000;
const MOST_CHARACTERS = 100_000;

/** @param {Move} move @returns {number} how far it leads on the scale on which a run is scrubbed */
export const length = (move) => (move.act === "set" ? 0 : move.n);

/** @param {readonly Move[]} moves */
export const total = (moves) => moves.reduce((sum, move) => sum + length(move), 0);

/** @param {readonly Move[]} moves @returns {number} whole iterations in it */
export const iterations = (moves) =>
  moves.reduce((sum, move) => sum + (move.act === "i" || move.act === "t" ? move.n : 0), 0);

/**
 * Adds one move; equal acts become one, and a setting set twice at one moment has the later value.
 * @param {readonly Move[]} moves @param {Move} move
 * @returns {Move[]}
 */
export function add(moves, move) {
  const all = [...moves];
  push(all, move);
  return all;
}

/** The same, in place. @param {Move[]} moves @param {Move} move */
function push(moves, move) {
  const last = moves.at(-1);
  if (move.act === "set") {
    for (let i = moves.length - 1; i >= 0; i -= 1) {
      const other = moves[i];
      if (other?.act !== "set") break;
      if (other.key === move.key) moves.splice(i, 1);
    }
    moves.push(move);
  } else if (last && last.act === move.act) moves[moves.length - 1] = { act: move.act, n: last.n + move.n };
  else if (move.n > 0) moves.push(move);
}

/**
 * @param {readonly Move[]} moves
 * @param {number} at 0..=total
 * @returns {Move[]} what led there; settings set exactly there included
 */
export function until(moves, at) {
  const kept = [];
  let left = at;
  for (const move of moves) {
    if (move.act === "set") kept.push(move);
    else if (left > 0) kept.push({ act: move.act, n: Math.min(move.n, left) });
    left -= length(move);
    if (left < 0) break;
  }
  return kept;
}

/** @param {readonly Move[]} moves */
export function write(moves) {
  return moves.map((move) => (move.act === "set" ? `${move.key}~${move.value}` : `${move.n}${move.act}`)).join("_");
}

/**
 * @param {string} text
 * @param {(key: string, value: string) => boolean} known whether a setting can have this value
 * @returns {Move[] | undefined} undefined: nonsense
 */
export function read(text, known) {
  if (text.length > MOST_CHARACTERS) return undefined;
  const parts = text.split("_");
  if (parts.length > MOST_MOVES) return undefined;
  /** @type {Move[]} */
  const moves = [];
  for (const part of parts) {
    const steps = /^([1-9]\d{0,6})([idgo])$/.exec(part);
    const set = /^([a-z0-9-]+)~(.*)$/.exec(part);
    if (steps) push(moves, { act: /** @type {Act} */ (steps[2]), n: Number(steps[1]) });
    else if (set && known(set[1] ?? "", set[2] ?? "")) push(moves, { act: "set", key: set[1] ?? "", value: set[2] ?? "" });
    else return undefined;
  }
  const played = moves.reduce((sum, move) => sum + (move.act === "i" ? move.n : 0), 0);
  return played <= MOST_ITERATIONS && total(moves) - played <= MOST_STEPS ? moves : undefined;
}
