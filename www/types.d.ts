// Everything that crosses between Rust and the page. Logarithms are natural, divergences in nats.
// Float32Array / Uint8Array fields are transferred, never copied twice.

/** The field `code` of every Error that an export throws or rejects with. Its `message` is English, for people. */
export type ErrorCode =
  /** A file: no whole safetensors file; not Saddle's; Saddle's, but of another kind than asked for. */
  | "damaged" | "foreign" | "other-kind"
  /** It names a network that this version has not; lacks a tensor; has a newer or a too old format. */
  | "unknown-network" | "missing-tensor" | "newer" | "older"
  /** A tensor of another shape or type; of values that are not finite; of other networks than those in use. */
  | "shape" | "not-finite" | "other-network"
  /** A setting out of range, in a record or in a file; one that would need another run; a batch that cannot be. */
  | "settings" | "restart" | "batch"
  /** An IDX file that is not what it should be; none was set. */
  | "data" | "no-data"
  /** There is no picture of the game in the plane: its weights are no numbers any more, or it is on the line. */
  | "plane"
  /** Directions that cannot be read, or of other weights. */
  | "directions"
  /** A value that the export does not take; no plain record; a device that does not open. */
  | "argument" | "record" | "device"
  /** Of the page, not of the module: WebGPU took the device away, has no memory left, or refused what it was given. */
  | "gpu-lost" | "gpu-memory" | "gpu-refused";

// ---------------------------------------------------------------- the game (pkg/game: class Game)

export type TargetKind = "gaussian" | "two-modes" | "three-modes" | "uniform" | "skewed" | "heavy-tailed" | "drawn";
export type PlaneKind = "ring" | "grid" | "moons" | "spiral" | "circle" | "segment" | "two-gaussians" | "square" | "drawn";
export type Prior = "gaussian" | "uniform";
export type GameLoss = "minimax" | "non-saturating" | "least-squares";
export type Activation = "tanh" | "relu" | "leaky-relu" | "softplus";
export type OptimiserKind = "sgd" | "momentum" | "adam";

export interface NetSettings {
  /** Width of each hidden layer, 1..=64. */
  width: number;
  /** Hidden layers, 1..=3. */
  layers: number;
  activation: Activation;
  optimiser: OptimiserKind;
  /** Learning rate, > 0. */
  rate: number;
  /** Momentum for "momentum", beta_1 for "adam"; in [0, 1). */
  beta1: number;
}

export interface GameSettings {
  target: TargetKind;
  /** For "drawn": 64 non-negative heights over [-4, 4]; otherwise empty. */
  drawn: number[];
  /** Shape of p_data in the plane, where the game then is; absent on the line. */
  plane?: PlaneKind;
  /** For "drawn" in the plane: x and y of 1 to 256 points in turn, within 3.5 of 0. */
  points?: number[];
  /** Dimension of z in the plane, 1 or 2; 2 where it is absent. */
  latent?: number;
  /** Mean of the target, -6..=6; standard deviation, 0.1..=2 (kinds that have them), in the plane of the blur, 0.1..=0.5. */
  mean: number;
  deviation: number;
  prior: Prior;
  /** D steps and G steps per iteration, 0..=20. */
  kD: number;
  kG: number;
  loss: GameLoss;
  d: NetSettings;
  g: NetSettings;
  /** 1..=512 */
  batch: number;
  /** Weight gamma of R1, (gamma/2) E[|dD/dx|^2] on real samples (of the logit). */
  r1: number;
  /** Decay of the exponential moving average of G that `frame(true)` shows; 0 is off. */
  ema: number;
  /** Iteration at which both rates begin to fall linearly, and the one at which they reach 0; 0 and 0: constant. */
  decayFrom: number;
  decayTo: number;
  seed: number;
}

export interface GameNumbers {
  /** Quadrature on the exact densities, nats: V(D, G); V(D*, G) = C(G); JSD; KL(data||g); KL(g||data). */
  v: number; cOfG: number; jsd: number; klDataG: number; klGData: number;
  /** -log 4 + 2 JSD, computed from the JSD, to stand beside cOfG. */
  identity: number;
  /** V(D*, G) - V(D, G), nats, >= 0. */
  gap: number;
  /** sup |D - D*| and sup |D - 1/2| on the central 99 % of the mass of (p_data + p_g)/2; of p_data's central 98 %. */
  supDDStar: number; supDHalf: number;
  /** What training saw in its last mini-batch: V~, D's loss, G's loss. */
  vBatch: number; lossD: number; lossG: number;
}

