import { save } from "../save.js";
import { NAMES, patchOf, prefixed, PRESETS, RESTARTS } from "../state/train.js";
import { Choices } from "./choices.js";
import { GridHistory } from "./grid_history.js";
import { fetchPretrained, listPretrained } from "./pretrained.js";
import { Records } from "./records.js";
import { SavedRuns } from "./saved_runs.js";
import { WorkerHandle } from "./worker.js";

/** @typedef {import("../protocol.d.ts").Snapshot} Snapshot */
/** @typedef {import("../protocol.d.ts").TrainEvent} TrainEvent */
/** @typedef {import("../protocol.d.ts").TrainRow} TrainRow */
/** @typedef {import("../run_database.js").SavedRun} SavedRun */

/** Milliseconds until the GPU module is asked for again. */
const PROBE_AGAIN = 15_000;
/** Choices that begin a new run when they change. */
const NEW_RUN = new Set(["trainDevice", "trainStart", "trainSeed", "trainPreset", ...[...RESTARTS].map(prefixed)]);
const LIVE = new Set(NAMES.filter((name) => !RESTARTS.has(name)).map(prefixed));

/** What a run that is being replaced may still say. @type {ReadonlySet<TrainEvent["type"]>} */
const LATE_EVENTS = new Set(["rows", "grid", "weights", "playing"]);

const newId = () => `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}`;

/**
 * The MNIST session: its data, its device, its run. After a crash it starts another worker from the
 * last state that was saved and offers to go on.
 */
export class TrainLab extends Choices {
  /** @type {Snapshot["data"]} */
  static blankData = Object.freeze({ phase: "absent", file: "", received: 0, total: 0, cached: false, fault: null });
  /** @type {Snapshot["train"]} */
  static blank = Object.freeze({
    phase: "loading", probe: null, device: null, settings: null, defaults: Object.freeze([]), known: Object.freeze([]),
    flopPerStep: 0, row: null, stepsPerSecond: NaN, memory: NaN, grids: Object.freeze([]), real: null,
    savedRun: null, savedStep: 0, note: null, lost: null, message: "", curves: new Records().curves(),
  });

  /** @type {WorkerHandle<import("../protocol.d.ts").TrainCommand, TrainEvent>} */
  #worker = new WorkerHandle("train.js", (event) => this.#hear(event), (reason, again) => this.#workerFailed(reason, again));
  /** @type {WebAssembly.Module | null} */
  #module = null;
  #savedRuns;
  #records = new Records();
  #gridHistory = new GridHistory();
  #id = newId();
  /** This run, as it was a few seconds ago; without bytes the browser has them. @type {{bytes: Uint8Array | null, row: TrainRow} | null} */
  #saved = null;
  /** A run in the browser that is to be gone on with. @type {SavedRun | null} */
  #resuming = null;
  /** A file that waits for the data, or, without its bytes, for the worker's word. @type {{name: string, bytes: Uint8Array | null, id: string} | null} */
  #taking = null;
  /** The newest G, for the judge. @type {{bytes: Uint8Array, step: number} | null} */
  #generator = null;
  /** What is shipped, by preset. @type {ReadonlyMap<string, import("./pretrained.js").Shipped>} */
  #shipped = new Map();
  #playWhenReady = false;
  /** The record is being written from here. */
  #writing = false;

