/**
 * A run's rows, thinned so that a chart of any length stays cheap: when `limit` rows are reached, each two
 * neighbours become their mean and rows from then on are averaged over twice as many steps.
 */
export class History {
  /** Rows averaged into one kept row. */
  #stride = 1;
  /** @type {number[]} sum of the row being gathered */
  #sum = [];
  #count = 0;

  /**
   * @param {number} columns numbers in a row
   * @param {number} [limit] most rows that are kept; even
   */
  constructor(columns, limit = 2000) {
    this.limit = limit;
    /** @type {number[][]} one array per column, all of one length */
    this.columns = Array.from({ length: columns }, () => []);
  }

  /** @param {readonly number[]} row as many numbers as there are columns */
  push(row) {
    this.#sum = this.#count === 0 ? [...row] : this.#sum.map((value, i) => value + (row[i] ?? NaN));
    this.#count += 1;
    if (this.#count < this.#stride) return;
    this.columns.forEach((column, i) => column.push((this.#sum[i] ?? NaN) / this.#count));
    this.#count = 0;
    if ((this.columns[0]?.length ?? 0) >= this.limit) this.#halve();
  }

  /** @returns {number[][]} copies, for a snapshot that nothing changes any more */
  copy() {
    return this.columns.map((column) => column.slice());
  }

  /** What `load` takes up again. */
  save() {
    return { columns: this.copy(), stride: this.#stride };
  }

  /** @param {{columns: number[][], stride: number}} saved */
  load({ columns, stride }) {
    this.columns = this.columns.map((_, i) => [...(columns[i] ?? [])]);
    this.#stride = stride;
    this.#count = 0;
  }

  /**
   * Forgets what came after, when a run goes back to where it was saved.
   * @param {number} last the largest value of the first column that stays
   */
  cut(last) {
    const from = this.columns[0]?.findIndex((value) => value > last) ?? -1;
    if (from >= 0) for (const column of this.columns) column.length = from;
    this.#count = 0;
  }

  #halve() {
    this.columns = this.columns.map((column) => {
      const half = [];
      for (let i = 0; i + 1 < column.length; i += 2) {
        half.push((/** @type {number} */ (column[i]) + /** @type {number} */ (column[i + 1])) / 2);
      }
      return half;
    });
    this.#stride *= 2;
  }
}
