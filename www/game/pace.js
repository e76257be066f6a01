import { PACE } from "../shell/state.js";

/** Iterations after which the default pace falls to one or two a frame, in a game that never comes to rest. */
const SETTLED = 4000;
const SETTLED_PACE = 90;
/** Milliseconds that one line of Algorithm 1 is lit in slow motion. */
const LINE = 750;

/** How many iterations are due at each animation frame. */
export class Pace {
  /** Iterations owed, a fraction at slow paces. */
  #owed = 0;
  #last = 0;

  /** Forgets how long ago the last frame was. */
  rest() {
    this.#last = 0;
  }

  restart() {
    this.#owed = this.#last = 0;
  }

  /** @param {number} wanted per second @param {number} iteration @returns {number} what is asked for there */
  static at(wanted, iteration) {
    return wanted === PACE.initial && iteration >= SETTLED ? SETTLED_PACE : wanted;
  }

  /**
   * @param {number} now milliseconds @param {number} pace iterations per second
   * @param {number} most how many may be taken now
   * @returns {number} whole iterations to play; they count as played
   */
  due(now, pace, most) {
    // A long gap is a tab that slept, not time to be made up for.
    const elapsed = this.#last === 0 ? 1 / 60 : Math.min(now - this.#last, 100) / 1000;
    this.#last = now;
    this.#owed = Math.min(this.#owed + pace * elapsed, pace);
    const n = Math.min(Math.floor(this.#owed), most);
    this.#owed -= n;
    return n;
  }

  /** @param {number} now @returns {boolean} whether the next line of slow motion is due; it counts as shown */
  lineDue(now) {
    if (now - this.#last < LINE) return false;
    this.#last = now;
    return true;
  }
}