export interface GameFrame {
  iteration: number; dSteps: number; gSteps: number;
  /** Grid of nx points, ascending, in data units. */
  x: Float32Array;
  /** Densities per data unit, on x. */
  pData: Float32Array; pG: Float32Array;
  /** In [0, 1], on x; dStar is NaN where p_data + p_g = 0. */
  d: Float32Array; dStar: Float32Array;
  /** Mapping lines at equal steps of prior mass: z and G(z). */
  z: Float32Array; gz: Float32Array;
  numbers: GameNumbers;
  /** In the plane; the arrays above are empty there. Moments that are kept for looking back have none. */
  plane?: PlaneLook;
}

/** What the plane has beside GameNumbers. */
export interface PlaneFigures {
  /** Mass without density of p_g and of p_data; mass of p_g outside the square. */
  singular: number; singularData: number; outside: number;
  /** Mass of p_g, and of p_data, within three deviations of each mode; how many have half of their due. */
  modes: number[]; due: number[]; served: number;
}

/** A moment in the plane. Cells lie row by row from the lowest y. */
export interface PlaneLook {
  /** Half the side of the square, which is centred on 0, in data units; cells and nodes of z along an axis. */
  half: number; cells: number; row: number;
  /** Mean densities in each cell, per squared data unit; D and D* in its middle, NaN where neither has a density. */
  pData: Float32Array; pG: Float32Array; d: Float32Array; dStar: Float32Array;
  /** G at the nodes of z, x and y in turn, row by row; along the curve where z has one dimension. */
  mesh: Float32Array;
  figures: PlaneFigures;
}

/** Samples in the plane; x and y in turn. */
export interface PlaneSamples {
  x: Float32Array; d: Float32Array;
  /** Gradient of D's logit there, and as many samples of p_data. */
  slope: Float32Array; real: Float32Array;
}

/** A game with a name. */
export interface GamePreset {
  name: string;
  /** Iterations after which it has done what it is known for. */
  iterations: number;
  settings: GameSettings;
}

/** How far D came towards D*. */
export interface GameOptimum {
  /** Steps taken by this call. */
  steps: number;
  /** sup |D - D*| on the central 99 % of the mass of (p_data + p_g)/2, and whether it is at most 0.02. */
  sup: number; reached: boolean;
}

/** Samples of G; each array holds n. */
export interface GameSamples {
  /** G(z), in data units; the z are those of the seed, the same at every moment. */
  x: Float32Array;
  /** D(x) in (0, 1), and da/dx of its logit a, per data unit. */
  d: Float32Array; slope: Float32Array;
}

export declare class Game {
  /** Throws Error when a field is out of range, naming the field and the range. */
  constructor(settings: GameSettings);
  static defaults(): GameSettings;
  /** All known games, in the order in which they are told. */
  static presets(): GamePreset[];
  /** Those in the plane; the first is the one that the switch opens. */
  static planePresets(): GamePreset[];
  /** A game that goes on from this moment by itself; it takes some 10 kB until it is played or drawn. */
  fork(): Game;
  /** Goes to the moment of another game, a fork of this one. */
  restore(moment: Game): void;
  settings(): GameSettings;
  /** Applies settings without a restart where that is possible; true when it had to restart. */
  configure(settings: GameSettings): boolean;
  reset(seed: number): void;
  /** n whole iterations: kD steps of D, kG of G. */
  step(n: number): void;
  stepD(n: number): void;
  stepG(n: number): void;
  /** Counts an iteration whose steps were taken one by one. */
  countIteration(): void;
  /** Up to n steps of D towards D* on the exact densities, G standing still; stops at sup |D - D*| <= 0.02. */
  optimum(n: number): GameOptimum;
  samples(n: number): GameSamples;
  planeSamples(n: number): PlaneSamples;
  /** This moment, with G as it is, or with its moving average in its place. */
  frame(average: boolean): GameFrame;
  /** The same of a game in the plane. */
  plane(average: boolean): Pick<GameFrame, "iteration" | "dSteps" | "gSteps" | "numbers"> & PlaneLook;
  free(): void;
}

