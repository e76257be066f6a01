// What travels between lab.js and the workers, and the snapshot that lab.js publishes.

import type { LatentSnapshot, Sampler } from "./latent.d.ts";
import type { TheorySnapshot, TrialSnapshot } from "./theory.d.ts";
import type { Flat, SettingName } from "./state/game.js";
import type { Move } from "./state/moves.js";
import type {
  GameFrame, GameOptimum, GamePreset, GameSamples, GameSettings, Preset, TrainSettings, TrainStats,
  ErrorCode, FileKind, Game, Judge, KnownRun, Opinion, Trainer, checkFile, checkIdx,
} from "./types.d.ts";
import type { SavedRun } from "./run_database.js";
import type { Grid } from "./lab/grid_history.js";

/** What the modules' `saddle.js` export besides what `latent.d.ts` and `theory.d.ts` list: `pkg/game/` Game, the others the rest. */
export interface Saddle {
  default(input: { module_or_path: WebAssembly.Module | Response }): Promise<unknown>;
  Game: typeof Game;
  Trainer: typeof Trainer;
  Sampler: typeof Sampler;
  Judge: typeof Judge;
  checkFile: typeof checkFile;
  checkIdx: typeof checkIdx;
}

/** The global of a dedicated worker, as far as it is used (the DOM's types know only Window). */
export interface WorkerScope<In, Out> {
  onmessage: ((event: MessageEvent<In>) => void) | null;
  postMessage(message: Out, transfer?: Transferable[]): void;
  addEventListener(type: "unhandledrejection", listener: (event: PromiseRejectionEvent) => void): void;
}

/**
 * What any worker says of an error. `message`: for people, English; `code`: for programs, "" where the error has none;
 * `panic`: the module's memory can no longer be trusted, start another worker.
 */
export interface Failure { type: "failure"; message: string; code: ErrorCode | ""; panic: boolean }

// ------------------------------------------------------------------------------------------ game

/** How a moment is to be looked at. */
export interface GameView { average: boolean; arrows: boolean }

/** One line of Algorithm 1, as the page lists it. */
export type GameLine = "noise-d" | "data" | "ascend" | "noise-g" | "descend";

/**
 * Every command is answered with one event. `at` counts moves from the start of the run (`state/moves.js`);
 * what does not begin at the end of the run is a branch, and what came after `at` is forgotten.
 */
export type GameCommand =
  /** With a link's `hash`, the first moment of the game that it asks for is part of the answer. */
  | { type: "open"; hash: string | null }
  | { type: "begin"; settings: Flat; view: GameView }
  /** From `at`: whole iterations, steps of D, of G, or of D towards its optimum. */
  | { type: "play"; at: number; act: "i" | "d" | "g" | "o"; n: number; view: GameView }
  /** From `at`: the next line of Algorithm 1. */
  | { type: "line"; at: number; view: GameView }
  | { type: "change"; at: number; moves: readonly Move[]; view: GameView }
  /** Looks at a moment without leaving the run. */
  | { type: "seek"; at: number; view: GameView }
  /** Panels of Figure 1 that are played on a branch of their own from `at`. */
  | { type: "panels"; at: number };

export interface GameMoment {
  at: number;
  frame: GameFrame;
}

export interface GameMet {
  type: "moment";
  moment: GameMoment;
  samples: GameSamples | null;
  /** The whole run: settings at its start, moves, their length. */
  course: GameCourse;
  /** Settings at this moment. */
  settings: Flat;
  /** The line that has just run or is about to, in slow motion. */
  line: GameLine | null;
  /** Which of the k steps the line belongs to, and which iteration, from 1. */
  turn: number;
  round: number;
  optimum: GameOptimum | null;
  /** It was looked at, not played: nothing was added to the run. */
  sought: boolean;
  /** It began at an earlier moment; what had come after that is forgotten. */
  branched: boolean;
}

export type GameEvent =
  | { type: "opened"; presets: GamePreset[]; first: GameMet | null }
  | GameMet
  | { type: "panels"; optimal: GameFrame; moved: GameFrame; steps: number; gSteps: number; reached: boolean }
  | Failure;

export interface GameCourse { readonly start: Flat; readonly moves: readonly Move[]; readonly total: number }

// --------------------------------------------------------------------------------------- sampler

/** Where the generator in use came from. */
export interface Origin { source: "pretrained" | "training"; preset: Preset; step: number }

// ----------------------------------------------------------------------------------------- train

export type Device = "cpu" | "webgpu";

/** Why the page would or would not train on the GPU. */
export interface Probe {
  gpu: "usable" | "software" | "no-api" | "no-adapter" | "no-module" | "building";
  /** The adapter's own description, "" when it gives none. */
  adapter: string;
  /** Has "timestamp-query". */
  timestamps: boolean;
  /** Largest storage buffer binding, bytes; 0 without an adapter. */
  bufferBytes: number;
  /** The device the page chooses by itself. */
  choice: Device;
}

