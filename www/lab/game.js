import { History } from "../history.js";
import { PACE } from "../state.js";
import { reducedMotion } from "../support.js";
import { Crew } from "./crew.js";

/** @typedef {import("../protocol.d.ts").Snapshot["game"]} GameState */

/** Iterations after which the default pace falls to one or two a frame, in a game that never comes to rest. */
const SETTLED = 4000;
const SETTLED_PACE = 90;

/**
 * The 1-D game: asks its worker for the next iterations at most once a frame. To pause is to stop asking.
 */
export class GameLab {
  /** @type {GameState} */
  static blank = Object.freeze({
    phase: "loading", playing: false, atRest: false, pace: PACE.initial, settings: null, frame: null,
    trace: Object.freeze({ iteration: [], v: [], jsd: [] }), message: "",
  });

  /** @type {Crew<import("../protocol.d.ts").GameCommand, import("../protocol.d.ts").GameEvent>} */
  #crew = new Crew("game.js", (event) => this.#hear(event), (reason, again) => this.#mourn(reason, again));
  /** @type {WebAssembly.Module | null} */
  #module = null;
  #trace = new History(3, 600);
  #waiting = false;
  #visible = true;
  /** Iterations owed, a fraction at slow paces. */
  #owed = 0;
  #last = 0;

  /** @param {import("../state.js").Store} store @param {import("../lab.js").Lab} lab */
  constructor(store, lab) {
    this.store = store;
    this.lab = lab;
    store.listen((_, changed) => {
      if (changed.has("gameSeed")) this.reset();
    });
  }

  hire() {
    this.#crew.hire();
    this.#waiting = true;
  }

  /** @param {WebAssembly.Module} module */
  open(module) {
    this.#module = module;
    this.#crew.send({ type: "open", module, seed: this.store.state.gameSeed });
    this.lab.publish("game", { playing: !reducedMotion() });
  }

  /** @param {boolean} playing */
  play(playing) {
    this.#owed = 0;
    this.#last = 0;
    this.lab.publish("game", { playing });
  }

  /** One iteration; pauses. */
  step() {
    this.play(false);
    this.#pull(1);
  }

  /** Back to iteration 0 of the same seed. */
  reset() {
    const { phase, atRest, playing } = this.lab.snapshot.game;
    if (phase !== "ready") return;
    this.#trace = new History(3, 600);
    this.play(playing || (atRest && !reducedMotion()));
    this.#waiting = true;
    this.lab.publish("game", { message: "" });
    this.#crew.send({ type: "reset", seed: this.store.state.gameSeed });
  }

  /** @param {boolean} visible whether any view of the game is on the screen */
  show(visible) {
    this.#visible = visible;
    this.#last = 0;
    this.lab.publish("game", {});
  }

  /**
   * Called at every animation frame.
   * @param {number} now milliseconds
   * @returns {boolean} whether it wants the next animation frame, whatever happens till then
   */
  tick(now) {
    const { game } = this.lab.snapshot;
    if (!game.playing || !this.#visible || game.phase !== "ready") return false;
    // A long gap is a tab that slept, not time to be made up for.
    const elapsed = this.#last === 0 ? 1 / 60 : Math.min(now - this.#last, 100) / 1000;
    this.#last = now;
    const pace = this.#pace(game.frame?.iteration ?? 0);
    if (pace !== game.pace) this.lab.publish("game", { pace });
    this.#owed = Math.min(this.#owed + pace * elapsed, pace);
    if (!this.#waiting && this.#owed >= 1) {
      const iterations = Math.floor(this.#owed);
      this.#owed -= iterations;
      this.#pull(iterations);
    }
    return true;
  }

  /** @param {number} iteration */
  #pace(iteration) {
    const { gamePace } = this.store.state;
    return gamePace === PACE.initial && iteration >= SETTLED ? SETTLED_PACE : gamePace;
  }

  /** @param {number} iterations */
  #pull(iterations) {
    if (this.lab.snapshot.game.phase !== "ready") return;
    this.#waiting = true;
    this.#crew.send({ type: "pull", iterations });
  }

  /** @param {import("../protocol.d.ts").GameEvent} event */
  #hear(event) {
    this.#waiting = false;
    if (event.type === "failure") {
      this.lab.publish("game", { playing: false, message: event.message });
      return;
    }
    const { frame } = event;
    if (event.type === "opened") this.lab.publish("game", { phase: "ready", settings: event.settings });
    else this.#crew.healthy();
    this.#trace.push([frame.iteration, frame.numbers.v, frame.numbers.jsd]);
    const [iteration = [], v = [], jsd = []] = this.#trace.copy();
    const { playing, settings } = this.lab.snapshot.game;
    const atRest = settings !== null && settings.decayTo > 0 && frame.iteration >= settings.decayTo;
    const trace = Object.freeze({ iteration, v, jsd });
    this.lab.publish("game", { frame: Object.freeze(frame), trace, playing: playing && !atRest, atRest });
  }

  /** @param {string} reason @param {boolean} again */
  #mourn(reason, again) {
    const playing = this.lab.snapshot.game.playing && again;
    this.#trace = new History(3, 600);
    this.lab.publish("game", { message: reason, phase: again ? "loading" : "failed", playing });
    if (!again || this.#module === null) return;
    this.hire();
    this.#crew.send({ type: "open", module: this.#module, seed: this.store.state.gameSeed });
  }
}
