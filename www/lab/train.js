import { History } from "../history.js";
import { Crew } from "./crew.js";

/** @typedef {import("../protocol.d.ts").Snapshot} Snapshot */
/** @typedef {import("../protocol.d.ts").TrainEvent} TrainEvent */
/** @typedef {import("../protocol.d.ts").TrainRow} TrainRow */

/** Milliseconds until the GPU module is asked for again. */
const PROBE_AGAIN = 15_000;

/**
 * The MNIST session: its data, its device, its run. After a crash it starts another worker from the
 * last state it was sent and offers to go on.
 */
export class TrainLab {
  /** @type {Snapshot["data"]} */
  static blankData = Object.freeze({ phase: "absent", file: "", received: 0, total: 0, cached: false, fault: null });
  /** @type {Snapshot["train"]} */
  static blank = Object.freeze({
    phase: "loading", probe: null, device: null, settings: null,
    flopPerStep: 0, row: null, stepsPerSecond: NaN, grid: null, lost: null, message: "",
    curves: Object.freeze({ step: [], lossD: [], lossG: [], dReal: [], dFake: [] }),
  });

  /** @type {Crew<import("../protocol.d.ts").TrainCommand, TrainEvent>} */
  #crew = new Crew("train.js", (event) => this.#hear(event), (reason, again) => this.#mourn(reason, again));
  /** @type {WebAssembly.Module | null} */
  #module = null;
  #curves = new History(5);
  /** This run, as it was a few seconds ago. @type {{bytes: Uint8Array, row: TrainRow} | null} */
  #saved = null;
  #playWhenReady = false;

  /** @param {import("../state.js").Store} store @param {import("../lab.js").Lab} lab */
  constructor(store, lab) {
    this.store = store;
    this.lab = lab;
    store.listen((_, changed) => {
      const restarts = /** @type {const} */ (["trainDevice", "trainStart", "trainSeed", "trainPreset"]);
      if (restarts.some((key) => changed.has(key))) this.reset();
    });
  }

  /** @param {WebAssembly.Module} module */
  open(module) {
    this.#module = module;
    this.#crew.hire();
    this.#crew.send({ type: "open", module });
  }

  fetchData() {
    if (!this.#crew.alive) this.#revive();
    this.lab.publish("data", { phase: "fetching", received: 0, total: 0, file: "", fault: null });
    this.#crew.send({ type: "fetch", cachedOnly: false });
  }

  /** @param {boolean} playing */
  play(playing) {
    const { phase } = this.lab.snapshot.train;
    if (phase === "creating") this.#playWhenReady = playing;
    if (phase !== "paused" && phase !== "playing" && phase !== "stepping") return;
    this.lab.publish("train", { phase: playing ? "playing" : "paused", lost: null });
    this.#crew.send({ type: playing ? "play" : "pause" });
  }

  step() {
    if (this.lab.snapshot.train.phase !== "paused") return;
    this.lab.publish("train", { phase: "stepping", lost: null });
    this.#crew.send({ type: "step", steps: 1 });
  }

  /** A new run with the present choices; the old one's curves and weights go. */
  reset() {
    if (this.lab.snapshot.data.phase !== "ready") return;
    this.#forget();
    if (this.#crew.alive) this.#create();
    else this.#revive();
  }

  /** @returns {import("../protocol.d.ts").Device} the visitor's choice, else the probe's */
  get device() {
    const { trainDevice } = this.store.state;
    return trainDevice === "auto" ? (this.lab.snapshot.train.probe?.choice ?? "cpu") : trainDevice;
  }

  #forget() {
    this.#curves = new History(5);
    this.#saved = null;
    this.#playWhenReady = false;
    const { curves } = TrainLab.blank;
    this.lab.publish("train", { curves, row: null, stepsPerSecond: NaN, grid: null, lost: null, message: "" });
  }

  /** @returns {import("../protocol.d.ts").Start} */
  #start() {
    if (this.#saved) return { kind: "saved", bytes: this.#saved.bytes };
    const { trainStart, trainPreset } = this.store.state;
    const bytes = trainStart === "pretrained" && trainPreset === "compact" ? this.lab.sampler.pretrained : null;
    return bytes ? { kind: "weights", bytes } : { kind: "scratch" };
  }

  #create() {
    const { trainSeed: seed, trainPreset: preset } = this.store.state;
    this.lab.publish("train", { phase: "creating" });
    // The preset's own defaults fill in what the page has no control for yet.
    this.#crew.send({ type: "create", settings: { preset, seed }, device: this.device, from: this.#start() });
  }

