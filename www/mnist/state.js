/**
 * Settings of the run on MNIST as fields of the state record, and as the record that Rust reads. What a setting is by
 * default depends on the preset and is Rust's to say: here it is null.
 */
import { choice, held, integer, real } from "../shell/fields.js";

/** @typedef {import("../shell/fields.js").Limits} Limits */
/** @typedef {Record<string, string | number | boolean>} Settings  as Rust names and types them */

const OPTIMISERS = /** @type {const} */ (["sgd", "momentum", "nesterov", "adam"]);
const ACTIVATIONS = /** @type {const} */ (["relu", "leaky-relu", "tanh", "sigmoid", "maxout"]);
const SWITCH = /** @type {const} */ (["on", "off"]);
export const PRESETS = /** @type {const} */ (["compact", "tiny", "article", "paper"]);

/**
 * @template T
 * @template {import("../shell/fields.js").Field<T>} F
 * @param {F & import("../shell/fields.js").Field<T>} field
 * @returns {Omit<F, "initial" | "read" | "write"> & import("../shell/fields.js").Field<T | null>} the same, null where the preset decides
 */
function own(field) {
  return { ...field, initial: null, write: (/** @type {T | null} */ value) => (value === null ? "" : field.write(value)) };
}

/** Ranges are those of `Settings::validate`; a browser test holds the two together. */
export const SETTINGS = Object.freeze({
  batch: own(integer("t-batch", 1, 1, 512)),
  k: own(integer("t-k", 1, 1, 20)),
  order: own(choice("t-order", "in-turn", /** @type {const} */ (["in-turn", "at-once"]))),
  loss: own(choice("t-loss", "non-saturating", /** @type {const} */ (["non-saturating", "minimax", "least-squares"]))),
  optimiserD: own(choice("t-d-by", "adam", OPTIMISERS)),
  optimiserG: own(choice("t-g-by", "adam", OPTIMISERS)),
  rateD: own(real("t-d-rate", 0, 0.000001, 1, 7)),
  rateG: own(real("t-g-rate", 0, 0.000001, 1, 7)),
  momentumD: own(real("t-d-beta", 0, 0, 0.9999)),
  momentumG: own(real("t-g-beta", 0, 0, 0.9999)),
  activationD: own(choice("t-d-f", "relu", ACTIVATIONS)),
  activationG: own(choice("t-g-f", "relu", ACTIVATIONS)),
  batchNorm: own(choice("t-norm", "on", SWITCH)),
  smoothing: own(real("t-smooth", 0, 0, 0.5)),
  spectralNorm: own(choice("t-spectral", "off", SWITCH)),
  r1: own(real("t-r1", 0, 0, 1000)),
  ema: own(real("t-ema", 0, 0, 0.99999, 5)),
  halfLife: own(integer("t-half", 0, 0, 10_000_000)),
});

/** @typedef {keyof typeof SETTINGS} Name */
/** @typedef {{[K in Name]: (typeof SETTINGS)[K]["initial"]}} Flat */

export const NAMES = /** @type {readonly Name[]} */ (Object.keys(SETTINGS));

/** Those that cannot change under a running session, `Settings::needs_restart`. */
export const RESTARTS = new Set(/** @type {Name[]} */ (["optimiserD", "optimiserG", "activationD", "activationG", "batchNorm", "spectralNorm"]));

const SWITCHES = new Set(["batchNorm", "spectralNorm"]);

/** What single fields cannot know: maxout is for D of the paper. @param {Name} name @param {unknown} value @param {string} preset */
export const allowed = (name, value, preset) => value !== "maxout" || (name === "activationD" && preset === "paper");

/**
 * @param {Readonly<Record<string, unknown>>} values the state record
 * @returns {Name[]} those that do not fit the preset
 */
export const misfits = (values) => NAMES.filter((name) => !allowed(name, values[prefixed(name)], String(values["trainPreset"])));

/** @param {Name} name @returns {`train${Capitalize<Name>}`} its name in the state record */
export const prefixed = (name) => /** @type {any} */ (`train${name.charAt(0).toUpperCase()}${name.slice(1)}`);

/** @typedef {{[K in Name as `train${Capitalize<K>}`]: (typeof SETTINGS)[K]}} TrainFields */
export const TRAIN_FIELDS = /** @type {TrainFields} */ (Object.fromEntries(NAMES.map((name) => [prefixed(name), SETTINGS[name]])));

