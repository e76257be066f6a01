import { History } from "./history.js";

/** @typedef {import("../protocol.d.ts").TrainRow} Row */
/** @typedef {import("../protocol.d.ts").Curves} Curves */

const COLUMNS = /** @type {const} */ (["step", "lossD", "lossG", "dReal", "dFake", "gradD", "gradG"]);
/** What judging reads of a row. */
const RECORD = /** @type {const} */ (["step", "lossD", "lossG", "dReal", "dFake", "gradG"]);
/** Rows at the beginning and at the end that judging looks at: RECORDS of the verdicts in Rust. */
const ENDS = 50;

/** What a run has shown so far: curves of all of it, thinned, and single rows of its beginning and its end. */
export class Records {
  #curves = new History(COLUMNS.length);
  /** @type {number[][]} */
  #first = [];
  /** @type {number[][]} */
  #last = [];
  /** The first row that is not finite. @type {number[] | null} */
  #wrong = null;

  /** @param {Row} row */
  push(row) {
    this.#curves.push(COLUMNS.map((name) => row[name]));
    const record = RECORD.map((name) => row[name]);
    if (this.#first.length < ENDS) this.#first.push(record);
    this.#last.push(record);
    if (this.#last.length > ENDS) this.#last.shift();
    if (this.#wrong === null && record.some((value) => !Number.isFinite(value))) this.#wrong = record;
  }

  get wrong() {
    return this.#wrong !== null;
  }

  /** @returns {Curves} */
  curves() {
    const columns = this.#curves.copy();
    return /** @type {Curves} */ (/** @type {unknown} */ (Object.freeze(Object.fromEntries(COLUMNS.map((name, i) => [name, columns[i] ?? []])))));
  }

  /** @returns {Float64Array} row-major `[n, 6]`, oldest first, each row once, as `Judge.opinion` reads it with gradients */
  history() {
    const seen = new Set();
    const rows = [...this.#first, ...(this.#wrong ? [this.#wrong] : []), ...this.#last].filter(([step]) => !seen.has(step) && seen.add(step));
    return Float64Array.from(rows.sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0)).flat());
  }

  /** @param {number} step the last that stays */
  cut(step) {
    this.#curves.cut(step);
    const stays = (/** @type {number[]} */ row) => (row[0] ?? 0) <= step;
    this.#first = this.#first.filter(stays);
    this.#last = this.#last.filter(stays);
    if (this.#wrong && !stays(this.#wrong)) this.#wrong = null;
  }

  save() {
    return { curves: this.#curves.save(), first: this.#first, last: this.#last };
  }

  /** @param {ReturnType<Records["save"]>} saved */
  load({ curves, first, last }) {
    this.#curves.load(curves);
    [this.#first, this.#last, this.#wrong] = [[...first], [...last], null];
  }
}
