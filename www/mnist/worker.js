/**
 * Drives the MNIST session: once told to play it steps until told to pause, whatever the tab does, and tells what
 * happened at a rate that the page can draw.
 */
import { handed, serve } from "../shell/serve.js";
import { DataError, load } from "../shell/dataset.js";
import { probe } from "./probe.js";
import { StepsAhead } from "./steps_ahead.js";
import { TrainerHost } from "./trainer_host.js";

/** @typedef {import("../protocol.d.ts").TrainQuestions} Questions */
/** @typedef {import("../protocol.d.ts").TrainNews} News */
/** @typedef {import("../protocol.d.ts").TrainRow} Row */
/** @typedef {import("../types.d.ts").Trainer} Trainer */
/** @typedef {import("../protocol.d.ts").Device} Device */
/** @typedef {"rows" | "grid" | "weights" | "saved"} Kind */

/** Least milliseconds between messages of each kind while it plays. @type {Record<Kind, number>} */
const EVERY = { rows: 100, grid: 1500, weights: 3000, saved: 10_000 };
/** Of large networks each such message costs much more: its share of the time is at most one in so many. */
const SHARE = 20;
/** But a run is saved at least so often. */
const SAVE_WITHIN = 30_000;
const GRID_SEED = 64;
/** Milliseconds for a GPU that has failed to say why, before the step that failed is told. */
const LAST_WORD = 500;
/** Bytes of both networks' weights up to which the explorer gets both. */
const MOST_BYTES = 4_000_000;
/** Real images that the page shows and compares with. */
const REAL = 256;
const IDX_HEADER = 16;

const host = new TrainerHost((news, transfer) => line.news(news, transfer), async (trainer) => {
  weightsBytes = 0;
  await regrid(trainer);
}, (error) => line.end(error));
let gridSize = 64;
/** @type {Float32Array} */
let gridNoise = new Float32Array();
let left = 0;
/** Turns of play that have arrived and not ended. */
let playing = 0;
/** Turns up to this one have been paused. */
let paused = 0;
/** Of `Trainer.weights` of this run; 0: not known yet. */
let weightsBytes = 0;
/** What is to be done between two steps. @type {(() => Promise<void>)[]} */
const pending = [];

/** @type {import("../shell/wire.d.ts").Handlers<Questions>} */
const handlers = {
  async open({ module, presets }) {
    const { Trainer } = await host.module("cpu", module);
    const defaults = await Promise.all(presets.map((preset) => host.defaults(preset)));
    return { defaults: defaults.filter((settings) => settings !== null), known: Trainer.known?.() ?? [] };
  },
  probe: () => probe(),
  async fetch({ cachedOnly }, { signal, progress }) {
    const { checkIdx } = await host.module("cpu");
    try {
      const tell = (/** @type {string} */ file, /** @type {number} */ received, /** @type {number} */ total) => progress({ file, received, total });
      const found = await load({ cachedOnly, signal, check: checkIdx, progress: tell });
      if (found === null) return null;
      host.files = found.files;
      const real = (found.files[0] ?? new Uint8Array(0)).slice(IDX_HEADER, IDX_HEADER + REAL * 784);
      return handed({ bytes: found.bytes, cached: found.cached, kept: found.kept, real }, [real.buffer]);
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      return { fault: error.fault };
    }
  },
  create: (asks, { signal }) => host.create(asks, signal),
  take: (asks) => host.take(asks),
  configure: ({ settings }) => between(async () => {
    const { trainer, run } = host;
    if (trainer === null || run === null) throw new Error("there is no run yet");
    trainer.configure(settings);
    run.settings = settings;
    return { settings, flopPerStep: trainer.flopPerStep };
  }),
  grid: ({ size }) => between(async () => {
    gridSize = size;
    if (host.trainer !== null) await regrid(host.trainer);
    return null;
  }),
  file: ({ what }) => between(async () => {
    const { trainer } = host;
    if (trainer === null) throw new Error("there is no run yet");
    const bytes = what === "script" ? new TextEncoder().encode(trainer.script()) : what === "session" ? await trainer.save() : await trainer.generator();
    return handed({ step: host.step, bytes }, [bytes.buffer]);
  }),
  keep: () => between(async () => {
    await host.save();
    return null;
  }),
  async play({ steps, turn }) {
    left = turn > paused ? steps : 0;
    try {
      if (host.trainer === null) throw new Error("there is no run yet");
      await loop(host.trainer);
    } catch (error) {
      if (host.device === "webgpu") await new Promise((resolve) => setTimeout(resolve, LAST_WORD));
      throw error;
    } finally {
      playing -= 1;
      // What came when there was nothing to play.
      if (playing === 0) await meanwhile();
    }
    return null;
  },
  pause({ turn }) {
    paused = Math.max(paused, turn);
    left = 0;
    return null;
  },
};
const BESIDE = new Set(["probe", "fetch", "pause"]);
const BETWEEN = new Set(["configure", "grid", "file", "keep"]);
const line = serve(handlers, (type) => {
  if (type === "play") playing += 1;
  // What comes between two steps does not wait for the last of them; when nothing is played it waits like the others,
  // so that no two touch the trainer at once.
  return BESIDE.has(type) || (playing > 0 && BETWEEN.has(type));
});

