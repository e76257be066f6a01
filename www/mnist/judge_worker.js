/**
 * Judges a generator: draws samples, has the classifier label them, and says what is wrong with the run. It rests as
 * long as it works, so that training on the same processor keeps at least half of it.
 */
import { serve } from "../shell/serve.js";
import { failure, open } from "../shell/open.js";

/** @typedef {import("../protocol.d.ts").JudgeQuestions} Questions */
/** @typedef {import("../protocol.d.ts").RealFigures} RealFigures */

const FOLDER = new URL("../../pretrained/", import.meta.url);
/** Samples drawn at once; the sizes of `real.json` are multiples of it. */
const TOGETHER = 100;
/** Milliseconds of work that one judgement may cost. */
const WORK = 4000;
const SEED = 2014;

/** @type {import("../protocol.d.ts").Saddle} */
let saddle;
/** @type {import("../types.d.ts").Judge} */
let judge;
/** @type {RealFigures} */
let real;
/** @type {import("../shell/wire.d.ts").Handlers<Questions>} */
const handlers = {
  async open({ module }) {
    saddle = await open("cpu", module);
    const [weights, text] = await Promise.all([reach("classifier.safetensors"), reach("real.json")]);
    real = JSON.parse(new TextDecoder().decode(text));
    const { classes, mean, covariance } = real;
    judge = new saddle.Judge(weights, Uint32Array.from(classes), Float64Array.from(mean), square(covariance, mean.length));
    return null;
  },
  real({ images }) {
    judge.setReal(images);
    return null;
  },
  judge: consider,
};
serve(handlers);

/**
 * @param {import("../protocol.d.ts").JudgeCase} asks @param {import("../shell/wire.d.ts").Turn} turn
 * @returns {Promise<import("../protocol.d.ts").Judged>}
 */
async function consider({ weights, records, subject, step }, { signal }) {
  let work = 0;
  /** @template T @param {() => T} act @returns {Promise<T>} */
  const timed = async (act) => {
    signal.throwIfAborted();
    const start = performance.now();
    const result = act();
    const took = performance.now() - start;
    work += took;
    await new Promise((resolve) => setTimeout(resolve, took));
    return result;
  };
  let samples = 0;
  let reached = step;
  try {
    if (weights) reached ??= (await timed(() => saddle.checkFile(weights))).step;
    await timed(() => judge.begin(weights ?? undefined, SEED));
    if (weights) {
      await timed(() => judge.draw(TOGETHER));
      samples = TOGETHER;
    }
  } catch (error) {
    // The run's records then say what happened.
    if (failure(error).code !== "not-finite" || records === null) throw error;
    judge.begin(undefined, SEED);
  }
  const sizes = real.floors.map((floor) => floor.samples);
  const most = Math.max(...sizes.filter((size, i) => i === 0 || (size / TOGETHER) * work <= WORK));
  while (samples > 0 && samples < most) {
    await timed(() => judge.draw(TOGETHER));
    samples += TOGETHER;
  }
  const floor = real.floors.find((candidate) => candidate.samples === samples) ?? null;
  // Of weights without records one row without fault says how far they were trained.
  const history = records ?? Float64Array.of(reached ?? 0, 0, 0, 0.5, 0.5, 0);
  const opinion = await timed(() => judge.opinion(history, records !== null));
  const total = real.classes.reduce((sum, count) => sum + count, 0);
  const shares = real.classes.map((count) => count / total);
  return { subject, step: reached ?? 0, opinion, floor, shares, milliseconds: work };
}

/** @param {readonly number[]} half of a symmetric matrix, row by row from the diagonal on @param {number} n */
function square(half, n) {
  const whole = new Float64Array(n * n);
  let at = 0;
  for (let i = 0; i < n; i += 1) {
    for (let j = i; j < n; j += 1) {
      whole[i * n + j] = whole[j * n + i] = half[at] ?? NaN;
      at += 1;
    }
  }
  return whole;
}

/** @param {string} file @returns {Promise<Uint8Array>} */
async function reach(file) {
  const response = await fetch(new URL(file, FOLDER));
  if (!response.ok) throw new Error(`pretrained/${file}: ${response.status} ${response.statusText}`.trim());
  return new Uint8Array(await response.arrayBuffer());
}
