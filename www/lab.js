/**
 * The page's only door to what computes. Compiles the CPU module once, hands it to the workers, restarts
 * those that fail, turns errors into state, and publishes one immutable snapshot after the other. Besides
 * the workers, nothing else on the page names `pkg/`.
 */
import { GameLab } from "./lab/game.js";
import { JudgeLab } from "./lab/judge.js";
import { SamplerLab } from "./lab/sampler.js";
import { TheoryLab } from "./lab/theory.js";
import { TrainLab } from "./lab/train.js";

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
    /** Resolves when the first screen plays, or when it is clear that it will not soon. */
    this.opened = soon(this.game.shown);
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

  /** Starts everything, one after the other in the order in which it is seen: on few cores each delays all others. Never rejects. */
  async start() {
    this.game.open();
    await this.opened;
    this.theory.open();
    this.sampler.start();
    try {
      const cpu = await compile(new URL("cpu/saddle_bg.wasm", PKG));
      if (this.snapshot.boot.phase === "loading") this.publish("boot", { phase: "ready" });
      this.sampler.open(cpu);
      this.judge.open(cpu);
      await soon(this.sampler.shown);
      this.train.open(cpu);
    } catch (error) {
      this.fail({ kind: "no-module", detail: error instanceof Error ? error.message : String(error) });
    }
  }

  /** @param {BootFault} fault */
  fail(fault) {
    this.publish("boot", { phase: "failed", fault });
  }
}

/** Waits for it, but not for long. @param {Promise<void>} shown */
async function soon(shown) {
  await Promise.race([shown, new Promise((resolve) => setTimeout(resolve, 3000))]);
}

/** @param {URL} address @returns {Promise<WebAssembly.Module>} */
async function compile(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address.pathname}: ${response.status} ${response.statusText}`.trim());
  // Some static hosts do not know wasm's media type, and streaming insists on it.
  const typed = response.headers.get("content-type")?.startsWith("application/wasm");
  return typed ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer());
}

/**
 * uPlot, when the first chart needs it.
 * @returns {Promise<typeof import("./views/uplot.d.ts").default>}
 */
export async function loadPlot() {
  return (await import(new URL("vendor/uplot/uPlot.esm.js", PKG).href)).default;
}
