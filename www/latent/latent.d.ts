// The latent explorer: what it asks of its worker, what it is answered, and what it shows.

import type { End, Nudge } from "./state.js";

/** Where z is. */
export interface Place {
  readonly a: End; readonly b: End; readonly c: End;
  readonly on: "walk" | "plane";
  readonly way: "slerp" | "lerp";
  /** Share of the way from A to B. */
  readonly t: number;
  /** Shares of B and C. */
  readonly spot: readonly [number, number];
  /** Steps along the directions, added to the point of the walk or the plane; then single coordinates. */
  readonly moves: readonly number[];
  readonly nudge: Nudge;
}

/** Questions that are answered at once. */
export type Ask =
  /** n draws of one seed. */
  | { kind: "noise"; seed: number; n: number }
  /** The digit at a place; A, B and C; n digits of the walk from A to B. */
  | { kind: "here"; place: Place }
  | { kind: "ends"; place: Place }
  | { kind: "film"; place: Place; n: number }
  /** For each direction, digits at `stops` along it. */
  | { kind: "strips"; place: Place; stops: readonly number[] }
  /** One digit for each of n seeds. */
  | { kind: "grid"; seed: number; n: number }
  /** n x n digits of the plane over [low, high] in both shares, the share of C growing upwards. */
  | { kind: "map"; place: Place; n: number; low: number; high: number }
  /** The k real images nearest to one. */
  | { kind: "near"; image: Uint8Array; k: number };

export interface Answer {
  kind: Ask["kind"];
  /** Grey bytes `[n, 28, 28]`. */
  images: Uint8Array;
  /** "here": `[latent]`; "ends": `[3, latent]`; otherwise empty. */
  z: Float32Array;
  /** D(x) of each image of "here", "ends" and "near". */
  scores: Float32Array;
  /** Of "here", "ends" and "grid", `[n, 10]`; empty before the classifier is there. */
  probabilities: Float32Array;
  /** Of "film": norms of z along the straight way and along the arc, n each. */
  norms: Float32Array;
  /** Of "near": index, distance and label of each; by pixels, then by features. */
  near: Float64Array;
  /** Of "near": how far the nearest real image is from its own nearest, by pixels and by features. */
  apart: number[];
  /** A point was made for a z of another length: it was cut, or filled with zeros. */
  misfit: boolean;
  milliseconds: number;
}

export interface Found { shares: number[]; directions: number[][]; points: number }

/** Work that takes longer: done in slices between answers. A new one of a name replaces the old. */
export type Task =
  | { name: "directions"; seed: number; points: number }
  /** The next seed after `from` whose digit the classifier takes for this one. */
  | { name: "find"; digit: number; from: number; end: "a" | "b" | "c" }
  /** The classifier's digit on n x n points of the plane. */
  | { name: "regions"; place: Place; n: number; low: number; high: number }
  /** Features of all real images. */
  | { name: "index" }
  | { name: "invert"; image: Uint8Array; seed: number }
  /** Arithmetic on the digit here and on n draws of the digit that is taken away. */
  | { name: "sum"; minus: number; plus: number; times: number; n: number; place: Place };

export interface Results {
  directions: Found;
  /** seed: null when none of so many was it. */
  find: { end: "a" | "b" | "c"; digit: number; seed: number | null; tried: number };
  regions: Uint8Array;
  index: number;
  invert: { error: number; errors: number[]; image: Uint8Array; z: Float32Array; found: number; none: number };
  sum: Sum;
}

/** Before and after, image by image; `classes` and `sure` are the classifier's. */
export interface Sum {
  before: Uint8Array; after: Uint8Array;
  /** `[n, latent]` */
  zBefore: Float32Array; zAfter: Float32Array;
  classesBefore: number[]; classesAfter: number[];
  scoresBefore: Float32Array; scoresAfter: Float32Array;
  norms: number[];
  /** Samples behind the two means, and the norm of their difference. */
  counts: [number, number];
  step: number;
}

export type TaskName = Task["name"];

/** A generator that has been taken up. */
export interface Loaded {
  latent: number; radius: number; scatter: number; origin: import("../protocol.d.ts").Origin;
  /** Those in use from now on; null: they have to be looked for. */
  directions: Found | null;
  /** Why shipped ones were refused. */
  refused: string;
}

export interface SamplerQuestions {
  open: { asks: { module: WebAssembly.Module }; answer: null };
  /** directions: the file that was shipped with the weights, if one was. */
  weights: { asks: { bytes: Uint8Array; origin: import("../protocol.d.ts").Origin; directions: string }; answer: Loaded };
  classifier: { asks: { bytes: Uint8Array }; answer: null };
  /** Loads the real images: from the browser's cache, or over the network too; whether they are there. */
  real: { asks: { cachedOnly: boolean }; answer: boolean; progress: number };
  ask: { asks: Ask; answer: Answer };
  /** Digits of a generator that is used for nothing else. */
  first: { asks: { bytes: Uint8Array; seed: number; n: number }; answer: Answer };
  /** Answered with the last of its values. */
  task: { asks: Task; answer: Step; progress: Step };
}

/** Where a task is. */
export interface Step { progress: number; value: unknown; done: boolean }

