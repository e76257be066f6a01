/** The kinds of fields a state record is made of. */

/**
 * @template T
 * @typedef {object} Field
 * @property {string} key           name in the hash
 * @property {T} initial
 * @property {(text: string) => T | undefined} read   undefined: nonsense
 * @property {(value: T) => string} write
 */

/**
 * @typedef {object} Limits  of a number
 * @property {number} low
 * @property {number} high
 * @property {number} digits  decimals that are kept
 */

/**
 * @param {string} key @param {number} initial @param {number} low @param {number} high
 * @returns {Field<number> & Limits} an integer in low..=high
 */
export function integer(key, initial, low, high) {
  return {
    key, initial, low, high,
    digits: 0,
    read: (text) => {
      const value = /^-?\d{1,10}$/.test(text) ? Number(text) : NaN;
      return value >= low && value <= high ? value : undefined;
    },
    write: String,
  };
}

/**
 * @param {string} key @param {number} initial @param {number} low @param {number} high @param {number} [digits]
 * @returns {Field<number> & Limits} a finite number in low..=high, kept to so many decimals
 */
export function real(key, initial, low, high, digits = 4) {
  return { key, initial, low, high, digits, read: (text) => readReal(text, low, high), write: (value) => writeReal(value, digits) };
}

/** @param {string} key @returns {Field<string>} a name in lower case with hyphens, or "" */
export const word = (key) => ({ key, initial: "", read: (text) => (/^[a-z][a-z0-9-]{0,39}$/.test(text) ? text : undefined), write: (value) => value });

/**
 * @template {string} T
 * @param {string} key @param {T} initial @param {readonly T[]} values
 * @returns {Field<T> & {values: readonly T[]}}
 */
export function choice(key, initial, values) {
  return { key, initial, values, read: (text) => values.find((value) => value === text), write: (value) => value };
}

/**
 * @param {string} key @param {readonly number[]} initial @param {number} low @param {number} high
 * @returns {Field<readonly number[]>} exactly as many numbers as the default has, separated by commas
 */
export function reals(key, initial, low, high) {
  return {
    key,
    initial,
    read: (text) => {
      const values = text.split(",").map((part) => readReal(part, low, high));
      const valid = values.length === initial.length && values.every((value) => value !== undefined);
      return valid ? /** @type {number[]} */ (values) : undefined;
    },
    write: (values) => values.map((value) => writeReal(value, 4)).join(","),
  };
}

/** 64 digits, one for each height 0..=63. */
const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/**
 * @param {string} key
 * @param {number} count
 * @returns {Field<readonly number[]>} nothing, or so many heights 0..=63, not all 0, one digit each
 */
export function heights(key, count) {
  return {
    key,
    initial: Object.freeze([]),
    read: (text) => {
      if (text.length !== count) return undefined;
      const values = [...text].map((digit) => DIGITS.indexOf(digit));
      return values.every((value) => value >= 0) && values.some((value) => value > 0) ? values : undefined;
    },
    write: (values) => values.map((value) => DIGITS[value] ?? "A").join(""),
  };
}

/**
 * @param {string} key @param {number} most how many pairs at most @param {number} edge
 * @returns {Field<readonly number[]>} nothing, or x and y of each place in turn, within edge of 0, to two decimals
 */
export function pairs(key, most, edge) {
  return {
    key,
    initial: Object.freeze([]),
    read: (text) => {
      const values = text.split(",").map((part) => readReal(part, -edge, edge));
      const valid = values.length % 2 === 0 && values.length <= 2 * most && values.every((value) => value !== undefined);
      return valid ? /** @type {number[]} */ (values) : undefined;
    },
    write: (values) => values.map((value) => writeReal(value, 2)).join(","),
  };
}

/** @param {string} text @param {number} low @param {number} high */
function readReal(text, low, high) {
  const value = /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
  return value >= low && value <= high ? value : undefined;
}

/** @param {number} value @param {number} digits */
function writeReal(value, digits) {
  return String(Number(value.toFixed(digits)));
}

/** @typedef {{readonly key: string, readonly value: string}} Pair  a setting and its value, as links write them */

/**
 * @param {string} key
 * @param {(key: string, value: string) => boolean} known whether a setting can have this value
 * @returns {Field<readonly Pair[] | null>} settings in which a held run differs, written `g-rate:0.02;k-d:1`, or `same`; null: nothing is held
 */
export function held(key, known) {
  return {
    key,
    initial: null,
    read: (text) => {
      if (text === "same") return [];
      const pairs = text.split(";").map((part) => /^([a-z0-9-]+):(.*)$/.exec(part));
      const keys = new Set(pairs.map((pair) => pair?.[1]));
      const valid = keys.size === pairs.length && pairs.every((pair) => pair !== null && known(pair[1] ?? "", pair[2] ?? ""));
      return valid ? pairs.map((pair) => ({ key: pair?.[1] ?? "", value: pair?.[2] ?? "" })) : undefined;
    },
    write: (value) => (value === null ? "" : value.length === 0 ? "same" : value.map((pair) => `${pair.key}:${pair.value}`).join(";")),
  };
}
