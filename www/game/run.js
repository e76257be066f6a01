/** A run of the 1-D game that can be looked at, and gone on with, from any of its moments. */
import { after, mend, nest } from "./state.js";
import { add, CLIMB, length, total, until } from "./moves.js";

/** @typedef {import("../types.d.ts").Game} Game */
/** @typedef {import("./state.js").Flat} Flat */
/** @typedef {import("./moves.js").Move} Move */
/** @typedef {import("./moves.js").Act} Act */

/** Forks that are kept on the way, for going back without playing everything again. Each takes some 10 kB. */
const MOST_FORKS = 512;
/** Moves between two of them at first; it doubles whenever there are too many. */
const FIRST_GAP = 20;

export class Run {
  /** Ascending by `at`; the first is the start. @type {{at: number, game: Game}[]} */
  #forks = [];
  /** Least distance between two forks. */
  #gap = FIRST_GAP;
  /** @type {Game} where the run was looked at last, and where that is */
  game;
  at = 0;
  /** @type {Move[]} */
  moves = [];

  /**
   * @param {typeof import("../types.d.ts").Game} Game @param {Flat} start
   * @param {boolean} [follows] another's moves: an ascent that ends early counts as long as it was asked for
   */
  constructor(Game, start, follows = false) {
    this.start = start;
    this.follows = follows;
    this.game = new Game(nest(start));
    this.#forks.push({ at: 0, game: this.game.fork() });
  }

  get total() {
    return total(this.moves);
  }

  /** @returns {Flat} settings where the game is */
  get settings() {
    return after(this.start, until(this.moves, this.at));
  }

  /** @param {number} at */
  seek(at) {
    const aim = Math.min(Math.max(0, at), this.total);
    const from = this.#forks.findLast((fork) => fork.at <= aim);
    if (from && (aim < this.at || from.at > this.at)) {
      this.game.restore(from.game);
      this.at = from.at;
    }
    this.#play(this.at, aim);
  }

  /** Forgets what comes after where the game is. @returns {boolean} whether there was anything */
  cut() {
    const branched = this.at < this.total;
    if (!branched) return false;
    this.moves = until(this.moves, this.at);
    this.#dropForks(this.at);
    return true;
  }

  /** Goes on from here. @param {Act} act @param {number} n @returns {import("../types.d.ts").GameOptimum | null} */
  go(act, n) {
    this.cut();
    let optimum = null;
    // Whole iterations and single steps come to the same numbers however they are divided; an ascent does not.
    for (let left = n; left > 0;) {
      const due = (this.#forks.at(-1)?.at ?? 0) + this.#gap - this.at;
      const part = act === "o" ? left : Math.min(left, Math.max(1, due));
      optimum = this.#act(act, part);
      const taken = this.follows ? part : (optimum?.steps ?? part);
      this.moves = add(this.moves, { act, n: taken });
      this.at += taken;
      this.#fork();
      left -= part;
    }
    return optimum;
  }

  /** Changes settings from here on. @param {readonly Move[]} changes */
  change(changes) {
    this.cut();
    for (const move of changes) this.moves = add(this.moves, move);
    this.#configure();
    // A fork of this very moment has the old settings.
    const stale = this.#forks.at(-1);
    if (stale && stale.at === this.at) {
      stale.game.free();
      stale.game = this.game.fork();
    }
  }

  /** Puts what was done step by step since `at` down as one iteration. @param {number} at */
  merge(at) {
    this.moves = add(until(this.moves, at), { act: "i", n: 1 });
    this.#dropForks(at);
    this.at = at + 1;
    this.#fork();
  }

  free() {
    this.game.free();
    for (const { game } of this.#forks) game.free();
    this.#forks = [];
  }

  /** @param {Act} act @param {number} n */
  #act(act, n) {
    const { game } = this;
    if (act === "o") return game.optimum(n);
    if (act === "i") game.step(n);
    else if (act === "d") game.stepD(n);
    else if (act === "g") game.stepG(n);
    else for (let i = 0; i < n; i += 1) game.countIteration();
    return null;
  }

  /** Plays what is written down between two moments. @param {number} from @param {number} to */
  #play(from, to) {
    if (from >= to) return;
    let place = 0;
    for (const move of this.moves) {
      const end = place + length(move);
      if (move.act === "set") {
        if (place > from && place <= to) this.#configure(place);
      } else if (end > from && place < to) {
        const n = Math.min(end, to) - Math.max(place, from);
        // An ascent can be divided at every look only.
        const whole = move.act === "o" && end > to ? n - (n % CLIMB) : n;
        const steps = this.#act(move.act, whole)?.steps ?? n;
        this.at += this.follows ? whole : steps;
      }
      place = end;
    }
  }

  /** @param {number} [at] */
  #configure(at = this.at) {
    this.game.configure(nest(mend(after(this.start, until(this.moves, at))).flat));
  }

  /** Keeps a fork of this moment, where it is due. */
  #fork() {
    const last = this.#forks.at(-1);
    if (last && this.at - last.at < this.#gap) return;
    this.#forks.push({ at: this.at, game: this.game.fork() });
    if (this.#forks.length <= MOST_FORKS) return;
    this.#gap *= 2;
    for (const [i, { game }] of this.#forks.entries()) if (i % 2 === 1) game.free();
    this.#forks = this.#forks.filter((_, i) => i % 2 === 0);
  }

  /** @param {number} at the last moment whose fork stays */
  #dropForks(at) {
    for (const fork of this.#forks) if (fork.at > at) fork.game.free();
    this.#forks = this.#forks.filter((fork) => fork.at <= at);
  }
}
