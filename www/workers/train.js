/**
 * Holds the MNIST session and drives it: once told to play it steps until told to pause, whatever the tab
 * does, and tells what happened at a rate that the page can draw.
 */
import { bytesOf, keep } from "../kept.js";
import { extract, notes, record } from "../safetensors.js";
import { DataError, load } from "./dataset.js";
import { failure, listenForPanics, open } from "./open.js";
import { probe } from "./probe.js";

/** @typedef {import("../protocol.d.ts").TrainCommand} Command */
/** @typedef {import("../protocol.d.ts").TrainEvent} Event */
/** @typedef {import("../protocol.d.ts").TrainRow} Row */
/** @typedef {import("../protocol.d.ts").Saddle} Saddle */
/** @typedef {import("../protocol.d.ts").Device} Device */
/** @typedef {import("../types.d.ts").Trainer} Trainer */
/** @typedef {import("../types.d.ts").TrainSettings} Settings */
/** @typedef {"rows" | "grid" | "weights" | "saved"} Kind */

const scope = /** @type {import("../protocol.d.ts").WorkerScope<Command, Event>} */ (
  /** @type {unknown} */ (self)
);

/** Least milliseconds between messages of each kind while it plays. @type {Record<Kind, number>} */
const EVERY = { rows: 100, grid: 1500, weights: 3000, saved: 10_000 };
/** Of large networks each such message costs much more: its share of the time is at most one in so many. */
const SHARE = 20;
/** But a run is kept at least so often. */
const KEEP_WITHIN = 30_000;
const GRID_SEED = 64;
/** Real images that the page shows and compares with. */
const REAL = 256;
const IDX_HEADER = 16;

/** @type {WebAssembly.Module} */
let compiled;
/** @type {{cpu?: Saddle, gpu?: Saddle}} */
const modules = {};
/** Of the module in use. @type {WebAssembly.Memory | null} */
let memory = null;
/** @type {Uint8Array[] | null} */
let files = null;
/** @type {Trainer | null} */
let trainer = null;
/** Where the trainer computes. @type {Device | null} */
let made = null;
/** The run that is under way, as it is kept. @type {{id: string, settings: Settings} | null} */
let current = null;
let gridSize = 64;
/** @type {Float32Array} */
let gridNoise = new Float32Array();
let left = 0;
let running = false;
let seconds = 0;
/** Steps taken, and those that are kept in the browser. */
let [taken, kept] = [0, 0];
/** What is to be done between two steps. @type {(() => Promise<void>)[]} */
const errands = [];
/** Commands wait for each other, so that no two touch the trainer at once. @type {Promise<void>} */
let queue = Promise.resolve();

listenForPanics();
scope.addEventListener("unhandledrejection", (event) => scope.postMessage({ ...failure(event.reason), panic: true }));
scope.onmessage = (/** @type {MessageEvent<Command>} */ { data: command }) => {
  // These only set how many steps are left; the loop reads that, and must not be waited for.
  if (command.type === "pause") left = 0;
  else if (command.type === "play") run(Infinity);
  else if (command.type === "step") run(command.steps);
  else if (command.type === "probe") void probe().then((found) => scope.postMessage({ type: "probed", probe: found }));
  else if (command.type === "grid" || command.type === "configure" || command.type === "file") between(() => errand(command));
  else {
    left = 0;
    queue = queue.then(() => obey(command)).catch((error) => scope.postMessage(failure(error)));
  }
};

/** Does something without ending the run. @param {() => Promise<void>} act */
function between(act) {
  if (running) errands.push(act);
  else queue = queue.then(act).catch((error) => scope.postMessage(failure(error)));
}

/** @param {Extract<Command, {type: "grid" | "configure" | "file"}>} command */
async function errand(command) {
  if (command.type === "grid") {
    gridSize = command.size;
    if (trainer === null) return;
    drawNoise(trainer);
    await sendGrid(trainer);
  } else if (trainer === null || current === null) {
    scope.postMessage({ type: "refused", what: command.type, message: "there is no run yet" });
  } else if (command.type === "configure") {
    try {
      trainer.configure(command.settings);
      current.settings = command.settings;
      scope.postMessage({ type: "configured", settings: command.settings, flopPerStep: trainer.flopPerStep });
    } catch (error) {
      scope.postMessage({ type: "refused", what: "configure", message: failure(error).message });
    }
  } else {
    const bytes = command.what === "session" ? await trainer.save() : generatorOf(await trainer.weights());
    scope.postMessage({ type: "file", what: command.what, step: taken, bytes }, [bytes.buffer]);
  }
}

