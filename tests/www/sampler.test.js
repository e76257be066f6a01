import assert from "node:assert/strict";
import { test } from "node:test";

/** Stands in for the worker: keeps what it was sent, answers when told to. */
class FakeWorker {
  /** @type {FakeWorker[]} */
  static all = [];
  /** @type {any[]} */
  sent = [];
  /** @type {(event: {data: unknown}) => void} */
  onmessage = () => undefined;
  constructor() {
    FakeWorker.all.push(this);
  }
  /** @param {unknown} message */
  postMessage(message) {
    this.sent.push(message);
  }
  terminate() {}
}
Object.assign(globalThis, { Worker: FakeWorker, location: { hash: "" } });
const { defaults } = await import("../../www/state.js");
const { SamplerLab } = await import("../../www/lab/sampler.js");

const reply = (/** @type {number} */ id) => ({
  type: "answer", id, kind: "here", images: new Uint8Array(784), z: new Float32Array(64), scores: Float32Array.of(0.5),
  probabilities: new Float32Array(0), norms: new Float32Array(0), near: new Float64Array(0), apart: [], misfit: false, milliseconds: 1,
});

function laboratory() {
  const state = { ...defaults() };
  /** @type {(state: unknown, changed: Set<string>) => void} */
  let tell = () => undefined;
  const store = { state, listen: (/** @type {typeof tell} */ listener) => (tell = listener) };
  const lab = {
    snapshot: { latent: SamplerLab.blank },
    publish: (/** @type {string} */ section, /** @type {object} */ patch) => {
      if (section === "latent") lab.snapshot = { latent: { ...lab.snapshot.latent, ...patch } };
    },
  };
  const sampler = new SamplerLab(/** @type {any} */ (store), /** @type {any} */ (lab));
  sampler.start();
  const worker = /** @type {FakeWorker} */ (FakeWorker.all.at(-1));
  const origin = { source: "training", preset: "compact", step: 10 };
  worker.onmessage({ data: { type: "loaded", latent: 64, radius: 8, scatter: 0.7, origin, directions: null, refused: "" } });
  const answer = () => {
    worker.onmessage({ data: reply(worker.sent.at(-1).id) });
  };
  const move = (/** @type {number} */ at) => {
    state.latentAt = at;
    tell(state, new Set(["latentAt"]));
  };
  return { worker, lab, answer, move };
}

test("of many positions only the newest waits, and it goes before what nobody is moving", () => {
  const { worker, answer, move } = laboratory();
  const spots = () => worker.sent.filter(({ type }) => type === "ask").map(({ ask }) => (ask.kind === "here" ? ask.place.t : ask.kind));
  assert.deepEqual(spots(), [0], "one request is under way");
  for (const at of [0.1, 0.2, 0.3]) move(at);
  assert.deepEqual(spots(), [0]);
  answer();
  assert.deepEqual(spots(), [0, 0.3]);
  answer();
  assert.deepEqual(spots(), [0, 0.3, "ends"]);
  answer();
  assert.equal(spots().length, 3, "then it is idle");
});

test("a worker that panics is ended, and its cause is shown", () => {
  const { worker, lab } = laboratory();
  const before = FakeWorker.all.length;
  worker.onmessage({ data: { type: "failure", message: "panicked", code: "", panic: true } });
  assert.equal(lab.snapshot.latent.message, "panicked");
  assert.equal(lab.snapshot.latent.phase, "loading");
  // Without a module there is nothing to open another with.
  assert.equal(FakeWorker.all.length, before);
  worker.onmessage({ data: reply(1) });
  assert.equal(lab.snapshot.latent.image, null, "what the ended one still says is not heard");
});

test("strips asked for along directions that went with another generator are no failure", async () => {
  const { answer } = await import("../../www/workers/explorer/answers.js");
  const sampler = {
    latent: 64,
    noise: () => new Float32Array(64),
    sample: (/** @type {Float32Array} */ z) => {
      assert.ok(z.length > 0, "the generator refuses no z at all");
      return new Uint8Array(784);
    },
  };
  const place = { a: 1, b: 2, c: 3, on: "walk", way: "slerp", t: 0, spot: [0, 0], moves: [], nudge: [] };
  const host = { module: {}, reference: null, directions: null };
  const { images } = answer(/** @type {any} */ (host), /** @type {any} */ (sampler), 1, /** @type {any} */ ({ kind: "strips", place, stops: [-1, 0, 1] }));
  assert.equal(images.length, 0);
});
