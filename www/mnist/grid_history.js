/**
 * Grids of a run for looking back. When `limit` are kept every other one goes, and from then on only every second of
 * those that come is taken: the whole run stays, in bounded memory.
 */

/** @typedef {{readonly step: number, readonly images: Uint8Array}} Grid */

export class GridHistory {
  #stride = 1;
  #skipped = 0;
  /** @type {Grid[]} ascending by step */
  #grids = [];

  /** @param {number} [limit] even; a grid of 10 x 10 has 78 kB */
  constructor(limit = 160) {
    this.limit = limit;
  }

  /** @param {Grid} grid one of the same step as the last takes its place */
  push(grid) {
    const last = this.#grids.at(-1);
    if (last && last.step >= grid.step) {
      this.cut(grid.step - 1);
      this.#grids.push(grid);
      return;
    }
    this.#skipped += 1;
    if (this.#skipped < this.#stride) return;
    this.#skipped = 0;
    this.#grids.push(grid);
    if (this.#grids.length < this.limit) return;
    this.#grids = this.#grids.filter((_, i) => i % 2 === 0);
    // The last one went, so that the next is nearer by its distance.
    this.#skipped = this.#stride;
    this.#stride *= 2;
  }

  /** @param {number} step the last that stays */
  cut(step) {
    while ((this.#grids.at(-1)?.step ?? -1) > step) this.#grids.pop();
  }

  /** @returns {readonly Grid[]} a copy that nothing changes any more */
  copy() {
    return Object.freeze([...this.#grids]);
  }
}