/** @param {Extract<Command, {type: "open" | "fetch" | "create" | "take"}>} command */
async function obey(command) {
  if (command.type === "open") {
    compiled = command.module;
    const { Trainer } = await ready("cpu");
    const { defaults, known } = { defaults: command.presets.map((preset) => usual(Trainer, preset)), known: /** @type {{known?: () => import("../protocol.d.ts").KnownRun[]}} */ (/** @type {unknown} */ (Trainer)).known?.() ?? [] };
    scope.postMessage({ type: "opened", probe: await probe(), defaults: defaults.filter((settings) => settings !== null), known });
  } else if (command.type === "fetch") {
    await fetchData(command.cachedOnly);
  } else if (command.type === "create") {
    await keepNow();
    await create(command);
  } else {
    await take(command);
  }
}

/** @param {"cpu" | "gpu"} which @returns {Promise<Saddle>} */
async function ready(which) {
  const saddle = (modules[which] ??= await open(which, which === "cpu" ? compiled : undefined));
  // Instantiated already: this only hands out what it exports.
  memory = /** @type {{memory: WebAssembly.Memory}} */ (await saddle.default(/** @type {any} */ ({ module_or_path: compiled }))).memory;
  return saddle;
}

/** @param {Saddle["Trainer"]} Trainer @param {string} preset @returns {Settings | null} null: this module does not know it */
function usual(Trainer, preset) {
  try {
    return Trainer.defaults(/** @type {import("../types.d.ts").Preset} */ (preset));
  } catch {
    return null;
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
    const real = found?.files[0]?.slice(IDX_HEADER, IDX_HEADER + REAL * 784);
    if (found && real) scope.postMessage({ type: "data", bytes: found.bytes, cached: found.cached, real }, [real.buffer]);
    else scope.postMessage({ type: "data-absent" });
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    scope.postMessage({ type: "data-fault", fault: error.fault });
  }
}

/** @param {Extract<Command, {type: "create"}>} command */
async function create({ settings, device, from, id }) {
  const run = await begin(settings, device);
  let [own, step] = [settings, 0];
  if (from.kind === "weights") {
    try {
      run.load(from.bytes);
    } catch (error) {
      // The run then begins from random weights.
      scope.postMessage({ type: "refused", what: "pretrained", message: failure(error).message });
    }
  } else if (from.kind !== "scratch") {
    const bytes = from.kind === "saved" ? from.bytes : await bytesOf(id);
    if (bytes === undefined) throw new Error("the browser has not kept this run");
    run.restore(bytes);
    own = /** @type {Settings | null} */ (record(bytes, "settings")) ?? settings;
    step = Number(notes(bytes)["step"]);
  }
  await started(run, own, device, id, step);
}

/** A file that somebody brought; whatever is wrong with it, the run there is stays. @param {Extract<Command, {type: "take"}>} command */
async function take({ bytes, device, id }) {
  try {
    const kind = notes(bytes)["saddle"];
    if (kind === "generator") throw new Error("this file holds G alone");
    if (kind === "weights") {
      const { Sampler, Trainer } = /** @type {Saddle} */ (modules.cpu);
      // Reads the whole file, and so finds what is wrong with it before anything changes.
      new Sampler(bytes).free();
      const { preset = "", activation_d, activation_g, batch_norm, spectral_norm } = notes(bytes);
      const usually = usual(Trainer, preset);
      if (usually === null) throw new Error(`this program has no network called ${preset}`);
      // What decides the networks is in the file; without it they are the preset's own.
      const design = { activationD: activation_d, activationG: activation_g, batchNorm: flag(batch_norm), spectralNorm: flag(spectral_norm) };
      const said = Object.fromEntries(Object.entries(design).filter(([, value]) => value !== undefined));
      const settings = /** @type {Settings} */ ({ ...usually, ...said });
      await keepNow();
      const run = await begin(settings, device);
      run.load(bytes);
      await started(run, settings, device, id, 0);
    } else {
      // Also to learn what is wrong with a file of no kind. A session replaces the one in the trainer only when it is whole.
      if (trainer === null) throw new Error("there is no run yet");
      const settings = /** @type {Settings | null} */ (record(bytes, "settings"));
      const before = kind === "session" ? await trainer.save() : null;
      trainer.restore(bytes);
      if (before) await keepBytes(before);
      if (settings === null) throw new Error("the file does not say what its run is made of");
      await started(trainer, settings, device, id, Number(notes(bytes)["step"]));
    }
  } catch (error) {
    const found = failure(error);
    if (found.panic) throw error;
    scope.postMessage({ type: "refused", what: "take", message: found.message });
  }
}

/** @param {string | undefined} text */
const flag = (text) => (text === undefined ? undefined : text === "true");

/** @param {Trainer} run @param {Settings} settings @param {Device} device @param {string} id @param {number} step */
async function started(run, settings, device, id, step) {
  trainer = run;
  current = { id, settings };
  seconds = 0;
  taken = kept = step;
  drawNoise(run);
  const { latent, flopPerStep } = run;
  scope.postMessage({ type: "created", latent, flopPerStep, settings, device, step, memory: used() });
  await sendGrid(run);
}

/**
 * The trainer there is, begun again, where it fits: a GPU then need not compile its kernels anew.
 * @param {Settings} settings @param {Device} device
 * @returns {Promise<Trainer>}
 */
