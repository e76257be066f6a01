/** What the latent explorer keeps: where z is, and what is laid open. */
import { choice, integer, real, reals } from "../shell/fields.js";
import { PRESETS } from "../mnist/state.js";

/** Directions that have a slider. */
export const DIRECTIONS = 8;
/** How far a direction's slider goes either way; z is standard normal along it. */
export const REACH = 4;
const SEED_MAX = 4_294_967_295;

/** @typedef {number | string} End  a seed, or the coordinates of z as `encodeZ` writes them */
/** @typedef {readonly (readonly [number, number])[]} Nudge  coordinate from 0, and what is added to it */
/** @typedef {readonly (readonly (readonly [number, number])[])[]} Strokes  points in 0..=63 of the drawing's side */

/** 64 digits, one for each value 0..=63. */
const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/** Steps per unit and offset of an encoded coordinate: -8 to 7.996 in two digits. */
const STEPS = 256;
const OFFSET = 2048;

/** @param {ArrayLike<number>} z @returns {string} two digits for each coordinate, rounded to 1/256 */
export function encodeZ(z) {
  return Array.from(z, (value) => {
    const step = Math.max(0, Math.min(4095, Math.round(value * STEPS) + OFFSET));
    return `${DIGITS[step >> 6]}${DIGITS[step & 63]}`;
  }).join("");
}

/** @param {string} text as `encodeZ` wrote it @returns {Float32Array} */
export function decodeZ(text) {
  return Float32Array.from({ length: text.length / 2 }, (_, i) => {
    const step = 64 * DIGITS.indexOf(text[2 * i] ?? "") + DIGITS.indexOf(text[2 * i + 1] ?? "");
    return (step - OFFSET) / STEPS;
  });
}

/** @param {string} key @param {number} initial @returns {import("../shell/fields.js").Field<End>} */
function end(key, initial) {
  const seed = integer(key, initial, 0, SEED_MAX);
  return {
    key,
    initial,
    read: (text) => {
      if (!text.startsWith("z")) return seed.read(text);
      const digits = text.slice(1);
      return digits.length % 2 === 0 && /^[\w-]{2,1024}$/.test(digits) ? digits : undefined;
    },
    write: (value) => (typeof value === "number" ? String(value) : `z${value}`),
  };
}

/** @param {string} key @returns {import("../shell/fields.js").Field<Nudge>} written `3~1.25_17~-0.5` */
function nudge(key) {
  return {
    key,
    initial: Object.freeze([]),
    read: (text) => {
      const parts = text.split("_").map((part) => /^(\d{1,3})~(-?\d(?:\.\d+)?)$/.exec(part));
      if (parts.some((part) => part === null || Math.abs(Number(part[2])) > 8)) return undefined;
      return parts.map((part) => /** @type {const} */ ([Number(part?.[1]), Number(part?.[2])]));
    },
    write: (value) => value.map(([i, by]) => `${i}~${Number(by.toFixed(3))}`).join("_"),
  };
}

/** Points that a link may hold. */
const MOST_POINTS = 600;

/** @param {string} key @returns {import("../shell/fields.js").Field<Strokes>} two digits for each point, a dot between strokes */
function strokes(key) {
  return {
    key,
    initial: Object.freeze([]),
    read: (text) => {
      const parts = text.split(".");
      if (text.length > 2 * MOST_POINTS || !parts.every((part) => part.length % 2 === 0 && /^[\w-]{2,}$/.test(part))) return undefined;
      return parts.map((part) => Array.from({ length: part.length / 2 }, (_, i) =>
        /** @type {const} */ ([DIGITS.indexOf(part[2 * i] ?? ""), DIGITS.indexOf(part[2 * i + 1] ?? "")])));
    },
    write: (value) => value.map((stroke) => stroke.map(([x, y]) => `${DIGITS[x]}${DIGITS[y]}`).join("")).join("."),
  };
}

/** Parts that can be laid open, in the order of the page. */
export const PARTS = /** @type {const} */ (["raw", "plane", "near", "draw", "sum"]);
/** @typedef {(typeof PARTS)[number]} PartName */

/** @param {string} key @returns {import("../shell/fields.js").Field<readonly PartName[]>} */
function parts(key) {
  return {
    key,
    initial: Object.freeze([]),
    read: (text) => {
      const names = text.split(",");
      const known = PARTS.filter((name) => names.includes(name));
      return known.length === names.length ? known : undefined;
    },
    write: (value) => PARTS.filter((name) => value.includes(name)).join(","),
  };
}

export const LATENT = Object.freeze({
  latentA: end("a", 1),
  latentB: end("b", 2),
  latentC: end("c", 3),
  /** Which of the shipped generators draws. */
  latentNet: choice("gen", "compact", PRESETS),
  /** What the sliders start from: a point of the walk from A to B, or of the plane through A, B and C. */
  latentOn: choice("on", "walk", /** @type {const} */ (["walk", "plane"])),
  latentWay: choice("way", "slerp", /** @type {const} */ (["slerp", "lerp"])),
  latentAt: real("t", 0, 0, 1),
  /** Shares of B and C in the point of the plane. */
  latentSpot: reals("spot", [0.35, 0.35], -0.5, 1.5),
  /** Steps along the directions. */
  latentMoves: reals("m", Array(DIRECTIONS).fill(0), -8, 8),
  /** Directions that are left alone when all are drawn anew: bit i for direction i. */
  latentLocks: integer("lock", 0, 0, 2 ** DIRECTIONS - 1),
  latentNudge: nudge("z"),
  /** Which end the picker sets, and the first seed of its grid. */
  latentEnd: choice("end", "b", /** @type {const} */ (["a", "b", "c"])),
  latentGrid: integer("picks", 1, 0, SEED_MAX - 64),
  latentRegions: choice("regions", "off", /** @type {const} */ (["off", "on"])),
  latentInk: strokes("ink"),
  /** Arithmetic on z: mean of one digit minus mean of another, so many times. */
  latentMinus: integer("minus", 1, 0, 9),
  latentPlus: integer("plus", 7, 0, 9),
  latentTimes: real("times", 1, 0, 3),
  latentOpen: parts("open"),
});

/**
 * Where z is, for the worker.
 * @param {import("../shell/state.js").State} state
 * @returns {import("./latent.d.ts").Place}
 */
export function placeOf({ latentA: a, latentB: b, latentC: c, latentOn: on, latentWay: way, latentAt: t, latentSpot, latentMoves: moves, latentNudge: nudge }) {
  const [s = 0, u = 0] = latentSpot;
  return { a, b, c, on, way, t, spot: [s, u], moves, nudge };
}
