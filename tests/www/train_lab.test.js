import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeWorker, settled } from "./fake_worker.js";

/** What the host sends, by the end of its address; functions are asked each time. @type {Record<string, () => Promise<Response> | Response>} */
const hosted = {
  "index.json": () => Response.json([{ preset: "compact", file: "compact.safetensors" }, { preset: "tiny", file: "tiny.safetensors" }]),
  "saddle_bg.wasm": () => new Response(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)),
};
/** What is asked of the visitor, and what the answer is. @type {any} */
const location = { hash: "", pathname: "/", search: "" };
Object.assign(globalThis, {
  Worker: FakeWorker, location, window: globalThis, history: { replaceState: () => undefined },
  fetch: async (/** @type {URL} */ address) => (hosted[String(address).split("/").at(-1) ?? ""] ?? (() => new Response("", { status: 404 })))(),
});
if (!("navigator" in globalThis)) Object.assign(globalThis, { navigator: {} });
const { defaults, Store } = await import("../../www/shell/state.js");
const { TrainLab } = await import("../../www/mnist/lab.js");
const { BLANK } = await import("../../www/shell/blank.js");

const settings = (/** @type {string} */ preset) => ({
  preset, batch: 32, k: 1, order: "in-turn", loss: "non-saturating", optimiserD: "adam", optimiserG: "adam", rateD: 0.001, rateG: 0.001,
  momentumD: 0.5, momentumG: 0.5, activationD: "leaky-relu", activationG: "relu", batchNorm: true, smoothing: 0, spectralNorm: false, r1: 0, ema: 0.99, halfLife: 0, seed: 1,
});
const PROBE = Object.freeze({ gpu: "no-api", adapter: "", timestamps: false, bufferBytes: 0, choice: "cpu" });
const ticks = async (n = 12) => {
  for (let i = 0; i < n; i += 1) await settled();
};
const row = (/** @type {number} */ step) => ({ step, imagesSeen: 0, epoch: 0, lossD: 1, lossG: 1, dReal: 0.5, dFake: 0.5, gradD: 1, gradG: 1, seconds: step });

/** A laboratory, with its data and the run that it began unless it is to have none. @param {Partial<import("../../www/protocol.d.ts").Probe>} [probe] */
async function laboratory(probe = {}, fetched = true) {
  const store = new Store(defaults());
  /** @type {any} */
  const lab = {
    snapshot: { record: store.state, train: BLANK.train, data: BLANK.data, judge: { course: [], training: null } },
    publish: (/** @type {string} */ section, /** @type {object} */ patch) => {
      lab.snapshot = { ...lab.snapshot, [section]: { ...lab.snapshot[section], ...patch } };
    },
    judge: { forget: () => undefined, forgetPretrained: () => undefined, real: () => undefined, offer: () => undefined, recall: () => undefined },
    sampler: { offer: () => undefined },
  };
  store.listen((record) => lab.publish("record", record));
  const train = new TrainLab(store, lab);
  train.open();
  await ticks();
  const open = async () => {
    const worker = FakeWorker.last;
    worker.answer("open", { defaults: [settings("compact"), settings("tiny")], known: [] });
    await ticks();
    if (worker.asked("probe").length > 0) worker.answer("probe", { ...PROBE, ...probe });
    await ticks();
    return worker;
  };
  const worker = await open();
  const data = { bytes: 1, cached: true, kept: true, real: new Uint8Array(4) };
  if (fetched) {
    void train.fetchData();
    await ticks();
    worker.answer("fetch", data);
    await ticks();
  }
  const create = async (/** @type {FakeWorker} */ of = worker) => {
    const { asks } = of.question("create");
    of.answer("create", { latent: 1, flopPerStep: 1, settings: asks.settings, device: asks.device, step: 0, memory: 1, weights: null });
    await ticks();
    return asks;
  };
  return { store, lab, train, worker, open, create, data };
}

test("two choices in a row start one run, the second, and the record says the same", async () => {
  const { store, lab, worker, create } = await laboratory();
  await create();
  /** @type {(response: Response) => void} */
  let arrive = () => undefined;
  hosted["compact.safetensors"] = () => new Promise((resolve) => (arrive = resolve));
  store.set({ trainStart: "pretrained" });
  await ticks();
  store.set({ trainPreset: "tiny", trainStart: "scratch" });
  await ticks();
  const asked = worker.asked("create").length;
  // What the first choice waited for comes late.
  arrive(new Response(Uint8Array.of(1)));
  await ticks();
  assert.equal(worker.asked("create").length, asked, "nothing is begun for a choice that has made way");
  const asks = await create();
  assert.deepEqual([asks.settings.preset, asks.from], ["tiny", { kind: "scratch" }]);
  assert.equal(lab.snapshot.train.settings.preset, "tiny");
  assert.deepEqual([store.state.trainPreset, store.state.trainStart], ["tiny", "scratch"]);
});

