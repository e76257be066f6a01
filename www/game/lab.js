import { asGame, gameOf, viewOf } from "../shell/state.js";
import { asMove, differing, flatDefaults, flatten, heldOf, mend, pairsOf, RESTARTS } from "./state.js";
import { CLIMB, until } from "./moves.js";
import { reducedMotion } from "../shell/support.js";
import { Died, Failed, Line, messageOf, outdated } from "../shell/line.js";
import { find } from "./find_figure1.js";
import { GameLink } from "./link.js";
import { MomentHistory } from "./moment_history.js";
import { Pace } from "./pace.js";
import { Replay } from "./replay.js";

/** @typedef {import("../protocol.d.ts").Snapshot["game"]} GameState */
/** @typedef {import("../protocol.d.ts").GameQuestions} Questions */
/** @typedef {import("../protocol.d.ts").GameMet} Met */
/** @typedef {import("../protocol.d.ts").GameMoment} GameMoment */
/** @typedef {import("./state.js").Flat} Flat */
/** @typedef {import("./moves.js").Move} Move */

/** Steps after which a D that has not reached its optimum is given up. */
const MOST_CLIMBED = 6000;

/**
 * The game, on the line or in the plane: asks its worker for the next moment at most once a frame. To pause is to stop asking.
 */
export class GameLab {

