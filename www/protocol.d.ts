// What travels between lab.js and the workers, and the snapshot that lab.js publishes.

import type { LatentSnapshot, Sampler } from "./latent/latent.d.ts";
import type { TheorySnapshot, TrialSnapshot } from "./theory/theory.d.ts";
import type { Flat, SettingName } from "./game/state.js";
import type { Move } from "./game/moves.js";
import type {
  GameFrame, GameOptimum, GamePreset, GameSamples, GameSettings, PlaneSamples, Preset, TrainSettings, TrainStats,
  ErrorCode, FileKind, Game, Judge, KnownRun, Opinion, Trainer, checkFile, checkIdx,
} from "./types.d.ts";
import type { Pair } from "./shell/fields.js";
import type { State } from "./shell/state.js";
import type { SavedRun } from "./mnist/run_database.js";
import type { Shipped } from "./shell/pretrained.js";
import type { Grid } from "./mnist/grid_history.js";

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

// ------------------------------------------------------------------------------------------ game

/** How a moment is to be looked at. */
export interface GameView {
  average: boolean; arrows: boolean; dots: boolean;
  /** Settings in which the held game differs, or null: none is held. */
  held: readonly Pair[] | null;
}

/** One line of Algorithm 1, as the page lists it. */
export type GameLine = "noise-d" | "data" | "ascend" | "noise-g" | "descend";

/**
 * `at` counts moves from the start of the run (`game/moves.js`); what does not begin at the end of the run is a branch,
 * and what came after `at` is forgotten.
 */
export interface GameQuestions {
  /** With a link's `hash`, the first moment of the game that it asks for is part of the answer. */
  open: { asks: { hash: string | null }; answer: { presets: GamePreset[]; first: GameMet | null } };
  begin: { asks: { settings: Flat; view: GameView }; answer: GameMet };
  /** From `at`: whole iterations, steps of D, of G, or of D towards its optimum. */
  play: { asks: { at: number; act: "i" | "d" | "g" | "o"; n: number; view: GameView }; answer: GameMet };
  /** From `at`: the next line of Algorithm 1. */
  line: { asks: { at: number; view: GameView }; answer: GameMet };
  change: { asks: { at: number; moves: readonly Move[]; view: GameView }; answer: GameMet };
  /** Looks at a moment without leaving the run. */
  seek: { asks: { at: number; view: GameView }; answer: GameMet };
  /** Panels of Figure 1 that are played on a branch of their own from `at`. */
  panels: { asks: { at: number }; answer: GamePanels };
}

export interface GamePanels { optimal: GameFrame; moved: GameFrame; steps: number; gSteps: number; reached: boolean }

export interface GameMoment {
  at: number;
  frame: GameFrame;
  /** Those of the held game. */
  held?: GameFrame["numbers"] | null;
}