  /** @param {TrainEvent} event */
  #hear(event) {
    const { lab } = this;
    if (event.type === "opened") this.#opened(event);
    else if (event.type === "probed") this.#probed(event.probe);
    else if (event.type === "progress") {
      lab.publish("data", { file: event.file, received: event.received, total: event.total });
    } else if (event.type === "data") {
      lab.publish("data", { phase: "ready", received: event.bytes, total: event.bytes, cached: event.cached });
      this.#create();
    } else if (event.type === "data-absent") this.#noData({ phase: "absent" });
    else if (event.type === "data-fault") this.#noData({ phase: "failed", fault: event.fault });
    else if (event.type === "created") {
      const { settings, device, flopPerStep } = event;
      lab.publish("train", { phase: "paused", settings, device, flopPerStep });
      if (this.#playWhenReady) this.play(true);
      this.#playWhenReady = false;
    } else if (event.type === "rows") this.#rows(event.rows, event.stepsPerSecond);
    else if (event.type === "grid") {
      lab.publish("train", { grid: Object.freeze({ step: event.step, images: event.images }) });
    } else if (event.type === "weights") this.#weights(event.step, event.bytes);
    else if (event.type === "saved") {
      const { row } = lab.snapshot.train;
      if (row !== null) this.#saved = { bytes: event.bytes, row };
    }
    else if (event.type === "playing") {
      if (!event.playing) lab.publish("train", { phase: "paused" });
    } else this.#failed(event.message);
  }

  /** @param {Extract<TrainEvent, {type: "opened"}>} event */
  #opened({ probe }) {
    // After a crash the files are in the cache, or have to be asked for again.
    const again = this.lab.snapshot.data.phase === "ready";
    if (again) this.#crew.send({ type: "fetch", cachedOnly: true });
    this.lab.publish("train", { phase: again ? "creating" : "idle" });
    this.#probed(probe);
  }

  /** @param {Partial<Snapshot["data"]>} data */
  #noData(data) {
    this.lab.publish("data", data);
    this.lab.publish("train", { phase: "idle" });
  }

  /** @param {import("../protocol.d.ts").Probe} probe */
  #probed(probe) {
    this.lab.publish("train", { probe });
    // `cargo xtask serve` builds the GPU module while the page is already in use.
    if (probe.gpu === "building") setTimeout(() => this.#crew.send({ type: "probe" }), PROBE_AGAIN);
  }

  /** @param {TrainRow[]} rows @param {number} stepsPerSecond NaN: not measured */
  #rows(rows, stepsPerSecond) {
    this.#crew.healthy();
    for (const { step, lossD, lossG, dReal, dFake } of rows) {
      this.#curves.push([step, lossD, lossG, dReal, dFake]);
    }
    const before = this.lab.snapshot.train.stepsPerSecond;
    const smooth = Number.isNaN(before) ? stepsPerSecond : 0.8 * before + 0.2 * stepsPerSecond;
    this.lab.publish("train", {
      row: Object.freeze(/** @type {TrainRow} */ (rows.at(-1))),
      curves: this.#drawn(),
      stepsPerSecond: Number.isNaN(stepsPerSecond) ? before : smooth,
    });
  }

  #drawn() {
    const [step = [], lossD = [], lossG = [], dReal = [], dFake = []] = this.#curves.copy();
    return Object.freeze({ step, lossD, lossG, dReal, dFake });
  }

  /** @param {number} step @param {Uint8Array} bytes */
  #weights(step, bytes) {
    const preset = this.lab.snapshot.train.settings?.preset ?? "compact";
    this.lab.sampler.offer(bytes, Object.freeze({ source: "training", preset, step }));
  }

  /** @param {string} message */
  #failed(message) {
    this.lab.publish("train", { phase: "failed", message });
  }

  /** @param {string} reason @param {boolean} again */
  #mourn(reason, again) {
    const row = this.#saved?.row ?? null;
    const step = row?.step ?? 0;
    this.#playWhenReady = false;
    this.#curves.cut(step);
    const { lab } = this;
    if (lab.snapshot.data.phase === "fetching") lab.publish("data", { phase: "absent" });
    const lost = Object.freeze({ reason, step });
    lab.publish("train", { lost, row, curves: this.#drawn(), phase: again ? "creating" : "failed", message: reason });
    if (again) this.#revive();
  }

  #revive() {
    if (this.#module !== null) this.open(this.#module);
  }
}