// ------------------------------------------------------------- MNIST (pkg/cpu and pkg/gpu: class Trainer)

export type Preset = "compact" | "tiny" | "article" | "paper";
export type TrainLoss = "minimax" | "non-saturating" | "least-squares";
export type TrainOrder = "in-turn" | "at-once";
export type TrainOptimiser = "sgd" | "momentum" | "nesterov" | "adam";
export type HiddenActivation = "relu" | "leaky-relu" | "tanh" | "sigmoid" | "maxout";

export interface TrainSettings {
  preset: Preset;
  /** Real images per step of D, 1..=512; D sees as many generated ones. */
  batch: number;
  /** Steps of D for each one of G, 1..=20. */
  k: number;
  /** D first, then G against the new D; or both from the same samples, each against the other as it was. */
  order: TrainOrder;
  /** G's loss; least squares (on D, not on its logit) is D's too. */
  loss: TrainLoss;
  optimiserD: TrainOptimiser; optimiserG: TrainOptimiser;
  /** (0, 1] */
  rateD: number; rateG: number;
  /** [0, 1); Adam's beta_1; of no effect for "sgd". The paper's grows to 0.7 over 250 epochs. */
  momentumD: number; momentumG: number;
  /** Hidden layers; "maxout" only for D of "paper". */
  activationD: HiddenActivation; activationG: HiddenActivation;
  /** In G's hidden layers. */
  batchNorm: boolean;
  /** 0..=0.5; D's target for real images is 1 - smoothing. */
  smoothing: number;
  /** In D. */
  spectralNorm: boolean;
  /** Weight gamma of R1, (gamma/2) E[|grad_x l|^2] on real images, of D's logit l; 0 is off. */
  r1: number;
  /** [0, 1): decay of the moving average of G that samples are drawn from; 0 is off. */
  ema: number;
  /** Steps after which both rates have halved; 0 is constant. */
  halfLife: number;
  seed: number;
}

/** What the last step saw (one small read). Means over the batch. */
export interface TrainStats {
  step: number;
  /** Real images that D has seen, and epochs = imagesSeen / 60,000. */
  imagesSeen: number; epoch: number;
  /** What each descends, nats (least squares: none): D's sum of both halves without R1, G's. */
  lossD: number; lossG: number;
  /** Mean D on real and on generated images, in [0, 1]. */
  dReal: number; dFake: number;
  /** Norms of the last gradients by all of D's and all of G's weights, nats per unit of weight. */
  gradD: number; gradG: number;
}

/** A run with a name; its strings are `knownrun.NAME` and `knownrun.NAME.what`. */
export interface KnownRun {
  name: string;
  /** Name of the failing run that this one mends; missing for a failure. */
  mends?: string | null;
  settings: TrainSettings;
  /** Steps after which it has done what it is known for. */
  steps: number;
}

