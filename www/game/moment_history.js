/** @typedef {import("../protocol.d.ts").GameMoment} GameMoment */

/**
 * Moments of a run for looking back, thinned so that a run of any length stays small: when `limit` are kept,
 * every other one goes, and from then on they have to be twice as far apart.
 */
export class MomentHistory {
  #gap = 1;
  /** @type {GameMoment[]} ascending */
  #moments = [];

  /** @param {number} [limit] a frame has about 9 kB */
  constructor(limit = 512) {
    this.limit = limit;
  }

  /** @param {GameMoment} moment what was kept from its place on belongs to another branch, and goes */
  push(moment) {
    this.cut(moment.at - 1);
    const last = this.#moments.at(-1);
    if (last && moment.at - last.at < this.#gap) return;
    this.#moments.push(moment);
    if (this.#moments.length < this.limit) return;
    this.#moments = this.#moments.filter((_, i) => i % 2 === 0);
    this.#gap *= 2;
  }

  /** @param {number} at the last place that stays */
  cut(at) {
    while (this.#moments.length > 0 && /** @type {GameMoment} */ (this.#moments.at(-1)).at > at) this.#moments.pop();
  }

  /** @param {number} at @returns {GameMoment | undefined} the last one kept there or before */
  near(at) {
    return this.#moments.findLast((moment) => moment.at <= at) ?? this.#moments[0];
  }

  /** @returns {readonly GameMoment[]} a copy that nothing changes any more */
  copy() {
    return Object.freeze([...this.#moments]);
  }
}
