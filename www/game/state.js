/** The settings of the game, on the line or in the plane, as fields of the state record, and as the record that Rust reads. */
import { choice, heights, held, integer, pairs, real } from "../shell/fields.js";
import * as course from "./moves.js";

/** @typedef {import("../types.d.ts").GameSettings} GameSettings */
/** @typedef {import("./moves.js").Move} Move */

const SEED_MAX = 4_294_967_295;
/** Knots of a drawn density, and where the outer ones lie. */
export const KNOTS = 64;
export const DRAWN_EDGE = 4;

/** In the plane. */
const WIDEST_BLUR = 0.5;

const ACTIVATIONS = /** @type {const} */ (["tanh", "relu", "leaky-relu", "softplus"]);
/** Drawn points in the plane at most, and how far from 0 they may lie on either axis. */
export const POINTS = 256;
export const POINTS_EDGE = 3.5;
const OPTIMISERS = /** @type {const} */ (["sgd", "momentum", "adam"]);

/**
 * Defaults are those of `GameSettings::default()`; a browser test holds the two together.
 */
export const SETTINGS = Object.freeze({
  target: choice("data", "gaussian", /** @type {const} */ (["gaussian", "two-modes", "three-modes", "uniform", "skewed", "heavy-tailed", "drawn"])),
  drawn: heights("drawn", KNOTS),
  /** Of x: 1 on the line, where `target` is p_data; 2 in the plane, where `plane` is. */
  dimension: choice("dim", "1", /** @type {const} */ (["1", "2"])),
  plane: choice("plane", "ring", /** @type {const} */ (["ring", "grid", "moons", "spiral", "circle", "segment", "two-gaussians", "square", "drawn"])),
  points: pairs("points", POINTS, POINTS_EDGE),
  /** Dimension of z in the plane; on the line it is 1. */
  latent: choice("z-dim", "2", /** @type {const} */ (["1", "2"])),
  mean: real("mean", 1, -6, 6),
  deviation: real("deviation", 0.6, 0.1, 2),
  prior: choice("prior", "gaussian", /** @type {const} */ (["gaussian", "uniform"])),
  kD: integer("k-d", 1, 0, 20),
  kG: integer("k-g", 1, 0, 20),
  loss: choice("loss", "non-saturating", /** @type {const} */ (["minimax", "non-saturating", "least-squares"])),
  dLayers: integer("d-layers", 2, 1, 3),
  dWidth: integer("d-width", 16, 1, 64),
  dActivation: choice("d-f", "tanh", ACTIVATIONS),
  dOptimiser: choice("d-by", "adam", OPTIMISERS),
  dRate: real("d-rate", 0.01, 0.00001, 10, 6),
  dBeta1: real("d-beta", 0, 0, 0.9999),
  gLayers: integer("g-layers", 2, 1, 3),
  gWidth: integer("g-width", 16, 1, 64),
  gActivation: choice("g-f", "softplus", ACTIVATIONS),
  gOptimiser: choice("g-by", "adam", OPTIMISERS),
  gRate: real("g-rate", 0.0005, 0.00001, 10, 6),
  gBeta1: real("g-beta", 0, 0, 0.9999),
  batch: integer("batch", 128, 1, 512),
  r1: real("r1", 0.03, 0, 100),
  ema: real("ema", 0.99, 0, 0.9999),
  decayFrom: integer("fall-from", 2000, 0, 1_000_000),
  decayTo: integer("fall-to", 4000, 0, 1_000_000),
  seed: integer("seed", 1, 0, SEED_MAX),
});

/** @typedef {keyof typeof SETTINGS} SettingName */
/** @typedef {{[K in SettingName]: (typeof SETTINGS)[K]["initial"]}} Flat  a game's settings, not nested */

export const SETTING_NAMES = /** @type {readonly SettingName[]} */ (Object.keys(SETTINGS));

/** Those that cannot change under a running game. */
export const RESTARTS = new Set(/** @type {SettingName[]} */ (["dimension", "latent", "dWidth", "dLayers", "gWidth", "gLayers", "prior", "seed"]));

/** @param {SettingName} name @returns {import("../shell/fields.js").Field<any>} its type set aside for walking over all */
const field = (name) => SETTINGS[name];

/** @type {import("../shell/fields.js").Field<readonly Move[]>} what was done since the start */
export const RUN = {
  key: "run",
  initial: Object.freeze([]),
  read: (text) => course.read(text, (key, value) => {
    const name = SETTING_NAMES.find((candidate) => field(candidate).key === key);
    return name !== undefined && !RESTARTS.has(name) && field(name).read(value) !== undefined;
  }),
  write: course.write,
};

