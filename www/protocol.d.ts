// What travels between lab.js and the workers, and the snapshot that lab.js publishes.

import type { TheorySnapshot } from "./theory.d.ts";
import type {
  GameFrame, GameSettings, Preset, TrainSettings, TrainStats,
  Game, Trainer, Sampler, noise, slerp, checkIdx,
} from "./types.d.ts";

/** What `pkg/cpu/saddle.js` exports. */
export interface Saddle {
  default(input: { module_or_path: WebAssembly.Module | URL }): Promise<unknown>;
  Game: typeof Game;
  Trainer: typeof Trainer;
  Sampler: typeof Sampler;
  noise: typeof noise;
  slerp: typeof slerp;
  checkIdx: typeof checkIdx;
}

/** The global of a dedicated worker, as far as it is used (the DOM's types know only Window). */
export interface WorkerScope<In, Out> {
  onmessage: ((event: MessageEvent<In>) => void) | null;
  postMessage(message: Out, transfer?: Transferable[]): void;
  addEventListener(type: "unhandledrejection", listener: (event: PromiseRejectionEvent) => void): void;
}

/** Any worker's last words. `panic`: its memory can no longer be trusted, start another. */
export interface Failure { type: "failure"; message: string; panic: boolean }

// ------------------------------------------------------------------------------------------ game

export type GameCommand =
  | { type: "open"; module: WebAssembly.Module; seed: number }
  | { type: "pull"; iterations: number }
  | { type: "reset"; seed: number };

export type GameEvent =
  | { type: "opened"; settings: GameSettings; frame: GameFrame }
  | { type: "frame"; frame: GameFrame }
  | Failure;

// --------------------------------------------------------------------------------------- sampler

/** Which z to draw. Seeds feed the generator's own noise; `t` walks by slerp; `nudge` is added to z_0.. */
export type Spot =
  | { kind: "noise"; seed: number; n: number }
  | { kind: "ends"; from: number; to: number }
  | { kind: "walk"; from: number; to: number; t: number; nudge: readonly number[] };

export type SamplerCommand =
  | { type: "open"; module: WebAssembly.Module }
  | { type: "weights"; bytes: Uint8Array; origin: Origin }
  | { type: "sample"; id: number; spot: Spot };

export type SamplerEvent =
  | { type: "opened" }
  | { type: "loaded"; latent: number; origin: Origin }
  | { type: "images"; id: number; images: Uint8Array; z: Float32Array; milliseconds: number }
  | Failure;

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

/** What a run starts from: nothing, the weights of trained networks, or a run that was saved whole. */
export type Start = { kind: "scratch" } | { kind: "weights" | "saved"; bytes: Uint8Array };

export interface TrainRow extends TrainStats { seconds: number }

export type TrainCommand =
  | { type: "open"; module: WebAssembly.Module }
  | { type: "probe" }
  | { type: "fetch"; cachedOnly: boolean }
  // Fields that `settings` leaves out are the preset's defaults.
  | { type: "create"; settings: Partial<TrainSettings> & { preset: Preset }; device: Device; from: Start }
  | { type: "play" }
  | { type: "pause" }
  | { type: "step"; steps: number };

export type TrainEvent =
  | { type: "opened"; probe: Probe }
  | { type: "probed"; probe: Probe }
  | { type: "progress"; file: string; received: number; total: number }
  | { type: "data"; bytes: number; cached: boolean }
  | { type: "data-absent" }
  | { type: "data-fault"; fault: DataFault }
  | { type: "created"; latent: number; flopPerStep: number; settings: TrainSettings; device: Device }
  | { type: "rows"; rows: TrainRow[]; stepsPerSecond: number }
  | { type: "grid"; step: number; images: Uint8Array }
  | { type: "weights"; step: number; bytes: Uint8Array }
  | { type: "saved"; step: number; bytes: Uint8Array }
  | { type: "playing"; playing: boolean }
  | Failure;

// -------------------------------------------------------------------------------------- snapshot

export interface Curves { step: number[]; lossD: number[]; lossG: number[]; dReal: number[]; dFake: number[] }
export interface GameTrace { iteration: number[]; v: number[]; jsd: number[] }

/** Everything the views draw. Frozen; a change publishes a new one that shares what did not change. */
export interface Snapshot {
  readonly boot: { readonly phase: "loading" | "ready" | "failed"; readonly fault: BootFault | null };
  readonly game: {
    readonly phase: "loading" | "ready" | "failed";
    readonly playing: boolean;
    /** The rates have fallen to 0: further iterations change nothing. */
    readonly atRest: boolean;
    /** Iterations per second that are asked for now. */
    readonly pace: number;
    readonly settings: GameSettings | null;
    readonly frame: GameFrame | null;
    readonly trace: GameTrace;
    readonly message: string;
  };
  readonly digits: { readonly images: Uint8Array | null; readonly n: number };
  readonly latent: {
    readonly phase: "loading" | "ready" | "failed";
    readonly origin: Origin | null;
    readonly dims: number;
    readonly image: Uint8Array | null;
    readonly z: Float32Array | null;
    /** What was added to the walk's own z to get this one. */
    readonly nudge: readonly number[];
    readonly ends: readonly [Uint8Array | null, Uint8Array | null];
    readonly milliseconds: number;
    readonly message: string;
  };
  readonly theory: TheorySnapshot;
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
    readonly flopPerStep: number;
    readonly row: TrainRow | null;
    readonly stepsPerSecond: number;
    readonly curves: Curves;
    readonly grid: { readonly step: number; readonly images: Uint8Array } | null;
    /** Set after a crash: what happened and from which step the run can go on. */
    readonly lost: { readonly reason: string; readonly step: number } | null;
    readonly message: string;
  };
}

export interface BootFault {
  kind: "no-wasm" | "no-simd" | "no-workers" | "no-module";
  detail: string;
}
