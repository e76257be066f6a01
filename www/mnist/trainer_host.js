/** What the training worker holds: the modules, the data, one trainer with its run, and where the browser saves it. */
import { bytesOf, saveRun } from "./run_database.js";
import { own } from "./owner.js";
import { adaptGpu, browserGpu } from "./adapter.js";
import { coded, failure, open } from "../shell/open.js";

/** @typedef {import("../protocol.d.ts").TrainQuestions} Questions */
/** @typedef {import("../protocol.d.ts").TrainNews} News */
/** @typedef {import("../protocol.d.ts").Created} Created */
/** @typedef {import("../protocol.d.ts").Refused} Refused */
/** @typedef {import("../protocol.d.ts").Saddle} Saddle */
/** @typedef {import("../protocol.d.ts").Device} Device */
/** @typedef {import("../types.d.ts").Trainer} Trainer */
/** @typedef {import("../types.d.ts").TrainSettings} Settings */
/** @typedef {"cpu" | "gpu"} Which */

/** @param {Device} device @returns {Which} the module that trains there */
const moduleFor = (device) => (device === "webgpu" ? "gpu" : "cpu");

export class TrainerHost {
  /** @type {WebAssembly.Module | undefined} */
  #compiled;
  /** @type {{cpu?: Saddle, gpu?: Saddle}} */
  #modules = {};
  /** @type {{cpu?: WebAssembly.Memory, gpu?: WebAssembly.Memory}} */
  #memories = {};
  /** Images and labels, raw IDX. @type {Uint8Array[] | null} */
  files = null;
  /** @type {Trainer | null} */
  trainer = null;
  /** @type {Device} */
  #device = "cpu";
  /** The run that is under way; it is this worker's until it is released. @type {{id: string, settings: Settings, release: () => void} | null} */
  run = null;
  /** Steps taken, seconds of training behind them, and steps that are saved. */
  step = 0;
  seconds = 0;
  #saved = 0;
  /** A number was lost: what is saved is from before. */
  lost = false;

  /**
   * @param {(news: News, transfer?: Transferable[]) => void} tell
   * @param {(trainer: Trainer) => Promise<void>} ready called when a run can be played
   * @param {(error: unknown) => void} end called when the GPU fails: nothing can go on
   */
  constructor(tell, ready, end) {
    this.tell = tell;
    this.ready = ready;
    this.end = end;
  }

  /** Where the trainer computes. */
  get device() {
    return this.#device;
  }

  /** Bytes of WebAssembly memory of the module that trains. */
  get memory() {
    return this.#memories[moduleFor(this.#device)]?.buffer.byteLength ?? NaN;
  }

