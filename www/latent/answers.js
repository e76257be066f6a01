/** Questions that are answered at once. */
import { endOf, misfits, placed, planeRows, shift, stack } from "./place.js";

/** @typedef {import("./latent.d.ts").Ask} Ask */
/** @typedef {import("./latent.d.ts").Answer} Answer */
/** @typedef {import("./host.js").ExplorerHost} ExplorerHost */

const EMPTY = new Float32Array(0);

/**
 * @param {ExplorerHost} host @param {import("./latent.d.ts").Sampler} sampler
 * @param {Ask} ask
 * @returns {Answer}
 */
export function answer(host, sampler, ask) {
  const start = performance.now();
  const { module, reference } = host;
  const directions = host.directions?.directions ?? [];
  /** @type {Partial<Answer>} */
  let found;
  if (ask.kind === "near") found = near(host, sampler, ask);
  else {
    const z = coordinates(module, sampler, ask, directions);
    // No strips without directions: they may have gone with another generator since they were asked for.
    const images = z.length > 0 ? sampler.sample(z) : new Uint8Array(0);
    const judged = ask.kind === "here" || ask.kind === "ends";
    found = {
      images,
      z: judged ? z : EMPTY,
      scores: judged ? sampler.scores(images) : EMPTY,
      probabilities: reference && (judged || ask.kind === "grid") ? reference.classify(images) : EMPTY,
      misfit: "place" in ask && misfits(sampler, ask.place),
      norms: ask.kind === "film" ? module.norms(endOf(sampler, ask.place.a), endOf(sampler, ask.place.b), 65) : EMPTY,
    };
  }
  return {
    kind: ask.kind, images: new Uint8Array(0), z: EMPTY, scores: EMPTY, probabilities: EMPTY,
    norms: EMPTY, near: new Float64Array(0), apart: [], misfit: false, ...found, milliseconds: performance.now() - start,
  };
}

/**
 * @param {import("./latent.d.ts").ExplorerModule} module @param {import("./latent.d.ts").Sampler} sampler
 * @param {Exclude<Ask, {kind: "near"}>} ask
 * @param {readonly (readonly number[])[]} directions
 * @returns {Float32Array} row-major `[n, latent]`
 */
function coordinates(module, sampler, ask, directions) {
  if (ask.kind === "noise") return sampler.noise(ask.seed, ask.n);
  if (ask.kind === "grid") return stack(Array.from({ length: ask.n }, (_, i) => sampler.noise(ask.seed + i, 1)));
  const { place } = ask;
  if (ask.kind === "here") return placed(module, sampler, place, directions);
  if (ask.kind === "ends") return stack([place.a, place.b, place.c].map((end) => endOf(sampler, end)));
  if (ask.kind === "film") {
    const { n } = ask;
    return stack(Array.from({ length: n }, (_, i) =>
      placed(module, sampler, { ...place, on: "walk", t: i / (n - 1) }, directions)));
  }
  if (ask.kind === "map") return stack(planeRows(module, sampler, place, ask.n, ask.low, ask.high));
  return stack(directions.flatMap((direction, k) => {
    const without = place.moves.map((by, other) => (other === k ? 0 : by));
    const base = placed(module, sampler, { ...place, moves: without }, directions);
    return ask.stops.map((stop) => {
      const z = base.slice();
      shift(z, direction, stop);
      return z;
    });
  }));
}

/**
 * @param {ExplorerHost} host @param {import("./latent.d.ts").Sampler} sampler
 * @param {Extract<Ask, {kind: "near"}>} ask
 * @returns {Partial<Answer>}
 */
function near({ reference }, sampler, { image, k }) {
  if (reference === null) throw new Error("the classifier is not loaded");
  const rows = [reference.nearestByPixels(image, k), reference.nearestByFeatures(image, k)];
  const indices = rows.flatMap((row) => [...row].filter((_, i) => i % 3 === 0));
  const images = new Uint8Array(784 * indices.length);
  indices.forEach((index, i) => images.set(reference.realImage(index), 784 * i));
  const all = new Float64Array(rows.flatMap((row) => [...row]));
  // Among two neighbours of a real image the first is itself.
  const apart = (/** @type {"nearestByPixels" | "nearestByFeatures"} */ by, /** @type {Float64Array | undefined} */ row) =>
    row?.[0] === undefined ? NaN : reference[by](reference.realImage(row[0]), 2)[4] ?? NaN;
  return { images, near: all, apart: [apart("nearestByPixels", rows[0]), apart("nearestByFeatures", rows[1])], scores: indices.length > 0 ? sampler.scores(images) : EMPTY };
}