test("of two new runs before the first has begun only the last is heard of", async () => {
  const { store, lab, worker, create } = await laboratory();
  const first = worker.question("create");
  store.set({ trainSeed: 8 });
  await ticks();
  worker.say({ id: first.id, answer: { latent: 1, flopPerStep: 1, settings: { ...settings("compact"), seed: 1 }, device: "cpu", step: 0, memory: 1, weights: null } });
  await ticks();
  assert.equal(lab.snapshot.train.phase, "creating");
  const asks = await create();
  assert.equal(asks.settings.seed, 8);
  assert.equal(lab.snapshot.train.settings.seed, 8);
  assert.notEqual(asks.id, first.asks.id);
});

test("what a run tells that has made way is not shown", async () => {
  const { store, lab, worker, create } = await laboratory();
  const { id } = await create();
  store.set({ trainSeed: 8 });
  await ticks();
  worker.say({ news: { run: id, type: "rows", rows: [row(9)], stepsPerSecond: 1, memory: 1 } });
  assert.equal(lab.snapshot.train.row, null);
  const asks = await create();
  worker.say({ news: { run: asks.id, type: "rows", rows: [row(1)], stepsPerSecond: 1, memory: 1 } });
  assert.equal(lab.snapshot.train.row.step, 1);
});

test("playing ends by its own turn: a pause and another play do not confuse each other", async () => {
  const { lab, train, worker, create } = await laboratory();
  await create();
  train.play(true);
  train.play(false);
  train.play(true);
  await ticks();
  assert.deepEqual(worker.asked("play").map(({ asks }) => asks.turn), [1]);
  assert.equal(worker.question("pause").asks.turn, 1);
  worker.answer("play", null);
  await ticks();
  assert.equal(lab.snapshot.train.phase, "playing", "the first turn's end is not the second's");
  assert.equal(worker.question("play").asks.turn, 2);
  train.play(false);
  worker.answer("play", null);
  await ticks();
  assert.equal(lab.snapshot.train.phase, "paused");
});

test("after a crash the same run goes on from where it was saved, with its data first", async () => {
  const { lab, train, worker, create, open, data } = await laboratory();
  const { id } = await create();
  train.play(true);
  await ticks();
  worker.say({ news: { run: id, type: "rows", rows: [row(5)], stepsPerSecond: 1, memory: 1 } });
  worker.say({ news: { run: id, type: "saved", saved: { id, when: 0, step: 5, preset: "compact", seed: 1, bytes: 1, seconds: 9 }, bytes: null, fault: null } });
  worker.say({ news: { run: id, type: "rows", rows: [row(7)], stepsPerSecond: 1, memory: 1 } });
  worker.say({ end: { message: "unreachable", code: "", panic: true } });
  assert.deepEqual([lab.snapshot.train.lost, lab.snapshot.train.row.step], [{ reason: "unreachable", code: "", step: 5 }, 5]);
  await ticks();
  const next = await open();
  assert.notEqual(next, worker);
  assert.deepEqual(next.asked("create"), [], "there are no images yet");
  assert.deepEqual(next.question("fetch").asks, { cachedOnly: true });
  next.answer("fetch", data);
  await ticks();
  const asks = await create(next);
  assert.deepEqual([asks.id, asks.from], [id, { kind: "saved", bytes: null }]);
  assert.equal(lab.snapshot.train.phase, "paused");
});

test("a GPU whose device cannot be made is left for the CPU, and that is said", async () => {
  const { lab, worker, open, create, data } = await laboratory({ gpu: "usable", adapter: "some adapter", choice: "webgpu" });
  assert.equal(worker.question("create").asks.device, "webgpu");
  worker.fail("create", "panicked at stream.rs:73", { panic: true });
  await ticks();
  assert.deepEqual([lab.snapshot.train.probe.gpu, lab.snapshot.train.probe.choice], ["failed", "cpu"]);
  const next = await open();
  assert.deepEqual(next.asked("probe"), [], "it would be found again");
  next.answer("fetch", data);
  await ticks();
  assert.equal((await create(next)).device, "cpu");
});

