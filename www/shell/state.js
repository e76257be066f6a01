/**
 * The state record: what the visitor chose, and nothing that was computed. The URL hash mirrors it, as
 * `#section&key=value&...`: an anchor first, if there is one, then each field that differs from its default.
 *
 * Every field is declared once, in FIELDS. Reading a hash validates field by field: nonsense falls back
 * to the default and is reported by name.
 */
import { choice, integer, real, word } from "./fields.js";
import { FIGURES } from "../theory/state.js";
import { HELD as HELD_RUN, misfits, prefixed as prefixedTrain, PRESETS, SETTINGS as TRAIN, TRAIN_FIELDS } from "../mnist/state.js";
import { after, flatDefaults, HELD, mend, RUN, SETTING_NAMES, SETTINGS } from "../game/state.js";
import { LATENT } from "../latent/state.js";
import { STAGE_NAMES } from "./stages.js";

/** Parts of a link that are looked at: there are fewer fields. */
const MOST_PARTS = 200;
const SEED_MAX = 4_294_967_295;

/** Iterations per second of the 1-D game: the slider's ends, and its default (4,000 iterations in 22 s). */
export const PACE = Object.freeze({ min: 1, max: 20_000, initial: 180 });

/** @typedef {import("../game/state.js").SettingName} SettingName */
/** @typedef {{[K in SettingName as `game${Capitalize<K>}`]: (typeof SETTINGS)[K]}} GameFields */
/** @param {SettingName} name */
const prefixed = (name) => `game${name.charAt(0).toUpperCase()}${name.slice(1)}`;

export const FIELDS = Object.freeze({
  /** "auto" follows the browser. */
  language: choice("lang", "auto", /** @type {const} */ (["auto", "en", "zh"])),
  /** Settings with which the game starts; what was changed later is in `gameRun`. */
  .../** @type {GameFields} */ (Object.fromEntries(SETTING_NAMES.map((name) => [prefixed(name), SETTINGS[name]]))),
  /** What was done up to the moment that the link opens at; empty: the start, and the game plays. */
  gameRun: RUN,
  /** The game that is held beside it. */
  gameHeld: HELD,
  /** Iteration at which the game pauses by itself; 0: none. */
  gameStop: integer("stop", 0, 0, 1_000_000),
  gamePace: real("pace", PACE.initial, PACE.min, PACE.max),
  gameMotion: choice("motion", "normal", /** @type {const} */ (["normal", "slow"])),
  /** Which G is shown: as it is, or its moving average. */
  gameShow: choice("show", "now", /** @type {const} */ (["now", "average"])),
  gameArrows: choice("arrows", "off", /** @type {const} */ (["off", "on"])),
  /** Layers of the picture in the plane. */
  gameShade: choice("shade", "d", /** @type {const} */ (["d", "d-star", "difference", "none"])),
  gameContours: choice("contours", "on", /** @type {const} */ (["on", "off"])),
  gameMesh: choice("mesh", "on", /** @type {const} */ (["on", "off"])),
  gameDots: choice("dots", "off", /** @type {const} */ (["off", "on"])),
  figures: FIGURES,
  /** What stands alone in the window; "": the whole page. */
  stage: choice("stage", "", STAGE_NAMES),
  /** Stop of the walk, from 1; 0: nobody walks. */
  walk: integer("walk", 0, 0, 99),
  /** Name of the exercise that is being solved, or "". */
  task: word("task"),
  trainDevice: choice("device", "auto", /** @type {const} */ (["auto", "cpu", "webgpu"])),
  trainStart: choice("from", "scratch", /** @type {const} */ (["scratch", "pretrained"])),
  trainSeed: integer("train-seed", 1, 0, SEED_MAX),
  trainPreset: choice("net", "compact", PRESETS),
  /** null: as the preset has it. */
  ...TRAIN_FIELDS,
  ...HELD_RUN,
  /** Samples along one side of the grid. */
  trainGrid: choice("grid", "8", /** @type {const} */ (["4", "8", "10"])),
  ...LATENT,
});

/** @typedef {{[K in keyof typeof FIELDS]: (typeof FIELDS)[K]["initial"]}} Values */
/** @typedef {Values & {anchor: string}} State  `anchor`: id of the section that the link opens, or "" */

