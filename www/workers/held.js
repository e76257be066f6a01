/** What the training worker holds: the modules, the data, one run, and where the browser keeps it. */
import { bytesOf, keep } from "../kept.js";
import { notes, record } from "../safetensors.js";
import { failure, open } from "./open.js";

/** @typedef {import("../protocol.d.ts").TrainCommand} Command */
/** @typedef {import("../protocol.d.ts").TrainEvent} Event */
/** @typedef {import("../protocol.d.ts").Saddle} Saddle */
/** @typedef {import("../protocol.d.ts").Device} Device */
/** @typedef {import("../types.d.ts").Trainer} Trainer */
/** @typedef {import("../types.d.ts").TrainSettings} Settings */

export class Held {
  /** @type {WebAssembly.Module | undefined} */
  #compiled;
  /** @type {{cpu?: Saddle, gpu?: Saddle}} */
  #modules = {};
  /** Of the module in use. @type {WebAssembly.Memory | null} */
  #memory = null;
  /** Images and labels, raw IDX. @type {Uint8Array[] | null} */
  files = null;
  /** @type {Trainer | null} */
  trainer = null;
  /** Where the trainer computes. @type {Device | null} */
  #device = null;
  /** The run that is under way, as it is kept. @type {{id: string, settings: Settings} | null} */
  run = null;
  /** Steps taken, and those that are kept. */
  step = 0;
  #kept = 0;
  /** A number was lost: what is kept is from before. */
  lost = false;

  /**
   * @param {(event: Event, transfer?: Transferable[]) => void} post
   * @param {(trainer: Trainer) => Promise<void>} begun called when a run can be played
   */
  constructor(post, begun) {
    this.post = post;
    this.begun = begun;
  }

  /** Bytes of WebAssembly memory. */
  get used() {
    return this.#memory?.buffer.byteLength ?? NaN;
  }

