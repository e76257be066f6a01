/**
 * Holds the MNIST session and drives it: once told to play it steps until told to pause, whatever the tab
 * does, and tells what happened at a rate that the page can draw.
 */
import { DataError, load } from "./dataset.js";
import { failure, listenForPanics, open } from "./open.js";
import { probe } from "./probe.js";

/** @typedef {import("../protocol.d.ts").TrainCommand} Command */
/** @typedef {import("../protocol.d.ts").TrainEvent} Event */
/** @typedef {import("../protocol.d.ts").TrainRow} Row */
/** @typedef {import("../protocol.d.ts").Saddle} Saddle */
/** @typedef {import("../types.d.ts").Trainer} Trainer */

const scope = /** @type {import("../protocol.d.ts").WorkerScope<Command, Event>} */ (
  /** @type {unknown} */ (self)
);

/** Milliseconds between messages of each kind while it plays. */
const EVERY = { rows: 100, grid: 1500, weights: 2000, saved: 10_000 };
const GRID_SEED = 64;
const GRID_SIZE = 64;

/** @type {WebAssembly.Module} */
let compiled;
/** @type {{cpu?: Saddle, gpu?: Saddle}} */
const modules = {};
/** @type {Uint8Array[] | null} */
let files = null;
/** @type {Trainer | null} */
let trainer = null;
/** What the trainer was made for. */
let made = "";
/** @type {Float32Array} */
let gridNoise = new Float32Array();
let left = 0;
let running = false;
let seconds = 0;
/** Commands wait for each other, so that no two touch the trainer at once. @type {Promise<void>} */
let queue = Promise.resolve();

listenForPanics();
scope.addEventListener("unhandledrejection", (event) => scope.postMessage({ ...failure(event.reason), panic: true }));
scope.onmessage = (/** @type {MessageEvent<Command>} */ { data: command }) => {
  // The first three only set how many steps are left; the loop reads that, and must not be waited for.
  if (command.type === "pause") left = 0;
  else if (command.type === "play") run(Infinity);
  else if (command.type === "step") run(command.steps);
  else if (command.type === "probe") void probe().then((found) => scope.postMessage({ type: "probed", probe: found }));
  else {
    left = 0;
    queue = queue.then(() => obey(command)).catch((error) => scope.postMessage(failure(error)));
  }
};

/** @param {Exclude<Command, {type: "play" | "pause" | "step" | "probe"}>} command */
async function obey(command) {
  if (command.type === "open") {
    compiled = command.module;
    modules.cpu = await open("cpu", compiled);
    scope.postMessage({ type: "opened", probe: await probe() });
  } else if (command.type === "fetch") {
    await fetchData(command.cachedOnly);
  } else {
    await create(command);
  }
}

/** @param {boolean} cachedOnly */
async function fetchData(cachedOnly) {
  const { checkIdx } = /** @type {Saddle} */ (modules.cpu);
  try {
    const found = await load({
      cachedOnly,
      check: checkIdx,
      progress: (file, received, total) => scope.postMessage({ type: "progress", file, received, total }),
    });
    files = found?.files ?? null;
    if (found) scope.postMessage({ type: "data", bytes: found.bytes, cached: found.cached });
    else scope.postMessage({ type: "data-absent" });
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    scope.postMessage({ type: "data-fault", fault: error.fault });
  }
}

/** @param {Extract<Command, {type: "create"}>} command */
async function create({ settings: wanted, device, from }) {
  if (files === null) throw new Error("MNIST is not loaded yet");
  const saddle = device === "webgpu" ? (modules.gpu ??= await open("gpu")) : /** @type {Saddle} */ (modules.cpu);
  const settings = { ...saddle.Trainer.defaults(wanted.preset), ...wanted };
  const run = await begin(saddle, settings, device, files);
  if (from.kind === "weights") run.load(from.bytes);
  else if (from.kind === "saved") run.restore(from.bytes);
  trainer = run;
  seconds = 0;
  gridNoise = run.noise(GRID_SEED, GRID_SIZE);
  scope.postMessage({ type: "created", latent: run.latent, flopPerStep: run.flopPerStep, settings, device });
  await sendGrid(run, (await run.stats())?.step ?? 0);
}