test("a device that hangs can be left by choosing the other", async () => {
  const { store, lab, worker, open, create, data } = await laboratory({ gpu: "usable", choice: "webgpu" });
  assert.equal(worker.question("create").asks.device, "webgpu");
  store.set({ trainDevice: "cpu" });
  await ticks();
  assert.ok(worker.ended);
  const next = await open();
  next.answer("fetch", data);
  await ticks();
  assert.equal((await create(next)).device, "cpu");
  assert.deepEqual([lab.snapshot.train.phase, lab.snapshot.train.lost], ["paused", null]);
});

test("a download can be stopped and asked for again", async () => {
  const { lab, train, worker, create, data } = await laboratory();
  await create();
  void train.fetchData();
  await ticks();
  const { id } = worker.question("fetch");
  worker.say({ id, progress: { file: "train-images-idx3-ubyte.gz", received: 10, total: 100 } });
  assert.deepEqual([lab.snapshot.data.phase, lab.snapshot.data.received], ["fetching", 10]);
  train.stopFetching();
  await ticks();
  assert.equal(lab.snapshot.data.phase, "absent");
  assert.deepEqual(worker.sent.at(-1), { id, abort: true });
  worker.fail("fetch", "AbortError");
  void train.fetchData();
  await ticks();
  worker.answer("fetch", data);
  await ticks();
  assert.equal(lab.snapshot.data.phase, "ready");
});

test("one click trains: the data are fetched, a run begins and is played; a download that is stopped plays nothing", async () => {
  const { lab, train, worker, data } = await laboratory({}, false);
  train.go();
  await ticks();
  assert.equal(lab.snapshot.data.phase, "fetching");
  train.stopFetching();
  await ticks();
  worker.fail("fetch", "AbortError");
  await ticks();
  assert.deepEqual(worker.asked("create"), []);
  const create = async () => {
    const { asks } = worker.question("create");
    worker.answer("create", { latent: 1, flopPerStep: 1, settings: asks.settings, device: asks.device, step: 0, memory: 1, weights: null });
    await ticks();
  };
  void train.fetchData();
  await ticks();
  // While they come, somebody changes their mind.
  train.go();
  worker.answer("fetch", data);
  await ticks();
  await create();
  assert.equal(lab.snapshot.train.phase, "playing");
  assert.equal(worker.asked("play").length, 1);
  // It is playing already.
  train.go();
  await ticks();
  assert.equal(worker.asked("play").length, 1);
});

test("data that were only fetched wait for Play", async () => {
  const { lab, train, worker, create, data } = await laboratory({}, false);
  train.go();
  await ticks();
  train.stopFetching();
  await ticks();
  worker.fail("fetch", "AbortError");
  void train.fetchData();
  await ticks();
  worker.answer("fetch", data);
  await ticks();
  await create();
  assert.equal(lab.snapshot.train.phase, "paused");
});

test("a browser that is full is said so, with the step up to which the run is kept", async () => {
  const { lab, worker, create } = await laboratory();
  const { id } = await create();
  const saved = (/** @type {number} */ step, /** @type {unknown} */ fault) =>
    worker.say({ news: { run: id, type: "saved", saved: { id, when: 0, step, preset: "compact", seed: 1, bytes: 1, seconds: 1 }, bytes: fault ? new Uint8Array(1) : null, fault } });
  worker.say({ news: { run: id, type: "rows", rows: [row(150)], stepsPerSecond: 1, memory: 1 } });
  saved(150, null);
  saved(300, { kind: "full", message: "QuotaExceededError" });
  assert.deepEqual(lab.snapshot.train.notSaved, { kind: "full", message: "QuotaExceededError", step: 150 });
  saved(450, null);
  assert.deepEqual([lab.snapshot.train.notSaved, lab.snapshot.train.savedStep], [null, 450]);
});

test("a run that another tab has is not taken, that is said, and another begins", async () => {
  const { lab, train, worker, create } = await laboratory();
  await create();
  const theirs = { id: "theirs", when: 1, step: 900, preset: "compact", seed: 3, bytes: 1, elsewhere: false };
  lab.publish("train", { savedRuns: [theirs] });
  train.resume("theirs");
  await ticks();
  assert.equal(worker.question("create").asks.id, "theirs");
  worker.answer("create", { refused: { message: "another tab has this run", code: "other-tab", kind: null } });
  await ticks();
  assert.deepEqual([lab.snapshot.train.note.kind, lab.snapshot.train.note.step, lab.snapshot.train.note.fault.code], ["resume", 900, "other-tab"]);
  assert.notEqual((await create()).id, "theirs");
});

