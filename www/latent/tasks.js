/** Work that is done in slices. Each task yields where it is; what it frees, it frees in any case. */
import { classesOf, placed, planeRows, shift, stack } from "./place.js";

/** @typedef {import("./latent.d.ts").Task} Task */
/** @typedef {import("./host.js").ExplorerHost} ExplorerHost */
/** @typedef {import("./latent.d.ts").Sampler} Sampler */
/** @typedef {import("./latent.d.ts").Step} Step */
/**
 * @template {Task["name"]} N
 * @typedef {Extract<Task, {name: N}>} Of
 */

/** Seeds that are tried for a digit before it is given up. */
const TRIES = 2000;
/** Draws behind the mean z of each digit. */
const DRAWS = 4096;

/**
 * @param {ExplorerHost} host @param {Task} task
 * @returns {Generator<Step, void>}
 */
export function tasks(host, task) {
  const { sampler } = host;
  if (sampler === null) throw new Error("no generator is loaded");
  if (task.name === "directions") return directions(host, sampler, task);
  if (task.name === "find") return find(host, sampler, task);
  if (task.name === "regions") return regions(host, sampler, task);
  if (task.name === "index") return index(host);
  if (task.name === "invert") return invert(host, sampler, task);
  return sum(host, sampler, task);
}

/** @param {ExplorerHost} host */
function classifier({ reference }) {
  if (reference === null) throw new Error("the classifier is not loaded");
  return reference;
}

/** @param {ExplorerHost} host @param {Sampler} sampler @param {Of<"directions">} task @returns {Generator<Step, void>} */
function* directions(host, sampler, { seed, points }) {
  const search = new host.module.DirectionSearch(sampler, seed, points);
  try {
    let progress = search.advance(sampler);
    for (; progress < 1; progress = search.advance(sampler)) yield { progress, value: null, done: false };
    host.directions = search.finish(sampler);
    yield { progress: 1, value: host.directions, done: true };
  } finally {
    search.free();
  }
}

/** @param {ExplorerHost} host @param {Sampler} sampler @param {Of<"find">} task @returns {Generator<Step, void>} */
function* find(host, sampler, { digit, from, end }) {
  const together = 16;
  for (let tried = 0; tried < TRIES; tried += together) {
    const seeds = Array.from({ length: together }, (_, i) => (from + 1 + tried + i) % 4_294_967_296);
    const images = sampler.sample(stack(seeds.map((seed) => sampler.noise(seed, 1))));
    const probabilities = classifier(host).classify(images);
    const hit = seeds.findIndex((_, i) => (probabilities[10 * i + digit] ?? 0) >= 0.9);
    if (hit >= 0) {
      return yield { progress: 1, value: { end, digit, seed: seeds[hit], tried: tried + hit + 1 }, done: true };
    }
    yield { progress: tried / TRIES, value: { end, digit, seed: null, tried }, done: false };
  }
  yield { progress: 1, value: { end, digit, seed: null, tried: TRIES }, done: true };
}

/** @param {ExplorerHost} host @param {Sampler} sampler @param {Of<"regions">} task @returns {Generator<Step, void>} */
function* regions(host, sampler, { place, n, low, high }) {
  const rows = planeRows(host.module, sampler, place, n, low, high);
  const classes = new Uint8Array(n * n).fill(255);
  for (let row = 0; row < n; row += 1) {
    const images = sampler.sample(stack(rows.slice(row * n, (row + 1) * n)));
    classes.set(classesOf(classifier(host).classify(images)), row * n);
    const done = row === n - 1;
    yield { progress: (row + 1) / n, value: classes.slice(), done };
  }
}

/** @param {ExplorerHost} host @returns {Generator<Step, void>} */
function* index(host) {
  for (let have = 0, before = -1; have > before;) {
    before = have;
    have = classifier(host).index();
    yield { progress: have / 60_000, value: have, done: have === before || have >= 60_000 };
  }
}

/** @param {ExplorerHost} host @param {Sampler} sampler @param {Of<"invert">} task @returns {Generator<Step, void>} */
function* invert({ module }, sampler, { image, seed }) {
  const descent = new module.Inversion(sampler, image, seed);
  const [found, none] = module.Inversion.bounds();
  /** @type {number[]} */
  const errors = [];
  try {
    for (let progress = 0; progress < 1;) {
      progress = descent.advance(sampler, 1);
      errors.push(descent.error);
      const value = { error: descent.error, errors: [...errors], image: descent.image, z: descent.z, found, none };
      yield { progress, value, done: progress >= 1 };
    }
  } finally {
    descent.free();
  }
}

/** @param {ExplorerHost} host @param {Sampler} sampler @param {Of<"sum">} task @returns {Generator<Step, void>} */
function* sum(host, sampler, { minus, plus, times, n, place }) {
  const means = new host.module.DigitMeans(sampler);
  const together = 16;
  /** @type {Float32Array[]} */
  const starts = [placed(host.module, sampler, place, host.directions?.directions ?? [])];
  try {
    for (let drawn = 0; drawn < DRAWS; drawn += together) {
      const z = sampler.noise(drawn + 1, together);
      means.add(sampler, classifier(host), z);
      if (starts.length <= n) {
        const classes = classesOf(classifier(host).classify(sampler.sample(z)));
        classes.forEach((digit, i) => {
          if (digit === minus && starts.length <= n) starts.push(z.slice(i * sampler.latent, (i + 1) * sampler.latent));
        });
      }
      yield { progress: drawn / DRAWS, value: null, done: false };
    }
    const step = means.difference(minus, plus);
    const counts = means.counts();
    const pair = [counts[minus] ?? 0, counts[plus] ?? 0];
    if (!step) return yield { progress: 1, value: { counts: pair, before: new Uint8Array(0) }, done: true };
    const ends = starts.map((z) => {
      const end = z.slice();
      shift(end, step, times);
      return end;
    });
    const [zBefore, zAfter] = [stack(starts), stack(ends)];
    const [before, after] = [sampler.sample(zBefore), sampler.sample(zAfter)];
    const judged = (/** @type {Uint8Array} */ images) => classesOf(classifier(host).classify(images));
    const value = {
      before, after, zBefore, zAfter,
      classesBefore: judged(before), classesAfter: judged(after),
      scoresBefore: sampler.scores(before), scoresAfter: sampler.scores(after),
      norms: ends.map((z) => Math.hypot(...z)), counts: pair, step: Math.hypot(...step),
    };
    yield { progress: 1, value, done: true };
  } finally {
    means.free();
  }
}
