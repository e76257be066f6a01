import { Crew } from "./crew.js";
import { fetchPretrained } from "./pretrained.js";

/** @typedef {import("../protocol.d.ts").Snapshot["latent"]} LatentState */
/** @typedef {import("../protocol.d.ts").Spot} Spot */
/** @typedef {import("../protocol.d.ts").Origin} Origin */
/** @typedef {"digits" | "image" | "ends"} Purpose */

export const DIGITS = 8;

/**
 * Images for z, from the generator in use. One request is under way at a time; of those that wait, only
 * the newest of each purpose is kept, so that a slider never has a backlog.
 */
export class SamplerLab {
  /** @type {LatentState} */
  static blank = Object.freeze({
    phase: "loading", origin: null, dims: 0, image: null, z: null, nudge: Object.freeze([]),
    ends: Object.freeze(/** @type {[null, null]} */ ([null, null])), milliseconds: NaN, message: "",
  });

  /** @type {Crew<import("../protocol.d.ts").SamplerCommand, import("../protocol.d.ts").SamplerEvent>} */
  #crew = new Crew("sampler.js", (event) => this.#hear(event), (reason, again) => this.#mourn(reason, again));
  /** @type {WebAssembly.Module | null} */
  #module = null;
  /** Weights by source, kept to go back to and for a new worker. @type {Map<Origin["source"], {bytes: Uint8Array, origin: Origin}>} */
  #weights = new Map();
  /** @type {Origin["source"]} */
  #source = "pretrained";
  #digitsSeed = 1;
  /** @type {Map<Purpose, Spot>} */
  #queue = new Map();
  /** @type {{id: number, purpose: Purpose, spot: Spot} | null} */
  #busy = null;
  #id = 0;
  /** @type {() => void} */
  #resolveShown = () => undefined;
  /** Resolves when the first digits are there. @type {Promise<void>} */
  shown = new Promise((resolve) => (this.#resolveShown = resolve));

  /** @param {import("../state.js").Store} store @param {import("../lab.js").Lab} lab */
  constructor(store, lab) {
    this.store = store;
    this.lab = lab;
    store.listen((_, changed) => {
      if (changed.has("latentFrom") || changed.has("latentTo")) this.#askEnds();
      if (["latentFrom", "latentTo", "latentAt", "latentNudge"].some((key) => changed.has(/** @type {any} */ (key)))) {
        this.#askImage();
      }
    });
  }

  hire() {
    this.#crew.hire();
  }

  /** @param {WebAssembly.Module} module */
  async open(module) {
    this.#module = module;
    this.#crew.send({ type: "open", module });
    try {
      const origin = Object.freeze({ source: "pretrained", preset: "compact", step: 0 });
      this.#weights.set("pretrained", { bytes: await fetchPretrained("compact"), origin });
      this.#load();
    } catch (error) {
      // Without it the explorer waits for a generator trained here; the rest of the page is whole.
      const message = error instanceof Error ? error.message : String(error);
      this.lab.publish("latent", { phase: "failed", message });
    }
  }

  /** New weights of the generator in training. @param {Uint8Array} bytes @param {Origin} origin */
  offer(bytes, origin) {
    const first = !this.#weights.has("training");
    this.#weights.set("training", { bytes, origin });
    if (first) this.#source = "training";
    if (this.#source === "training") this.#load();
  }

  /** @param {Origin["source"]} source */
  use(source) {
    if (!this.#weights.has(source)) return;
    this.#source = source;
    this.#load();
  }

  get source() {
    return this.#source;
  }

  get trained() {
    return this.#weights.has("training");
  }

  /** @returns {Uint8Array | null} */
  get pretrained() {
    return this.#weights.get("pretrained")?.bytes ?? null;
  }

  /** Eight others for the first screen. */
  moreDigits() {
    this.#digitsSeed += 1;
    this.#ask("digits", { kind: "noise", seed: this.#digitsSeed, n: DIGITS });
  }

  #load() {
    const weights = this.#weights.get(this.#source);
    if (weights) this.#crew.send({ type: "weights", ...weights });
  }

  #askImage() {
    const { latentFrom: from, latentTo: to, latentAt: t, latentNudge: nudge } = this.store.state;
    this.#ask("image", { kind: "walk", from, to, t, nudge });
  }

  #askEnds() {
    const { latentFrom, latentTo } = this.store.state;
    this.#ask("ends", { kind: "ends", from: latentFrom, to: latentTo });
  }

  /** @param {Purpose} purpose @param {Spot} spot */
  #ask(purpose, spot) {
    this.#queue.set(purpose, spot);
    this.#next();
  }

  #next() {
    if (this.#busy !== null || this.lab.snapshot.latent.dims === 0) return;
    // What a hand is moving goes first.
    const purpose = /** @type {Purpose[]} */ (["image", "digits", "ends"]).find((name) => this.#queue.has(name));
    if (!purpose) return;
    const spot = /** @type {Spot} */ (this.#queue.get(purpose));
    this.#queue.delete(purpose);
    this.#id += 1;
    this.#busy = { id: this.#id, purpose, spot };
    this.#crew.send({ type: "sample", id: this.#id, spot });
  }

  /** @param {import("../protocol.d.ts").SamplerEvent} event */
  #hear(event) {
    if (event.type === "failure") {
      this.#busy = null;
      this.lab.publish("latent", { message: event.message });
      this.#next();
    } else if (event.type === "loaded") {
      this.lab.publish("latent", { phase: "ready", dims: event.latent, origin: event.origin, message: "" });
      this.#askImage();
      this.#askEnds();
      if (event.origin.source === "pretrained") {
        this.#ask("digits", { kind: "noise", seed: this.#digitsSeed, n: DIGITS });
      }
    } else if (event.type === "images") {
      this.#crew.healthy();
      this.#show(event);
      this.#busy = null;
      this.#next();
    }
  }

  /** @param {Extract<import("../protocol.d.ts").SamplerEvent, {type: "images"}>} event */
  #show({ images, z, milliseconds }) {
    if (this.#busy === null) return;
    const { purpose, spot } = this.#busy;
    if (purpose === "digits") {
      this.lab.publish("digits", { images, n: DIGITS });
      this.#resolveShown();
    } else if (purpose === "image") {
      const nudge = spot.kind === "walk" ? spot.nudge : [];
      this.lab.publish("latent", { image: images, z, nudge, milliseconds });
    } else if (purpose === "ends") {
      this.lab.publish("latent", { ends: Object.freeze([images.subarray(0, 784), images.subarray(784)]) });
    }
  }

  /** @param {string} reason @param {boolean} again */
  #mourn(reason, again) {
    this.#busy = null;
    this.lab.publish("latent", { phase: again ? "loading" : "failed", message: reason, dims: 0 });
    if (!again || this.#module === null) return;
    this.hire();
    this.#crew.send({ type: "open", module: this.#module });
    this.#load();
  }
}
