/**
 * When digits will be readable: from the speed that is measured here and from runs of the same preset that were made
 * before (`readable.js`). What is forecast first is kept, and is compared with what then happens.
 */
import { READABLE, SCORE } from "./readable.js";

/** @typedef {import("../protocol.d.ts").Snapshot} Snapshot */
/** @typedef {readonly (readonly [number, number])[]} Course  pairs, the first of each ascending */
/** @typedef {{seconds: number, error: number}} Estimate  until the score is reached; error: half of the range of the runs */
/** @typedef {{kind: "ahead", now: Estimate, other: Estimate | null, faster: Estimate | null} | {kind: "late", step: number, score: number} | {kind: "reached", step: number, seconds: number, made: Estimate}} Forecast */

/** Seconds of training before anything is forecast, and those from which another preset is recommended. */
const WARM_UP = 1;
const LONG = 180;
/** The preset for slow devices. */
const FASTER = "tiny";

/**
 * Where a course first reaches a level.
 * @param {Course} course step and score @param {number} level
 * @returns {number | null} step, interpolated between the two judgements; null: nowhere
 */
export function crossing(course, level) {
  const i = course.findIndex(([, value]) => value >= level);
  const [at, above] = course[i] ?? [NaN, NaN];
  const [before, below] = course[i - 1] ?? [at, above];
  if (i < 0) return null;
  return Math.round(at === before ? at : before + ((level - below) / (above - below)) * (at - before));
}

/**
 * @param {string} preset @param {number} step where the run is @param {number} rate steps per second
 * @returns {Estimate | null} null: that preset was measured less than twice, so that nothing is known of its spread
 */
export function estimate(preset, step, rate) {
  const steps = READABLE[preset]?.steps ?? [];
  if (steps.length < 2 || !(rate > 0)) return null;
  const mean = steps.reduce((sum, one) => sum + one, 0) / steps.length;
  return { seconds: Math.max(0, mean - step) / rate, error: (Math.max(...steps) - Math.min(...steps)) / 2 / rate };
}

/** The faster preset on this machine, by how the two compare where both were measured. @param {string} preset @param {number} rate of `preset` here @returns {Estimate | null} */
export function ofFaster(preset, rate) {
  const [own, faster] = [READABLE[preset], READABLE[FASTER]];
  if (preset === FASTER || !own || !faster) return null;
  return estimate(FASTER, 0, (rate * faster.rate) / own.rate);
}

/** Follows a run. */
export class Follower {
  /** Steps and seconds of training, about once a second. @type {[number, number][]} */
  #clock = [];
  #played = 0;
  #last = NaN;
  /** What was forecast first, with the seconds of training by then. @type {Estimate | null} */
  made = null;

  /**
   * @param {Pick<Snapshot, "train" | "judge">} snapshot @param {number} now milliseconds
   * @param {boolean} plain the run is one of those that were measured: the preset's own settings, from random weights
   * @param {number} [otherRate] steps per second on the other device, if they were measured in this browser
   * @returns {Forecast | null}
   */
  follow({ train, judge }, now, plain, otherRate = NaN) {
    const { phase, row, settings, stepsPerSecond } = train;
    const step = row?.step ?? 0;
    // Another run, or one that was taken up: what came before is not known.
    if (!plain || row === null || settings === null || step < (this.#clock.at(-1)?.[0] ?? 0)) {
      this.#forget();
      return null;
    }
    if (phase === "playing" && !Number.isNaN(this.#last)) this.#played += (now - this.#last) / 1000;
    this.#last = phase === "playing" ? now : NaN;
    if (this.#played - (this.#clock.at(-1)?.[1] ?? -1) >= 1) this.#clock.push([step, this.#played]);
    const { preset } = settings;
    const ahead = estimate(preset, step, stepsPerSecond);
    if (ahead === null || this.#played < WARM_UP) return null;
    // Of a run that is long under way nothing can be checked.
    this.made ??= { seconds: this.#played + ahead.seconds, error: ahead.error };
    const scores = judge.course.flatMap(({ step: at, opinion }) => (opinion.scores ? [/** @type {const} */ ([at, opinion.scores.mnistScore?.[0] ?? NaN])] : []));
    const reached = crossing(scores, SCORE);
    if (reached !== null) return { kind: "reached", step: reached, seconds: this.#at(reached), made: this.made };
    if (ahead.seconds === 0 && step > Math.max(...(READABLE[preset]?.steps ?? []))) return { kind: "late", step, score: scores.at(-1)?.[1] ?? NaN };
    return { kind: "ahead", now: ahead, other: estimate(preset, 0, otherRate), faster: ahead.seconds > LONG ? ofFaster(preset, stepsPerSecond) : null };
  }

  /** Seconds of training at a step. @param {number} step */
  #at(step) {
    const i = this.#clock.findIndex(([at]) => at >= step);
    if (i < 0) return this.#played;
    const [at, seconds] = /** @type {[number, number]} */ (this.#clock[i]);
    const [before, earlier] = this.#clock[i - 1] ?? [0, 0];
    return at === before ? seconds : earlier + ((step - before) / (at - before)) * (seconds - earlier);
  }

  #forget() {
    this.#clock = [];
    this.#played = 0;
    this.#last = NaN;
    this.made = null;
  }
}
