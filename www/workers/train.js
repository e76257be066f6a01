/**
 * Drives the MNIST session: once told to play it steps until told to pause, whatever the tab does, and tells what
 * happened at a rate that the page can draw.
 */
import { extract, notes } from "../safetensors.js";
import { DataError, load } from "./dataset.js";
import { Held } from "./held.js";
import { failure, listenForPanics } from "./open.js";
import { probe } from "./probe.js";

/** @typedef {import("../protocol.d.ts").TrainCommand} Command */
/** @typedef {import("../protocol.d.ts").TrainEvent} Event */
/** @typedef {import("../protocol.d.ts").TrainRow} Row */
/** @typedef {import("../types.d.ts").Trainer} Trainer */
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
/** Bytes of both networks up to which the explorer gets both. */
const WHOLE = 4_000_000;
/** Real images that the page shows and compares with. */
const REAL = 256;
const IDX_HEADER = 16;

const post = (/** @type {Event} */ event, /** @type {Transferable[]} */ transfer = []) => scope.postMessage(event, transfer);
const held = new Held(post, async (trainer) => {
  seconds = 0;
  await regrid(trainer);
});
let gridSize = 64;
/** @type {Float32Array} */
let gridNoise = new Float32Array();
let left = 0;
let running = false;
let seconds = 0;
/** What is to be done between two steps. @type {(() => Promise<void>)[]} */
const errands = [];
/** Commands wait for each other, so that no two touch the trainer at once. @type {Promise<void>} */
let queue = Promise.resolve();

listenForPanics();
scope.addEventListener("unhandledrejection", (event) => post({ ...failure(event.reason), panic: true }));
scope.onmessage = (/** @type {MessageEvent<Command>} */ { data: command }) => {
  // These only set how many steps are left; the loop reads that, and must not be waited for.
  if (command.type === "pause") left = 0;
  else if (command.type === "play") run(Infinity);
  else if (command.type === "step") run(command.steps);
  else if (command.type === "probe") void probe().then((found) => post({ type: "probed", probe: found }));
  else if (command.type === "grid" || command.type === "configure" || command.type === "file") between(() => errand(command));
  else {
    left = 0;
    queue = queue.then(() => obey(command)).catch((error) => post(failure(error)));
  }
};

/** Does something without ending the run. @param {() => Promise<void>} act */
function between(act) {
  if (running) errands.push(act);
  else queue = queue.then(act).catch((error) => post(failure(error)));
}

/** @param {Extract<Command, {type: "grid" | "configure" | "file"}>} command */
async function errand(command) {
  const { trainer, run } = held;
  if (command.type === "grid") {
    gridSize = command.size;
    if (trainer !== null) await regrid(trainer);
  } else if (trainer === null || run === null) {
    post({ type: "refused", what: command.type, message: "there is no run yet" });
  } else if (command.type === "configure") {
    try {
      trainer.configure(command.settings);
      run.settings = command.settings;
      post({ type: "configured", settings: command.settings, flopPerStep: trainer.flopPerStep });
    } catch (error) {
      post({ type: "refused", what: "configure", message: failure(error).message });
    }
  } else {
    const bytes = command.what === "session" ? await trainer.save() : generatorOf(await trainer.weights());
    post({ type: "file", what: command.what, step: held.step, bytes }, [bytes.buffer]);
  }
}

/** @param {Extract<Command, {type: "open" | "fetch" | "create" | "take"}>} command */
async function obey(command) {
  if (command.type === "open") await opened(command);
  else if (command.type === "fetch") await fetchData(command.cachedOnly);
  else if (command.type === "create") await held.create(command);
  else await held.take(command);
}

/** @param {Extract<Command, {type: "open"}>} command */
async function opened({ module, presets }) {
  const { Trainer } = await held.module("cpu", module);
  const defaults = await Promise.all(presets.map((preset) => held.usual(preset)));
  const known = Trainer.known?.() ?? [];
  post({ type: "opened", probe: await probe(), defaults: defaults.filter((settings) => settings !== null), known });
}