  /** One question at a time: the next is made when the last has been answered, and so starts from where the game is then. */
  #line = /** @type {Line<Questions>} */ (new Line("game/worker.js", {
    open: () => ({ hash: null }), opened: (answer) => this.#opened(answer), died: (died) => this.#workerFailed(died), within: 120_000,
  }));
  /** Aborted when another run begins: what is still to be answered belongs to this one. */
  #run = new AbortController();
  /** Settles with the question that was asked last. @type {Promise<void>} */
  #last = Promise.resolve();
  #momentHistory = new MomentHistory();
  #replay = new Replay();
  #pace = new Pace();
  #link;
  #visible = true;
  #climbed = 0;
  /** What the switch has left, by its dimension: the start and the moves to where it was. @type {Map<Flat["dimension"], {settings: Flat, moves: readonly Move[]}>} */
  #left = new Map();
  /** @type {() => void} */
  #resolveShown = () => undefined;
  /** Resolves when it moves, or has a moment that stands still. @type {Promise<void>} */
  shown = new Promise((resolve) => (this.#resolveShown = resolve));

  /** @param {import("../shell/state.js").Store} store @param {import("../shell/lab.js").Lab} lab */
  constructor(store, lab) {
    this.store = store;
    this.lab = lab;
    this.#link = new GameLink(store);
    store.listen((_, changed) => {
      if (this.#link.writing) return;
      const settings = Object.keys(asGame(gameOf(store.state)));
      if (changed.has("gameRun") || settings.some((name) => changed.has(/** @type {any} */ (name)))) this.#follow();
      else if (changed.has("gameShow") || changed.has("gameArrows") || changed.has("gameDots") || changed.has("gameHeld")) this.#look();
    });
  }

  /** Moves of a link that are still to be played, if any. @param {readonly Move[]} [moves] */
  #play(moves = []) {
    this.#replay = new Replay(moves);
    if (this.#game.replaying === this.#replay.done) this.lab.publish("game", { replaying: !this.#replay.done });
  }

  get #game() {
    return this.lab.snapshot.game;
  }

  open() {
    this.#line.start();
  }

  /** After a failure. */
  retry() {
    this.#line.forgive();
    this.lab.publish("game", { phase: "loading", message: "" });
    this.open();
  }

  /** @param {boolean} playing */
  play(playing) {
    this.#pace.restart();
    this.#play();
    this.lab.publish("game", { playing, climbing: false, ...(playing ? { note: null, optimum: null } : {}) });
    if (!playing) this.#mark();
  }

  /** One step by hand, or one iteration; pauses. @param {"i" | "d" | "g"} act */
  step(act) {
    this.#halt();
    const line = act === "i" && this.store.state.gameMotion === "slow";
    if (line) this.#ask("line", (at) => ({ at, view: this.#view }));
    else this.#ask("play", (at) => ({ at, act, n: 1, view: this.#view }));
  }

  /** Trains D alone until it is at D*, or stops doing so. @param {boolean} on */
  climb(on) {
    if (!on) return this.play(false);
    this.#halt();
    this.#climbed = 0;
    this.lab.publish("game", { climbing: true });
  }

  /** Shows another moment of the run. @param {number} at */
  scrub(at) {
    this.#halt();
    const kept = this.#momentHistory.near(at);
    // In the plane the numbers alone are kept.
    if (kept) this.lab.publish("game", kept.frame.x.length > 0 ? { at, frame: kept.frame } : { at });
    this.#ask("seek", () => ({ at, view: this.#view }), "scrub");
  }

  /** Back to iteration 0 with the settings of this moment. */
  reset() {
    const { settings, atRest, playing } = this.#game;
    if (settings) this.next(settings, (playing || atRest) && !reducedMotion());
  }

  /** Holds the game as it is set now, or lets go of the one that is held. @param {boolean} on */
  hold(on) {
    this.store.set({ gameHeld: on ? [] : null });
    if (!this.#game.playing) this.#mark();
  }

  /** Plays one beside the other, which is held. @param {Flat} settings @param {Flat} held */
  both(settings, held) {
    this.#link.write({ gameHeld: pairsOf(held, settings) });
    this.begin(settings, true);
  }

  /**
   * Begins a game; the one that is held, if any, stays as it is.
   * @param {Flat} settings @param {boolean} playing @param {readonly Move[]} [moves] what is played at once
   */
  next(settings, playing, moves = []) {
    const { gameHeld } = this.store.state;
    const now = this.#game.settings;
    const held = gameHeld && now && now.dimension === settings.dimension ? heldOf(now, gameHeld) : null;
    this.#link.write({ gameHeld: held && pairsOf(held, settings) });
    this.begin(settings, playing, moves);
  }

  /** The game of the other dimension: where it was left, or the one that is recommended. @param {Flat["dimension"]} dimension */
  turn(dimension) {
    const { course, at, presets } = this.#game;
    if (course === null || course.start.dimension === dimension) return;
    this.#left.set(course.start.dimension, { settings: course.start, moves: until(course.moves, at) });
    const left = this.#left.get(dimension);
    this.#link.write({ gameHeld: null });
    if (left) return this.begin(left.settings, false, left.moves);
    const first = presets.find(({ settings }) => settings.plane !== undefined);
    this.begin(dimension === "2" && first ? flatten(first.settings) : flatDefaults(), !reducedMotion());
  }

  /** @param {Partial<Flat>} patch settings from here on */
  change(patch) {
    const { settings, course, playing } = this.#game;
    if (settings === null || course === null) return;
    const next = mend({ ...settings, ...patch }).flat;
    const changed = differing(next, settings);
    if (changed.length === 0) return;
    // Beside a held game the next one is played from the start.
    if (this.store.state.gameHeld) return this.next(next, playing, playing ? [] : until(course.moves, this.#game.at).filter(({ act }) => act !== "set"));
    const why = changed.find((name) => RESTARTS.has(name));
    this.lab.publish("game", { note: null });
    if (why || course.total === 0) {
      this.begin(next, playing);
      if (why && course.total > 0) this.lab.publish("game", { note: { kind: "restarted", why } });
      return;
    }
    this.#ask("change", (at) => ({ at, moves: changed.map((name) => asMove(name, next[name])), view: this.#view }));
    // Shown at once: the next change builds on it.
    this.lab.publish("game", { settings: Object.freeze(next), climbing: false });
    this.#mark();
  }

  /**
   * @param {Flat} settings @param {boolean} playing
   * @param {readonly Move[]} [moves] what is played at once
   * @param {Met | null} [first] its first moment, where it has begun already
   */
  begin(settings, playing, moves = [], first = null) {
    if (this.#game.phase === "failed") return;
    this.#momentHistory = new MomentHistory();
    this.#run.abort();
    this.#run = new AbortController();
    this.#play(moves);
    this.#pace.restart();
    this.#link.write({ ...asGame(settings), gameRun: moves });
    this.lab.publish("game", { playing, climbing: false, note: null, optimum: null, figure: null, at: 0 });
    // Why the worker is a new one stays to be read.
    if (this.#game.phase === "ready") this.lab.publish("game", { message: "" });
    if (first) {
      this.#met(first);
      this.#continue();
    } else this.#ask("begin", () => ({ settings, view: this.#view }));
  }

  /** Pauses. @returns {Promise<string>} an address that opens at this moment */
  async link() {
    this.play(false);
    await this.#last;
    return this.#link.address(this.#game);
  }

  /** Looks for the four panels of Figure 1. */
  compose() {
    const { a, d } = find(this.#momentHistory.copy());
    if (a === null || d === null) {
      this.lab.publish("game", { note: { kind: "no-figure", missing: a === null ? "a" : "d" }, figure: null });
      return;
    }
    this.#halt();
    const stop = this.#run.signal;
    void this.#line.ask("panels", { at: a.at }, { signal: stop }).then(({ optimal, moved, steps, gSteps, reached }) => {
      this.lab.publish("game", { figure: Object.freeze({ a, b: optimal, c: moved, d, steps, gSteps, reached }) });
      // The worker is at panel (a) now: back to what is shown.
      this.#look();
    }, (error) => this.#failed(error));
  }

  /** @param {boolean} visible whether any view of the game is on the screen */
  show(visible) {
    this.#visible = visible;
    if (!visible && this.#game.phase === "ready") this.#resolveShown();
    this.#pace.rest();
    this.lab.publish("game", {});
  }

  /**
   * Called at every animation frame.
   * @param {number} now milliseconds
   * @returns {boolean} whether it wants the next animation frame, whatever happens till then
   */
  tick(now) {
    const game = this.#game;
    const { playing, climbing } = game;
    if (!(playing || climbing) || !this.#visible || game.phase !== "ready" || !this.#replay.done) return false;
    if (!this.#line.idle) return true;
    if (climbing) this.#ask("play", (at) => ({ at, act: "o", n: CLIMB, view: this.#view }));
    else if (this.store.state.gameMotion === "slow") {
      if (this.#pace.lineDue(now)) this.#ask("line", (at) => ({ at, view: this.#view }));
    } else {
      const iteration = game.frame?.iteration ?? 0;
      const pace = Pace.at(this.store.state.gamePace, iteration);
      if (pace !== game.pace) this.lab.publish("game", { pace });
      const toStop = this.store.state.gameStop - iteration;
      const n = this.#pace.due(now, pace, toStop > 0 ? toStop : Infinity);
      if (n > 0) this.#ask("play", (at) => ({ at, act: "i", n, view: this.#view }));
    }
    return true;
  }

  get #view() {
    return viewOf(this.store.state);
  }

  #halt() {
    this.#play();
    this.lab.publish("game", { playing: false, climbing: false, note: null, optimum: null });
  }

  /** The moment that is shown goes into the address bar once the game stands still. */
  #mark() {
    this.#link.soon(() => (this.#game.phase === "ready" && this.#replay.done && this.#line.idle ? this.#game : null));
  }

  /** The same moment, looked at in another way. */
  #look() {
    if (this.#game.phase === "ready") this.#ask("seek", (at) => ({ at, view: this.#view }));
  }

  /** Starts what the record says. @param {Met | null} [first] its first moment, where it has begun already */
  #follow(first = null) {
    const { state } = this.store;
    this.begin(gameOf(state), state.gameRun.length === 0 && !reducedMotion(), state.gameRun, first);
  }

  /**
   * @template {"begin" | "play" | "line" | "change" | "seek"} K
   * @param {K} type @param {(at: number) => Questions[K]["asks"]} make called when its turn has come, with where the game is then
   * @param {string | null} [key] only the last of these matters
   */
  #ask(type, make, key = null) {
    this.#last = this.#line.ask(type, () => make(this.#game.at), { key, signal: this.#run.signal, setup: type === "begin" }).then(
      (met) => {
        this.#met(/** @type {Met} */ (met));
        if (this.#line.idle) this.#continue();
      },
      (error) => this.#failed(error),
    );
  }

  /** @param {unknown} error why a question was not answered; that the worker died is said by whoever starts the next */
  #failed(error) {
    if (outdated(error) || error instanceof Died) return;
    this.#play();
    const diverged = error instanceof Failed && error.code === "plane";
    this.lab.publish("game", { playing: false, climbing: false, ...(diverged ? { note: { kind: "diverged" } } : { message: messageOf(error) }) });
  }

  /** The next part of a link that is being played again. */
  #continue() {
    const part = this.#replay.next();
    if (part === null) return;
    if ("changes" in part) this.#ask("change", (at) => ({ at, moves: part.changes, view: this.#view }));
    else this.#ask("play", (at) => ({ at, ...part, view: this.#view }));
    if (this.#replay.done) this.lab.publish("game", { replaying: false, note: { kind: "replayed" } });
  }

  /** @param {Questions["open"]["answer"]} answer */
  #opened({ presets, first }) {
    this.lab.publish("game", { presets: Object.freeze(presets) });
    this.#follow(first);
  }

  /** @param {Met} event */
  #met({ moment, held, samples, course, settings, line, turn, round, optimum, sought, branched }) {
    const before = this.#game;
    const { at, frame } = moment;
    if (!sought) {
      const { plane: _, ...kept } = frame;
      this.#momentHistory.push(Object.freeze({ at, frame: Object.freeze(kept), held: held?.numbers ?? null }));
    }
    const atRest = settings.decayTo > 0 && frame.iteration >= settings.decayTo;
    const stopped = before.playing && frame.iteration === this.store.state.gameStop && frame.iteration > 0;
    let { climbing } = before;
    if (climbing && optimum) {
      this.#climbed += optimum.steps;
      climbing = !optimum.reached && this.#climbed < MOST_CLIMBED;
    }
    this.lab.publish("game", {
      phase: "ready", at, frame, held, samples, line, turn, round, course: Object.freeze(course), settings: Object.freeze(settings), atRest, climbing,
      playing: before.playing && !(atRest && this.#replay.done) && !stopped,
      ...(sought ? {} : { moments: this.#momentHistory.copy() }),
      ...(optimum && !climbing ? { optimum: { ...optimum, steps: this.#climbed } } : {}),
      ...(stopped ? { note: { kind: /** @type {const} */ ("stopped") } } : branched ? { note: { kind: /** @type {const} */ ("branched") } } : {}),
    });
    if (!this.#game.playing && !climbing) this.#mark();
    if (frame.iteration > 0 || !(this.#game.playing && this.#visible)) this.#resolveShown();
  }

  /** @param {Died} died */
  #workerFailed({ message, again }) {
    const playing = this.#game.playing && again;
    this.#play();
    this.lab.publish("game", { message, phase: again ? "loading" : "failed", playing, climbing: false });
    if (again) this.open();
    else this.#resolveShown();
  }
}
