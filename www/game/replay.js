import { CLIMB, length } from "./moves.js";

/** @typedef {import("./moves.js").Move} Move */
/** @typedef {{act: "i" | "d" | "g" | "o", n: number}} Stretch  no `t`: links have none */

/** Moments that a replayed link leaves behind for looking back. */
const MOMENTS = 240;

/** The moves of a link that are still to be played, in stretches that each leave a moment behind. */
export class Replay {
  /** @type {Move[]} */
  #moves;
  #stride;

  /** @param {readonly Move[]} [moves] */
  constructor(moves = []) {
    this.#moves = [...moves];
    this.#stride = Math.ceil(moves.reduce((sum, move) => sum + length(move), 0) / MOMENTS);
  }

  get done() {
    return this.#moves.length === 0;
  }

  /** @returns {Stretch | {changes: Move[]} | null} settings that change at one moment come together */
  next() {
    const from = this.#moves.findIndex((move) => move.act !== "set");
    if (from !== 0) {
      const changes = this.#moves.splice(0, from < 0 ? this.#moves.length : from);
      return changes.length > 0 ? { changes } : null;
    }
    const move = /** @type {Stretch} */ (this.#moves.shift());
    const stride = move.act === "o" ? Math.ceil(this.#stride / CLIMB) * CLIMB : this.#stride;
    const n = Math.min(move.n, stride);
    if (n < move.n) this.#moves.unshift({ act: move.act, n: move.n - n });
    return { act: move.act, n };
  }
}