const NAMES = /** @type {(keyof Values)[]} */ (Object.keys(FIELDS));

/** @param {keyof Values} name @returns {import("./fields.js").Field<any>} one field, its type set aside for walking over all */
const field = (name) => FIELDS[name];

/** @param {Values} values @returns {import("../game/state.js").Flat} the settings the game starts with */
export function gameOf(values) {
  return Object.assign(flatDefaults(), Object.fromEntries(SETTING_NAMES.map((name) => [name, Reflect.get(values, prefixed(name))])));
}

/** @param {Partial<import("../game/state.js").Flat>} flat @returns {Partial<Values>} */
export function asGame(flat) {
  return Object.fromEntries(Object.entries(flat).map(([name, value]) => [prefixed(/** @type {SettingName} */ (name)), value]));
}

/** How the record wants the game looked at. @param {State} state */
export function viewOf({ gameShow, gameArrows, gameDots, gameHeld }) {
  return { average: gameShow === "average", arrows: gameArrows === "on", dots: gameDots === "on", held: gameHeld };
}

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
  const parts = hash.replace(/^#/, "").split("&").filter((part) => part !== "").slice(0, MOST_PARTS);
  parts.forEach((part, index) => {
    const equals = part.indexOf("=");
    if (equals < 0 && index === 0 && /^[\w-]+$/.test(part)) {
      state.anchor = part;
      return;
    }
    const name = NAMES.find((candidate) => field(candidate).key === part.slice(0, equals));
    const value = name && field(name).read(decode(part.slice(equals + 1)));
    if (name === undefined || value === undefined) rejected.push(shortened(decode(part)));
    else Object.assign(state, { [name]: value });
  });
  const { flat, wrong } = mend(gameOf(state));
  const broken = gameOf(state);
  for (const name of wrong) {
    const { key, initial, write } = /** @type {import("./fields.js").Field<any>} */ (SETTINGS[name]);
    if (write(broken[name]) !== write(initial)) rejected.push(`${key}=${write(broken[name])}`);
  }
  Object.assign(state, asGame(flat));
  if (state.gameHeld && mend(after(flat, state.gameHeld.map((pair) => ({ act: "set", ...pair })))).wrong.length > 0) {
    rejected.push(shortened(`held=${HELD.write(state.gameHeld)}`));
    Object.assign(state, { gameHeld: null });
  }
  for (const name of misfits(state)) {
    rejected.push(`${TRAIN[name].key}=${state[prefixedTrain(name)]}`);
    Object.assign(state, { [prefixedTrain(name)]: null });
  }
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

/** @param {keyof State} key @param {State} state @returns {string} equal for equal values */
const text = (key, state) => (key === "anchor" ? state.anchor : field(key).write(state[key]));

/** A part that is told to the visitor. @param {string} part */
const shortened = (part) => (part.length > 80 ? `${part.slice(0, 80)}\u2026` : part);

/** @param {string} text */
function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** @typedef {(state: Readonly<State>, changed: ReadonlySet<keyof State>, by: string) => void} Listener */

/**
 * Holds the record, mirrors it in the address bar and tells its listeners.
 */
export class Store {
  /** @type {Set<Listener>} */
  #listeners = new Set();
  /** Changes that listeners are still to be told of: one made by a listener waits until all have heard of the last. @type {(() => void)[]} */
  #news = [];
  #telling = false;
  #timer = 0;

  /** @param {State} state */
  constructor(state) {
    this.state = Object.freeze({ ...state });
  }

  /** @param {Partial<State>} patch @param {string} [by] who has written it; "": the visitor, or a link */
  set(patch, by = "") {
    const before = this.state;
    const next = Object.freeze({ ...before, ...patch });
    const keys = /** @type {(keyof State)[]} */ (Object.keys(patch));
    const changed = new Set(keys.filter((key) => text(key, before) !== text(key, next)));
    if (changed.size === 0) return;
    this.state = next;
    this.#news.push(() => this.#listeners.forEach((listener) => listener(next, changed, by)));
    this.mirror();
    if (this.#telling) return;
    this.#telling = true;
    try {
      for (let tell = this.#news.shift(); tell; tell = this.#news.shift()) tell();
    } finally {
      this.#telling = false;
    }
  }

  /** @param {Listener} listener */
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
