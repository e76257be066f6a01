/**
 * When digits will be readable: from the speed that is measured here and from runs of the same preset that were made
 * before (`readable.js`). What is forecast first is kept, and is compared with what then happens.
 */
import { READABLE, SCORE } from "./readable.js";

/** @typedef {import("../protocol.d.ts").Snapshot} Snapshot */
/** @typedef {readonly (readonly [number, number])[]} Course  pairs, the first of each ascending */
/** @typedef {{seconds: number, error: number}} Estimate  of training until the score is reached */
/**
 * `late`: a judgement from after all known runs had the score, and this one has not; seconds are those of training.
 * @typedef {{kind: "ahead", left: Estimate} | {kind: "due"} | {kind: "late", score: number, seconds: number, made: Estimate}
 *   | {kind: "reached", step: number, seconds: number, made: Estimate}} Forecast
 */

/** What has to be measured before anything is forecast. */
const MEASURED = Object.freeze({ seconds: 1, steps: 3 });
/** What a speed of the first seconds may be off by from that of the run, as a share: a machine has other things to do, too. */
const STEADY = 0.25;
/** Seconds between what is remembered of a run. */
const EVERY = 1;

/**
 * Where a course first reaches a level.
 * @param {Course} course @param {number} level
 * @returns {number | null} interpolated between the two points around it; null: nowhere
 */
export function crossing(course, level) {
  const i = course.findIndex(([, value]) => value >= level);
  const [at, above] = course[i] ?? [NaN, NaN];
  const [before, below] = course[i - 1] ?? [at, above];
  if (i < 0) return null;
  return above > below ? before + ((level - below) / (above - below)) * (at - before) : at;
}

/**
 * @param {string} preset @param {number} rate steps per second @param {number} [step] where the run is
 * @returns {Estimate | null} what is left; its error is half of the known runs' range and what speeds vary; null: nothing is known
 */
export function estimate(preset, rate, step = 0) {
  const steps = READABLE[preset] ?? [];
  if (steps.length < 2 || !(rate > 0)) return null;
  const seconds = Math.max(0, steps.reduce((sum, one) => sum + one, 0) / steps.length - step) / rate;
  return { seconds, error: (Math.max(...steps) - Math.min(...steps)) / 2 / rate + STEADY * seconds };
}

/** Follows a run from its beginning. */
export class Follower {
  /** Step and seconds of training, those that were seen first in front. @type {[number, number][]} */
  #clock = [];
  /** What was forecast first, in seconds from the beginning. @type {Estimate | null} */
  #made = null;
  /** @type {Extract<Forecast, {kind: "reached"}> | null} */
  #reached = null;
  /** Steps per second since the first that were seen, which waited for kernels and memory; NaN: not measured yet. */
  rate = NaN;

  /**
   * @param {Pick<Snapshot, "train" | "judge">} snapshot
   * @param {boolean} plain the run is like those that are known
   * @returns {Forecast | null}
   */
  follow({ train: { row, settings }, judge }, plain) {
    const last = this.#clock.at(-1);
    if (!plain || row === null || settings === null || row.step < (last?.[0] ?? 0)) {
      [this.#clock, this.#made, this.#reached, this.rate] = [[], null, null, NaN];
      return null;
    }
    if (this.#reached) return this.#reached;
    const { step, seconds } = row;
    if (!last || seconds - last[1] >= EVERY) this.#clock.push([step, seconds]);
    const [from, since] = this.#clock[0] ?? [step, seconds];
    if (seconds - since < MEASURED.seconds || step - from < MEASURED.steps) return null;
    this.rate = (step - from) / (seconds - since);
    const left = estimate(settings.preset, this.rate, step);
    if (left === null) return null;
    this.#made ??= { seconds: seconds + left.seconds, error: left.error };
    const made = this.#made;
    const scores = judge.course.map(({ step: at, opinion }) => /** @type {const} */ ([at, opinion.scores?.mnistScore?.[0] ?? NaN]));
    const reached = crossing(scores, SCORE);
    if (reached !== null) return (this.#reached = { kind: "reached", step: reached, seconds: this.#at(reached), made });
    const [judged, score] = scores.at(-1) ?? [0, NaN];
    if (judged > Math.max(...(READABLE[settings.preset] ?? []))) return { kind: "late", score, seconds, made };
    return left.seconds > 0 ? { kind: "ahead", left } : { kind: "due" };
  }

  /** Seconds of training at a step. @param {number} step */
  #at(step) {
    return crossing(this.#clock.map(([at, seconds]) => /** @type {const} */ ([seconds, at])), step) ?? this.#clock.at(-1)?.[1] ?? NaN;
  }
}
