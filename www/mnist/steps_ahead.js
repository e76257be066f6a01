/**
 * Steps in groups, some of them ahead of what has been read. A device that is waited for after each step idles while
 * the next one is prepared, and each read costs it a pause; so the figures of a group are read at once, and the next
 * group is enqueued before. What is asked in between waits for the groups under way, so a group takes a set time.
 */

/** @typedef {import("../types.d.ts").TrainStats} TrainStats */

/** What a group is made to take, ms. Two of them under way delay a pause, a slider or a grid by less than 100 ms. */
export const GROUP = 40;
/** Most steps of a group: each holds a few hundred numbers on the device until it is read. */
export const MOST = 64;

export class StepsAhead {
  /** Promised figures, oldest first. @type {Promise<TrainStats[]>[]} */
  #groups = [];
  /** Steps of the next group. */
  #size = 1;
  /** When the last group came, or anything else ended that took time, ms. */
  #from;

  /**
   * @param {(steps: number) => Promise<TrainStats[]>} advance enqueues steps and promises their figures
   * @param {number} ahead most groups under way; 1 where steps are taken in `advance` itself
   * @param {() => number} now ms
   */
  constructor(advance, ahead, now = () => performance.now()) {
    this.advance = advance;
    this.ahead = ahead;
    this.now = now;
    this.#from = now();
  }

  /** Groups under way. */
  get underWay() {
    return this.#groups.length;
  }

  /** Enqueues as many groups as may be under way. @param {number} most @returns {number} steps enqueued, at most `most` */
  fill(most) {
    let enqueued = 0;
    while (this.#groups.length < this.ahead && enqueued < most) {
      const steps = Math.min(this.#size, most - enqueued);
      const group = this.advance(steps);
      // A failure is told when the group's turn comes.
      group.catch(() => undefined);
      this.#groups.push(group);
      enqueued += steps;
    }
    return enqueued;
  }

  /** Waits for the oldest group. @returns {Promise<{found: TrainStats[], ms: number}>} its figures, and the time it took */
  async receive() {
    const found = (await this.#groups.shift()) ?? [];
    const now = this.now();
    const ms = now - this.#from;
    this.#from = now;
    const fitting = Math.floor((found.length * GROUP) / Math.max(ms, 1));
    this.#size = Math.max(1, Math.min(fitting, 2 * this.#size, MOST));
    return { found, ms };
  }

  /** What was done since the last group is none of the next one's time. */
  resume() {
    this.#from = this.now();
  }
}
