import { curvesOf, drop, keepCurves, list } from "../kept.js";

/** @typedef {import("../kept.js").Kept} Kept */
/** @typedef {import("./records.js").Records} Records */

/** Runs that the browser keeps: what the page shows of them, and which one it offers. */
export class Shelf {
  /** @param {import("../lab.js").Lab} lab */
  constructor(lab) {
    this.lab = lab;
  }

  /** Offers the newest run other than this one. @param {string} id */
  async offer(id) {
    const runs = await list().catch(() => []);
    this.lab.publish("train", { kept: runs.find((run) => run.id !== id) ?? null });
  }

  /** @param {Kept} run */
  async discard({ id }) {
    await drop(id).catch(() => undefined);
  }

  /** Keeps beside a run's file what the page shows of it. @param {string} id @param {Records} records */
  note(id, records) {
    const { train, judge } = this.lab.snapshot;
    void keepCurves(id, { records: records.save(), course: judge.course, row: train.row }).catch(() => undefined);
  }

  /** Shows that again. @param {Kept} run @param {Records} records */
  async recall({ id, step }, records) {
    const shown = await curvesOf(id).catch(() => undefined);
    if (!shown) return;
    records.load(shown.records);
    records.cut(step);
    this.lab.judge.recall(shown.course);
    this.lab.publish("train", { curves: records.curves(), row: shown.row });
  }
}
