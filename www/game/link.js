import { asGame, format } from "../shell/state.js";
import { until } from "./moves.js";

/** @typedef {import("../protocol.d.ts").Snapshot["game"]} GameState */

/** Keeps the moment of the game that is shown in the state record, and so in the address bar. */
export class GameLink {
  #timer = 0;
  /** Whether the record is being written from here. */
  writing = false;

  /** @param {import("../shell/state.js").Store} store */
  constructor(store) {
    this.store = store;
  }

  /** @param {Partial<import("../shell/state.js").State>} patch */
  write(patch) {
    this.writing = true;
    this.store.set(patch);
    this.writing = false;
  }

  /**
   * A game that came to rest by itself leaves the record alone: nobody asked for that moment.
   * @param {() => GameState | null} game asked a little later; null when it does not stand still
   */
  soon(game) {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => {
      const still = game();
      if (still === null) return;
      const { atRest, at, course } = still;
      const byItself = atRest && this.store.state.gameRun.length === 0 && course?.moves.length === 1 && at === course.total;
      if (!byItself) this.#keep(still);
    }, 300);
  }

  /** @param {GameState} game @returns {string} */
  address(game) {
    this.#keep(game);
    return location.href.replace(/#.*|$/, format({ ...this.store.state, anchor: "lab-game" }));
  }

  /** @param {GameState} game */
  #keep({ course, at }) {
    if (course) this.write({ ...asGame(course.start), gameRun: until(course.moves, at) });
  }
}