async function begin(settings, device) {
  if (files === null) throw new Error("MNIST is not loaded yet");
  const [images, labels] = files;
  const { Trainer } = await ready(device === "webgpu" ? "gpu" : "cpu");
  if (trainer !== null && made === device) {
    trainer.reset(settings);
    return trainer;
  }
  trainer?.free();
  trainer = null;
  const run = await Trainer.create(settings, device);
  run.setData(/** @type {Uint8Array} */ (images), /** @type {Uint8Array} */ (labels));
  made = device;
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
  let finite = true;
  let from = performance.now();
  /** When each kind may be sent again. @type {Record<Kind, number>} */
  const due = { rows: from + EVERY.rows, grid: from + EVERY.grid, weights: from + EVERY.weights, saved: from + EVERY.saved };
  /** @param {Kind} kind @param {() => Promise<void>} send */
  const sometimes = async (kind, send) => {
    const start = performance.now();
    if (start < due[kind]) return;
    await send();
    const end = performance.now();
    const pause = Math.max(EVERY[kind], SHARE * (end - start));
    due[kind] = end + (kind === "saved" ? Math.min(pause, KEEP_WITHIN - EVERY.saved) : pause);
    rows = flush(rows);
    from = performance.now();
  };
  scope.postMessage({ type: "playing", playing: true });
  while (left > 0) {
    const before = performance.now();
    trainer.step(1);
    const stats = await trainer.stats();
    if (stats === null) throw new Error("a step was made, but there are no figures of it");
    left -= 1;
    seconds += (performance.now() - before) / 1000;
    taken = stats.step;
    rows.push({ ...stats, seconds });
    finite = Object.values(stats).every((value) => Number.isFinite(value));
    // Nothing comes back from there; what is kept is from before.
    if (!finite) left = 0;
    const now = performance.now();
    if (now >= due.rows) {
      scope.postMessage({ type: "rows", rows, stepsPerSecond: (1000 * rows.length) / (now - from), memory: used() });
      [rows, due.rows, from] = [[], now + EVERY.rows, now];
    }
    if (finite) {
      await sometimes("grid", () => sendGrid(trainer));
      await sometimes("weights", () => sendWeights(trainer));
      await sometimes("saved", keepNow);
    }
    while (errands.length > 0) await errands.shift()?.();
    await breathe();
  }
  flush(rows);
  await sendGrid(trainer);
  if (finite) {
    await sendWeights(trainer);
    await keepNow();
  }
  while (errands.length > 0) await errands.shift()?.();
  scope.postMessage({ type: "playing", playing: false });
}

/**
 * Sends rows without a rate, since what interrupted them took time too.
 * @param {Row[]} rows
 * @returns {Row[]} none left
 */
function flush(rows) {
  if (rows.length > 0) scope.postMessage({ type: "rows", rows, stepsPerSecond: NaN, memory: used() });
  return [];
}

const used = () => memory?.buffer.byteLength ?? NaN;

/** @param {Trainer} trainer */
function drawNoise(trainer) {
  gridNoise = trainer.noise(GRID_SEED, gridSize);
}

/** @param {Trainer} trainer */
async function sendGrid(trainer) {
  const images = await trainer.sample(gridNoise);
  scope.postMessage({ type: "grid", step: taken, images }, [images.buffer]);
}

/** @param {Trainer} trainer */
async function sendWeights(trainer) {
  const bytes = generatorOf(await trainer.weights());
  // One for each worker that reads them: the page only hands them on, and copies nothing.
  const copy = bytes.slice();
  scope.postMessage({ type: "weights", step: taken, bytes, copy }, [bytes.buffer, copy.buffer]);
}

/** G alone, as `checkpoint::generator` reads it. @param {Uint8Array} weights */
const generatorOf = (weights) => extract(weights, "generator.average.", "generator.", { ...notes(weights), saddle: "generator" });

/** Keeps the run in the browser; where that is not possible the page gets it, for after a crash. */
async function keepNow() {
  if (trainer !== null && taken > kept) await keepBytes(await trainer.save());
}

/** @param {Uint8Array} bytes */
async function keepBytes(bytes) {
  if (current === null) return;
  const { id, settings: { preset, seed } } = current;
  const run = { id, when: Date.now(), step: taken, preset, seed, bytes: bytes.length };
  kept = taken;
  try {
    await keep(run, bytes);
    scope.postMessage({ type: "saved", run, bytes: null, fault: "" });
  } catch (error) {
    scope.postMessage({ type: "saved", run, bytes, fault: failure(error).message }, [bytes.buffer]);
  }
}

const channel = new MessageChannel();
/** Lets waiting messages in. A timer would be slowed to one a second in a hidden tab; a port is not. */
function breathe() {
  return new Promise((resolve) => {
    channel.port1.onmessage = resolve;
    channel.port2.postMessage(null);
  });
}