  /** @param {import("../state.js").Store} store @param {import("../lab.js").Lab} lab */
  constructor(store, lab) {
    super(store, lab);
    this.#savedRuns = new SavedRuns(lab);
    store.listen((_, changed) => {
      const any = (/** @type {ReadonlySet<string>} */ names) => [...changed].some((key) => names.has(key));
      if (changed.has("trainGrid")) this.#worker.send({ type: "grid", size: this.gridSize });
      if (changed.has("trainPreset")) this.lab.publish("judge", { pretrained: null });
      if (this.#writing) return;
      if (any(NEW_RUN)) this.reset();
      else if (any(LIVE)) this.#configure();
    });
  }

  /** @param {WebAssembly.Module} module */
  open(module) {
    this.#module = module;
    this.#worker.start();
    this.#worker.send({ type: "open", module, presets: PRESETS });
    this.#worker.send({ type: "grid", size: this.gridSize });
    void this.#savedRuns.offer(this.#id);
    void this.#shippedWeights();
  }

  fetchData() {
    if (!this.#worker.running) this.#restart();
    this.lab.publish("data", { phase: "fetching", received: 0, total: 0, file: "", fault: null });
    this.#worker.send({ type: "fetch", cachedOnly: false });
  }

  /** @param {boolean} playing */
  play(playing) {
    const { phase } = this.lab.snapshot.train;
    if (phase === "creating") this.#playWhenReady = playing;
    if (phase !== "paused" && phase !== "playing" && phase !== "stepping") return;
    this.lab.publish("train", { phase: playing ? "playing" : "paused", lost: null, note: null });
    this.#worker.send({ type: playing ? "play" : "pause" });
  }

  step() {
    if (this.lab.snapshot.train.phase !== "paused") return;
    this.lab.publish("train", { phase: "stepping", lost: null, note: null });
    this.#worker.send({ type: "step", steps: 1 });
  }

  /** A new run with the present choices; what the old one came to is saved in the browser. */
  reset(/** @type {SavedRun | null} */ resuming = null) {
    if (this.lab.snapshot.data.phase !== "ready") return;
    this.#forget();
    this.#resuming = resuming;
    if (this.#worker.running) void this.#create();
    else this.#restart();
  }

  /** Begins a run with these choices and plays it. @param {Partial<import("../state.js").State>} patch */
  begin(patch) {
    this.#writing = true;
    this.store.set(patch);
    this.#writing = false;
    if (this.lab.snapshot.data.phase === "ready") this.reset();
    else this.fetchData();
    this.#playWhenReady = true;
  }

  /** Goes on with the run that the browser offers. */
  resume() {
    const { savedRun } = this.lab.snapshot.train;
    if (savedRun === null) return;
    if (this.lab.snapshot.data.phase === "ready") this.reset(savedRun);
    else this.fetchData();
    this.#resuming = savedRun;
    this.#playWhenReady = true;
  }

  async discard() {
    const { savedRun } = this.lab.snapshot.train;
    if (savedRun) await this.#savedRuns.discard(savedRun);
    await this.#savedRuns.offer(this.#id);
  }

  /** Takes a file up: a whole run, or weights. @param {File} file */
  async take(file) {
    this.#taking = { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()), id: newId() };
    const { data, train } = this.lab.snapshot;
    if (data.phase === "ready" && this.#worker.running && train.phase !== "creating") this.#sendFile();
    else this.lab.publish("train", { note: Object.freeze({ kind: "waits", name: file.name }) });
  }

  /** Has the run, or G alone, written to a file. @param {"session" | "generator"} what */
  download(what) {
    this.#worker.send({ type: "file", what });
  }

  /** Has the pretrained generator of this preset judged, too. */
  async judgePretrained() {
    try {
      const weights = await fetchPretrained(this.preset);
      this.lab.judge.offer({ subject: "pretrained", step: null, weights, records: null });
    } catch (error) {
      this.lab.publish("judge", { phase: "waiting", message: error instanceof Error ? error.message : String(error) });
    }
  }

  /** @param {string} preset whether the page ships weights of it; the list is fetched with the worker */
  hasWeights(preset) {
    return this.#shipped.has(preset);
  }

  /** @param {string} preset whether training can start from them: they hold both networks */
  hasBoth(preset) {
    return this.#shipped.has(preset) && !this.#shipped.get(preset)?.alone;
  }

  async #shippedWeights() {
    const all = await listPretrained().catch(() => []);
    this.#shipped = new Map(all.map((item) => [item.preset, item]));
    this.lab.publish("train", {});
  }

  #forget() {
    this.#records = new Records();
    this.#gridHistory = new GridHistory();
    this.#saved = this.#resuming = this.#generator = null;
    this.#id = newId();
    this.#playWhenReady = false;
    this.lab.judge.forget();
    const { curves, grids } = TrainLab.blank;
    this.lab.publish("train", { curves, grids, row: null, stepsPerSecond: NaN, savedStep: 0, lost: null, note: null, message: "" });
  }

  async #create() {
    this.lab.publish("train", { phase: "creating" });
    if (this.#resuming) {
      this.#id = this.#resuming.id;
      await this.#savedRuns.recall(this.#resuming, this.#records);
    }
    const settings = this.#resuming ? this.defaults(this.#resuming.preset) : this.settings;
    const from = await this.#start();
    if (settings) this.#worker.send({ type: "create", settings, device: this.device, from, id: this.#id });
  }

  /** @returns {Promise<import("../protocol.d.ts").Start>} */
  async #start() {
    if (this.#saved || this.#resuming) return { kind: "saved", bytes: this.#saved?.bytes ?? null };
    const alone = this.#shipped.get(this.preset)?.alone ?? false;
    if (this.store.state.trainStart === "scratch" || alone) return { kind: "scratch" };
    try {
      return { kind: "weights", bytes: await fetchPretrained(this.preset) };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#note({ kind: "pretrained", fault: { code: "", message, kind: null } });
      return { kind: "scratch" };
    }
  }

  #configure() {
    const { settings } = this;
    if (settings && this.lab.snapshot.train.settings) this.#worker.send({ type: "configure", settings });
  }