/** The settings in which the held game differs from the one that is played; both are played by the same moves. */
export const HELD = held("held", (key, value) => {
  const name = SETTING_NAMES.find((candidate) => field(candidate).key === key);
  return name !== undefined && name !== "dimension" && field(name).read(value) !== undefined;
});

/**
 * Settings of the held game.
 * @param {Flat} flat those of the other @param {readonly import("../shell/fields.js").Pair[]} pairs in which it differs
 */
export const heldOf = (flat, pairs) => mend(after(flat, pairs.map(({ key, value }) => ({ act: "set", key, value })))).flat;

/** In which settings one game differs from another. @param {Flat} one @param {Flat} other @returns {SettingName[]} */
export const differing = (one, other) => SETTING_NAMES.filter((name) => field(name).write(one[name]) !== field(name).write(other[name]));

/** The same with the one's values, as a link has them. @param {Flat} one @param {Flat} other */
export const pairsOf = (one, other) => Object.freeze(differing(one, other).map((name) => ({ key: field(name).key, value: field(name).write(one[name]) })));

/** @returns {Flat} */
export function flatDefaults() {
  return /** @type {Flat} */ (Object.fromEntries(SETTING_NAMES.map((name) => [name, field(name).initial])));
}

/** @param {Flat} flat @returns {GameSettings} */
export function nest(flat) {
  const { target, mean, deviation, prior, kD, kG, loss, batch, r1, ema, decayFrom, decayTo, seed } = flat;
  return {
    target, mean, deviation, prior, kD, kG, loss, batch, r1, ema, decayFrom, decayTo, seed,
    drawn: target === "drawn" ? [...flat.drawn] : [],
    ...(flat.dimension === "1" ? {} : { plane: flat.plane, points: flat.plane === "drawn" ? [...flat.points] : [], latent: Number(flat.latent) }),
    d: { width: flat.dWidth, layers: flat.dLayers, activation: flat.dActivation, optimiser: flat.dOptimiser, rate: flat.dRate, beta1: flat.dBeta1 },
    g: { width: flat.gWidth, layers: flat.gLayers, activation: flat.gActivation, optimiser: flat.gOptimiser, rate: flat.gRate, beta1: flat.gBeta1 },
  };
}

/** @param {GameSettings} settings @returns {Flat} */
export function flatten({ d, g, plane, points = [], latent = 2, ...rest }) {
  return {
    ...rest,
    dimension: plane === undefined ? "1" : "2", plane: plane ?? SETTINGS.plane.initial, points, latent: latent === 1 ? "1" : "2",
    dLayers: d.layers, gLayers: g.layers,
    dWidth: d.width, dActivation: d.activation, dOptimiser: d.optimiser, dRate: d.rate, dBeta1: d.beta1,
    gWidth: g.width, gActivation: g.activation, gOptimiser: g.optimiser, gRate: g.rate, gBeta1: g.beta1,
  };
}

/** @param {SettingName} name @param {unknown} value @returns {Move} */
export const asMove = (name, value) => ({ act: "set", key: field(name).key, value: field(name).write(value) });

/**
 * Settings after some moves.
 * @param {Flat} flat @param {readonly Move[]} moves
 * @returns {Flat}
 */
export function after(flat, moves) {
  const result = { ...flat };
  for (const move of moves) {
    if (move.act !== "set") continue;
    const name = SETTING_NAMES.find((candidate) => field(candidate).key === move.key);
    if (name) Object.assign(result, { [name]: field(name).read(move.value) });
  }
  return result;
}

/**
 * Mends what single fields cannot know of each other: a drawn density needs its heights or points, rates cannot stop
 * falling before they begin, and the plane has no room for a blur that is wider than 0.5.
 * @param {Flat} flat
 * @returns {{flat: Flat, wrong: SettingName[]}} wrong: the fields that fell back to their defaults
 */
export function mend(flat) {
  const result = { ...flat };
  /** @type {SettingName[]} */
  const wrong = [];
  if (flat.target === "drawn" && flat.drawn.length !== KNOTS) {
    result.target = SETTINGS.target.initial;
    wrong.push("target");
  }
  if (flat.dimension === "2" && flat.plane === "drawn" && flat.points.length === 0) {
    result.plane = SETTINGS.plane.initial;
    wrong.push("plane");
  }
  if (flat.dimension === "2" && flat.deviation > WIDEST_BLUR) {
    result.deviation = WIDEST_BLUR;
    wrong.push("deviation");
  }
  const constant = flat.decayFrom === 0 && flat.decayTo === 0;
  if (!constant && flat.decayTo <= flat.decayFrom) {
    result.decayFrom = SETTINGS.decayFrom.initial;
    result.decayTo = SETTINGS.decayTo.initial;
    wrong.push("decayFrom", "decayTo");
  }
  return { flat: result, wrong };
}