export interface GameMet {
  moment: GameMoment;
  /** The held game at the same place, or null. */
  held: GameFrame | null;
  samples: GameSamples | PlaneSamples | null;
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

export interface GameCourse { readonly start: Flat; readonly moves: readonly Move[]; readonly total: number }

// --------------------------------------------------------------------------------------- sampler

/** Where the generator in use came from. */
export interface Origin { source: "pretrained" | "training"; preset: Preset; step: number }

// ----------------------------------------------------------------------------------------- train

export type Device = "cpu" | "webgpu";

/** Why the page would or would not train on the GPU. */
export interface Probe {
  gpu: "usable" | "software" | "no-api" | "no-adapter" | "silent" | "failed" | "no-module" | "building";
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
  kind: "missing" | "network" | "truncated" | "damaged" | "stalled";
  file: string;
  /** The cause in the words of whoever found it; English. */
  detail: string;
}

/** What a run starts from: nothing, the weights of trained networks, or a run that was saved whole; its `bytes` are null where the browser has them. */
export type Start = { kind: "scratch" } | { kind: "weights"; bytes: Uint8Array } | { kind: "saved"; bytes: Uint8Array | null };

export interface TrainRow extends TrainStats { seconds: number }

/** A run that has begun. */
export interface Created { latent: number; flopPerStep: number; settings: TrainSettings; device: Device; step: number; memory: number }

/** What was asked for was not done, and changed nothing. `kind`: of a whole file that was brought, what it holds. */
export interface Refused { message: string; code: ErrorCode | "other-tab" | ""; kind: FileKind | null }

/** `id` names a run where it is saved in the browser. */
export interface TrainQuestions {
  open: { asks: { module: WebAssembly.Module; presets: readonly Preset[] }; answer: { defaults: TrainSettings[]; known: KnownRun[] } };
  probe: { asks: null; answer: Probe };
  /** `cached`: all came from the browser's store; `kept`: all are in it now; `real`: the first 256 training images; null: only what is in the cache was wanted, and it is not. */
  fetch: {
    asks: { cachedOnly: boolean };
    answer: { bytes: number; cached: boolean; kept: boolean; real: Uint8Array } | { fault: DataFault } | null;
    progress: { file: string; received: number; total: number };
  };
  /** A saved run brings its own settings. `weights`: why those it was to start from were refused; it starts from others then. */
  create: {
    asks: { settings: TrainSettings; device: Device; from: Start; id: string };
    answer: Created & { weights: Refused | null } | { refused: Refused };
  };
  /** A file that the visitor brought: a whole run, or weights. */
  take: { asks: { bytes: Uint8Array; device: Device; id: string }; answer: Created | { refused: Refused } };
  /** Changes the running session. */
  configure: { asks: { settings: TrainSettings }; answer: { settings: TrainSettings; flopPerStep: number } };
  grid: { asks: { size: number }; answer: null };
  /** `script`: UTF-8. */
  file: { asks: { what: "session" | "generator" | "script" }; answer: { step: number; bytes: Uint8Array } };
  /** Steps until so many are done, or "pause" names this turn or a later one; answered then. */
  play: { asks: { steps: number; turn: number }; answer: null };
  pause: { asks: { turn: number }; answer: null };
  /** Saves the run in the browser now. */
  keep: { asks: null; answer: null };
}

/** What a run tells while it is played; `run` is its id. */
export type TrainNews = { run: string } & (
  /** `memory`: bytes of the module's WebAssembly memory. */
  | { type: "rows"; rows: TrainRow[]; stepsPerSecond: number; memory: number }
  /** Grey bytes `[size, 28, 28]`. */
  | { type: "grid"; step: number; images: Uint8Array }
  /** safetensors, half precision. `bytes`: the averaged G and D, or where that is over 4 MB the averaged G alone; `generator`: that G alone. */
  | { type: "weights"; step: number; bytes: Uint8Array; generator: Uint8Array }
  /** `bytes` is null when the browser has saved them. */
  | { type: "saved"; saved: SavedRun; bytes: Uint8Array | null; fault: SaveFault | null }
);

/** Why the browser has not saved a run. */
export interface SaveFault { kind: "full" | "other"; message: string }

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

/**
 * `weights` null: only the run's records are judged. `records`: the run's, as `Judge.opinion` reads them with
 * gradients; null with weights of which there are none, whose own `step` counts then.
 */
export interface JudgeCase { subject: Origin["source"]; step: number | null; weights: Uint8Array | null; records: Float64Array | null }

export interface JudgeQuestions {
  open: { asks: { module: WebAssembly.Module }; answer: null };
  real: { asks: { images: Uint8Array }; answer: null };
  judge: { asks: JudgeCase; answer: Judged };
}

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
  /** Weights have become infinite or no numbers: there is no picture of what comes next. */
  | { kind: "diverged" }
  | { kind: "no-figure"; missing: "a" | "d" };

/** Everything the views draw. Frozen; a change publishes a new one that shares what did not change. */
export interface Snapshot {
  /** What the visitor has chosen. */
  readonly record: Readonly<State>;
  /** What the browser lacks, and which parts of the link were nonsense. */
  readonly boot: { readonly fault: BootFault | null; readonly rejected: readonly string[] };
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
    /** Moves of a link are still to be played. */
    readonly replaying: boolean;
    readonly course: GameCourse | null;
    /** Settings at the moment that is shown. */
    readonly settings: Flat | null;
    /** The moment that is shown: its place in the run, and what it looks like. */
    readonly at: number;
    readonly frame: GameFrame | null;
    /** The held game at the same place; null too where its weights have become infinite. */
    readonly held: GameFrame | null;
    readonly samples: GameSamples | PlaneSamples | null;
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
  /** `samples`: a hundred of the pretrained generator, once the MNIST laboratory has been looked at. */
  readonly digits: { readonly images: Uint8Array | null; readonly n: number; readonly samples: Uint8Array | null };
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
    /** They came from this browser's store; they are in it now. */
    readonly cached: boolean;
    readonly kept: boolean;
    readonly fault: DataFault | null;
  };
  readonly train: {
    readonly phase: "loading" | "idle" | "creating" | "paused" | "playing" | "stepping" | "failed";
    readonly probe: Probe | null;
    readonly device: Device | null;
    readonly settings: TrainSettings | null;
    /** The run began from random weights, in this visit. */
    readonly scratch: boolean;
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
    /** A run that is held beside this one: what it had shown. */
    readonly held: { readonly settings: TrainSettings; readonly step: number; readonly curves: Curves; readonly grids: readonly Grid[] } | null;
    /** The step at which this run will be held, and the next trained beside it; null: it goes on. */
    readonly heldAt: number | null;
    /** The first training images, `[256, 28, 28]`. */
    readonly real: Uint8Array | null;
    /** Runs that are saved in the browser and that can be gone on with, newest first; `elsewhere`: another tab has it. */
    readonly savedRuns: readonly (SavedRun & { readonly elsewhere: boolean })[];
    /** Step at which this run was last saved in the browser; 0: not yet. */
    readonly savedStep: number;
    /** Why it is not saved any more, and up to which step it is. */
    readonly notSaved: (SaveFault & { readonly step: number }) | null;
    /** What is shipped with the page. */
    readonly shipped: readonly Shipped[];
    /** Steps after which settings were changed. */
    readonly changes: readonly { readonly step: number; readonly names: readonly string[] }[];
    /** What became of the last file, or of a change of settings. */
    readonly note: TrainNote | null;
    /** Set after a crash: what happened and from which step the run can go on. */
    readonly lost: { readonly reason: string; readonly code: ErrorCode | ""; readonly step: number } | null;
    readonly message: string;
  };
}

export type TrainNote =
  | { kind: "opened"; name: string; step: number }
  | { kind: "waits"; name: string }
  | { kind: "file"; name: string; fault: FileFault }
  | { kind: "pretrained"; fault: FileFault }
  | { kind: "setting"; message: string }
  | { kind: "resume"; fault: FileFault; step: number };

/** Why a file cannot be used. `kind`: of a whole file that is not for this, what it holds. */
export interface FileFault { readonly code: ErrorCode | "other-tab" | "huge" | "unreadable" | ""; readonly message: string; readonly kind: FileKind | null }

export interface BootFault {
  kind: "no-wasm" | "no-simd" | "no-workers";
  detail: string;
}
