import { placeOf, REACH } from "./state.js";
import { Died, Line, messageOf, outdated } from "../shell/line.js";
import { cpuModule } from "../shell/modules.js";
import { fetchClassifier, fetchDirections, fetchPretrained } from "../shell/pretrained.js";
import { BLANK } from "../shell/blank.js";

/** @typedef {import("./latent.d.ts").LatentSnapshot} LatentState */
/** @typedef {import("./latent.d.ts").Ask} Ask */
/** @typedef {import("./latent.d.ts").Answer} Answer */
/** @typedef {import("./latent.d.ts").Task} Task */
/** @typedef {import("./latent.d.ts").TaskName} TaskName */
/** @typedef {import("../protocol.d.ts").Origin} Origin */
/** @typedef {Origin["preset"]} Preset */
/** @typedef {"here" | "digits" | "ends" | "film" | "strips" | "grid" | "map" | "near" | "frames" | "samples"} Purpose */
/** @typedef {import("./latent.d.ts").Step} Step */
/** @typedef {{bytes: Uint8Array, origin: Origin, directions: string}} Weights */

/** Whose G the explorer opens with, and whose draws the first digits: it is here in a seventh of the time. */
const FIRST = "compact";
const SMALL = "tiny";
export const DIGITS = 8;
/** Digits of the filmstrip, of the picker, of one side of the plane's map, and of its regions. */
export const FILM = 11;
export const GRID = 64;
/** Of the pretrained generator, for the largest grid of the MNIST laboratory. */
const SAMPLES = 100;
export const MAP = Object.freeze({ n: 9, low: -0.3, high: 1.3 });
export const REGIONS = 45;
/** Where along each direction its strip is drawn. */
export const STOPS = Object.freeze([-REACH, -REACH / 2, 0, REACH / 2, REACH]);
export const NEAREST = 5;
/** Points at which a search in the browser looks for directions. */
const POINTS = 96;
/** Milliseconds without a move before what is not under the hand is drawn anew. */
const SETTLE = 90;
/** Which questions a change of the place puts anew. */
const PLACED = /** @type {const} */ ([
  "latentA", "latentB", "latentC", "latentOn", "latentWay", "latentAt", "latentSpot", "latentMoves", "latentNudge",
]);
/** What a hand is moving goes first, behind what the worker needs for everything else. */
const ORDER = ["weights", "classifier", "here", "digits", "ends", "film", "strips", "grid", "map", "near", "frames", "samples"];

/**
 * Images for z, from the generator in use, and what else the explorer asks. One request is under way at a time;
 * of those that wait, only the newest of each purpose is kept, so that a slider never has a backlog.
 */