/**
 * Does something without ending the run: between two steps while it is played.
 * @template T @param {() => Promise<T>} act @returns {Promise<T>}
 */
function between(act) {
  if (playing === 0) return act();
  return new Promise((resolve, reject) => pending.push(() => act().then(resolve, reject)));
}

/** What waits for the end of a step. */
async function meanwhile() {
  while (pending.length > 0) await pending.shift()?.();
}

/** @param {{type: Kind} & Record<string, unknown>} news of the run there is @param {Transferable[]} [transfer] */
const tell = (news, transfer) => line.news(/** @type {News} */ (/** @type {unknown} */ ({ run: host.run?.id ?? "", ...news })), transfer);

/** Another run, or another size of its grid. @param {Trainer} trainer */
async function regrid(trainer) {
  gridNoise = trainer.noise(GRID_SEED, gridSize);
  await sendGrid(trainer);
}

/** Groups of steps under way at once: on the CPU a step is taken where it is asked for. @type {Record<Device, number>} */
const AHEAD = { cpu: 1, webgpu: 2 };

/** @param {Trainer} trainer */
async function loop(trainer) {
  const ahead = new StepsAhead((steps) => trainer.advance(steps), AHEAD[host.device]);
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
  const receive = async () => {
    const { found, ms } = await ahead.receive();
    if (found.length === 0) throw new Error("steps were made, but there are no figures of them");
    for (const stats of found) {
      host.seconds += ms / 1000 / found.length;
      // Nothing comes back from what is not finite; steps that were under way behind it say nothing.
      if (!finite) continue;
      host.step = stats.step;
      rows.push({ ...stats, seconds: host.seconds });
      finite = Object.values(stats).every((value) => Number.isFinite(value));
    }
    // What is saved is from before.
    if (!finite) [left, host.lost] = [0, true];
    const now = performance.now();
    if (now >= due.rows && rows.length > 0) {
      tell({ type: "rows", rows, stepsPerSecond: (1000 * rows.length) / (now - from), memory: host.memory });
      [rows, due.rows, from] = [[], now + EVERY.rows, now];
    }
  };
  /** All figures are in, and the step that is told is the trainer's own. */
  const settle = async () => {
    while (ahead.underWay > 0) await receive();
  };
  while (left > 0) {
    left -= ahead.fill(left);
    await receive();
    const now = performance.now();
    if (pending.length > 0 || now >= Math.min(due.grid, due.weights, due.saved)) {
      await settle();
      if (finite) {
        await sometimes("grid", () => sendGrid(trainer));
        await sometimes("weights", () => sendWeights(trainer));
        await sometimes("saved", () => host.save());
      }
      await meanwhile();
      ahead.resume();
    }
    await yieldToMessages();
  }
  await settle();
  flush(rows);
  await sendGrid(trainer);
  if (finite) {
    await sendWeights(trainer);
    await host.save();
  }
  await meanwhile();
}

/**
 * Sends rows without a rate, since what interrupted them took time too.
 * @param {Row[]} rows
 * @returns {Row[]} none left
 */
function flush(rows) {
  if (rows.length > 0) tell({ type: "rows", rows, stepsPerSecond: NaN, memory: host.memory });
  return [];
}

/** @param {Trainer} trainer */
async function sendGrid(trainer) {
  const images = await trainer.sample(gridNoise);
  tell({ type: "grid", step: host.step, images }, [images.buffer]);
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
  tell({ type: "weights", step: host.step, bytes, generator }, [bytes.buffer, generator.buffer]);
}

const channel = new MessageChannel();
/** Lets waiting messages in. A timer would be slowed to one a second in a hidden tab; a port is not. */
function yieldToMessages() {
  return new Promise((resolve) => {
    channel.port1.onmessage = resolve;
    channel.port2.postMessage(null);
  });
}
