/** What the training worker holds: the modules, the data, one trainer with its run, and where the browser saves it. */
import { bytesOf, saveRun } from "../run_database.js";
import { coded, failure, open } from "./open.js";

/** @typedef {import("../protocol.d.ts").TrainCommand} Command */
/** @typedef {import("../protocol.d.ts").TrainEvent} Event */
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
  /** Where the trainer computes. @type {Device} */
  #device = "cpu";
  /** The run that is under way. @type {{id: string, settings: Settings} | null} */
  run = null;
  /** Steps taken, and those that are saved. */
  step = 0;
  #saved = 0;
  /** A number was lost: what is saved is from before. */
  lost = false;

  /**
   * @param {(event: Event, transfer?: Transferable[]) => void} post
   * @param {(trainer: Trainer) => Promise<void>} ready called when a run can be played
   */
  constructor(post, ready) {
    this.post = post;
    this.ready = ready;
  }

  /** Bytes of WebAssembly memory of the module that trains. */
  get memory() {
    return this.#memories[moduleFor(this.#device)]?.buffer.byteLength ?? NaN;
  }

  /** @param {Which} which @param {WebAssembly.Module} [compiled] @returns {Promise<Saddle>} */
  async module(which, compiled) {
    this.#compiled ??= compiled;
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

  /** @param {Extract<Command, {type: "create"}>} command */
  async create({ settings, device, from, id }) {
    await this.save();
    if (from.kind === "saved") {
      const bytes = from.bytes ?? (await bytesOf(id));
      if (bytes === undefined) throw new Error("the browser has not saved this run");
      return this.#restore(bytes, await this.#check(bytes), device, id);
    }
    const trainer = await this.#begin(settings, device);
    if (from.kind === "weights") {
      try {
        trainer.load(from.bytes);
      } catch (error) {
        const { message, code, panic } = failure(error);
        if (panic) throw error;
        // The run then begins from random weights.
        this.post({ type: "refused", what: "pretrained", message, code, kind: null });
      }
    }
    await this.#started(settings, device, id, 0);
  }

  /** A file that somebody brought; whatever is wrong with it, the run there is stays. @param {Extract<Command, {type: "take"}>} command */
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
      await this.#started(settings, device, id, 0);
    } catch (error) {
      const { message, code, panic } = failure(error);
      if (panic) throw error;
      this.post({ type: "refused", what: "take", message, code, kind: summary?.kind ?? null });
    }
  }

  /** @param {Uint8Array} bytes */
  async #check(bytes) {
    return (await this.module("cpu")).checkFile(bytes);
  }

  /** @param {Uint8Array} bytes a whole run @param {import("../types.d.ts").FileSummary} summary @param {Device} device @param {string} id */
  async #restore(bytes, { settings, step }, device, id) {
    if (!settings) throw coded("other-kind", "this file is no run");
    await this.#begin(settings, device, bytes);
    await this.#started(settings, device, id, step);
  }

  /** @param {Settings} settings @param {Device} device @param {string} id @param {number} step */
  async #started(settings, device, id, step) {
    const { trainer } = this;
    if (trainer === null) return;
    this.run = { id, settings };
    this.step = this.#saved = step;
    this.lost = false;
    const { latent, flopPerStep } = trainer;
    this.post({ type: "created", latent, flopPerStep, settings, device, step, memory: this.memory });
    await this.ready(trainer);
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
    const run = { id, when: Date.now(), step: this.step, preset, seed, bytes: bytes.length };
    this.#saved = this.step;
    try {
      await saveRun(run, bytes);
      this.post({ type: "saved", run, bytes: null, fault: "" });
    } catch (error) {
      this.post({ type: "saved", run, bytes, fault: failure(error).message }, [bytes.buffer]);
    }
  }
}
