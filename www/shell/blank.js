/** What the page shows of each laboratory before it is there: they are loaded one after the other. */
import { PACE } from "./state.js";

/** @type {Omit<import("../protocol.d.ts").Snapshot, "record">} */
export const BLANK = Object.freeze({
  boot: Object.freeze({ fault: null, rejected: Object.freeze([]) }),
  digits: Object.freeze({ images: null, n: 0, samples: null }),
  trial: null,
  game: Object.freeze({
    phase: "loading", playing: false, climbing: false, atRest: false, replaying: false, pace: PACE.initial, presets: [], course: null,
    settings: null, at: 0, frame: null, held: null, samples: null, line: null, turn: 0, round: 0, moments: Object.freeze([]), optimum: null,
    note: null, figure: null, message: "",
  }),
  latent: Object.freeze({
    phase: "loading", origin: null, source: "pretrained", trained: false, dims: 0, radius: 0, scatter: 0, image: null, z: null, place: null, score: NaN, fetching: false,
    probabilities: new Float32Array(0), misfit: false, milliseconds: NaN, playing: false,
    ends: null, film: null, strips: null, grid: null, map: null, near: null,
    directions: null, directionsStep: 0, refused: "", classifier: "absent", real: "absent",
    tasks: Object.freeze({}), message: "",
  }),
  theory: Object.freeze({ answers: Object.freeze({}), faults: Object.freeze({}) }),
  judge: Object.freeze({ phase: "idle", training: null, pretrained: null, course: Object.freeze([]), message: "" }),
  data: Object.freeze({ phase: "absent", file: "", received: 0, total: 0, cached: false, kept: false, fault: null }),
  train: Object.freeze({
    phase: "loading", probe: null, device: null, settings: null, scratch: false, defaults: Object.freeze([]), known: Object.freeze([]),
    flopPerStep: 0, row: null, stepsPerSecond: NaN, memory: NaN, grids: Object.freeze([]), held: null, heldAt: null, real: null,
    savedRuns: Object.freeze([]), savedStep: 0, notSaved: null, shipped: Object.freeze([]), changes: Object.freeze([]), note: null, lost: null, message: "", curves: Object.freeze({ step: [], lossD: [], lossG: [], dReal: [], dFake: [], gradD: [], gradG: [] }),
  }),
});
