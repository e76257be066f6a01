import { save } from "../shell/save.js";
import { Died, Line, messageOf, outdated } from "../shell/line.js";
import { cpuModule } from "../shell/modules.js";
import { HELD, NAMES, NEW_RUN, pairsOf, patchOf, prefixed, PRESETS, RESTARTS } from "./state.js";
import { chosenSettings, defaultsOf, deviceOf, gridOf, hasBoth, presetOf } from "./choices.js";
import { GridHistory } from "./grid_history.js";
import { fetchPretrained, listPretrained } from "../shell/pretrained.js";
import { Records } from "./records.js";
import { SavedRuns } from "./saved_runs.js";
import { BLANK } from "../shell/blank.js";

/** @typedef {import("../protocol.d.ts").Snapshot} Snapshot */
/** @typedef {import("../protocol.d.ts").TrainQuestions} Questions */
/** @typedef {import("../protocol.d.ts").TrainNews} News */
/** @typedef {import("../protocol.d.ts").TrainRow} TrainRow */
/** @typedef {import("./run_database.js").SavedRun} SavedRun */

/** Who writes the record when a run brings its own settings. */
const SELF = "train";
/** Milliseconds until the GPU module is asked for again. */
const PROBE_AGAIN = 15_000;
const LIVE = new Set(NAMES.filter((name) => !RESTARTS.has(name)).map(prefixed));

/** Bytes of the largest file that is read: a run of the largest network has a tenth of it. */
const MOST_BYTES = 1e9;
/** Milliseconds without a word from the worker before it is ended: the first step of a large network on a slow GPU takes long. */
const WITHIN = 180_000;

/**
 * A run of this page: what is done for it ends when it makes way for another.
 * @typedef {object} Run
 * @property {string} id
 * @property {AbortController} stop
 * @property {SavedRun | null} resuming a run in the browser that is to be gone on with
 * @property {{bytes: Uint8Array | null, row: TrainRow} | null} saved as it was a few seconds ago; without bytes the browser has them
 * @property {boolean} play it is to be played as soon as it has begun
 * @property {{patch: Partial<import("../shell/state.js").State>, steps: number} | null} then after so many steps it is held, and a run with these choices is played
 */

const newId = () => `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}`;
/** @param {SavedRun | null} [resuming] @returns {Run} */
const newRun = (resuming = null) => ({ id: resuming?.id ?? newId(), stop: new AbortController(), resuming, saved: null, play: false, then: null });

/**
 * The MNIST session: its data, its device, its run. After a crash it starts another worker from the
 * last state that was saved and offers to go on.
 */