export class SamplerLab {
  #line = /** @type {Line<import("./latent.d.ts").SamplerQuestions>} */ (new Line("latent/worker.js", {
    open: async () => ({ module: await cpuModule() }), opened: () => this.#opened(), died: (died) => this.#workerFailed(died), order: ORDER,
  }));
  /** Weights kept to go back to and for a new worker: "training", or a preset's shipped ones. @type {Map<string, Weights>} */
  #weights = new Map();
  /** @type {Uint8Array | null} */
  #classifier = null;
  /** Why the generator that was asked for is not the one that draws. */
  #missing = "";
  #digitsSeed = 1;
  /** Of the digits that are shown; 0: none. */
  #shownSeed = 0;
  /** Somebody looks at where samples of the pretrained generator stand. */
  #samplesWanted = false;
  /** The first screen has had its turn. */
  #mayLoad = false;
  /** The tasks under way, by name. @type {Map<TaskName, AbortController>} */
  #tasks = new Map();
  /** The classifier on its way to the worker. @type {Promise<void> | null} */
  #classifying = null;
  #loading = new AbortController();
  /** Whose directions are being looked for. @type {Origin["source"] | null} */
  #searching = null;
  /** What is open on the page, and so has to be up to date. @type {Set<Purpose>} */
  #wanted = new Set();
  #settling = 0;
  /** Where a walk that plays by itself is, 0..=2: there and back. */
  #phase = 0;
  /** @type {() => void} */
  #resolveShown = () => undefined;
  /** Resolves when the first digits are there. @type {Promise<void>} */
  shown = new Promise((resolve) => (this.#resolveShown = resolve));

  /** @param {import("../shell/state.js").Store} store @param {import("../shell/lab.js").Lab} lab */
  constructor(store, lab) {
    this.store = store;
    this.lab = lab;
    store.listen((_, changed) => {
      if (PLACED.some((key) => changed.has(key))) this.#askHere();
      if (["latentA", "latentB", "latentC"].some((key) => changed.has(/** @type {any} */ (key)))) this.#askEnds();
      if (changed.has("latentGrid")) this.#askWanted("grid");
      if (changed.has("latentNet") && this.#mayLoad) void this.#change();
    });
  }

  /** Starts the worker, which loads its script while the module is still on its way. */
  start() {
    this.#line.start();
  }

  /** The first generator may be fetched. */
  async open() {
    this.#mayLoad = true;
    await this.#drawFirst();
    try {
      await this.#fetch(FIRST);
      this.#load();
      if (this.#net !== FIRST) await this.#change();
    } catch (error) {
      // Without it the explorer waits for a generator trained here; the rest of the page is whole.
      this.lab.publish("latent", { phase: "failed", message: messageOf(error) });
    }
  }

  async #drawFirst() {
    if (this.#shownSeed !== 0) return;
    const seed = this.#digitsSeed;
    try {
      const bytes = await fetchPretrained(SMALL, "generator");
      const { images } = await this.#line.ask("first", { bytes, seed, n: DIGITS }, { setup: true });
      if (this.#shownSeed === 0) this.#showDigits(images, seed);
    } catch {
      // The explorer's generator draws them, and says what is wrong where something is.
    }
  }

  /** @param {Uint8Array} images @param {number} seed */
  #showDigits(images, seed) {
    this.#shownSeed = seed;
    this.lab.publish("digits", { images, n: DIGITS });
    this.#resolveShown();
  }

  /** After a failure: the worker, its generator, and whatever else did not come. */
  retry() {
    this.#line.forgive();
    const { latent } = this.lab.snapshot;
    if (latent.phase === "failed") this.lab.publish("latent", { phase: "loading", message: "" });
    if (latent.classifier === "failed") void this.fetchClassifier();
    if (latent.dims === 0) void this.open();
    else if (this.#missing !== "") void this.#change();
  }

  /** The shipped generator that the link asks for. */
  get #net() {
    return this.store.state.latentNet;
  }

  /** @param {Preset} preset */
  async #fetch(preset) {
    if (this.#weights.has(preset)) return;
    const [bytes, directions] = await Promise.all([fetchPretrained(preset), fetchDirections(preset)]);
    const origin = Object.freeze({ source: /** @type {const} */ ("pretrained"), preset, step: 0 });
    this.#weights.set(preset, { bytes, origin, directions });
  }

  /** Goes over to another shipped generator; the one there is stays if it does not come. */
  async #change() {
    const preset = this.#net;
    this.#missing = "";
    this.lab.publish("latent", { source: "pretrained", fetching: true, message: "" });
    try {
      await this.#fetch(preset);
      if (preset === this.#net) this.#load();
    } catch (error) {
      this.#missing = messageOf(error);
      this.lab.publish("latent", { message: this.#missing });
    } finally {
      this.lab.publish("latent", { fetching: false });
    }
  }

  /** New weights of the generator in training. @param {Uint8Array} bytes @param {Origin} origin */
  offer(bytes, origin) {
    const first = !this.#weights.has("training");
    this.#weights.set("training", { bytes, origin, directions: "" });
    if (first) this.lab.publish("latent", { trained: true, source: "training" });
    if (this.#source === "training") this.#load();
  }

  /** @param {Origin["source"]} source */
  use(source) {
    if (source === "training" && !this.lab.snapshot.latent.trained) return;
    this.#missing = "";
    this.lab.publish("latent", { source });
    if (source === "training") this.#load();
    else void this.#change();
  }

  get #source() {
    return this.lab.snapshot.latent.source;
  }

  /** @returns {Uint8Array | null} */
  get pretrained() {
    return this.#weights.get(FIRST)?.bytes ?? null;
  }

  /** Eight others for the first screen. */
  moreDigits() {
    this.#digitsSeed += 1;
    this.#askDigits();
  }

  /** Has samples of the pretrained generator drawn, once, for a grid that nothing has been trained for yet. */
  wantSamples() {
    this.#samplesWanted = true;
    this.#askSamples();
  }

  #askSamples() {
    const { latent, digits } = this.lab.snapshot;
    if (!this.#samplesWanted || digits.samples !== null || latent.origin?.source !== "pretrained") return;
    this.#ask("samples", { kind: "noise", seed: this.#digitsSeed, n: SAMPLES });
  }

  #askDigits() {
    this.#ask("digits", { kind: "noise", seed: this.#digitsSeed, n: DIGITS });
  }

  /** Keeps these up to date from now on, and no others. @param {readonly Purpose[]} purposes */
  want(purposes) {
    const more = purposes.filter((purpose) => !this.#wanted.has(purpose));
    this.#wanted = new Set(purposes);
    for (const purpose of more) this.#askWanted(purpose);
    this.#search();
  }

  /** Lets the walk go to and fro, or stops it where it is. @param {boolean} playing */
  play(playing) {
    const { latent } = this.lab.snapshot;
    if (playing === latent.playing) return;
    if (playing) {
      this.#phase = this.store.state.latentAt;
      this.store.set({ latentOn: "walk" });
    }
    this.lab.publish("latent", { playing });
    if (!playing) this.store.set({ latentAt: this.#walked() });
  }

  /** One frame of a walk that plays. @param {number} share of a walk from A to B */
  walk(share) {
    this.#phase = (this.#phase + share) % 2;
    this.#ask("here", { kind: "here", place: { ...placeOf(this.store.state), on: "walk", t: this.#walked() } });
  }

  #walked() {
    return this.#phase > 1 ? 2 - this.#phase : this.#phase;
  }

  /** Digits of the walk for a film. @param {number} n @returns {Promise<Uint8Array>} `[n, 28, 28]` */
  async frames(n) {
    const { images } = await this.#line.ask("ask", () => ({ kind: "film", place: placeOf(this.store.state), n }), { key: "frames" });
    return images;
  }

  /** The classifier, when something first needs it. Rejects with nothing: what goes wrong is said. */
  fetchClassifier() {
    this.#classifying ??= this.#fetchClassifier().finally(() => {
      if (this.lab.snapshot.latent.classifier !== "ready") this.#classifying = null;
    });
    return this.#classifying;
  }

  async #fetchClassifier() {
    this.lab.publish("latent", { classifier: "loading" });
    try {
      const bytes = (this.#classifier ??= await fetchClassifier());
      await this.#line.ask("classifier", { bytes }, { setup: true });
      this.lab.publish("latent", { classifier: "ready" });
      if (this.lab.snapshot.latent.dims === 0) return;
      this.#askHere();
      this.#askEnds();
      this.#askWanted("grid");
    } catch (error) {
      if (error instanceof Died) return;
      this.lab.publish("latent", { classifier: "failed", message: messageOf(error) });
    }
  }

  /** The real images: from this browser's store, or over the network too. @param {boolean} cachedOnly */
  async fetchReal(cachedOnly) {
    const { real } = this.lab.snapshot.latent;
    if (real === "ready" || real === "loading") return;
    const stop = (this.#loading = new AbortController());
    this.lab.publish("latent", { real: "loading" });
    await this.fetchClassifier();
    try {
      if (this.lab.snapshot.latent.classifier !== "ready") throw new Error(this.lab.snapshot.latent.message);
      const there = await this.#line.ask("real", { cachedOnly }, { beside: true, signal: stop.signal });
      this.lab.publish("latent", { real: there ? "ready" : "absent" });
      if (!there) return;
      this.#askWanted("near");
      this.begin({ name: "index" });
    } catch (error) {
      if (error instanceof Died) return;
      if (outdated(error)) this.lab.publish("latent", { real: "absent" });
      else this.lab.publish("latent", { real: "failed", message: messageOf(error) });
    }
  }

  /** Nobody waits for the real images any more. */
  stopReal() {
    this.#loading.abort();
  }

  /** @param {Task} task a newer one of the same name replaces it */
  begin(task) {
    if (this.lab.snapshot.latent.dims === 0) return;
    this.#tasks.get(task.name)?.abort();
    const stop = new AbortController();
    this.#tasks.set(task.name, stop);
    this.#publishTask(task.name, { progress: 0, done: false, value: null });
    void this.#work(task, stop.signal);
  }

  /** @param {Task} task @param {AbortSignal} signal */
  async #work(task, signal) {
    const { name } = task;
    const show = (/** @type {Step} */ step) => this.#publishTask(name, /** @type {import("./latent.d.ts").Work<any>} */ (step));
    try {
      if (name !== "directions" && name !== "invert") {
        await this.fetchClassifier();
        if (this.lab.snapshot.latent.classifier !== "ready") throw new Error(this.lab.snapshot.latent.message);
      }
      const last = await this.#line.ask("task", task, { key: `task ${name}`, beside: true, signal, progress: show });
      show(last);
      if (name === "directions" && last.value) this.#foundDirections(/** @type {import("./latent.d.ts").Found} */ (last.value));
      if (name === "index") this.#askWanted("near");
    } catch (error) {
      if (outdated(error) || error instanceof Died) return;
      if (name === "directions") this.#searching = null;
      this.#publishTask(name, undefined);
      this.lab.publish("latent", { message: messageOf(error) });
    }
  }

  /** @param {import("./latent.d.ts").Found} directions */
  #foundDirections(directions) {
    this.#searching = null;
    this.lab.publish("latent", { directions, directionsStep: this.lab.snapshot.latent.origin?.step ?? 0 });
    this.#askHere();
    this.#askWanted("strips");
  }

  /** @param {TaskName} name */
  cancel(name) {
    this.#tasks.get(name)?.abort();
    this.#tasks.delete(name);
    this.#publishTask(name, undefined);
  }

  /** @param {number} n @returns {number[]} standard normal, another time others */
  normals(n) {
    // Box and Muller; nothing is computed from these but where the sliders jump to.
    return Array.from({ length: n }, () => Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random()));
  }

  /** Arithmetic on the digit here. @param {Omit<Extract<Task, {name: "sum"}>, "name" | "place">} task */
  sum(task) {
    this.begin({ name: "sum", place: placeOf(this.store.state), ...task });
  }

  /** Looks for the directions of the generator in use. */
  findDirections() {
    this.#searching = this.#source;
    this.begin({ name: "directions", seed: 1, points: POINTS });
  }

  #load() {
    const weights = this.#weights.get(this.#source === "training" ? "training" : this.#net) ?? this.#weights.get(FIRST);
    if (weights === undefined) return;
    this.#line.ask("weights", weights, { setup: true }).then((loaded) => this.#loaded(loaded), (error) => this.#failed(error));
  }

  /** @param {unknown} error that the worker died is said in one place */
  #failed(error) {
    if (!outdated(error) && !(error instanceof Died)) this.lab.publish("latent", { message: messageOf(error) });
  }

  #askHere() {
    this.#ask("here", { kind: "here", place: placeOf(this.store.state) });
    this.#settle();
  }

  #askEnds() {
    this.#ask("ends", { kind: "ends", place: placeOf(this.store.state) });
  }

  /** Asks for the rest when nothing has moved for a while. */
  #settle() {
    clearTimeout(this.#settling);
    this.#settling = window.setTimeout(() => {
      for (const purpose of /** @type {const} */ (["film", "strips", "map", "near"])) this.#askWanted(purpose);
    }, SETTLE);
  }

  /** @param {Purpose} purpose */
  #askWanted(purpose) {
    if (!this.#wanted.has(purpose)) return;
    const { latent } = this.lab.snapshot;
    const place = placeOf(this.store.state);
    if (purpose === "film") this.#ask(purpose, { kind: purpose, place, n: FILM });
    else if (purpose === "strips" && latent.directions) this.#ask(purpose, { kind: purpose, place, stops: STOPS });
    else if (purpose === "grid") this.#ask(purpose, { kind: purpose, seed: this.store.state.latentGrid, n: GRID });
    else if (purpose === "map") this.#ask(purpose, { kind: purpose, place, ...MAP });
    else if (purpose === "near" && latent.real === "ready" && latent.image) {
      this.#ask(purpose, { kind: purpose, image: latent.image, k: NEAREST });
    }
  }

  /** @param {Purpose} purpose @param {Ask} ask */
  #ask(purpose, ask) {
    if (this.lab.snapshot.latent.dims === 0) return;
    this.#line.ask("ask", ask, { key: purpose }).then((answer) => this.#show(purpose, ask, answer), (error) => this.#failed(error));
  }

  /** @param {import("./latent.d.ts").Loaded} loaded */
  #loaded({ latent: dims, radius, scatter, origin, directions, refused }) {
    const { latent } = this.lab.snapshot;
    const same = latent.origin?.source === origin.source && latent.origin.preset === origin.preset && latent.dims === dims;
    if (!same) this.#searching = null;
    this.lab.publish("latent", {
      phase: "ready", dims, radius, scatter, origin, directions, refused: same ? latent.refused : refused, message: this.#missing,
      directionsStep: same ? latent.directionsStep : 0,
    });
    this.#askHere();
    this.#askEnds();
    this.#askWanted("grid");
    this.#search();
    if (origin.source === "pretrained" && origin.preset === FIRST && this.#shownSeed !== this.#digitsSeed) this.#askDigits();
    this.#askSamples();
  }

  /**
   * Looks for directions where none are known. Those of a generator in training grow old: as long as nobody
   * walks along them, they are looked for again whenever its steps have doubled.
   */
  #search() {
    const { directions, directionsStep, origin, dims } = this.lab.snapshot.latent;
    if (!this.#wanted.has("strips") || this.#searching !== null || dims === 0) return;
    const old = origin?.source === "training" && origin.step > 2 * directionsStep;
    const still = this.store.state.latentMoves.every((by) => by === 0);
    if (directions === null || (old && still)) this.findDirections();
  }

  /** @param {Purpose} purpose @param {Ask} ask @param {Answer} answer */
  #show(purpose, ask, answer) {
    if (purpose === "digits" && ask.kind === "noise") this.#showDigits(answer.images, ask.seed);
    else if (purpose === "samples") {
      this.lab.publish("digits", { samples: answer.images });
    } else if (purpose === "here") {
      const { images: image, z, probabilities, misfit, milliseconds } = answer;
      const place = ask.kind === "here" ? ask.place : null;
      this.lab.publish("latent", { image, z, place, score: answer.scores[0] ?? NaN, probabilities, misfit, milliseconds });
    } else if (purpose === "strips" && answer.images.length === 0) return;
    else this.lab.publish("latent", { [purpose]: Object.freeze(answer) });
  }

  /**
   * @param {TaskName} name
   * @param {import("./latent.d.ts").Work<any> | undefined} work
   */
  #publishTask(name, work) {
    const tasks = { ...this.lab.snapshot.latent.tasks, [name]: work && Object.freeze(work) };
    this.lab.publish("latent", { tasks: Object.freeze(tasks) });
  }

  #opened() {
    this.#load();
    if (this.#classifier) void this.fetchClassifier();
  }

  /** @param {Died} died */
  #workerFailed({ message, again }) {
    this.#tasks.clear();
    this.#searching = this.#classifying = null;
    const { tasks } = BLANK.latent;
    this.lab.publish("latent", { phase: again ? "loading" : "failed", message, dims: 0, classifier: "absent", real: "absent", tasks });
    if (again) this.start();
  }
}