  #sendFile() {
    const { bytes, id, name } = /** @type {{name: string, bytes: Uint8Array | null, id: string}} */ (this.#taking);
    this.#taking = { name, id, bytes: null };
    if (bytes) this.#worker.send({ type: "take", bytes, device: this.device, id });
  }

  /** @param {TrainEvent} event */
  #hear(event) {
    const { lab } = this;
    if (lab.snapshot.train.phase === "creating" && LATE_EVENTS.has(event.type)) return;
    if (event.type === "opened") this.#opened(event);
    else if (event.type === "probed") this.#probed(event.probe);
    else if (event.type === "progress") {
      lab.publish("data", { file: event.file, received: event.received, total: event.total });
    } else if (event.type === "data") {
      lab.publish("data", { phase: "ready", received: event.bytes, total: event.bytes, cached: event.cached });
      lab.publish("train", { real: event.real });
      lab.judge.real(event.real);
      void this.#create();
    } else if (event.type === "data-absent") this.#noData({ phase: "absent" });
    else if (event.type === "data-fault") this.#noData({ phase: "failed", fault: event.fault });
    else if (event.type === "created") this.#created(event);
    else if (event.type === "configured") lab.publish("train", { settings: event.settings, flopPerStep: event.flopPerStep });
    else if (event.type === "refused") this.#refused(event);
    else if (event.type === "rows") this.#rows(event);
    else if (event.type === "grid") {
      this.#gridHistory.push(Object.freeze({ step: event.step, images: event.images }));
      lab.publish("train", { grids: this.#shownGrids(event) });
    } else if (event.type === "weights") this.#trained(event);
    else if (event.type === "saved") this.#runSaved(event);
    else if (event.type === "file") this.#file(event);
    else if (event.type === "playing") {
      if (!event.playing) {
        lab.publish("train", { phase: "paused" });
        this.#judge(true);
      }
    } else this.#failed(event.message);
  }

  /** The newest grid is always there, kept for good or not. @param {import("./grid_history.js").Grid} newest */
  #shownGrids({ step, images }) {
    const grids = this.#gridHistory.copy();
    return grids.at(-1)?.step === step ? grids : Object.freeze([...grids, Object.freeze({ step, images })]);
  }

  /** @param {Extract<TrainEvent, {type: "opened"}>} event */
  #opened({ probe, defaults, known }) {
    // After a crash the files are in the cache, or have to be asked for again.
    const again = this.lab.snapshot.data.phase === "ready";
    if (again) this.#worker.send({ type: "fetch", cachedOnly: true });
    this.lab.publish("train", { phase: again ? "creating" : "idle", defaults: Object.freeze(defaults), known: Object.freeze(known) });
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
    if (probe.gpu === "building") setTimeout(() => this.#worker.send({ type: "probe" }), PROBE_AGAIN);
  }

  /** @param {Extract<TrainEvent, {type: "created"}>} event */
  #created({ settings, device, flopPerStep, step, memory }) {
    if (this.#taking?.bytes === null) {
      const { name, id } = this.#taking;
      this.#forget();
      this.#id = id;
      this.#note({ kind: "opened", name, step });
      this.#taking = null;
    }
    this.lab.publish("train", { phase: "paused", settings, device, flopPerStep, memory });
    // A run from a file brings its own settings.
    const defaults = this.defaults(settings.preset);
    this.#writing = true;
    if (defaults) this.store.set(/** @type {any} */ (patchOf(/** @type {any} */ (settings), /** @type {any} */ (defaults))));
    this.#writing = false;
    this.#resuming = null;
    void this.#savedRuns.offer(this.#id);
    if (this.#taking) this.#sendFile();
    else if (this.#playWhenReady) this.play(true);
    this.#playWhenReady = false;
  }

  /** @param {Extract<TrainEvent, {type: "refused"}>} event */
  #refused({ what, message, code, kind }) {
    const fault = Object.freeze({ code, message, kind });
    if (what === "take") {
      this.#note({ kind: "file", name: this.#taking?.name ?? "", fault });
      this.#taking = null;
    } else if (what === "pretrained") this.#note({ kind: what, fault });
    else this.#note({ kind: "setting", message });
  }

