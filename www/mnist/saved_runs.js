import { curvesOf, drop, list, saveCurves } from "./run_database.js";
import { owned } from "./owner.js";

/** @typedef {import("./run_database.js").SavedRun} SavedRun */
/** @typedef {import("./records.js").Records} Records */

/** Runs that are saved in the browser: what the page shows of them, and which one it offers. */
export class SavedRuns {
  /** @param {import("../shell/lab.js").Lab} lab */
  constructor(lab) {
    this.lab = lab;
  }

  #asked = false;

  /** Shows all runs but this one. @param {string} id */
  async offer(id) {
    const [runs, isOwned] = await Promise.all([list().catch(() => []), owned()]);
    const others = runs.filter((run) => run.id !== id).map((run) => Object.freeze({ ...run, elsewhere: isOwned(run.id) }));
    this.lab.publish("train", { savedRuns: Object.freeze(others) });
  }

  /** @param {string} id */
  async discard(id) {
    await drop(id).catch(() => undefined);
  }

  /** Saves beside a run's file what the page shows of it. @param {string} id @param {Records} records */
  note(id, records) {
    const { train, judge } = this.lab.snapshot;
    // Now there is something that the browser should not clear away by itself.
    if (!this.#asked) void navigator.storage?.persist?.().catch(() => false);
    this.#asked = true;
    void saveCurves(id, { records: records.save(), course: judge.course, row: train.row, changes: train.changes }).catch(() => undefined);
  }

  /** Shows that again. @param {SavedRun} run @param {Records} records */
  async recall({ id, step }, records) {
    const shown = await curvesOf(id).catch(() => undefined);
    if (!shown) return;
    records.load(shown.records);
    records.cut(step);
    this.lab.judge.recall(shown.course);
    this.lab.publish("train", { curves: records.curves(), row: shown.row, changes: Object.freeze(shown.changes ?? []) });
  }
}