test("a file that cannot be read, or is far too large, is said to be so", async () => {
  const { lab, train, worker, create } = await laboratory();
  await create();
  await train.take(/** @type {any} */ ({ name: "gone.safetensors", size: 4, arrayBuffer: () => Promise.reject(new DOMException("the file is gone", "NotFoundError")) }));
  assert.deepEqual([lab.snapshot.train.note.kind, lab.snapshot.train.note.name], ["file", "gone.safetensors"]);
  await train.take(/** @type {any} */ ({ name: "huge.bin", size: 2e9, arrayBuffer: () => assert.fail("it is not read") }));
  assert.equal(lab.snapshot.train.note.name, "huge.bin");
  assert.deepEqual(worker.asked("take"), []);
});

test("a crash while a file is being opened is said of that file", async () => {
  const { lab, train, worker, create } = await laboratory();
  await create();
  await train.take(/** @type {any} */ ({ name: "mine.safetensors", size: 4, arrayBuffer: async () => new ArrayBuffer(4) }));
  await ticks();
  worker.fail("take", "unreachable", { panic: true });
  await ticks();
  assert.deepEqual([lab.snapshot.train.note.name, lab.snapshot.train.note.fault.message], ["mine.safetensors", "unreachable"]);
});

test("settings that change while the run goes on are noted where they changed", async () => {
  const { store, lab, worker, create } = await laboratory();
  const { id } = await create();
  worker.say({ news: { run: id, type: "rows", rows: [row(40)], stepsPerSecond: 1, memory: 1 } });
  store.set({ trainRateD: 0.003 });
  await ticks();
  const { asks } = worker.question("configure");
  worker.answer("configure", { settings: asks.settings, flopPerStep: 1 });
  await ticks();
  assert.deepEqual(lab.snapshot.train.changes, [{ step: 40, names: ["rateD"] }]);
});

test("a run that is held stays while the next is trained, the record says how they differ, and both are trained one after the other", async () => {
  const { store, lab, train, worker, create } = await laboratory();
  const first = await create();
  const grid = { type: "grid", step: 3, images: new Uint8Array(784) };
  const rows = (/** @type {string} */ run, /** @type {number} */ step) => {
    worker.say({ news: { run, type: "rows", rows: [row(step)], stepsPerSecond: 1, memory: 1 } });
    return ticks();
  };
  await rows(first.id, 3);
  worker.say({ news: { run: first.id, ...grid } });
  await ticks();
  train.hold(true);
  assert.deepEqual([store.state.trainHeld, store.state.trainHeldSteps], [[], 3]);
  store.set({ trainRateD: 0.01 });
  assert.deepEqual(store.state.trainHeld, [{ key: "t-d-rate", value: "0.001" }]);
  store.set({ trainSeed: 8 });
  await ticks();
  await create();
  assert.deepEqual(store.state.trainHeld, [{ key: "train-seed", value: "1" }, { key: "t-d-rate", value: "0.001" }]);
  const { held, curves, grids } = lab.snapshot.train;
  assert.deepEqual([held.step, held.curves.step, held.grids.length, curves.step.length, grids.length], [3, [3], 1, 0, 0]);
  train.hold(false);
  assert.deepEqual([lab.snapshot.train.held, store.state.trainHeld], [null, null]);

  train.both({ trainSeed: 1, trainLoss: "minimax", trainRateD: null }, { trainSeed: 1, trainLoss: null, trainRateD: null }, 5);
  await ticks();
  const failing = await create();
  assert.equal(failing.settings.loss, "minimax");
  await rows(failing.id, 4);
  assert.equal(lab.snapshot.train.held, null);
  await rows(failing.id, 5);
  assert.equal(lab.snapshot.train.held.settings.loss, "minimax");
  // It is paused first.
  worker.answer("play", null);
  await ticks();
  const cure = await create();
  assert.equal(cure.settings.loss, "non-saturating");
  assert.notEqual(cure.id, failing.id);
  assert.deepEqual(store.state.trainHeld, [{ key: "t-loss", value: "minimax" }]);
  // A link that holds another.
  store.set({ trainHeld: [{ key: "net", value: "paper" }] });
  assert.equal(lab.snapshot.train.held, null);
  assert.deepEqual(store.state.trainHeld, [{ key: "net", value: "paper" }]);
});