export interface DataFault {
  kind: "missing" | "network" | "truncated" | "damaged" | "storage";
  file: string;
  /** The cause in the words of whoever found it; English. */
  detail: string;
}

/** What a run starts from: nothing, the weights of trained networks, or a run that was saved whole; its `bytes` are null where the browser has them. */
export type Start = { kind: "scratch" } | { kind: "weights"; bytes: Uint8Array } | { kind: "saved"; bytes: Uint8Array | null };

export interface TrainRow extends TrainStats { seconds: number }

/** `id` names a run where it is saved in the browser. */
export type TrainCommand =
  | { type: "open"; module: WebAssembly.Module; presets: readonly Preset[] }
  | { type: "probe" }
  | { type: "fetch"; cachedOnly: boolean }
  /** A saved run brings its own settings. */
  | { type: "create"; settings: TrainSettings; device: Device; from: Start; id: string }
  /** A file that the visitor brought: a whole run, or weights. */
  | { type: "take"; bytes: Uint8Array; device: Device; id: string }
  /** Changes the running session. */
  | { type: "configure"; settings: TrainSettings }
  | { type: "grid"; size: number }
  | { type: "file"; what: "session" | "generator" }
  | { type: "play" }
  | { type: "pause" }
  | { type: "step"; steps: number };

export type TrainEvent =
  | { type: "opened"; probe: Probe; defaults: TrainSettings[]; known: KnownRun[] }
  | { type: "probed"; probe: Probe }
  | { type: "progress"; file: string; received: number; total: number }
  /** `real`: the first 256 training images. */
  | { type: "data"; bytes: number; cached: boolean; real: Uint8Array }
  | { type: "data-absent" }
  | { type: "data-fault"; fault: DataFault }
  | { type: "created"; latent: number; flopPerStep: number; settings: TrainSettings; device: Device; step: number; memory: number }
  | { type: "configured"; settings: TrainSettings; flopPerStep: number }
  /** What was asked for was not done, and changed nothing. `kind`: of a whole file that was brought, what it holds. */
  | { type: "refused"; what: "take" | "configure" | "file" | "pretrained"; message: string; code: ErrorCode | ""; kind: FileKind | null }
  /** `memory`: bytes of the module's WebAssembly memory. */
  | { type: "rows"; rows: TrainRow[]; stepsPerSecond: number; memory: number }
  /** Grey bytes `[size, 28, 28]`. */
  | { type: "grid"; step: number; images: Uint8Array }
  /** safetensors, half precision. `bytes`: the averaged G and D, or where that is over 4 MB the averaged G alone; `generator`: that G alone. */
  | { type: "weights"; step: number; bytes: Uint8Array; generator: Uint8Array }
  /** `bytes` is null when the browser has saved them; else `fault` says why it has not. */
  | { type: "saved"; run: SavedRun; bytes: Uint8Array | null; fault: string }
  | { type: "file"; what: "session" | "generator"; step: number; bytes: Uint8Array }
  | { type: "playing"; playing: boolean }
  | Failure;

// ----------------------------------------------------------------------------------------- judge

/** `pretrained/real.json`, made by `saddle reference`. */
export interface RealFigures {
  /** Training images of each digit. */
  classes: number[];
  /** What sets of so many training images get: mean and standard deviation. */
  floors: Floor[];
  /** Of the test images' features: `[48]`, and half of the symmetric `[48, 48]`. */
  mean: number[]; covariance: number[];
}

export interface Floor { samples: number; frechet: [number, number]; mnistScore: [number, number] }

export type JudgeCommand =
  | { type: "open"; module: WebAssembly.Module }
  | { type: "real"; images: Uint8Array }
  /**
   * `weights` null: only the run's records are judged. `records`: the run's, as `Judge.opinion` reads them with
   * gradients; null with weights of which there are none, whose own `step` counts then.
   */
  | { type: "judge"; subject: Origin["source"]; step: number | null; weights: Uint8Array | null; records: Float64Array | null };

export interface Judged {
  readonly subject: Origin["source"];
  readonly step: number;
  readonly opinion: Opinion;
  /** What as many real images get; null when there were no samples. */
  readonly floor: Floor | null;
  /** Share of each digit in the training set. */
  readonly shares: readonly number[];
  readonly milliseconds: number;
}

export type JudgeEvent = { type: "opened" } | ({ type: "opinion" } & Judged) | Failure;

// -------------------------------------------------------------------------------------- snapshot

/** Gradient norms are NaN where they are not measured. */
export interface Curves {
  step: number[]; lossD: number[]; lossG: number[]; dReal: number[]; dFake: number[]; gradD: number[]; gradG: number[];
}

