import { iterations } from "./moves.js";

/** @typedef {import("../protocol.d.ts").GameLine} Line */

/** One iteration of Algorithm 1, a line at a time. When it has ended it counts as a whole iteration. */
export class SlowMotion {
  /** @type {{line: Line, turn: number}[]} lines still to come */
  #left = [];
  done = false;

  /** @param {import("./run.js").Run} run */
  constructor(run) {
    this.run = run;
    this.round = iterations(run.moves) + 1;
    this.from = run.at;
    const { kD, kG } = run.settings;
    for (let turn = 1; turn <= kD; turn += 1) {
      for (const line of /** @type {Line[]} */ (["noise-d", "data", "ascend"])) this.#left.push({ line, turn });
    }
    for (let turn = 1; turn <= kG; turn += 1) {
      for (const line of /** @type {Line[]} */ (["noise-g", "descend"])) this.#left.push({ line, turn });
    }
  }

  get at() {
    return this.run.at;
  }

  /** Runs the next line. A sampling line changes nothing yet: its samples are used by the update after it. */
  next() {
    const step = this.#left.shift();
    if (step?.line === "ascend") this.run.go("d", 1);
    if (step?.line === "descend") this.run.go("g", 1);
    if (this.#left.length === 0) {
      this.run.go("t", 1);
      this.run.merge(this.from);
      this.done = true;
    }
    return { line: step?.line ?? null, turn: step?.turn ?? 0, round: this.round };
  }

  finish() {
    while (!this.done) this.next();
  }
}