/**
 * The trainer there is, begun again, where it fits: a GPU then need not compile its kernels anew.
 * @param {Saddle} saddle
 * @param {import("../types.d.ts").TrainSettings} settings
 * @param {import("../protocol.d.ts").Device} device
 * @param {Uint8Array[]} files images, labels
 * @returns {Promise<Trainer>}
 */
async function begin({ Trainer }, settings, device, [images, labels]) {
  const wanted = `${device} ${settings.preset}`;
  if (trainer !== null && made === wanted) {
    trainer.reset(settings);
    return trainer;
  }
  trainer?.free();
  trainer = null;
  const run = await Trainer.create(settings, device);
  run.setData(/** @type {Uint8Array} */ (images), /** @type {Uint8Array} */ (labels));
  made = wanted;
  return run;
}

/** @param {number} steps */
function run(steps) {
  left = steps;
  if (running || trainer === null) return;
  running = true;
  queue = queue
    .then(() => loop(/** @type {Trainer} */ (trainer)))
    .catch((error) => {
      left = 0;
      scope.postMessage({ ...failure(error), panic: true });
    })
    .finally(() => {
      running = false;
      // "Play" may have come after the loop's last look at what is left.
      if (left > 0) run(left);
    });
}

/** @param {Trainer} trainer */
async function loop(trainer) {
  /** @type {Row[]} */
  let rows = [];
  const start = performance.now();
  const sent = { rows: start, grid: start, weights: start, saved: start };
  let from = start;
  let step = 0;
  scope.postMessage({ type: "playing", playing: true });
  while (left > 0) {
    const before = performance.now();
    trainer.step(1);
    const stats = await trainer.stats();
    if (stats === null) throw new Error("a step was made, but there are no figures of it");
    left -= 1;
    seconds += (performance.now() - before) / 1000;
    step = stats.step;
    rows.push({ ...stats, seconds });
    const now = performance.now();
    if (now - sent.rows >= EVERY.rows) {
      scope.postMessage({ type: "rows", rows, stepsPerSecond: (1000 * rows.length) / (now - from) });
      [rows, sent.rows, from] = [[], now, now];
    }
    if (now - sent.grid >= EVERY.grid) {
      await sendGrid(trainer, step);
      sent.grid = from = performance.now();
      rows = flush(rows);
    }
    if (now - sent.weights >= EVERY.weights) {
      await sendWeights(trainer, step);
      sent.weights = from = performance.now();
      rows = flush(rows);
    }
    if (now - sent.saved >= EVERY.saved) {
      await sendSaved(trainer, step);
      sent.saved = from = performance.now();
      rows = flush(rows);
    }
    await breathe();
  }
  flush(rows);
  if (step > 0) {
    await sendGrid(trainer, step);
    await sendWeights(trainer, step);
    await sendSaved(trainer, step);
  }
  scope.postMessage({ type: "playing", playing: false });
}

/**
 * Sends rows without a rate, since what interrupted them took time too.
 * @param {Row[]} rows
 * @returns {Row[]} none left
 */
function flush(rows) {
  if (rows.length > 0) scope.postMessage({ type: "rows", rows, stepsPerSecond: NaN });
  return [];
}

/** @param {Trainer} trainer @param {number} step */
async function sendGrid(trainer, step) {
  const images = await trainer.sample(gridNoise);
  scope.postMessage({ type: "grid", step, images }, [images.buffer]);
}

/** @param {Trainer} trainer @param {number} step */
async function sendWeights(trainer, step) {
  const bytes = await trainer.weights();
  scope.postMessage({ type: "weights", step, bytes }, [bytes.buffer]);
}

/** @param {Trainer} trainer @param {number} step */
async function sendSaved(trainer, step) {
  const bytes = await trainer.save();
  scope.postMessage({ type: "saved", step, bytes }, [bytes.buffer]);
}

const channel = new MessageChannel();
/** Lets waiting messages in. A timer would be slowed to one a second in a hidden tab; a port is not. */
function breathe() {
  return new Promise((resolve) => {
    channel.port1.onmessage = resolve;
    channel.port2.postMessage(null);
  });
}