export declare class Trainer {
  /** device "cpu": flex; "webgpu": pkg/gpu only. Rejects with an Error that says what to do next. */
  static create(settings: TrainSettings, device: "cpu" | "webgpu"): Promise<Trainer>;
  static defaults(preset: Preset): TrainSettings;
  /** Runs known to go wrong, and those that mend them, in the order in which they are told. */
  static known?(): KnownRun[];
  /** Length of z. */
  readonly latent: number;
  /** Floating-point operations of one training step (k of D, one of G). */
  readonly flopPerStep: number;
  /** n draws from the preset's p_z, row-major [n, latent]. */
  noise(seed: number, n: number): Float32Array;
  /** Raw IDX bytes (after gunzip). Throws Error naming the file and what is wrong with it. */
  setData(images: Uint8Array, labels: Uint8Array): void;
  /** Enqueues n training steps; reads nothing back. */
  step(n: number): void;
  /**
   * Enqueues n training steps; resolves to what each of them saw, read at once when the device has taken them. Meanwhile
   * more steps can be enqueued.
   */
  advance(n: number): Promise<TrainStats[]>;
  /** Begins again with these settings on the same data and device. */
  reset(settings: TrainSettings): void;
  /**
   * Goes on with these settings: true when it had to begin again (another preset, seed, activation, norm or
   * optimiser). Throws Error naming field, value and range, and changes nothing.
   */
  configure(settings: TrainSettings): boolean;
  /** Waits for the steps so far and reads what the last one saw; null before the first, and after `load`. */
  stats(): Promise<TrainStats | null>;
  /** z: row-major [n, latent]. Grey bytes [n, 28, 28], 0 black .. 255 white, from the moving average of G. */
  sample(z: Float32Array): Promise<Uint8Array>;
  /** The moving average of G alone as safetensors bytes, half precision, with all notes, for this and other programs. */
  generator(): Promise<Uint8Array>;
  /** The moving average of G, and D, as safetensors bytes, half precision. */
  weights(): Promise<Uint8Array>;
  /** Starts from `weights`, G from its average; throws Error and changes nothing when they are damaged or of another network. */
  load(bytes: Uint8Array): void;
  /** The whole run (weights, optimiser, counters, noise, settings) as one file, and back. */
  save(): Promise<Uint8Array>;
  /** A PyTorch script that loads what `save` or `weights` wrote and goes on training with the present settings. */
  script(): string;
  restore(bytes: Uint8Array): void;
  free(): void;
}

// ------------------------------------------------------------- judging (pkg/cpu: class Judge)

/** What has gone wrong with a run, the gravest first, and the numbers behind it. */
export type Verdict =
  | { kind: "not-a-number"; step: number }
  /** Share of pixels that are neither black nor white. */
  | { kind: "grey"; middle: number }
  /** Median distance of a sample from the nearest other one, and the same among real images. */
  | { kind: "all-alike"; nearest: number; nearestReal: number }
  | { kind: "few-classes"; classes: number[]; share: number; samples: number }
  /** Medians; the norm of G's gradient over its early one, where it is measured. */
  | { kind: "discriminator-won"; dReal: number; dFake: number; gradient: number | null | undefined };

/** A value and its standard error. */
export type Estimate = [value: number, error: number];

export interface Opinion {
  /** 0: there was no generator to draw from. */
  samples: number;
  scores: {
    /** Samples of each digit. */
    classes: number[];
    /** 1..10. */
    mnistScore: Estimate;
    /** Total variation from the training set's classes, 0..1, and what perfect samples get in the mean. */
    classTv: Estimate; classTvFloor: number;
    /** Fréchet distance from the test images on the classifier's features, >= 0; none with fewer than 40 samples. */
    frechet: Estimate | null | undefined;
  } | null | undefined;
  verdicts: Verdict[];
}

export declare class Judge {
  /** The classifier's safetensors; of real images: their count by class, mean and covariance of their features. */
  constructor(weights: Uint8Array, classes: Uint32Array, mean: Float64Array, covariance: Float64Array);
  /** Grey bytes `[n, 28, 28]`; the first 256 are kept. */
  setReal(images: Uint8Array): void;
  /** Another generator; undefined: none. Throws Error when the file is damaged or its weights are not finite. */
  begin(weights: Uint8Array | undefined, seed: number): void;
  /** n >= 1 more samples. */
  draw(n: number): void;
  /**
   * history: row-major [n, 6], oldest first: step, loss of D, of G, mean D(x), D(G(z)), norm of G's gradient. NaN is a
   * value that was measured. gradients false: the last column was not.
   */
  opinion(history: Float64Array, gradients: boolean): Opinion;
  free(): void;
}

// ------------------------------------------------------------------------------------ files (pkg/cpu)

/** A whole run; G (moving average) and D; G alone; the digit classifier. */
export type FileKind = "session" | "weights" | "generator" | "classifier";

export interface FileSummary {
  kind: FileKind;
  /** Steps of training behind it. */
  step: number;
  /** A run's own; for weights and generators the preset's recommended ones with the networks of the file; else null. */
  settings: TrainSettings | null;
}

/** Reads the whole of a safetensors file of any kind. Throws Error when anything is wrong with it. */
export declare function checkFile(bytes: Uint8Array): FileSummary;

/** Checks one IDX file (after gunzip): digest and header. Throws Error naming the file and what is wrong. */
export declare function checkIdx(name: string, bytes: Uint8Array): void;