  /** @param {import("../protocol.d.ts").TrainNote} note */
  #note(note) {
    this.lab.publish("train", { note: Object.freeze(note) });
  }

  /** @param {Extract<TrainEvent, {type: "rows"}>} event `stepsPerSecond` NaN: not measured */
  #rows({ rows, stepsPerSecond, memory }) {
    this.#worker.resetFailures();
    const fine = !this.#records.wrong;
    for (const row of rows) this.#records.push(row);
    const before = this.lab.snapshot.train.stepsPerSecond;
    const smooth = Number.isNaN(before) ? stepsPerSecond : 0.8 * before + 0.2 * stepsPerSecond;
    this.lab.publish("train", {
      row: Object.freeze(/** @type {TrainRow} */ (rows.at(-1))),
      curves: this.#records.curves(),
      stepsPerSecond: Number.isNaN(stepsPerSecond) ? before : smooth,
      memory,
    });
    if (fine && this.#records.wrong) this.#judge(true);
  }

  /** @param {Extract<TrainEvent, {type: "weights"}>} event */
  #trained({ step, bytes, generator }) {
    const preset = this.lab.snapshot.train.settings?.preset ?? "compact";
    this.lab.sampler.offer(bytes, Object.freeze({ source: "training", preset, step }));
    this.#generator = { bytes: generator, step };
    this.#judge(false);
  }

  /** @param {boolean} now */
  #judge(now) {
    const { wrong } = this.#records;
    const { bytes: weights, step } = wrong ? { bytes: null, step: this.lab.snapshot.train.row?.step ?? 0 } : (this.#generator ?? { bytes: null, step: 0 });
    // Once they are on their way to the judge they are gone from here.
    if (!wrong && !weights?.byteLength) return;
    if (this.lab.snapshot.judge.training?.step === step) return;
    this.lab.judge.offer({ subject: "training", step, weights, records: this.#records.history() }, now);
  }

  /** @param {Extract<TrainEvent, {type: "saved"}>} event */
  #runSaved({ run, bytes, fault }) {
    // The run before may be saved when another has begun.
    if (run.id !== this.#id) return;
    const { row } = this.lab.snapshot.train;
    if (row !== null) this.#saved = { bytes, row };
    if (fault !== "") return this.#note({ kind: "not-saved", message: fault });
    this.lab.publish("train", { savedStep: run.step });
    this.#savedRuns.note(run.id, this.#records);
  }

  /** @param {Extract<TrainEvent, {type: "file"}>} event */
  #file({ what, step, bytes }) {
    const preset = this.lab.snapshot.train.settings?.preset ?? "run";
    const name = `saddle-${preset}-${step}${what === "generator" ? "-generator" : ""}.safetensors`;
    save(name, new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (bytes)], { type: "application/octet-stream" }));
  }

  /** @param {string} message */
  #failed(message) {
    this.lab.publish("train", { phase: "failed", message });
  }

  /** @param {string} reason @param {boolean} again */
  #workerFailed(reason, again) {
    const row = this.#saved?.row ?? null;
    const step = row?.step ?? 0;
    this.#playWhenReady = false;
    this.#taking = null;
    this.#records.cut(step);
    this.#gridHistory.cut(step);
    const { lab } = this;
    if (lab.snapshot.data.phase === "fetching") lab.publish("data", { phase: "absent" });
    const lost = Object.freeze({ reason, step });
    const [curves, grids] = [this.#records.curves(), this.#gridHistory.copy()];
    lab.publish("train", { lost, row, curves, grids, phase: again ? "creating" : "failed", message: reason });
    if (again) this.#restart();
  }

  #restart() {
    if (this.#module !== null) this.open(this.#module);
  }
}
