// The live figures of the text: what each asks of `src/figures/`, and what it is answered.
// Densities per data unit, divergences and values in nats. Plain arrays of numbers.

export interface PairAnswer {
  x: number[]; p: number[]; q: number[];
  /** Integrands of KL(p||q) and KL(q||p), on x. */
  pLog: number[]; qLog: number[];
  /** -log 4 + klPMean + klQMean = cOfG = -log 4 + 2 jsd. */
  floor: number; klPMean: number; klQMean: number; cOfG: number; jsd: number;
  /** Infinite where the second has no mass for the first; closed forms are NaN for uniform densities. */
  klPQ: number; klQP: number; closedPQ: number; closedQP: number;
}

export interface JudgedAnswer {
  x: number[]; p: number[]; q: number[];
  /** D*, on x. */
  best: number[];
  /** v + gap = cOfG; bound = (v + log 4) / 2 <= jsd. */
  v: number; gap: number; cOfG: number; jsd: number; bound: number;
}

export interface PointAnswer {
  y: number[]; f: number[];
  /** Where f is largest (NaN for a = b = 0), and how large. */
  best: number; most: number;
  /** f and f' at the chosen y; gap = most - value. */
  value: number; slope: number; gap: number;
}

export interface FoldAnswer {
  z: number[]; gz: number[]; prior: number[];
  x: number[];
  /** Densities of the branches on x, row-major [branches, x.length], and their ends in z. */
  branches: number[]; ends: number[];
  /** Mass at one value; 0 and NaN where there is none. */
  atom: number; atomAt: number;
  preimages: { z: number; density: number; branch: number }[];
  density: number; overZ: number; overX: number;
}

export interface DescentAnswer {
  /** Masses of 32 cells on [-4, 4]. */
  data: number[]; g: number[];
  /** KL(data||g) after each step, and what Proposition 2 allows. */
  kl: number[]; allowed: number[];
  cOfG: number; apart: number;
}

export interface DiracAnswer {
  /** psi, theta, psi, theta, ... */
  path: number[];
  radiusFirst: number; radius: number;
  /** d(psi^2 + theta^2)/dt at the end, by its formula and by the field. */
  change: number; changeByField: number;
}

interface Costs { covering: number; seeking: number; minimax: number; nonSaturating: number }
interface Model { mean: number; deviation: number; q: number[]; costs: Costs }
export interface ModesAnswer {
  x: number[]; p: number[];
  /** At hand, and the best by each cost. */
  own: Model; covering: Model; seeking: Model; minimax: Model; nonSaturating: Model;
}

interface Apart { jsd: number; shift: number; tv: number; accuracy: number }
export interface RulerAnswer {
  x: number[]; p: number[]; q: number[];
  here: Apart; marks: Apart[];
  /** Shares of right answers; the JSD of normal densities with them, and the least and largest of any. */
  accuracies: number[]; normals: number[]; least: number[]; most: number[];
}

export interface TemperAnswer {
  u: number[]; minimax: number[]; nonSaturating: number[];
  /** u where data are still made, both f there, and what is charged in all. */
  kept: number; minimaxKept: number; nonSaturatingKept: number;
  minimaxCost: number; nonSaturatingCost: number;
  twiceJsd: number; twiceKl: number;
}

/** One of four. */
interface Panel {
  x: number[]; pData: number[]; pG: number[]; d: number[]; dStar: number[]; z: number[]; gz: number[];
  jsd: number; sup: number; supHalf: number;
}
export type Figure1Answer = [a: Panel, b: Panel, c: Panel, d: Panel];

export interface LossesAnswer {
  a: number[]; minimax: number[]; nonSaturating: number[];
  d: number; minimaxLoss: number; nonSaturatingLoss: number;
  minimaxSlope: number; nonSaturatingSlope: number;
}

export interface ShiftAnswer {
  x: number[]; p: number[]; q: number[];
  shifts: number[]; jsds: number[]; movers: number[];
  /** fromBest = (C(G) + log 4) / 2 = jsd. */
  jsd: number; fromBest: number; mover: number; jsdSlope: number; moverSlope: number;
}

export interface RoundAnswer {
  /** Grey bytes [n, 28, 28]; which are real; D(x) of each. */
  images: number[]; real: boolean[]; d: number[];
  /** Steps of training behind G and behind D. */
  gSteps: number; dSteps: number;
}

/** For each pair of counts: the ends of Clopper and Pearson's interval at 95 %, and P(as many or more) by a coin,
 * and the JSD that the lower end proves, nats. */
export type TallyAnswer = { low: number; high: number; chance: number; proves: number }[];