export class TrainLab {
  #line = /** @type {Line<Questions, News>} */ (new Line("mnist/worker.js", {
    open: async () => ({ module: await cpuModule(), presets: PRESETS }), opened: (answer) => this.#opened(answer),
    news: (news) => this.#hear(news), died: (died) => this.#workerFailed(died), within: WITHIN,
  }));
  #savedRuns;
  #records = new Records();
  #gridHistory = new GridHistory();
  #run = newRun();
  /** A file that waits for the data. @type {{name: string, bytes: Uint8Array<ArrayBuffer>} | null} */
  #waiting = null;
  /** The newest G, for the judge. @type {{bytes: Uint8Array, step: number} | null} */
  #generator = null;
  /** Turns of play, counted. */
  #turn = 0;
  #fetching = new AbortController();
  /** Settles when it is known what the browser can train on. @type {Promise<void>} */
  #probed = Promise.resolve();
  /** The worker there is has the images. */
  #hasData = false;
  /** The visitor has had enough of waiting for a device. */
  #leaving = false;

  /** @param {import("../shell/state.js").Store} store @param {import("../shell/lab.js").Lab} lab */
  constructor(store, lab) {
    this.store = store;
    this.lab = lab;
    this.#savedRuns = new SavedRuns(lab);
    store.listen((_, changed, by) => {
      const any = (/** @type {ReadonlySet<string>} */ names) => [...changed].some((key) => names.has(key));
      if (changed.has("trainGrid")) this.#regrid();
      if (changed.has("trainPreset")) this.lab.judge.forgetPretrained();
      // A link has a held run of its own.
      if (changed.has("trainHeld") && by !== SELF) this.lab.publish("train", { held: null });
      if (any(NEW_RUN) || any(LIVE)) this.#compare();
      if (by === SELF) return;
      if (changed.has("trainDevice") && this.lab.snapshot.train.phase === "creating") this.#leave();
      const { held, phase } = this.lab.snapshot.train;
      if (any(NEW_RUN)) this.reset();
      // Beside a held run the next is trained from the start.
      else if (any(LIVE) && held) {
        this.reset();
        this.#run.play = phase === "playing";
      }
      else if (any(LIVE)) void this.#configure();
    });
  }

  open() {
    this.#line.start();
    this.offer();
    void this.#shippedWeights();
  }

  /** Looks again for what the browser has saved. */
  offer() {
    void this.#savedRuns.offer(this.#run.id);
  }

  /** After a failure. */
  retry() {
    if (this.#line.running) {
      this.#line.forgive();
      return this.reset();
    }
    this.lab.publish("train", { probe: null });
    this.#again();
  }

  /** Another worker, which goes on from what was saved. */
  #again() {
    this.#line.forgive();
    this.lab.publish("train", { phase: "loading", message: "" });
    this.open();
  }

  /** @param {boolean} [cachedOnly] @param {boolean} [setup] for a new worker in place of one that had the data */
  async fetchData(cachedOnly = false, setup = false) {
    this.#fetching.abort();
    const { signal } = (this.#fetching = new AbortController());
    const { lab } = this;
    lab.publish("data", { phase: "fetching", received: 0, total: 0, file: "", fault: null });
    try {
      const found = await this.#line.ask("fetch", { cachedOnly }, {
        key: null, beside: true, setup, signal, progress: ({ file, received, total }) => lab.publish("data", { file, received, total }),
      });
      if (found === null) return this.#noData({ phase: "absent" });
      if ("fault" in found) return this.#noData({ phase: "failed", fault: found.fault });
      this.#hasData = true;
      const { bytes, cached, kept, real } = found;
      lab.publish("data", { phase: "ready", received: bytes, total: bytes, cached, kept });
      lab.publish("train", { real });
      lab.judge.real(real);
      await this.#create(setup);
    } catch (error) {
      if (signal.aborted && this.#fetching.signal === signal) this.#noData({ phase: "absent" });
      else if (!outdated(error) && !(error instanceof Died)) {
        this.#noData({ phase: "failed", fault: { kind: "damaged", file: "MNIST", detail: messageOf(error) } });
      }
    }
  }

  /** Nobody waits for the data any more. */
  stopFetching() {
    this.#run.play = false;
    this.#fetching.abort();
  }

  /** @param {boolean} playing */
  play(playing) {
    const { phase } = this.lab.snapshot.train;
    if (phase === "creating") this.#run.play = playing;
    if (phase !== "paused" && phase !== "playing" && phase !== "stepping") return;
    this.lab.publish("train", { phase: playing ? "playing" : "paused", lost: null, note: null });
    if (playing) void this.#play(Infinity);
    else this.#pause();
  }

  /** Goes on with the run there is on the CPU, where a GPU has failed. */
  leaveGpu() {
    this.store.set({ trainDevice: "cpu" }, SELF);
    this.lab.publish("train", { lost: null, note: null });
    this.#run.play = true;
    if (this.#line.running) void this.#create();
    else this.#again();
  }

  /** Trains, whatever that takes: the data are fetched if they are not there, and a run begins if there is none. */
  go() {
    const { data, train } = this.lab.snapshot;
    if (train.phase === "paused") this.play(true);
    else if (data.phase === "fetching" || train.phase === "creating") this.#run.play = true;
    else if (train.phase === "idle") this.#soon(null);
  }

  step() {
    if (this.lab.snapshot.train.phase !== "paused") return;
    this.lab.publish("train", { phase: "stepping", lost: null, note: null });
    void this.#play(1);
  }

  /** A new run with the present choices; what the old one came to is saved in the browser. */
  reset(/** @type {SavedRun | null} */ resuming = null) {
    if (this.lab.snapshot.data.phase !== "ready") return;
    this.#replace(newRun(resuming));
    void this.#create();
  }

  /** Begins a run with these choices and plays it. @param {Partial<import("../shell/state.js").State>} patch */
  begin(patch) {
    this.store.set(patch, SELF);
    this.#soon(null);
  }

  /** Holds what the run has shown so far, beside the next; or lets go of it. @param {boolean} on */
  hold(on) {
    const { settings, row, curves, grids } = this.lab.snapshot.train;
    const held = on && settings && row ? Object.freeze({ settings, step: row.step, curves, grids }) : null;
    this.lab.publish("train", { held });
    this.store.set(held ? { trainHeld: [], trainHeldSteps: held.step } : { trainHeld: null, trainHeldSteps: HELD.trainHeldSteps.initial }, SELF);
  }

  /**
   * Trains a run, holds it, and trains another beside it.
   * @param {Partial<import("../shell/state.js").State>} first @param {Partial<import("../shell/state.js").State>} second choices @param {number} steps of the first
   */
  both(first, second, steps) {
    this.lab.publish("train", { held: null });
    this.begin({ ...first, trainHeld: null });
    this.#run.then = { patch: second, steps };
    this.lab.publish("train", { heldAt: steps });
  }

  /** Says in the record how the held run differs from what is chosen now. */
  #compare() {
    const { held } = this.lab.snapshot.train;
    const chosen = chosenSettings(this.lab.snapshot);
    if (held && chosen) this.store.set({ trainHeld: pairsOf(/** @type {any} */ (held.settings), /** @type {any} */ (chosen)) }, SELF);
  }

  /** Goes on with a run that the browser offers. @param {string} id */
  resume(id) {
    const saved = this.lab.snapshot.train.savedRuns.find((run) => run.id === id);
    if (saved) this.#soon(saved);
  }

  /** @param {string} id */
  async discard(id) {
    await this.#savedRuns.discard(id);
    this.offer();
  }

  /** Takes a file up: a whole run, or weights. @param {File} file */
  async take(file) {
    const refuse = (/** @type {import("../protocol.d.ts").FileFault["code"]} */ code, /** @type {string} */ message) =>
      this.#note({ kind: "file", name: file.name, fault: { code, message, kind: null } });
    if (file.size > MOST_BYTES) return refuse("huge", "");
    try {
      this.#waiting = { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) };
    } catch (error) {
      // It is gone, or there is no room for it.
      return refuse("unreadable", messageOf(error));
    }
    const { data, train } = this.lab.snapshot;
    if (data.phase === "ready" && ["paused", "playing", "stepping"].includes(train.phase)) void this.#take();
    else this.#note({ kind: "waits", name: file.name });
  }

  /** Has the run, G alone, or the script that goes on with it, written to a file. @param {"session" | "generator" | "script"} what */
  async download(what) {
    try {
      const { step, bytes } = await this.#line.ask("file", { what }, { key: `file ${what}`, beside: true });
      const preset = this.lab.snapshot.train.settings?.preset ?? "run";
      const [name, type] = what === "script"
        ? [`saddle-${preset}.py`, "text/x-python"]
        : [`saddle-${preset}-${step}${what === "generator" ? "-generator" : ""}.safetensors`, "application/octet-stream"];
      save(name, new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (bytes)], { type }));
    } catch (error) {
      if (!outdated(error) && !(error instanceof Died)) this.#note({ kind: "setting", message: messageOf(error) });
    }
  }

  /** Saves the run in the browser now, since the page may not come back. */
  keep() {
    const { phase } = this.lab.snapshot.train;
    if (phase === "playing" || phase === "stepping" || phase === "paused") this.#line.ask("keep", null, { beside: true }).catch(() => undefined);
  }

  /** Has the pretrained generator of this preset judged, too. */
  async judgePretrained() {
    this.lab.judge.expect();
    try {
      await this.lab.judge.pretrained(await fetchPretrained(presetOf(this.lab.snapshot)));
    } catch (error) {
      this.lab.judge.expect(messageOf(error));
    }
  }

  async #shippedWeights() {
    const shipped = await listPretrained().catch(() => null);
    if (shipped) this.lab.publish("train", { shipped: Object.freeze(shipped) });
  }

  /** @param {SavedRun | null} resuming a run that begins, or goes on, as soon as there are data for it, and plays */
  #soon(resuming) {
    if (this.lab.snapshot.data.phase === "ready") this.reset(resuming);
    else {
      this.#replace(newRun(resuming));
      void this.fetchData();
    }
    this.#run.play = true;
  }

  /** @param {Run} run in place of the one there is */
  #replace(run) {
    this.#pause();
    this.#run.stop.abort();
    this.#run = run;
    this.#records = new Records();
    this.#gridHistory = new GridHistory();
    this.#generator = null;
    this.lab.judge.forget();
    const { curves, grids, changes } = BLANK.train;
    this.lab.publish("train", {
      curves, grids, changes, row: null, heldAt: null, stepsPerSecond: NaN, savedStep: 0, notSaved: null, lost: null, note: null, message: "",
    });
  }

  /** @param {boolean} [setup] in a new worker, in place of one that had this run */
  async #create(setup = false) {
    const run = this.#run;
    const { signal } = run.stop;
    this.lab.publish("train", { phase: "creating" });
    if (!this.#line.running) return this.retry();
    // A new worker is to have the images first; then this is called again.
    if (!this.#hasData) return;
    try {
      await this.#probed;
      if (run.resuming) await this.#savedRuns.recall(run.resuming, this.#records);
      const from = await this.#start(run);
      signal.throwIfAborted();
      const create = () => {
        const settings = run.resuming ? defaultsOf(this.lab.snapshot, run.resuming.preset) : chosenSettings(this.lab.snapshot);
        if (settings === null) throw new Error(`this version has no network "${run.resuming?.preset ?? presetOf(this.lab.snapshot)}"`);
        return { settings, device: deviceOf(this.lab.snapshot), from, id: run.id };
      };
      const created = await this.#line.ask("create", create, { signal, setup });
      if ("refused" in created) return this.#notResumed(run, created.refused);
      if (created.weights) this.#note({ kind: "pretrained", fault: Object.freeze(created.weights) });
      this.#created(created, run.resuming !== null, from.kind === "scratch");
    } catch (error) {
      if (!outdated(error) && !(error instanceof Died)) this.lab.publish("train", { phase: "failed", message: messageOf(error) });
    }
  }

  /** A run that another tab has: it stays there, and another begins here. @param {Run} run @param {import("../protocol.d.ts").Refused} fault */
  #notResumed(run, fault) {
    this.#replace(newRun());
    this.#note({ kind: "resume", fault: Object.freeze(fault), step: run.resuming?.step ?? 0 });
    this.offer();
    void this.#create();
  }

  /** @param {Run} run @returns {Promise<import("../protocol.d.ts").Start>} */
  async #start({ saved, resuming, stop }) {
    if (saved || resuming) return { kind: "saved", bytes: saved?.bytes ?? null };
    if (this.store.state.trainStart === "scratch" || !hasBoth(this.lab.snapshot, presetOf(this.lab.snapshot))) return { kind: "scratch" };
    try {
      return { kind: "weights", bytes: await fetchPretrained(presetOf(this.lab.snapshot)) };
    } catch (error) {
      stop.signal.throwIfAborted();
      this.#note({ kind: "pretrained", fault: { code: "", message: messageOf(error), kind: null } });
      return { kind: "scratch" };
    }
  }

  /** @param {number} steps */
  async #play(steps) {
    const run = this.#run;
    const turn = (this.#turn += 1);
    try {
      await this.#line.ask("play", { steps, turn }, { key: null });
      if (run !== this.#run || turn !== this.#turn) return;
      this.lab.publish("train", { phase: "paused" });
      this.#judge(true);
    } catch (error) {
      // A step that fails leaves nothing to go on with.
      if (!outdated(error) && !(error instanceof Died)) this.#line.end(messageOf(error));
    }
  }

  #pause() {
    if (this.#line.running) this.#line.ask("pause", { turn: this.#turn }, { key: null, beside: true }).catch(() => undefined);
  }

  async #configure() {
    const settings = chosenSettings(this.lab.snapshot);
    const { phase } = this.lab.snapshot.train;
    if (settings === null || !["creating", "paused", "playing", "stepping"].includes(phase)) return;
    const run = this.#run;
    try {
      const taken = await this.#line.ask("configure", { settings }, { beside: true, signal: run.stop.signal });
      this.#changed(taken.settings);
      this.lab.publish("train", taken);
    } catch (error) {
      if (!outdated(error) && !(error instanceof Died)) this.#note({ kind: "setting", message: messageOf(error) });
    }
  }

  /** Where in the run a setting was changed, for its charts. @param {import("../types.d.ts").TrainSettings} next */
  #changed(next) {
    const { settings, row, changes } = this.lab.snapshot.train;
    if (settings === null || row === null) return;
    const names = NAMES.filter((name) => Reflect.get(next, name) !== Reflect.get(settings, name));
    const last = changes.at(-1);
    // A slider that is drawn along changes it many times at one place.
    const before = last?.step === row.step ? changes.slice(0, -1) : changes;
    const all = last?.step === row.step ? [...new Set([...last.names, ...names])] : names;
    if (all.length > 0) this.lab.publish("train", { changes: Object.freeze([...before, Object.freeze({ step: row.step, names: all })]) });
  }

  #regrid() {
    if (this.#line.running) this.#line.ask("grid", { size: gridOf(this.lab.snapshot) }, { beside: true }).catch(() => undefined);
  }

  async #take() {
    const file = this.#waiting;
    if (file === null) return;
    this.#waiting = null;
    this.#pause();
    const run = newRun();
    const fail = (/** @type {import("../protocol.d.ts").FileFault} */ fault) => this.#note({ kind: "file", name: file.name, fault: Object.freeze(fault) });
    const { phase } = this.lab.snapshot.train;
    this.lab.publish("train", { phase: "creating" });
    try {
      const taken = await this.#line.ask("take", { bytes: file.bytes, device: deviceOf(this.lab.snapshot), id: run.id }, { transfer: ({ bytes }) => [bytes.buffer] });
      if ("refused" in taken) {
        this.lab.publish("train", { phase: "paused" });
        fail(taken.refused);
        if (phase === "playing") this.play(true);
        return;
      }
      this.#replace(run);
      this.#created(taken, true, false);
      this.#note({ kind: "opened", name: file.name, step: taken.step });
      // What it told of itself came before it was this page's run.
      this.#regrid();
    } catch (error) {
      fail({ code: "", message: messageOf(error), kind: null });
    }
  }

  /** Ends a worker that waits for a device, so that another can be chosen. */
  #leave() {
    this.#leaving = true;
    this.#line.end("another device was chosen");
    this.#leaving = false;
  }

  /** @param {News} news */
  #hear(news) {
    // What a run that makes way for another still tells.
    if (news.run !== this.#run.id) return;
    const { lab } = this;
    if (news.type === "rows") this.#rows(news);
    else if (news.type === "grid") {
      this.#gridHistory.push(Object.freeze({ step: news.step, images: news.images }));
      lab.publish("train", { grids: this.#shownGrids(news) });
    } else if (news.type === "weights") this.#trained(news);
    else this.#runSaved(news);
  }

  /** The newest grid is always there, kept for good or not. @param {import("./grid_history.js").Grid} newest */
  #shownGrids({ step, images }) {
    const grids = this.#gridHistory.copy();
    return grids.at(-1)?.step === step ? grids : Object.freeze([...grids, Object.freeze({ step, images })]);
  }

  /** @param {Questions["open"]["answer"]} answer */
  #opened({ defaults, known }) {
    // After a crash the files are in the browser's store, or have to be asked for again.
    const again = this.lab.snapshot.data.phase === "ready";
    this.lab.publish("train", { phase: again ? "creating" : "idle", defaults: Object.freeze(defaults), known: Object.freeze(known) });
    this.#regrid();
    // A device that has failed once would fail again.
    if (this.lab.snapshot.train.probe?.gpu !== "failed") this.#probed = this.#probe();
    if (again) void this.fetchData(true, true);
  }

  async #probe() {
    try {
      const probe = await this.#line.ask("probe", null, { beside: true, setup: true });
      this.lab.publish("train", { probe });
      // `cargo xtask serve` builds the GPU module while the page is already in use.
      if (probe.gpu === "building") setTimeout(() => (this.#probed = this.#probe()), PROBE_AGAIN);
    } catch (error) {
      if (!(error instanceof Died)) this.lab.publish("train", { probe: { gpu: "no-adapter", adapter: messageOf(error), timestamps: false, bufferBytes: 0, choice: "cpu" } });
    }
  }

  /** @param {Partial<Snapshot["data"]>} data */
  #noData(data) {
    this.lab.publish("data", data);
    this.lab.publish("train", { phase: "idle" });
  }

  /** @param {import("../protocol.d.ts").Created} created @param {boolean} own it brings its own settings @param {boolean} scratch it begins from random weights */
  #created({ settings, device, flopPerStep, memory }, own, scratch) {
    this.lab.publish("train", { phase: "paused", settings, device, scratch, flopPerStep, memory });
    const defaults = defaultsOf(this.lab.snapshot, settings.preset);
    if (own && defaults) this.store.set(/** @type {any} */ (patchOf(/** @type {any} */ (settings), /** @type {any} */ (defaults))), SELF);
    this.#run.resuming = null;
    this.offer();
    if (this.#waiting) void this.#take();
    else if (this.#run.play) this.play(true);
    this.#run.play = false;
  }

  /** @param {import("../protocol.d.ts").TrainNote} note */
  #note(note) {
    this.lab.publish("train", { note: Object.freeze(note) });
  }

  /** @param {Extract<News, {type: "rows"}>} news `stepsPerSecond` NaN: not measured */
  #rows({ rows, stepsPerSecond, memory }) {
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
    const { then } = this.#run;
    if (then === null || ((rows.at(-1)?.step ?? 0) < then.steps && !this.#records.wrong)) return;
    this.hold(true);
    this.begin(then.patch);
  }

  /** @param {Extract<News, {type: "weights"}>} news */
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

  /** @param {Extract<News, {type: "saved"}>} news */
  #runSaved({ saved, bytes, fault }) {
    const { row, savedStep } = this.lab.snapshot.train;
    if (row !== null) this.#run.saved = { bytes, row };
    if (fault) return this.lab.publish("train", { notSaved: Object.freeze({ ...fault, step: savedStep }) });
    this.lab.publish("train", { savedStep: saved.step, notSaved: null });
    this.#savedRuns.note(saved.id, this.#records);
  }

  /** @param {Died} died */
  #workerFailed({ message, again, opened, code }) {
    const { lab } = this;
    const run = this.#run;
    const { phase, probe, row: seen } = lab.snapshot.train;
    const row = run.saved?.row ?? null;
    const step = row?.step ?? 0;
    run.play = this.#leaving && run.play;
    this.#hasData = false;
    // A device that cannot even begin: the page's own choice is then the other one.
    const began = phase !== "creating" || seen !== null;
    if (probe && !began && deviceOf(this.lab.snapshot) === "webgpu" && !this.#leaving) lab.publish("train", { probe: { ...probe, gpu: "failed", choice: "cpu" } });
    this.#records.cut(step);
    this.#gridHistory.cut(step);
    if (lab.snapshot.data.phase === "fetching") lab.publish("data", { phase: "absent" });
    const without = phase === "loading" || phase === "idle" || phase === "failed";
    const lost = this.#leaving || !opened || without ? null : Object.freeze({ reason: message, code, step });
    const [curves, grids] = [this.#records.curves(), this.#gridHistory.copy()];
    lab.publish("train", { lost, row, curves, grids, phase: again ? "loading" : "failed", message });
    if (again) this.#line.start();
  }
}
