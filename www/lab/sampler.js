import { placeOf, REACH } from "../state/latent.js";
import { fetchClassifier, fetchDirections, fetchPretrained } from "./pretrained.js";
import { WorkerHandle } from "./worker.js";

/** @typedef {import("../latent.d.ts").LatentSnapshot} LatentState */
/** @typedef {import("../latent.d.ts").Ask} Ask */
/** @typedef {import("../latent.d.ts").Answer} Answer */
/** @typedef {import("../latent.d.ts").Task} Task */
/** @typedef {import("../latent.d.ts").TaskName} TaskName */
/** @typedef {import("../protocol.d.ts").Origin} Origin */
/** @typedef {Origin["preset"]} Preset */
/** @typedef {"here" | "digits" | "ends" | "film" | "strips" | "grid" | "map" | "near" | "frames"} Purpose */
/** @typedef {{bytes: Uint8Array, origin: Origin, directions: string}} Weights */

/** Whose digits the page opens with. */
const FIRST = "compact";
export const DIGITS = 8;
/** Digits of the filmstrip, of the picker, of one side of the plane's map, and of its regions. */
export const FILM = 11;
export const GRID = 64;
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
/** @type {readonly Purpose[]} what a hand is moving goes first */
const ORDER = ["here", "digits", "ends", "film", "strips", "grid", "map", "near", "frames"];

/**
 * Images for z, from the generator in use, and what else the explorer asks. One request is under way at a time;
 * of those that wait, only the newest of each purpose is kept, so that a slider never has a backlog.
 */
export class SamplerLab {
  /** @type {LatentState} */
  static blank = Object.freeze({
    phase: "loading", origin: null, dims: 0, radius: 0, scatter: 0, image: null, z: null, place: null, score: NaN, fetching: false,
    probabilities: new Float32Array(0), misfit: false, milliseconds: NaN, playing: false,
    ends: null, film: null, strips: null, grid: null, map: null, near: null,
    directions: null, directionsStep: 0, refused: "", classifier: "absent", real: "absent",
    tasks: Object.freeze({}), message: "",
  });

