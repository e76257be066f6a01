/**
 * What computes, as the page sees it: each laboratory asks its worker, and all publish into one immutable snapshot after
 * the other. A laboratory that fails says so in its own section, and takes no other with it.
 */
import { GameLab } from "../game/lab.js";
import { JudgeLab } from "../mnist/judge.js";
import { SamplerLab } from "../latent/lab.js";
import { TheoryLab } from "../theory/lab.js";
import { TrainLab } from "../mnist/lab.js";

/** @typedef {import("../protocol.d.ts").Snapshot} Snapshot */
/** @typedef {import("../protocol.d.ts").BootFault} BootFault */

/** @type {Omit<Snapshot, "record">} */
const BLANK = Object.freeze({
  boot: Object.freeze({ fault: null, rejected: Object.freeze([]) }),
  game: GameLab.blank,
  digits: Object.freeze({ images: null, n: 0 }),
  latent: SamplerLab.blank,
  theory: TheoryLab.blank,
  judge: JudgeLab.blank,
  trial: null,
  data: TrainLab.blankData,
  train: TrainLab.blank,
});

export class Lab {
  /** @type {Snapshot} */
  snapshot;
  /** @type {() => void} */
  #announce;
  /** @type {{select: (snapshot: Snapshot) => unknown, act: (snapshot: Snapshot) => void, last: unknown}[]} */
  #watches = [];
  #looking = false;

  /**
   * @param {import("./state.js").Store} store
   * @param {() => void} announce called after each change of the snapshot
   */
  constructor(store, announce) {
    this.#announce = announce;
    this.snapshot = Object.freeze({ ...BLANK, record: store.state });
    // Before any laboratory hears of it: what they publish is drawn with the record that it belongs to.
    store.listen((record) => this.#replace({ record }));
    this.game = new GameLab(store, this);
    this.sampler = new SamplerLab(store, this);
    this.theory = new TheoryLab(this);
    this.judge = new JudgeLab(this);
    this.train = new TrainLab(store, this);
    /** Resolves when the first screen plays, or when it is clear that it will not soon. */
    this.opened = soon(this.game.shown);
  }

  /**
   * Replaces part of one section.
   * @template {Exclude<keyof Snapshot, "record">} K
   * @param {K} section
   * @param {Partial<Snapshot[K]>} patch
   */
  publish(section, patch) {
    this.#replace(/** @type {Partial<Snapshot>} */ ({ [section]: Object.freeze({ ...this.snapshot[section], ...patch }) }));
  }

  /**
   * What is to be done when something changes. It is not done while anything is drawn or published, but right after.
   * @param {(snapshot: Snapshot) => unknown} select compared by identity
   * @param {(snapshot: Snapshot) => void} act
   */
  watch(select, act) {
    this.#watches.push({ select, act, last: undefined });
    this.#look();
  }

  /** @param {Partial<Snapshot>} patch */
  #replace(patch) {
    this.snapshot = Object.freeze({ ...this.snapshot, ...patch });
    this.#announce();
    this.#look();
  }

  #look() {
    if (this.#looking) return;
    this.#looking = true;
    queueMicrotask(() => {
      this.#looking = false;
      for (const watch of this.#watches) {
        const now = watch.select(this.snapshot);
        if (now === watch.last) continue;
        watch.last = now;
        watch.act(this.snapshot);
      }
    });
  }

  /** Starts everything, one after the other in the order in which it is seen: on few cores each delays all others. Never rejects. */
  async start() {
    this.game.open();
    await this.opened;
    this.theory.open();
    this.sampler.start();
    void this.sampler.open();
    await soon(this.sampler.shown);
    this.train.open();
  }

  /** @param {BootFault} fault of the browser: nothing here can compute */
  fail(fault) {
    this.publish("boot", { fault });
  }
}

/** Waits for it, but not for long. @param {Promise<void>} shown */
async function soon(shown) {
  await Promise.race([shown, new Promise((resolve) => setTimeout(resolve, 3000))]);
}