/** @param {boolean} cachedOnly */
async function fetchData(cachedOnly) {
  const { checkIdx } = await held.module("cpu");
  try {
    const found = await load({
      cachedOnly,
      check: checkIdx,
      progress: (file, received, total) => post({ type: "progress", file, received, total }),
    });
    held.files = found?.files ?? null;
    const real = found?.files[0]?.slice(IDX_HEADER, IDX_HEADER + REAL * 784);
    if (found && real) post({ type: "data", bytes: found.bytes, cached: found.cached, real }, [real.buffer]);
    else post({ type: "data-absent" });
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    post({ type: "data-fault", fault: error.fault });
  }
}

/** Another run, or another size of its grid. @param {Trainer} trainer */
async function regrid(trainer) {
  gridNoise = trainer.noise(GRID_SEED, gridSize);
  await sendGrid(trainer);
}

/** @param {number} steps */
function run(steps) {
  left = steps;
  if (running || held.trainer === null) return;
  running = true;
  queue = queue
    .then(() => loop(/** @type {Trainer} */ (held.trainer)))
    .catch((error) => {
      left = 0;
      post({ ...failure(error), panic: true });
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
  // Kept at once: a run that is lost soon is lost, too, and what keeping takes of the memory is then taken once.
  const due = { rows: from + EVERY.rows, grid: from + EVERY.grid, weights: from + EVERY.weights, saved: from };
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
  post({ type: "playing", playing: true });
  while (left > 0) {
    const before = performance.now();
    trainer.step(1);
    const stats = await trainer.stats();
    if (stats === null) throw new Error("a step was made, but there are no figures of it");
    left -= 1;
    seconds += (performance.now() - before) / 1000;
    held.step = stats.step;
    rows.push({ ...stats, seconds });
    finite = Object.values(stats).every((value) => Number.isFinite(value));
    // Nothing comes back from there; what is kept is from before.
    if (!finite) [left, held.lost] = [0, true];
    const now = performance.now();
    if (now >= due.rows) {
      post({ type: "rows", rows, stepsPerSecond: (1000 * rows.length) / (now - from), memory: held.used });
      [rows, due.rows, from] = [[], now + EVERY.rows, now];
    }
    if (finite) {
      await sometimes("grid", () => sendGrid(trainer));
      await sometimes("weights", () => sendWeights(trainer));
      await sometimes("saved", () => held.keep());
    }
    while (errands.length > 0) await errands.shift()?.();
    await breathe();
  }
  flush(rows);
  await sendGrid(trainer);
  if (finite) {
    await sendWeights(trainer);
    await held.keep();
  }
  while (errands.length > 0) await errands.shift()?.();
  post({ type: "playing", playing: false });
}

/**
 * Sends rows without a rate, since what interrupted them took time too.
 * @param {Row[]} rows
 * @returns {Row[]} none left
 */
function flush(rows) {
  if (rows.length > 0) post({ type: "rows", rows, stepsPerSecond: NaN, memory: held.used });
  return [];
}

/** @param {Trainer} trainer */
async function sendGrid(trainer) {
  const images = await trainer.sample(gridNoise);
  post({ type: "grid", step: held.step, images }, [images.buffer]);
}

/** @param {Trainer} trainer */
async function sendWeights(trainer) {
  const all = await trainer.weights();
  const copy = generatorOf(all);
  // One for each worker that reads them: the page only hands them on, and copies nothing. The explorer gets D
  // too, to show its scores, unless that would be megabytes every few seconds.
  const bytes = all.length <= WHOLE ? all : copy.slice();
  post({ type: "weights", step: held.step, bytes, copy }, [bytes.buffer, copy.buffer]);
}

/** G alone, as `checkpoint::generator` reads it. @param {Uint8Array} weights */
const generatorOf = (weights) => extract(weights, "generator.average.", "generator.", { ...notes(weights), saddle: "generator" });

const channel = new MessageChannel();
/** Lets waiting messages in. A timer would be slowed to one a second in a hidden tab; a port is not. */
function breathe() {
  return new Promise((resolve) => {
    channel.port1.onmessage = resolve;
    channel.port2.postMessage(null);
  });
}
