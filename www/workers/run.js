/** A run of the 1-D game that can be looked at, and gone on with, from any of its moments. */
import { after, mend, nest } from "../state/game.js";
import { add, CLIMB, length, total, until } from "../state/moves.js";

/** @typedef {import("../types.d.ts").Game} Game */
/** @typedef {import("../state/game.js").Flat} Flat */
/** @typedef {import("../state/moves.js").Move} Move */
/** @typedef {import("../state/moves.js").Act} Act */

/**
 * Games kept on the way, for going back without playing everything again. One takes some megabytes, most of
 * them the buffers of its quadrature, which grow with the width of G.
 */
const KEPT = 12;
const KEPT_WIDE = 4;

export class Run {
  /** Ascending by `at`; the first is the start. @type {{at: number, game: Game}[]} */
  #kept = [];
  /** Least distance between two kept games; doubles as the run grows. */
  #gap = 100;
  /** @type {Game} where the run was looked at last, and where that is */
  game;
  at = 0;
  /** @type {Move[]} */
  moves = [];

  /** @param {typeof import("../types.d.ts").Game} Game @param {Flat} start */
  constructor(Game, start) {
    this.start = start;
    this.game = new Game(nest(start));
    this.#kept.push({ at: 0, game: this.game.fork() });
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
    const from = this.#kept.findLast((kept) => kept.at <= aim);
    if (from && (aim < this.at || from.at > this.at)) {
      this.game.free();
      this.game = from.game.fork();
      this.at = from.at;
    }
    this.#play(this.at, aim);
  }

  /** Forgets what comes after where the game is. @returns {boolean} whether there was anything */
  cut() {
    const branched = this.at < this.total;
    if (!branched) return false;
    this.moves = until(this.moves, this.at);
    for (const { game } of this.#kept.filter(({ at }) => at > this.at)) game.free();
    this.#kept = this.#kept.filter(({ at }) => at <= this.at);
    return true;
  }

  /** Goes on from here. @param {Act} act @param {number} n @returns {import("../types.d.ts").GameOptimum | null} */
  go(act, n) {
    this.cut();
    const optimum = this.#act(act, n);
    const taken = optimum?.steps ?? n;
    this.moves = add(this.moves, { act, n: taken });
    this.at += taken;
    this.#keep();
    return optimum;
  }

  /** Changes settings from here on. @param {readonly Move[]} changes */
  change(changes) {
    this.cut();
    for (const move of changes) this.moves = add(this.moves, move);
    this.#configure();
    // A game kept at this very moment has the old settings.
    const stale = this.#kept.at(-1);
    if (stale && stale.at === this.at) {
      stale.game.free();
      stale.game = this.game.fork();
    }
  }

  /** Puts what was done step by step since `at` down as one iteration. @param {number} at */
  merge(at) {
    this.moves = add(until(this.moves, at), { act: "i", n: 1 });
    for (const kept of this.#kept) if (kept.at > at) kept.game.free();
    this.#kept = this.#kept.filter((kept) => kept.at <= at);
    this.at = at + 1;
    this.#keep();
  }

  free() {
    this.game.free();
    for (const { game } of this.#kept) game.free();
    this.#kept = [];
  }

  /** @param {Act} act @param {number} n */
  #act(act, n) {
    const { game } = this;
    if (act === "o") return game.optimum(n);
    if (act === "i") game.step(n);
    else if (act === "d") game.stepD(n);
    else if (act === "g") game.stepG(n);
    else for (let i = 0; i < n; i += 1) game.tick();
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
        this.at += this.#act(move.act, move.act === "o" && end > to ? n - (n % CLIMB) : n)?.steps ?? n;
      }
      place = end;
    }
  }

  /** @param {number} [at] */
  #configure(at = this.at) {
    this.game.configure(nest(mend(after(this.start, until(this.moves, at))).flat));
  }

  #keep() {
    const last = this.#kept.at(-1);
    if (last && this.at - last.at < this.#gap) return;
    this.#kept.push({ at: this.at, game: this.game.fork() });
    const most = Math.max(this.start.gWidth, this.start.dWidth) > 32 ? KEPT_WIDE : KEPT;
    if (this.#kept.length <= most) return;
    this.#gap *= 2;
    const thinned = this.#kept.filter((_, i) => i % 2 === 0);
    for (const kept of this.#kept) if (!thinned.includes(kept)) kept.game.free();
    this.#kept = thinned;
  }
}
