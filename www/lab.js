/**
 * The page's only door to what computes. Compiles the CPU module once, hands it to the workers, restarts
 * those that die, turns errors into state, and publishes one immutable snapshot after the other. Besides
 * the workers, nothing else on the page names `pkg/`.
 */
import { GameLab } from "./lab/game.js";
import { JudgeLab } from "./lab/judge.js";
import { SamplerLab } from "./lab/sampler.js";
import { TheoryLab } from "./lab/theory.js";
import { TrainLab } from "./lab/train.js";
import { module as cpu } from "./workers/early.js";

/** @typedef {import("./protocol.d.ts").Snapshot} Snapshot */
/** @typedef {import("./protocol.d.ts").BootFault} BootFault */

const PKG = new URL("../pkg/", import.meta.url);

/** @type {Snapshot} */
const BLANK = Object.freeze({
  boot: Object.freeze({ phase: "loading", fault: null }),
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
  snapshot = BLANK;
  /** @type {() => void} */
  #announce;

  /**
   * @param {import("./state.js").Store} store
   * @param {() => void} announce called after each change of the snapshot
   */
  constructor(store, announce) {
    this.#announce = announce;
    this.game = new GameLab(store, this);
    this.sampler = new SamplerLab(store, this);
    this.theory = new TheoryLab(this);
    this.judge = new JudgeLab(this);
    this.train = new TrainLab(store, this);
  }

  /**
   * Replaces part of one section.
   * @template {keyof Snapshot} K
   * @param {K} section
   * @param {Partial<Snapshot[K]>} patch
   */
  publish(section, patch) {
    const next = Object.freeze({ ...this.snapshot[section], ...patch });
    this.snapshot = Object.freeze({ ...this.snapshot, [section]: next });
    this.#announce();
  }

  /** Starts everything; never rejects. */
  async start() {
    // The workers' scripts load while the module compiles.
    this.game.hire();
    this.sampler.hire();
    try {
      const module = await cpu;
      this.publish("boot", { phase: "ready" });
      this.game.open(module);
      this.sampler.open(module);
      this.theory.open(module);
      this.judge.open(module);
      // Training waits until the first screen has what it shows.
      await Promise.race([this.sampler.shown, new Promise((resolve) => setTimeout(resolve, 3000))]);
      this.train.open(module);
    } catch (error) {
      this.fail({ kind: "no-module", detail: error instanceof Error ? error.message : String(error) });
    }
  }

  /** @param {BootFault} fault */
  fail(fault) {
    this.publish("boot", { phase: "failed", fault });
  }
}

/**
 * uPlot, when the first chart needs it.
 * @returns {Promise<typeof import("./views/uplot.d.ts").default>}
 */
export async function loadPlot() {
  return (await import(new URL("vendor/uplot/uPlot.esm.js", PKG).href)).default;
}