/**
 * Settings of a run: the preset's, and over them what the visitor chose. What the module does not know is left out.
 * @param {Readonly<Record<string, unknown>>} values the state record
 * @param {Readonly<Settings>} defaults of its preset
 * @returns {Settings}
 */
export function settingsOf(values, defaults) {
  const settings = { ...defaults, seed: Number(values["trainSeed"]) };
  for (const name of NAMES) {
    const value = values[prefixed(name)];
    if (value === null || value === undefined || !(name in defaults)) continue;
    Object.assign(settings, { [name]: SWITCHES.has(name) ? value === "on" : value });
  }
  return settings;
}

/** One setting as the fields write it. @param {Name} name @param {string | number | boolean} value @returns {string | number} */
export const shown = (name, value) => (SWITCHES.has(name) ? (value ? "on" : "off") : typeof value === "number" ? Number(value.toPrecision(6)) : String(value));

/**
 * The reverse of `settingsOf`, for a run that comes out of a file: null where it is as its preset has it.
 * @param {Readonly<Settings>} settings @param {Readonly<Settings>} defaults
 * @returns {Record<string, unknown>} a patch of the state record
 */
export function patchOf(settings, defaults) {
  /** @type {Record<string, unknown>} */
  const patch = { trainPreset: settings["preset"], trainSeed: settings["seed"] };
  for (const name of NAMES) {
    const [value, usual] = [settings[name], defaults[name]];
    const same = value === undefined || usual === undefined || shown(name, value) === shown(name, usual);
    patch[prefixed(name)] = same ? null : shown(name, value);
  }
  return patch;
}

/** Choices that begin a new run when they change; the others that are the run's act on it as it goes on. */
export const NEW_RUN = new Set(["trainDevice", "trainStart", "trainSeed", "trainPreset", ...[...RESTARTS].map(prefixed)]);

/** @param {Readonly<Record<string, unknown>>} from the state record @param {Readonly<Record<string, unknown>>} to another */
export const beginsRun = (from, to) => [...NEW_RUN].some((name) => from[name] !== to[name]);

/** What a held run can differ in besides its settings. */
const OF_RUN = { preset: choice("net", "compact", PRESETS), seed: integer("train-seed", 1, 0, 4_294_967_295) };
/** @type {[string, import("../shell/fields.js").Field<any>][]} */
const HOLDABLE = [...Object.entries(OF_RUN), ...Object.entries(SETTINGS)];
const holdable = (/** @type {string} */ key) => HOLDABLE.find(([, field]) => field.key === key);

/** In what the held run differs from the one that the record describes, and how many steps it has. */
export const HELD = Object.freeze({
  trainHeld: held("t-held", (key, value) => holdable(key)?.[1].read(value) !== undefined),
  trainHeldSteps: integer("t-held-steps", 200, 1, 10_000_000),
});

/** Names in which two runs differ. @param {Readonly<Settings>} one @param {Readonly<Settings>} other */
export const differing = (one, other) => HOLDABLE.map(([name]) => name).filter((name) => {
  const [is, was] = [one[name], other[name]];
  return is !== undefined && was !== undefined && shown(/** @type {Name} */ (name), is) !== shown(/** @type {Name} */ (name), was);
});

/** The same with the one's values, as a link has them. @param {Readonly<Settings>} one @param {Readonly<Settings>} other */
export const pairsOf = (one, other) => Object.freeze(differing(one, other).map((name) => {
  const field = HOLDABLE.find(([own]) => own === name)?.[1];
  return { key: field?.key ?? "", value: String(field?.write(shown(/** @type {Name} */ (name), /** @type {string} */ (one[name])))) };
}));

/** @param {readonly import("../shell/fields.js").Pair[]} pairs @returns {Record<string, unknown>} a patch of the state record */
export const heldPatch = (pairs) => Object.fromEntries(pairs.map(({ key, value }) => {
  const [name = "", field] = holdable(key) ?? [];
  return [prefixed(/** @type {Name} */ (name)), field?.read(value)];
}));

/** What of a record a run is made of. @param {Readonly<Record<string, unknown>>} record @returns {Record<string, unknown>} */
export const kept = (record) => Object.fromEntries([...NEW_RUN, ...NAMES.map(prefixed)].map((name) => [name, record[name]]));