/** The panels of Figure 1: (a) and (d) as they were met in the run, (b) and (c) on a branch from (a). */
export interface GameFigure {
  readonly a: GameMoment;
  readonly b: GameFrame;
  readonly c: GameFrame;
  readonly d: GameMoment;
  /** Steps of D from (a) to (b), of G from (b) to (c). */
  readonly steps: number;
  readonly gSteps: number;
  /** Whether (b) has sup |D - D*| <= 0.02. */
  readonly reached: boolean;
}

/** What the page has to say about the run; `why` names what is meant. */
export type GameNote =
  | { kind: "restarted"; why: SettingName }
  | { kind: "branched" }
  | { kind: "stopped" }
  | { kind: "replayed" }
  | { kind: "no-figure"; missing: "a" | "d" };

/** Everything the views draw. Frozen; a change publishes a new one that shares what did not change. */
export interface Snapshot {
  readonly boot: { readonly phase: "loading" | "ready" | "failed"; readonly fault: BootFault | null };
  readonly game: {
    readonly phase: "loading" | "ready" | "failed";
    readonly playing: boolean;
    /** D alone is being trained towards its optimum. */
    readonly climbing: boolean;
    /** The rates have fallen to 0: further iterations change nothing. */
    readonly atRest: boolean;
    /** Iterations per second that are asked for now. */
    readonly pace: number;
    readonly presets: readonly GamePreset[];
    readonly course: GameCourse | null;
    /** Settings at the moment that is shown. */
    readonly settings: Flat | null;
    /** The moment that is shown: its place in the run, and what it looks like. */
    readonly at: number;
    readonly frame: GameFrame | null;
    readonly samples: GameSamples | null;
    readonly line: GameLine | null;
    readonly turn: number;
    readonly round: number;
    /** Moments that were kept, ascending, thinned when the run is long. */
    readonly moments: readonly GameMoment[];
    /** How the last training of D to its optimum ended; null after anything else. */
    readonly optimum: { readonly steps: number; readonly sup: number; readonly reached: boolean } | null;
    readonly note: GameNote | null;
    readonly figure: GameFigure | null;
    readonly message: string;
  };
  readonly digits: { readonly images: Uint8Array | null; readonly n: number };
  readonly latent: LatentSnapshot;
  readonly theory: TheorySnapshot;
  readonly judge: {
    readonly phase: "idle" | "waiting" | "busy" | "failed";
    /** The last opinion of each. */
    readonly training: Judged | null;
    readonly pretrained: Judged | null;
    /** Scores of the run, by step. */
    readonly course: readonly Judged[];
    readonly message: string;
  };
  /** The trial in which the visitor is D; null before it is mounted. */
  readonly trial: TrialSnapshot | null;
  readonly data: {
    readonly phase: "absent" | "fetching" | "ready" | "failed";
    readonly file: string;
    readonly received: number;
    readonly total: number;
    readonly cached: boolean;
    readonly fault: DataFault | null;
  };
  readonly train: {
    readonly phase: "loading" | "idle" | "creating" | "paused" | "playing" | "stepping" | "failed";
    readonly probe: Probe | null;
    readonly device: Device | null;
    readonly settings: TrainSettings | null;
    /** The settings of every preset that the module knows, as it recommends them. */
    readonly defaults: readonly TrainSettings[];
    readonly known: readonly KnownRun[];
    readonly flopPerStep: number;
    readonly row: TrainRow | null;
    readonly stepsPerSecond: number;
    /** Bytes of the worker's WebAssembly memory. */
    readonly memory: number;
    readonly curves: Curves;
    /** Grids of the whole run, ascending, thinned when it is long; the last is the newest. */
    readonly grids: readonly Grid[];
    /** The first training images, `[256, 28, 28]`. */
    readonly real: Uint8Array | null;
    /** A run that is saved in the browser and that can be gone on with. */
    readonly savedRun: SavedRun | null;
    /** Step at which this run was last saved in the browser; 0: not yet. */
    readonly savedStep: number;
    /** What became of the last file, or of a change of settings. */
    readonly note: TrainNote | null;
    /** Set after a crash: what happened and from which step the run can go on. */
    readonly lost: { readonly reason: string; readonly step: number } | null;
    readonly message: string;
  };
}

export type TrainNote =
  | { kind: "opened"; name: string; step: number }
  | { kind: "waits"; name: string }
  | { kind: "file"; name: string; fault: FileFault }
  | { kind: "pretrained"; fault: FileFault }
  | { kind: "setting"; message: string }
  | { kind: "not-saved"; message: string };

/** Why a file cannot be used. `kind`: of a whole file that is not for this, what it holds. */
export interface FileFault { readonly code: ErrorCode | ""; readonly message: string; readonly kind: FileKind | null }

export interface BootFault {
  kind: "no-wasm" | "no-simd" | "no-workers" | "no-module";
  detail: string;
}