/** One task as the page shows it. */
export interface Work<T> { readonly progress: number; readonly done: boolean; readonly value: T | null }

/** What the explorer shows besides the digit itself. */
export interface LatentSnapshot {
  readonly phase: "loading" | "ready" | "failed";
  readonly origin: import("../protocol.d.ts").Origin | null;
  /** Which generator was asked for, and whether there is one from training. */
  readonly source: import("../protocol.d.ts").Origin["source"];
  readonly trained: boolean;
  readonly dims: number;
  /** Whether another shipped generator is on its way. */
  readonly fetching: boolean;
  /** Mean and standard deviation of the norm of draws from p_z. */
  readonly radius: number;
  readonly scatter: number;
  /** The digit here, its z, and the place it was drawn for. */
  readonly image: Uint8Array | null;
  readonly z: Float32Array | null;
  readonly place: Place | null;
  readonly score: number;
  readonly probabilities: Float32Array;
  readonly misfit: boolean;
  readonly milliseconds: number;
  /** The walk goes to and fro by itself; then `t` is where it is. */
  readonly playing: boolean;
  /** The last answers of each kind. */
  readonly ends: Answer | null;
  readonly film: Answer | null;
  readonly strips: Answer | null;
  readonly grid: Answer | null;
  readonly map: Answer | null;
  readonly near: Answer | null;
  readonly directions: Found | null;
  /** The step of training at which they were found, and why shipped ones were refused. */
  readonly directionsStep: number;
  readonly refused: string;
  readonly classifier: "absent" | "loading" | "ready" | "failed";
  readonly real: "absent" | "loading" | "ready" | "failed";
  readonly tasks: { readonly [K in TaskName]?: Work<Results[K]> };
  readonly message: string;
}

// ---------------------------------------------------------------- what pkg/cpu exports for it

/** The generator of a weights file, and its discriminator where the file has one. */
export declare class Sampler {
  /** safetensors bytes of kind "weights", "generator" or "session"; throws Error when damaged. */
  constructor(weights: Uint8Array);
  readonly latent: number;
  /** Mean and standard deviation of the norm of draws from p_z. */
  shell(): Float64Array;
  /** n draws from p_z of its preset, row-major [n, latent]. */
  noise(seed: number, n: number): Float32Array;
  /** Grey bytes [n, 28, 28]. */
  sample(z: Float32Array): Uint8Array;
  /** D(x) of each, in (0, 1); empty where the file has no D. */
  scores(images: Uint8Array): Float32Array;
  /** Throws Error when the file is damaged or of other weights. */
  readDirections(text: string): Found;
  free(): void;
}

/** The classifier, and the real images. */
export declare class Reference {
  constructor(classifier: Uint8Array);
  /** [n, 10] */
  classify(images: Uint8Array): Float32Array;
  /** Raw IDX bytes; throws Error naming the file and what is wrong with it. */
  setReal(images: Uint8Array, labels: Uint8Array): void;
  /** Features of some more real images; how many have them. */
  index(): number;
  /** Index, distance, label of each. */
  nearestByPixels(image: Uint8Array, k: number): Float64Array;
  nearestByFeatures(image: Uint8Array, k: number): Float64Array;
  realImage(index: number): Uint8Array;
  free(): void;
}

export declare class DirectionSearch {
  constructor(sampler: Sampler, seed: number, points: number);
  /** One more point; the share that is done. */
  advance(sampler: Sampler): number;
  finish(sampler: Sampler): Found;
  free(): void;
}

export declare class DigitMeans {
  constructor(sampler: Sampler);
  add(sampler: Sampler, reference: Reference, z: Float32Array): void;
  counts(): Uint32Array;
  difference(from: number, to: number): Float32Array | undefined;
  free(): void;
}

export declare class Inversion {
  constructor(sampler: Sampler, image: Uint8Array, seed: number);
  /** Some steps; the share that is done. */
  advance(sampler: Sampler, steps: number): number;
  /** Root mean square of the difference of intensities, black 0 and white 1. */
  readonly error: number;
  readonly z: Float32Array;
  readonly image: Uint8Array;
  /** Errors up to which an image counts as found, and above which no z gives it. */
  static bounds(): Float32Array;
  free(): void;
}

export declare function lerp(a: Float32Array, b: Float32Array, t: number): Float32Array;
export declare function slerp(a: Float32Array, b: Float32Array, t: number): Float32Array;
/** The plane through three z; `shell`: at the norm between those of the corners. */
export declare function plane(a: Float32Array, b: Float32Array, c: Float32Array, s: number, t: number, shell: boolean): Float32Array;
/** Norms along the straight way from a to b, then along the arc; n each, ends included. */
export declare function norms(a: Float32Array, b: Float32Array, n: number): Float32Array;

/** What the explorer uses of the module. */
export interface ExplorerModule {
  Sampler: typeof Sampler;
  Reference: typeof Reference;
  DirectionSearch: typeof DirectionSearch;
  DigitMeans: typeof DigitMeans;
  Inversion: typeof Inversion;
  lerp: typeof lerp;
  slerp: typeof slerp;
  plane: typeof plane;
  norms: typeof norms;
  checkIdx: (name: string, bytes: Uint8Array) => void;
}
