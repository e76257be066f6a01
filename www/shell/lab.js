/**
 * What computes, as the page sees it: each laboratory asks its worker, and all publish into one immutable snapshot after
 * the other. A laboratory that fails says so in its own section, and takes no other with it.
 */
import { GameLab } from "../game/lab.js";
import { BLANK } from "./blank.js";
import { messageOf } from "./line.js";

/** @typedef {import("../protocol.d.ts").Snapshot} Snapshot */
/** @typedef {import("../protocol.d.ts").BootFault} BootFault */

const ALL = /** @type {readonly import("./stages.js").LabName[]} */ (["game", "sampler", "theory", "judge", "train"]);

export class Lab {
  /** @type {Snapshot} */
  snapshot;
  /** @type {() => void} */
  #announce;
  /** @type {{select: (snapshot: Snapshot) => unknown, act: (snapshot: Snapshot) => void, last: unknown}[]} */
  #watches = [];
  #looking = false;
  /** @type {readonly import("./stages.js").LabName[]} */
  #wanted;
  /** @type {Promise<void> | null} */
  #loading = null;
  /**
   * These come after the first screen (`load`); what needs one that did not arrive is not mounted.
   * @type {import("../latent/lab.js").SamplerLab}
   */
  sampler = /** @type {any} */ (undefined);
  /** @type {import("../theory/lab.js").TheoryLab} */
  theory = /** @type {any} */ (undefined);
  /** @type {import("../mnist/judge.js").JudgeLab} */
  judge = /** @type {any} */ (undefined);
  /** @type {import("../mnist/lab.js").TrainLab} */
  train = /** @type {any} */ (undefined);

  /**
   * @param {import("./state.js").Store} store
   * @param {() => void} announce called after each change of the snapshot
   * @param {readonly import("./stages.js").LabName[]} [wanted] what is not named here is not loaded
   */
  constructor(store, announce, wanted = ALL) {
    this.#wanted = wanted;
    this.#announce = announce;
    this.snapshot = Object.freeze({ ...BLANK, record: store.state });
    // Before any laboratory hears of it: what they publish is drawn with the record that it belongs to.
    store.listen((record) => this.#replace({ record }));
    this.game = new GameLab(store, this);
    this.store = store;
    /** Resolves when the first screen plays, or when it is clear that it will not soon. */
    this.opened = wanted.includes("game") ? soon(this.game.shown) : Promise.resolve();
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
    if (this.#wanted.includes("game")) this.game.open();
    await this.opened;
    await this.load();
    this.theory?.open();
    this.sampler?.start();
    void this.sampler?.open();
    await soon(this.sampler?.shown ?? Promise.resolve());
    this.train?.open();
  }

  /** The other laboratories. Never rejects: one that does not arrive is missed by what needs it, and by nothing else. */
  load() {
    this.#loading ??= this.#load();
    return this.#loading;
  }

  async #load() {
    /** @template T @param {import("./stages.js").LabName} name @param {() => Promise<T>} load @returns {Promise<T | null>} */
    const wanted = async (name, load) => (this.#wanted.includes(name) ? load() : null);
    const [sampler, theory, judge, train] = await Promise.allSettled([
      wanted("sampler", () => import("../latent/lab.js")), wanted("theory", () => import("../theory/lab.js")),
      wanted("judge", () => import("../mnist/judge.js")), wanted("train", () => import("../mnist/lab.js")),
    ]);
    if (sampler.status === "rejected") this.publish("latent", { phase: "failed", message: messageOf(sampler.reason) });
    else if (sampler.value) this.sampler = new sampler.value.SamplerLab(this.store, this);
    if (theory.status === "fulfilled" && theory.value) this.theory = new theory.value.TheoryLab(this);
    if (judge.status === "fulfilled" && judge.value) this.judge = new judge.value.JudgeLab(this);
    // It tells the two others of what it trains.
    if (train.status === "fulfilled" && train.value && this.judge && this.sampler) this.train = new train.value.TrainLab(this.store, this);
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
