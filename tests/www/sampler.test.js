import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { FakeWorker, settled } from "./fake_worker.js";

Object.assign(globalThis, { Worker: FakeWorker, window: globalThis, location: { hash: "" } });
// The module that is compiled for the worker, and the files that are shipped: none come here.
globalThis.fetch = async () => new Response(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0), { headers: { "content-type": "text/plain" } });
const { defaults } = await import("../../www/shell/state.js");
const { SamplerLab } = await import("../../www/latent/lab.js");
const { BLANK } = await import("../../www/shell/blank.js");

const REPLY = Object.freeze({
  kind: "here", images: new Uint8Array(784), z: new Float32Array(64), scores: Float32Array.of(0.5),
  probabilities: new Float32Array(0), norms: new Float32Array(0), near: new Float64Array(0), apart: [], misfit: false, milliseconds: 1,
});
const ORIGIN = Object.freeze({ source: "training", preset: "compact", step: 10 });
const LOADED = Object.freeze({ latent: 64, radius: 8, scatter: 0.7, origin: ORIGIN, directions: null, refused: "" });

async function laboratory() {
  const state = { ...defaults() };
  /** @type {(state: unknown, changed: Set<string>) => void} */
  let tell = () => undefined;
  const store = { state, set: () => undefined, listen: (/** @type {typeof tell} */ listener) => (tell = listener) };
  const lab = {
    snapshot: { latent: BLANK.latent, train: { shipped: [] } },
    publish: (/** @type {string} */ section, /** @type {object} */ patch) => {
      if (section === "latent") lab.snapshot = { ...lab.snapshot, latent: { ...lab.snapshot.latent, ...patch } };
    },
  };
  const sampler = new SamplerLab(/** @type {any} */ (store), /** @type {any} */ (lab));
  sampler.start();
  for (let i = 0; i < 20 && FakeWorker.last.sent.length === 0; i += 1) await settled();
  const worker = FakeWorker.last;
  worker.answer("open");
  sampler.offer(new Uint8Array(4), /** @type {any} */ (ORIGIN));
  worker.answer("weights", LOADED);
  await settled();
  const answer = async () => {
    worker.answer("ask", REPLY);
    await settled();
  };
  const move = (/** @type {number} */ at) => {
    state.latentAt = at;
    tell(state, new Set(["latentAt"]));
  };
  return { worker, lab, sampler, answer, move };
}

test("of many positions only the newest waits, and it goes before what nobody is moving", async () => {
  const { worker, answer, move } = await laboratory();
  const spots = () => worker.asked("ask").map(({ asks }) => (asks.kind === "here" ? asks.place.t : asks.kind));
  assert.deepEqual(spots(), [0], "one request is under way");
  for (const at of [0.1, 0.2, 0.3]) move(at);
  assert.deepEqual(spots(), [0]);
  await answer();
  assert.deepEqual(spots(), [0, 0.3]);
  await answer();
  assert.deepEqual(spots(), [0, 0.3, "ends"]);
  await answer();
  assert.equal(spots().length, 3, "then it is idle");
});

test("a worker that panics is ended, its cause is shown, and the next takes up the same generator", async () => {
  const { worker, lab } = await laboratory();
  worker.fail("ask", "panicked", { panic: true });
  assert.ok(worker.ended);
  assert.deepEqual([lab.snapshot.latent.message, lab.snapshot.latent.phase], ["panicked", "loading"]);
  worker.say({ id: 2, answer: REPLY });
  await settled();
  assert.equal(lab.snapshot.latent.image, null, "what the ended one still says is not heard");
  const next = FakeWorker.last;
  assert.notEqual(next, worker);
  next.answer("open");
  next.answer("weights", LOADED);
  await settled();
  assert.equal(lab.snapshot.latent.phase, "ready");
});

test("a film whose worker dies, or whose question fails, is told so", async () => {
  const { worker, sampler, answer } = await laboratory();
  const failing = sampler.frames(3).then(() => null, (error) => error);
  for (let i = 0; i < 2; i += 1) await answer();
  worker.fail("ask", "no generator is loaded");
  assert.match(String(await failing), /no generator/);
  const dying = sampler.frames(3).then(() => null, (error) => error);
  await settled();
  worker.say({ end: { message: "unreachable", code: "", panic: true } });
  assert.match(String(await dying), /unreachable/);
});

test("a search that is stopped is taken back, and one that fails is no work any more", async () => {
  const { worker, lab, sampler, answer } = await laboratory();
  for (let i = 0; i < 2; i += 1) await answer();
  sampler.begin({ name: "directions", seed: 1, points: 4 });
  await settled();
  const { id } = worker.question("task");
  worker.say({ id, progress: { progress: 0.5, value: null, done: false } });
  assert.equal(lab.snapshot.latent.tasks.directions?.progress, 0.5);
  sampler.cancel("directions");
  assert.deepEqual(worker.sent.at(-1), { id, abort: true });
  assert.equal(lab.snapshot.latent.tasks.directions, undefined);
  worker.fail("task", "AbortError");
  sampler.begin({ name: "directions", seed: 1, points: 4 });
  await settled();
  worker.fail("task", "too few points");
  await settled();
  assert.equal(lab.snapshot.latent.tasks.directions, undefined);
  assert.equal(lab.snapshot.latent.message, "too few points");
});

test("strips asked for along directions that went with another generator are no failure", async () => {
  const { answer } = await import("../../www/latent/answers.js");
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
  const { images } = answer(/** @type {any} */ (host), /** @type {any} */ (sampler), /** @type {any} */ ({ kind: "strips", place, stops: [-1, 0, 1] }));
  assert.equal(images.length, 0);
});

test("the G that draws the first digits is that of the pair", () => {
  const [pair, alone] = ["tiny", "tiny-generator"].map((name) => {
    const bytes = readFileSync(new URL(`../../pretrained/${name}.safetensors`, import.meta.url));
    const data = 8 + Number(bytes.readBigUInt64LE());
    /** @type {[string, {data_offsets: [number, number]}][]} */
    const tensors = Object.entries(JSON.parse(bytes.toString("utf8", 8, data))).filter(([tensor]) => tensor !== "__metadata__");
    const read = tensors.map(([tensor, { data_offsets: [from, to] }]) => /** @type {const} */ ([tensor.replace("generator.average.", "generator."), bytes.toString("hex", data + from, data + to)]));
    return Object.fromEntries(read.filter(([tensor]) => tensor.startsWith("generator.")));
  });
  assert.ok(Object.keys(alone ?? {}).length > 20);
  assert.deepEqual(alone, pair);
});