  /** @type {WorkerHandle<import("../latent.d.ts").SamplerCommand, import("../latent.d.ts").SamplerEvent>} */
  #worker = new WorkerHandle("sampler.js", (event) => this.#hear(event), (reason, again) => this.#workerFailed(reason, again));
  /** @type {WebAssembly.Module | null} */
  #module = null;
  /** Weights kept to go back to and for a new worker: "training", or a preset's shipped ones. @type {Map<string, Weights>} */
  #weights = new Map();
  /** @type {Uint8Array | null} */
  #classifier = null;
  /** @type {Origin["source"]} */
  #source = "pretrained";
  /** Why the generator that was asked for is not the one that draws. */
  #missing = "";
  #digitsSeed = 1;
  /** @type {Map<Purpose, Ask>} */
  #queue = new Map();
  /** @type {{id: number, purpose: Purpose, ask: Ask} | null} */
  #busy = null;
  /** Tasks that wait for the classifier. @type {Map<TaskName, Task>} */
  #postponed = new Map();
  /** The newest task of each name. @type {Map<TaskName, number>} */
  #tasks = new Map();
  #id = 0;
  /** Whose directions are being looked for. @type {Origin["source"] | null} */
  #searching = null;
  /** What is open on the page, and so has to be up to date. @type {Set<Purpose>} */
  #wanted = new Set();
  #settling = 0;
  /** Where a walk that plays by itself is, 0..=2: there and back. */
  #phase = 0;
  /** @type {(images: Uint8Array) => void} */
  #resolveFrames = () => undefined;
  /** @type {() => void} */
  #resolveShown = () => undefined;
  /** Resolves when the first digits are there. @type {Promise<void>} */
  shown = new Promise((resolve) => (this.#resolveShown = resolve));

  /** @param {import("../state.js").Store} store @param {import("../lab.js").Lab} lab */
  constructor(store, lab) {
    this.store = store;
    this.lab = lab;
    store.listen((_, changed) => {
      if (PLACED.some((key) => changed.has(key))) this.#askHere();
      if (["latentA", "latentB", "latentC"].some((key) => changed.has(/** @type {any} */ (key)))) this.#askEnds();
      if (changed.has("latentGrid")) this.#askWanted("grid");
      if (changed.has("latentNet") && this.#module) void this.#change();
    });
  }

  start() {
    this.#worker.start();
  }

  /** @param {WebAssembly.Module} module */
  async open(module) {
    this.#module = module;
    this.#worker.send({ type: "open", module });
    try {
      await this.#fetch(FIRST);
      this.#load();
      if (this.#net !== FIRST) await this.#change();
    } catch (error) {
      // Without it the explorer waits for a generator trained here; the rest of the page is whole.
      const message = error instanceof Error ? error.message : String(error);
      this.lab.publish("latent", { phase: "failed", message });
    }
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
    this.#source = "pretrained";
    this.#missing = "";
    this.lab.publish("latent", { fetching: true, message: "" });
    try {
      await this.#fetch(preset);
      if (preset === this.#net) this.#load();
    } catch (error) {
      this.#missing = error instanceof Error ? error.message : String(error);
      this.lab.publish("latent", { message: this.#missing });
    } finally {
      this.lab.publish("latent", { fetching: false });
    }
  }

  /** New weights of the generator in training. @param {Uint8Array} bytes @param {Origin} origin */
  offer(bytes, origin) {
    const first = !this.#weights.has("training");
    this.#weights.set("training", { bytes, origin, directions: "" });
    if (first) this.#source = "training";
    if (this.#source === "training") this.#load();
  }

  /** @param {Origin["source"]} source */
  use(source) {
    if (source === "training" && !this.trained) return;
    this.#source = source;
    this.#missing = "";
    if (source === "training") this.#load();
    else void this.#change();
  }

  get source() {
    return this.#source;
  }

  get trained() {
    return this.#weights.has("training");
  }

  /** @returns {Uint8Array | null} */
  get pretrained() {
    return this.#weights.get(FIRST)?.bytes ?? null;
  }

  /** Eight others for the first screen. */
  moreDigits() {
    this.#digitsSeed += 1;
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
  frames(n) {
    this.#ask("frames", { kind: "film", place: placeOf(this.store.state), n });
    return new Promise((resolve) => (this.#resolveFrames = resolve));
  }

  /** The classifier, when something first needs it. */
  async fetchClassifier() {
    const { classifier } = this.lab.snapshot.latent;
    if (classifier === "ready" || classifier === "loading") return;
    this.lab.publish("latent", { classifier: "loading" });
    try {
      this.#classifier ??= await fetchClassifier();
      this.#worker.send({ type: "classifier", bytes: this.#classifier });
    } catch (error) {
      this.#postponed.clear();
      const message = error instanceof Error ? error.message : String(error);
      this.lab.publish("latent", { classifier: "failed", message });
    }
  }

  /** The real images: from this browser's store, or over the network too. @param {boolean} cachedOnly */
  async fetchReal(cachedOnly) {
    const { real } = this.lab.snapshot.latent;
    if (real === "ready" || real === "loading") return;
    this.lab.publish("latent", { real: "loading" });
    await this.fetchClassifier();
    this.#worker.send({ type: "real", cachedOnly });
  }

  /** @param {Task} task a newer one of the same name replaces it */
  begin(task) {
    const { latent } = this.lab.snapshot;
    if (latent.dims === 0) return;
    const needsClassifier = task.name !== "directions" && task.name !== "invert";
    this.#publishTask(task.name, { progress: 0, done: false, value: null });
    if (needsClassifier && latent.classifier !== "ready") {
      this.#postponed.set(task.name, task);
      void this.fetchClassifier();
      return;
    }
    this.#id += 1;
    this.#tasks.set(task.name, this.#id);
    this.#worker.send({ type: "task", id: this.#id, task });
  }

  /** @param {TaskName} name */
  cancel(name) {
    this.#tasks.delete(name);
    this.#postponed.delete(name);
    this.#worker.send({ type: "cancel", name });
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
    if (weights) this.#worker.send({ type: "weights", ...weights });
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
    this.#settling = setTimeout(() => {
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
    this.#queue.set(purpose, ask);
    this.#next();
  }

  #next() {
    if (this.#busy !== null || this.lab.snapshot.latent.dims === 0) return;
    const purpose = ORDER.find((name) => this.#queue.has(name));
    if (!purpose) return;
    const ask = /** @type {Ask} */ (this.#queue.get(purpose));
    this.#queue.delete(purpose);
    this.#id += 1;
    this.#busy = { id: this.#id, purpose, ask };
    this.#worker.send({ type: "ask", id: this.#id, ask });
  }

  /** @param {import("../latent.d.ts").SamplerEvent} event */
  #hear(event) {
    const { lab } = this;
    if (event.type === "failure") {
      this.#busy = null;
      lab.publish("latent", { message: event.message });
      this.#next();
    } else if (event.type === "loaded") this.#loaded(event);
    else if (event.type === "answer") {
      this.#worker.resetFailures();
      this.#show(event);
      this.#busy = null;
      this.#next();
    } else if (event.type === "classifier") {
      lab.publish("latent", { classifier: "ready" });
      for (const task of this.#postponed.values()) this.begin(task);
      this.#postponed.clear();
      this.#askHere();
      this.#askEnds();
      this.#askWanted("grid");
    } else if (event.type === "real") {
      lab.publish("latent", { real: event.state, ...(event.state === "failed" ? { message: event.message } : {}) });
      if (event.state === "ready") {
        this.#askWanted("near");
        this.begin({ name: "index" });
      }
    } else if (event.type === "task" && this.#tasks.get(event.name) === event.id) {
      this.#publishTask(event.name, { progress: event.progress, done: event.done, value: event.value });
      if (event.name === "directions" && event.done && event.value) {
        this.#searching = null;
        lab.publish("latent", { directions: event.value, directionsStep: lab.snapshot.latent.origin?.step ?? 0 });
        this.#askHere();
        this.#askWanted("strips");
      }
      if (event.name === "index" && event.done) this.#askWanted("near");
    }
  }

  /** @param {Extract<import("../latent.d.ts").SamplerEvent, {type: "loaded"}>} event */
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
    if (origin.source === "pretrained" && origin.preset === FIRST) this.#ask("digits", { kind: "noise", seed: this.#digitsSeed, n: DIGITS });
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

  /** @param {Answer} answer */
  #show(answer) {
    if (this.#busy === null) return;
    const { purpose, ask } = this.#busy;
    if (purpose === "digits") {
      this.lab.publish("digits", { images: answer.images, n: DIGITS });
      this.#resolveShown();
    } else if (purpose === "here") {
      const { images: image, z, probabilities, misfit, milliseconds } = answer;
      const place = ask.kind === "here" ? ask.place : null;
      this.lab.publish("latent", { image, z, place, score: answer.scores[0] ?? NaN, probabilities, misfit, milliseconds });
    } else if (purpose === "frames") this.#resolveFrames(answer.images);
    else if (purpose === "strips" && answer.images.length === 0) return;
    else this.lab.publish("latent", { [purpose]: Object.freeze(answer) });
  }

  /**
   * @param {TaskName} name
   * @param {import("../latent.d.ts").Work<any> | undefined} work
   */
  #publishTask(name, work) {
    const tasks = { ...this.lab.snapshot.latent.tasks, [name]: work && Object.freeze(work) };
    this.lab.publish("latent", { tasks: Object.freeze(tasks) });
  }

  /** @param {string} reason @param {boolean} again */
  #workerFailed(reason, again) {
    this.#busy = null;
    this.#tasks.clear();
    this.#searching = null;
    const { tasks } = SamplerLab.blank;
    this.lab.publish("latent", {
      phase: again ? "loading" : "failed", message: reason, dims: 0, classifier: "absent", real: "absent", tasks,
    });
    if (!again || this.#module === null) return;
    this.start();
    this.#worker.send({ type: "open", module: this.#module });
    if (this.#classifier) void this.fetchClassifier();
    this.#load();
  }
}