  /** @param {"cpu" | "gpu"} which @param {WebAssembly.Module} [compiled] @returns {Promise<Saddle>} */
  async module(which, compiled) {
    this.#compiled ??= compiled;
    const saddle = (this.#modules[which] ??= await open(which, which === "cpu" ? this.#compiled : undefined));
    // Instantiated already: this only hands out what it exports.
    const exports = await saddle.default(/** @type {any} */ ({ module_or_path: this.#compiled }));
    this.#memory = /** @type {{memory: WebAssembly.Memory}} */ (exports).memory;
    return saddle;
  }

  /** @param {string} preset @returns {Promise<Settings | null>} what it recommends; null: this module does not know it */
  async usual(preset) {
    const { Trainer } = this.#modules.cpu ?? (await this.module("cpu"));
    try {
      return Trainer.defaults(/** @type {import("../types.d.ts").Preset} */ (preset));
    } catch {
      return null;
    }
  }

  /** @param {Extract<Command, {type: "create"}>} command */
  async create({ settings, device, from, id }) {
    await this.keep();
    const trainer = await this.#begin(settings, device);
    if (from.kind === "weights") {
      try {
        trainer.load(from.bytes);
      } catch (error) {
        // The run then begins from random weights.
        this.post({ type: "refused", what: "pretrained", message: failure(error).message });
      }
    }
    if (from.kind === "scratch" || from.kind === "weights") return this.#started(settings, device, id, 0);
    const bytes = from.kind === "saved" ? from.bytes : await bytesOf(id);
    if (bytes === undefined) throw new Error("the browser has not kept this run");
    trainer.restore(bytes);
    await this.#started(/** @type {Settings} */ (record(bytes, "settings") ?? settings), device, id, Number(notes(bytes)["step"]));
  }

  /** A file that somebody brought; whatever is wrong with it, the run there is stays. @param {Extract<Command, {type: "take"}>} command */
  async take({ bytes, device, id }) {
    try {
      const kind = notes(bytes)["saddle"];
      if (kind === "generator") throw new Error("this file holds G alone");
      await (kind === "weights" ? this.#takeWeights(bytes, device, id) : this.#takeRun(bytes, device, id));
    } catch (error) {
      const found = failure(error);
      if (found.panic) throw error;
      this.post({ type: "refused", what: "take", message: found.message });
    }
  }

  /** @param {Uint8Array} bytes @param {Device} device @param {string} id */
  async #takeWeights(bytes, device, id) {
    // Reads the whole file, and so finds what is wrong with it before anything changes.
    new (await this.module("cpu")).Sampler(bytes).free();
    const { preset = "", activation_d, activation_g, batch_norm, spectral_norm } = notes(bytes);
    const usual = await this.usual(preset);
    if (usual === null) throw new Error(`this program has no network called ${preset}`);
    // What decides the networks is in the file; without it they are the preset's own.
    const flag = (/** @type {string | undefined} */ text) => (text === undefined ? undefined : text === "true");
    const design = { activationD: activation_d, activationG: activation_g, batchNorm: flag(batch_norm), spectralNorm: flag(spectral_norm) };
    const said = Object.fromEntries(Object.entries(design).filter(([, value]) => value !== undefined));
    const settings = /** @type {Settings} */ ({ ...usual, ...said });
    await this.keep();
    (await this.#begin(settings, device)).load(bytes);
    await this.#started(settings, device, id, 0);
  }

  /** Also learns what is wrong with a file of no kind. @param {Uint8Array} bytes @param {Device} device @param {string} id */
  async #takeRun(bytes, device, id) {
    if (this.trainer === null) throw new Error("there is no run yet");
    const settings = /** @type {Settings | null} */ (record(bytes, "settings"));
    // It replaces the run there is only when it is whole.
    const before = settings && (await this.trainer.save());
    this.trainer.restore(bytes);
    if (settings === null) throw new Error("the file does not say what its run is made of");
    if (before && this.#ahead) await this.#keepBytes(before);
    await this.#started(settings, device, id, Number(notes(bytes)["step"]));
  }

  /** @param {Settings} settings @param {Device} device @param {string} id @param {number} step */
  async #started(settings, device, id, step) {
    const { trainer } = this;
    if (trainer === null) return;
    this.run = { id, settings };
    this.step = this.#kept = step;
    this.lost = false;
    const { latent, flopPerStep } = trainer;
    this.post({ type: "created", latent, flopPerStep, settings, device, step, memory: this.used });
    await this.begun(trainer);
  }

  /**
   * The trainer there is, begun again, where it fits: a GPU then need not compile its kernels anew.
   * @param {Settings} settings @param {Device} device
   * @returns {Promise<Trainer>}
   */
  async #begin(settings, device) {
    const [images, labels] = this.files ?? [];
    if (!images || !labels) throw new Error("MNIST is not loaded yet");
    const { Trainer } = await this.module(device === "webgpu" ? "gpu" : "cpu");
    if (this.trainer !== null && this.#device === device) {
      this.trainer.reset(settings);
      return this.trainer;
    }
    this.trainer?.free();
    this.trainer = null;
    const trainer = await Trainer.create(settings, device);
    trainer.setData(images, labels);
    [this.trainer, this.#device] = [trainer, device];
    return trainer;
  }

  /** Whether there is more than what is kept. */
  get #ahead() {
    return this.step > this.#kept && !this.lost;
  }

  /** Keeps the run in the browser, if it has gone on since. */
  async keep() {
    if (this.trainer !== null && this.#ahead) await this.#keepBytes(await this.trainer.save());
  }

  /** Where the browser does not keep them the page gets them, for after a crash. @param {Uint8Array} bytes */
  async #keepBytes(bytes) {
    if (this.run === null) return;
    const { id, settings: { preset, seed } } = this.run;
    const run = { id, when: Date.now(), step: this.step, preset, seed, bytes: bytes.length };
    this.#kept = this.step;
    try {
      await keep(run, bytes);
      this.post({ type: "saved", run, bytes: null, fault: "" });
    } catch (error) {
      this.post({ type: "saved", run, bytes, fault: failure(error).message }, [bytes.buffer]);
    }
  }
}
