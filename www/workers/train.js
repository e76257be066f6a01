/**
 * Drives the MNIST session: once told to play it steps until told to pause, whatever the tab does, and tells what
 * happened at a rate that the page can draw.
 */
import { DataError, load } from "./dataset.js";
import { failure, listenForPanics } from "./open.js";
import { probe } from "./probe.js";
import { TrainerHost } from "./trainer_host.js";

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
/** But a run is saved at least so often. */
const SAVE_WITHIN = 30_000;
const GRID_SEED = 64;
/** Bytes of both networks' weights up to which the explorer gets both. */
const MOST_BYTES = 4_000_000;
/** Real images that the page shows and compares with. */
const REAL = 256;
const IDX_HEADER = 16;

const post = (/** @type {Event} */ event, /** @type {Transferable[]} */ transfer = []) => scope.postMessage(event, transfer);
const host = new TrainerHost(post, async (trainer) => {
  seconds = 0;
  weightsBytes = 0;
  await regrid(trainer);
});
let gridSize = 64;
/** @type {Float32Array} */
let gridNoise = new Float32Array();
let left = 0;
let running = false;
let seconds = 0;
/** Of `Trainer.weights` of this run; 0: not known yet. */
let weightsBytes = 0;
/** What is to be done between two steps. @type {(() => Promise<void>)[]} */
const pending = [];
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
  else if (command.type === "grid" || command.type === "configure" || command.type === "file") between(() => handleBetweenSteps(command));
  else {
    left = 0;
    queue = queue.then(() => handle(command)).catch((error) => post(failure(error)));
  }
};

/** Does something without ending the run. @param {() => Promise<void>} act */
function between(act) {
  if (running) pending.push(act);
  else queue = queue.then(act).catch((error) => post(failure(error)));
}

/** @param {Extract<Command, {type: "grid" | "configure" | "file"}>} command */
async function handleBetweenSteps(command) {
  const { trainer, run } = host;
  if (command.type === "grid") {
    gridSize = command.size;
    if (trainer !== null) await regrid(trainer);
  } else if (trainer === null || run === null) {
    post({ type: "refused", what: command.type, message: "there is no run yet", code: "", kind: null });
  } else if (command.type === "configure") {
    try {
      trainer.configure(command.settings);
      run.settings = command.settings;
      post({ type: "configured", settings: command.settings, flopPerStep: trainer.flopPerStep });
    } catch (error) {
      const { message, code, panic } = failure(error);
      if (panic) throw error;
      post({ type: "refused", what: "configure", message, code, kind: null });
    }
  } else {
    const bytes = command.what === "session" ? await trainer.save() : await trainer.generator();
    post({ type: "file", what: command.what, step: host.step, bytes }, [bytes.buffer]);
  }
}

/** @param {Extract<Command, {type: "open" | "fetch" | "create" | "take"}>} command */
async function handle(command) {
  if (command.type === "open") await opened(command);
  else if (command.type === "fetch") await fetchData(command.cachedOnly);
  else if (command.type === "create") await host.create(command);
  else await host.take(command);
}

/** @param {Extract<Command, {type: "open"}>} command */
async function opened({ module, presets }) {
  const { Trainer } = await host.module("cpu", module);
  const defaults = await Promise.all(presets.map((preset) => host.defaults(preset)));
  const known = Trainer.known?.() ?? [];
  post({ type: "opened", probe: await probe(), defaults: defaults.filter((settings) => settings !== null), known });
}

/** @param {boolean} cachedOnly */
async function fetchData(cachedOnly) {
  const { checkIdx } = await host.module("cpu");
  try {
    const found = await load({
      cachedOnly,
      check: checkIdx,
      progress: (file, received, total) => post({ type: "progress", file, received, total }),
    });
    host.files = found?.files ?? null;
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
  if (running || host.trainer === null) return;
  running = true;
  queue = queue
    .then(() => loop(/** @type {Trainer} */ (host.trainer)))
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
  // Saved at once: a run that is lost soon is lost, too, and what saving takes of the memory is then taken once.
  const due = { rows: from + EVERY.rows, grid: from + EVERY.grid, weights: from + EVERY.weights, saved: from };
  /** @param {Kind} kind @param {() => Promise<void>} send */
  const sometimes = async (kind, send) => {
    const start = performance.now();
    if (start < due[kind]) return;
    await send();
    const end = performance.now();
    const pause = Math.max(EVERY[kind], SHARE * (end - start));
    due[kind] = end + (kind === "saved" ? Math.min(pause, SAVE_WITHIN - EVERY.saved) : pause);
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
    host.step = stats.step;
    rows.push({ ...stats, seconds });
    finite = Object.values(stats).every((value) => Number.isFinite(value));
    // Nothing comes back from there; what is saved is from before.
    if (!finite) [left, host.lost] = [0, true];
    const now = performance.now();
    if (now >= due.rows) {
      post({ type: "rows", rows, stepsPerSecond: (1000 * rows.length) / (now - from), memory: host.memory });
      [rows, due.rows, from] = [[], now + EVERY.rows, now];
    }
    if (finite) {
      await sometimes("grid", () => sendGrid(trainer));
      await sometimes("weights", () => sendWeights(trainer));
      await sometimes("saved", () => host.save());
    }
    while (pending.length > 0) await pending.shift()?.();
    await yieldToMessages();
  }
  flush(rows);
  await sendGrid(trainer);
  if (finite) {
    await sendWeights(trainer);
    await host.save();
  }
  while (pending.length > 0) await pending.shift()?.();
  post({ type: "playing", playing: false });
}

/**
 * Sends rows without a rate, since what interrupted them took time too.
 * @param {Row[]} rows
 * @returns {Row[]} none left
 */
function flush(rows) {
  if (rows.length > 0) post({ type: "rows", rows, stepsPerSecond: NaN, memory: host.memory });
  return [];
}

/** @param {Trainer} trainer */
async function sendGrid(trainer) {
  const images = await trainer.sample(gridNoise);
  post({ type: "grid", step: host.step, images }, [images.buffer]);
}

/** One file for each worker that reads them: the page only hands them on, and copies nothing. @param {Trainer} trainer */
async function sendWeights(trainer) {
  const generator = await trainer.generator();
  // The explorer gets D too, to show its scores, unless that would be megabytes every few seconds.
  let weights = null;
  if (Math.max(weightsBytes, generator.length) <= MOST_BYTES) {
    weights = await trainer.weights();
    weightsBytes = weights.length;
  }
  const bytes = weights !== null && weightsBytes <= MOST_BYTES ? weights : generator.slice();
  post({ type: "weights", step: host.step, bytes, generator }, [bytes.buffer, generator.buffer]);
}

const channel = new MessageChannel();
/** Lets waiting messages in. A timer would be slowed to one a second in a hidden tab; a port is not. */
function yieldToMessages() {
  return new Promise((resolve) => {
    channel.port1.onmessage = resolve;
    channel.port2.postMessage(null);
  });
}