  /** @param {Which} which @param {WebAssembly.Module} [compiled] @returns {Promise<Saddle>} */
  async module(which, compiled) {
    this.#compiled ??= compiled;
    const gpu = which === "gpu" && !this.#modules.gpu ? browserGpu() : undefined;
    if (gpu) adaptGpu(gpu, (code, message) => this.end(coded(code, message)));
    const saddle = (this.#modules[which] ??= await open(which, which === "cpu" ? this.#compiled : undefined));
    // Instantiated already: this only hands out what it exports.
    const exports = await saddle.default(/** @type {any} */ ({ module_or_path: this.#compiled }));
    this.#memories[which] = /** @type {{memory: WebAssembly.Memory}} */ (exports).memory;
    return saddle;
  }

  /**
   * @param {import("../types.d.ts").Preset} preset
   * @returns {Promise<Settings | null>} what it recommends; null: this module does not know it
   */
  async defaults(preset) {
    const { Trainer } = await this.module("cpu");
    try {
      return Trainer.defaults(preset);
    } catch {
      return null;
    }
  }

  /**
   * @param {Questions["create"]["asks"]} asks @param {AbortSignal} signal
   * @returns {Promise<Questions["create"]["answer"]>}
   */
  async create({ settings, device, from, id }, signal) {
    await this.save();
    if (from.kind === "saved") {
      // Two tabs that write one run would each undo what the other has done.
      const release = await this.#own(id);
      if (release === null) return { refused: { message: "another tab has this run", code: "other-tab", kind: null } };
      try {
        const bytes = from.bytes ?? (await bytesOf(id));
        if (bytes === undefined) throw new Error("the browser has not saved this run");
        return { ...(await this.#restore(bytes, await this.#check(bytes), device, id, release)), weights: null };
      } catch (error) {
        release();
        throw error;
      }
    }
    const trainer = await this.#begin(settings, device);
    signal.throwIfAborted();
    /** @type {Refused | null} */
    let weights = null;
    if (from.kind === "weights") {
      try {
        trainer.load(from.bytes);
      } catch (error) {
        const { message, code, panic } = failure(error);
        if (panic) throw error;
        // The run then begins from random weights.
        weights = { message, code, kind: null };
      }
    }
    return { ...(await this.#started(settings, device, id, 0)), weights };
  }

  /**
   * A file that somebody brought; whatever is wrong with it, the run there is stays.
   * @param {Questions["take"]["asks"]} asks @returns {Promise<Questions["take"]["answer"]>}
   */
  async take({ bytes, device, id }) {
    /** @type {import("../types.d.ts").FileSummary | null} */
    let summary = null;
    try {
      // Reads the whole file, and so finds what is wrong with it before anything changes.
      summary = await this.#check(bytes);
      const { kind, settings } = summary;
      if (!settings || kind === "generator" || kind === "classifier") throw coded("other-kind", `this file is a ${kind}`);
      await this.save();
      if (kind === "session") return await this.#restore(bytes, summary, device, id);
      const trainer = await this.#begin(settings, device);
      trainer.load(bytes);
      return await this.#started(settings, device, id, 0);
    } catch (error) {
      const { message, code, panic } = failure(error);
      if (panic) throw error;
      return { refused: { message, code, kind: summary?.kind ?? null } };
    }
  }

  /** The run there is may be the one that is asked for. @param {string} id */
  async #own(id) {
    return this.run?.id === id ? this.run.release : own(id);
  }

  /** @param {Uint8Array} bytes */
  async #check(bytes) {
    return (await this.module("cpu")).checkFile(bytes);
  }

  /**
   * @param {Uint8Array} bytes a whole run @param {import("../types.d.ts").FileSummary} summary @param {Device} device
   * @param {string} id @param {() => void} [release]
   */
  async #restore(bytes, { settings, step }, device, id, release) {
    if (!settings) throw coded("other-kind", "this file is no run");
    await this.#begin(settings, device, bytes);
    return this.#started(settings, device, id, step, release);
  }

  /**
   * @param {Settings} settings @param {Device} device @param {string} id @param {number} step
   * @param {() => void} [release] of a run that is this worker's already
   * @returns {Promise<Created>}
   */
  async #started(settings, device, id, step, release) {
    const { trainer } = this;
    if (trainer === null) throw new Error("there is no trainer");
    // Nobody else knows a new run's id.
    const mine = release ?? (await own(id)) ?? (() => undefined);
    if (this.run !== null && this.run.release !== mine) this.run.release();
    this.run = { id, settings, release: mine };
    this.step = this.#saved = step;
    this.seconds = 0;
    this.lost = false;
    const { latent, flopPerStep } = trainer;
    await this.ready(trainer);
    return { latent, flopPerStep, settings, device, step, memory: this.memory };
  }

  /**
   * Another run; on the trainer there is, where it fits: a GPU then need not compile its kernels anew.
   * @param {Settings} settings @param {Device} device
   * @param {Uint8Array | null} [saved] a whole run with these settings, to go on with
   * @returns {Promise<Trainer>}
   */
  async #begin(settings, device, saved = null) {
    const [images, labels] = this.files ?? [];
    if (!images || !labels) throw coded("no-data", "MNIST is not loaded yet");
    const { Trainer } = await this.module(moduleFor(device));
    let { trainer } = this;
    if (trainer === null || this.#device !== device) {
      trainer?.free();
      this.trainer = null;
      trainer = await Trainer.create(settings, device);
      trainer.setData(images, labels);
      [this.trainer, this.#device] = [trainer, device];
    } else if (saved === null) trainer.reset(settings);
    if (saved !== null) trainer.restore(saved);
    return trainer;
  }

  /** Saves the run in the browser, if it has gone on since; where the browser does not, the page gets it, for after a crash. */
  async save() {
    if (this.trainer === null || this.run === null || this.step <= this.#saved || this.lost) return;
    const bytes = await this.trainer.save();
    const { id, settings: { preset, seed } } = this.run;
    const saved = { id, when: Date.now(), step: this.step, preset, seed, bytes: bytes.length, seconds: this.seconds };
    this.#saved = this.step;
    try {
      await saveRun(saved, bytes);
      this.tell({ run: id, type: "saved", saved, bytes: null, fault: null });
    } catch (error) {
      const kind = error instanceof DOMException && error.name === "QuotaExceededError" ? "full" : "other";
      this.tell({ run: id, type: "saved", saved, bytes, fault: { kind, message: failure(error).message } }, [bytes.buffer]);
    }
  }
}