/** What can be asked: the function's name in the module, its arguments, its answer. */
export interface Asked {
  theoryPair: { args: [uniform: boolean, p: number[], q: number[]]; answer: PairAnswer };
  theoryJudged: { args: [p: number[], q: number[], d: number[]]; answer: JudgedAnswer };
  theoryPoint: { args: [a: number, b: number, y: number]; answer: PointAnswer };
  theoryFold: { args: [map: string, t: number, probe: string, at: number]; answer: FoldAnswer };
  theoryDescent: { args: [eta: number, steps: number]; answer: DescentAnswer };
  theoryDirac: { args: [loss: "minimax" | "non-saturating" | "r1", inTurn: boolean, eta: number, gamma: number, steps: number]; answer: DiracAnswer };
  theoryModes: { args: [half: number, q: number[]]; answer: ModesAnswer };
  theoryRuler: { args: [nats: number]; answer: RulerAnswer };
  theoryTemper: { args: [lost: number]; answer: TemperAnswer };
  theoryFigure1: { args: [iterations: number, dSteps: number, gSteps: number]; answer: Figure1Answer };
  theoryLosses: { args: [logit: number]; answer: LossesAnswer };
  trialRound: { args: [g: Uint8Array, d: Uint8Array, pool: Uint8Array, seed: number, n: number]; answer: RoundAnswer };
  trialTally: { args: [counts: number[]]; answer: TallyAnswer };
  theoryShift: { args: [uniform: boolean, width: number, shift: number]; answer: ShiftAnswer };
}
export type Name = keyof Asked;
export type Answer = Asked[Name]["answer"];
export type TheoryModule = { [N in Name]: (...args: Asked[N]["args"]) => Asked[N]["answer"] };

/** Values of a figure's fields; a choice is the index of its option. */
export type Values = Readonly<Record<string, number>>;

/** Each function is a kind of question. */
export type TheoryQuestions = { open: { asks: null; answer: null } } & { [N in Name]: { asks: Asked[N]["args"]; answer: Asked[N]["answer"] } };

/** By the figure's id: the last answer and the values it belongs to, and what went wrong with the last question. */
export interface TheorySnapshot {
  readonly answers: Readonly<Record<string, { readonly answer: Answer; readonly values: Values }>>;
  readonly faults: Readonly<Record<string, string>>;
}

/** G early or late in its training. */
export type Stage = "early" | "late";

/** Answers to all digits of one G so far. */
export interface TrialTally {
  readonly gSteps: number; readonly of: number;
  readonly you: number; readonly d: number;
  /** Null until it is computed: yours, then D's. */
  readonly intervals: TallyAnswer | null;
}

export interface TrialSnapshot {
  readonly phase: "idle" | "loading" | "asking" | "done" | "failed";
  readonly stage: Stage;
  readonly round: RoundAnswer | null;
  /** The visitor's answers of this round; true: real. */
  readonly answers: readonly boolean[];
  readonly tallies: { readonly [S in Stage]: TrialTally | null };
  readonly message: string;
}

export interface Field {
  name: string;
  /** Of a range. A choice has options instead, and its value is an index. */
  min: number; max: number; step: number;
  value: number;
  options?: readonly string[];
  /** It does something only where that field has that value. */
  when?: readonly [name: string, value: number];
  /** Kept with the others, in a part that can be folded away. */
  apart?: boolean;
}

export interface Scene {
  /** A figure with one canvas has it twice. */
  canvases: Canvases;
  palette: import("../shell/canvas.js").Palette;
  t: import("../shell/language.js").Translate;
}

/** Values of a figure whose fields have these names. */
export type ValuesOf<F extends string> = Readonly<Record<F, number>>;

/** Of a figure with one, that one twice: who draws names those that there are. */
export type Canvases = readonly [HTMLCanvasElement, HTMLCanvasElement, ...HTMLCanvasElement[]];

/** A live figure. `N` is what it asks, `F` the names of its fields. */
export interface Kind<N extends Name, F extends string = string> {
  /** `fig-<id>` is its element, `theory.<id>` begins the keys of its strings. */
  id: string;
  name: N;
  fields: readonly Field[];
  /** Rows of its table, by the names of their strings; with a unit's key where it has one. */
  rows: readonly (readonly [name: string, unit?: "nats"])[];
  /** Height of each canvas, in rem. */
  heights: readonly number[];
  /** Of its canvases, side by side; one below the other where it is not said. */
  columns?: number;
  /** A field that a button plays from its start to its end. */
  plays?: string;
  args(values: ValuesOf<F>): Asked[N]["args"];
  draw(scene: Scene, answer: Asked[N]["answer"], values: ValuesOf<F>): void;
  /** Texts of the rows; null hides one. */
  numbers(answer: Asked[N]["answer"], values: ValuesOf<F>, scene: Scene): Record<string, string | null>;
  /** Which handle of the first canvas lies under the pointer: 0.., or -1. */
  grab?(canvas: HTMLCanvasElement, at: { x: number; y: number }, values: ValuesOf<F>): number;
  /** What dragging it there changes. */
  drag?(canvas: HTMLCanvasElement, handle: number, at: { x: number; y: number }, values: ValuesOf<F>): Record<string, number>;
  /** Whether a finger there drags up and down; elsewhere it scrolls the page. Where it is missing, fingers drag sideways only. */
  near?(canvas: HTMLCanvasElement, at: { x: number; y: number }, values: ValuesOf<F>): boolean;
}
