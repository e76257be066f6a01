/**
 * The state record: what the visitor chose, and nothing that was computed. The URL hash mirrors it, as
 * `#section&key=value&...`: an anchor first, if there is one, then each field that differs from its default.
 *
 * Every field is declared once, in FIELDS. Reading a hash validates field by field: nonsense falls back
 * to the default and is reported by name.
 */

/**
 * @template T
 * @typedef {object} Field
 * @property {string} key           name in the hash
 * @property {T} initial
 * @property {(text: string) => T | undefined} read   undefined: nonsense
 * @property {(value: T) => string} write
 */

/**
 * @param {string} key @param {number} initial @param {number} low @param {number} high
 * @returns {Field<number>} an integer in low..=high
 */
function integer(key, initial, low, high) {
  return {
    key,
    initial,
    read: (text) => {
      const value = /^-?\d{1,10}$/.test(text) ? Number(text) : NaN;
      return value >= low && value <= high ? value : undefined;
    },
    write: String,
  };
}

/**
 * @param {string} key @param {number} initial @param {number} low @param {number} high
 * @returns {Field<number>} a finite number in low..=high, kept to four decimals
 */
function real(key, initial, low, high) {
  return { key, initial, read: (text) => readReal(text, low, high), write: writeReal };
}

/**
 * @template {string} T
 * @param {string} key @param {T} initial @param {readonly T[]} values
 * @returns {Field<T>}
 */
function choice(key, initial, values) {
  return { key, initial, read: (text) => values.find((value) => value === text), write: (value) => value };
}

/**
 * @param {string} key @param {readonly number[]} initial @param {number} low @param {number} high
 * @returns {Field<readonly number[]>} exactly as many numbers as the default has, separated by commas
 */
function reals(key, initial, low, high) {
  return {
    key,
    initial,
    read: (text) => {
      const values = text.split(",").map((part) => readReal(part, low, high));
      const valid = values.length === initial.length && values.every((value) => value !== undefined);
      return valid ? /** @type {number[]} */ (values) : undefined;
    },
    write: (values) => values.map(writeReal).join(","),
  };
}

/** @param {string} text @param {number} low @param {number} high */
function readReal(text, low, high) {
  const value = /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
  return value >= low && value <= high ? value : undefined;
}

/** @param {number} value */
function writeReal(value) {
  return String(Math.round(value * 1e4) / 1e4);
}

const SEED_MAX = 4_294_967_295;

/** Coordinates of z that have a slider. */
export const SLIDERS = 8;

/** Iterations per second of the 1-D game: the slider's ends, and its default (4,000 iterations in 22 s). */
export const PACE = Object.freeze({ min: 1, max: 20_000, initial: 180 });

export const FIELDS = Object.freeze({
  /** "auto" follows the browser. */
  language: choice("lang", "auto", /** @type {const} */ (["auto", "en", "zh"])),
  gameSeed: integer("seed", 1, 0, SEED_MAX),
  gamePace: real("pace", PACE.initial, PACE.min, PACE.max),
  trainDevice: choice("device", "auto", /** @type {const} */ (["auto", "cpu", "webgpu"])),
  trainStart: choice("from", "scratch", /** @type {const} */ (["scratch", "pretrained"])),
  trainSeed: integer("train-seed", 1, 0, SEED_MAX),
  trainPreset: choice("net", "compact", /** @type {const} */ (["compact", "tiny"])),
  latentFrom: integer("a", 1, 0, SEED_MAX),
  latentTo: integer("b", 2, 0, SEED_MAX),
  latentAt: real("t", 0, 0, 1),
  latentNudge: reals("z", Array(SLIDERS).fill(0), -8, 8),
});

/** @typedef {{[K in keyof typeof FIELDS]: (typeof FIELDS)[K]["initial"]}} Values */
/** @typedef {Values & {anchor: string}} State  `anchor`: id of the section that the link opens, or "" */

const NAMES = /** @type {(keyof Values)[]} */ (Object.keys(FIELDS));

/** @param {keyof Values} name @returns {Field<any>} one field, its type set aside for walking over all */
const field = (name) => FIELDS[name];

/** @returns {State} */
export function defaults() {
  const entries = NAMES.map((name) => [name, field(name).initial]);
  return { ...Object.fromEntries(entries), anchor: "" };
}

/**
 * @param {string} hash with or without its "#"
 * @returns {{state: State, rejected: string[]}} rejected: the parts that were nonsense, as written
 */
export function parse(hash) {
  const state = defaults();
  /** @type {string[]} */
  const rejected = [];
  const parts = hash.replace(/^#/, "").split("&").filter((part) => part !== "");
  parts.forEach((part, index) => {
    const equals = part.indexOf("=");
    if (equals < 0 && index === 0 && /^[\w-]+$/.test(part)) {
      state.anchor = part;
      return;
    }
    const name = NAMES.find((candidate) => field(candidate).key === part.slice(0, equals));
    const value = name && field(name).read(decode(part.slice(equals + 1)));
    if (name === undefined || value === undefined) rejected.push(decode(part));
    else Object.assign(state, { [name]: value });
  });
  return { state, rejected };
}

/**
 * @param {State} state
 * @returns {string} "" or "#..."; `parse` of it gives the same state
 */
export function format(state) {
  const parts = state.anchor === "" ? [] : [state.anchor];
  for (const name of NAMES) {
    const { key, initial, write } = field(name);
    const text = write(state[name]);
    if (text !== write(initial)) parts.push(`${key}=${text}`);
  }
  return parts.length === 0 ? "" : `#${parts.join("&")}`;
}

/** @param {string} text */
function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * Holds the record, mirrors it in the address bar and tells its listeners.
 */
export class Store {
  /** @type {Set<(state: Readonly<State>, changed: ReadonlySet<keyof State>) => void>} */
  #listeners = new Set();
  #timer = 0;

  /** @param {State} state */
  constructor(state) {
    this.state = Object.freeze({ ...state });
  }

  /** @param {Partial<State>} patch */
  set(patch) {
    const before = this.state;
    const next = { ...before, ...patch };
    const keys = /** @type {(keyof State)[]} */ (Object.keys(patch));
    const changed = new Set(keys.filter((key) => String(before[key]) !== String(next[key])));
    if (changed.size === 0) return;
    this.state = Object.freeze(next);
    for (const listener of this.#listeners) listener(this.state, changed);
    this.mirror();
  }

  /** @param {(state: Readonly<State>, changed: ReadonlySet<keyof State>) => void} listener */
  listen(listener) {
    this.#listeners.add(listener);
  }

  /** Writes the record into the address bar, soon: browsers limit how often that may happen. */
  mirror() {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => {
      const hash = format(this.state);
      if (hash !== location.hash) history.replaceState(null, "", hash === "" ? location.pathname + location.search : hash);
    }, 250);
  }
}
