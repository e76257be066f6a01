/** The game that is held: it plays the moves of another, with settings of its own. */
import { add, length, until } from "./moves.js";
import { Run } from "./run.js";

/** @typedef {import("./moves.js").Move} Move */

export class HeldRun {
  #kind;
  #run;
  #own;

  /**
   * @param {typeof import("../types.d.ts").Game} kind @param {import("./state.js").Flat} start
   * @param {readonly import("../shell/fields.js").Pair[]} pairs settings that it keeps, whatever becomes of the other's
   */
  constructor(kind, start, pairs) {
    this.#kind = kind;
    this.#own = new Set(pairs.map(({ key }) => key));
    this.#run = new Run(kind, start, true);
  }

  get game() {
    return this.#run.game;
  }

  /** Goes to where the other is. @param {readonly Move[]} moves all of the other's @param {number} at */
  follow(moves, at) {
    const wanted = moves.filter((move) => move.act !== "set" || !this.#own.has(move.key)).reduce(add, /** @type {Move[]} */ ([]));
    const { agreed, rest, parted } = compare(this.#run.moves, wanted);
    if (agreed < 0) {
      const { start } = this.#run;
      this.#run.free();
      this.#run = new Run(this.#kind, start, true);
    } else if (parted) {
      this.#run.seek(agreed);
      this.#run.cut();
    }
    const { total } = this.#run;
    this.#run.seek(Math.min(at, total));
    if (at < total) return;
    for (const move of until(rest, at - total)) {
      if (move.act === "set") this.#run.change([move]);
      else this.#run.go(move.act, move.n);
    }
  }

  free() {
    this.#run.free();
  }
}

/**
 * How far two courses are the same.
 * @param {readonly Move[]} own what was played @param {readonly Move[]} wanted
 * @returns {{agreed: number, rest: Move[], parted: boolean}} `rest`: what is wanted from there on; `parted`: something else
 *   was played then; `agreed` below 0: a setting was changed there that is not to be
 */
export function compare(own, wanted) {
  let agreed = 0;
  for (let i = 0; ; i += 1) {
    const [mine, theirs] = [own[i], wanted[i]];
    if (mine === undefined) return { agreed, rest: wanted.slice(i), parted: false };
    if (mine.act === "set" || theirs?.act === "set") {
      if (mine.act === "set" && theirs?.act === "set" && mine.key === theirs.key && mine.value === theirs.value) continue;
      return mine.act === "set" ? { agreed: -1, rest: [...wanted], parted: true } : { agreed, rest: wanted.slice(i), parted: true };
    }
    if (theirs === undefined) return { agreed, rest: [], parted: false };
    if (mine.act !== theirs.act) return { agreed, rest: wanted.slice(i), parted: true };
    agreed += Math.min(length(mine), length(theirs));
    if (mine.n < theirs.n && own[i + 1]?.act === "set") return { agreed: -1, rest: [...wanted], parted: true };
    if (mine.n < theirs.n) return { agreed, rest: [{ act: theirs.act, n: theirs.n - mine.n }, ...wanted.slice(i + 1)], parted: i + 1 < own.length };
    if (mine.n > theirs.n) return { agreed, rest: wanted.slice(i + 1), parted: i + 1 < wanted.length };
  }
}
