import { curvesOf, drop, list, saveCurves } from "../run_database.js";

/** @typedef {import("../run_database.js").SavedRun} SavedRun */
/** @typedef {import("./records.js").Records} Records */

/** Runs that are saved in the browser: what the page shows of them, and which one it offers. */
export class SavedRuns {
  /** @param {import("../lab.js").Lab} lab */
  constructor(lab) {
    this.lab = lab;
  }

  /** Offers the newest run other than this one. @param {string} id */
  async offer(id) {
    const runs = await list().catch(() => []);
    this.lab.publish("train", { savedRun: runs.find((run) => run.id !== id) ?? null });
  }

  /** @param {SavedRun} run */
  async discard({ id }) {
    await drop(id).catch(() => undefined);
  }

  /** Saves beside a run's file what the page shows of it. @param {string} id @param {Records} records */
  note(id, records) {
    const { train, judge } = this.lab.snapshot;
    void saveCurves(id, { records: records.save(), course: judge.course, row: train.row }).catch(() => undefined);
  }

  /** Shows that again. @param {SavedRun} run @param {Records} records */
  async recall({ id, step }, records) {
    const shown = await curvesOf(id).catch(() => undefined);
    if (!shown) return;
    records.load(shown.records);
    records.cut(step);
    this.lab.judge.recall(shown.course);
    this.lab.publish("train", { curves: records.curves(), row: shown.row });
  }
}
