/**
 * When an exercise is solved: terms over what the page has measured, separated by commas. `game.jsd < 0.002` compares a
 * number; `game.only: k-d` says that no other setting differs from the exercise's start, at no moment of the run, and
 * `game.same: data mean` that these do not. Settings have the names that links give them.
 */
import { parse, gameOf } from "../shell/state.js";
import { SETTING_NAMES, SETTINGS as GAME } from "../game/state.js";
import { NAMES, SETTINGS as TRAIN, settingsOf, shown } from "../mnist/state.js";
import { descent } from "../theory/descent.js";
import { dirac } from "../theory/dirac.js";
import { fold } from "../theory/fold.js";
import { judged } from "../theory/judged.js";
import { kl } from "../theory/kl.js";
import { modes } from "../theory/modes.js";
import { ruler } from "../theory/ruler.js";
import { shift } from "../theory/shift.js";

/** @typedef {import("../protocol.d.ts").Snapshot} Snapshot */
/** @typedef {import("../shell/state.js").State} State */
/** @typedef {{text: string, value: (snapshot: Snapshot) => number, holds: (snapshot: Snapshot, start: State) => boolean, name: string | null}} Term  `name` of its number, null where there is none */

const OF_FRAME = /** @type {const} */ (["v", "cOfG", "jsd", "gap", "klDataG", "klGData", "supDDStar", "supDHalf", "vBatch", "lossD", "lossG"]);
const COUNTS = /** @type {const} */ (["iteration", "dSteps", "gSteps"]);
const VERDICTS = ["not-a-number", "discriminator-won", "grey", "all-alike", "few-classes"];

/** What is read off the answer of a figure, besides its fields. @type {Record<string, {kind: {fields: readonly {name: string}[]}, numbers: Record<string, (answer: any) => number>}>} */
const FIGURES = {
  descent: { kind: descent, numbers: { kl: (a) => a.kl.at(-1) } },
  dirac: { kind: dirac, numbers: { radius: (a) => a.radius } },
  fold: { kind: fold, numbers: { branches: (a) => a.preimages.length } },
  judged: { kind: judged, numbers: { gap: (a) => a.gap, bound: (a) => a.bound } },
  kl: { kind: kl, numbers: { klPQ: (a) => a.klPQ, difference: (a) => Math.abs(a.klPQ - a.klQP) } },
  modes: { kind: modes, numbers: { excess: (a) => a.own.costs.seeking - a.seeking.costs.seeking } },
  ruler: { kind: ruler, numbers: { accuracy: (a) => a.here.accuracy } },
  shift: { kind: shift, numbers: { jsdSlope: (a) => a.jsdSlope } },
};

/** Every number that a condition can name. @type {Map<string, (snapshot: Snapshot) => number>} */
const numbers = new Map();
for (const name of OF_FRAME) numbers.set(`game.${name}`, ({ game }) => game.frame?.numbers[name] ?? NaN);
for (const name of COUNTS) numbers.set(`game.${name}`, ({ game }) => game.frame?.[name] ?? NaN);
for (const name of SETTING_NAMES) numbers.set(`game.${GAME[name].key}`, ({ game }) => Number(game.settings?.[name]));
numbers.set("game.served", ({ game }) => game.frame?.plane?.figures.served ?? NaN);
for (const [id, { kind, numbers: own }] of Object.entries(FIGURES)) {
  for (const { name } of kind.fields) numbers.set(`fig.${id}.${name}`, ({ theory }) => theory.answers[id]?.values[name] ?? NaN);
  for (const [name, of] of Object.entries(own)) {
    numbers.set(`fig.${id}.${name}`, ({ theory }) => {
      const found = theory.answers[id];
      return found ? of(found.answer) : NaN;
    });
  }
}
numbers.set("train.step", ({ train }) => train.row?.step ?? NaN);
numbers.set("judge.score", ({ judge }) => judge.training?.opinion.scores?.mnistScore[0] ?? NaN);
for (const kind of VERDICTS) {
  numbers.set(`judge.${kind}`, ({ judge }) => Number(judge.training?.opinion.verdicts.some((verdict) => verdict.kind === kind) ?? NaN));
}

/** @type {Record<string, (value: number, limit: number) => boolean>} */
const COMPARE = {
  "<": (value, limit) => value < limit, "<=": (value, limit) => value <= limit, "=": (value, limit) => value === limit,
  ">": (value, limit) => value > limit, ">=": (value, limit) => value >= limit,
};

/** @param {string} text @returns {Term[]} throws an Error that names the term that says nothing */
export const read = (text) => text.split(",").map((part) => term(part.trim()));

/** @param {string} text @returns {Term} */
function term(text) {
  const [, name = "", sign = "", limit = ""] = /^([\w.-]+) ([<>]=?|=) (-?\d+(?:\.\d+)?)$/.exec(text) ?? [];
  const value = numbers.get(name);
  const compare = COMPARE[sign];
  if (value && compare) {
    return { text, name, value, holds: (snapshot) => compare(value(snapshot), Number(limit)) };
  }
  const [, lab = "", kind = "", keys = ""] = /^(game|train)\.(only|same): ([a-z0-9 -]+)$/.exec(text) ?? [];
  const fields = Object.entries(lab === "train" ? TRAIN : GAME);
  const named = keys.split(" ").map((key) => fields.find(([, field]) => field.key === key)?.[0]);
  if (lab === "" || named.includes(undefined)) throw new Error(`the page measures nothing that "${text}" could mean`);
  const fixed = fields.map(([field]) => field).filter((field) => named.includes(field) === (kind === "same"));
  const holds = lab === "train" ? keepsRun : keepsGame;
  return { text, name: null, value: () => NaN, holds: (snapshot, start) => holds(snapshot, start, fixed) };
}

/** @param {Snapshot} snapshot @param {State} start @param {readonly string[]} fixed settings that are as they were at the start, from the first moment on */
function keepsGame({ game: { course } }, start, fixed) {
  if (course === null) return false;
  const given = gameOf(start);
  const text = (/** @type {string} */ name, /** @type {unknown} */ value) => /** @type {import("../shell/fields.js").Field<any>} */ (Reflect.get(GAME, name)).write(value);
  return fixed.every((name) => {
    const wanted = text(name, Reflect.get(given, name));
    const { key } = Reflect.get(GAME, name);
    return text(name, Reflect.get(course.start, name)) === wanted && course.moves.every((move) => move.act !== "set" || move.key !== key || move.value === wanted);
  });
}

/** @param {Snapshot} snapshot @param {State} start @param {readonly string[]} fixed */
function keepsRun({ train: { settings, defaults } }, start, fixed) {
  const usual = /** @type {any} */ (defaults.find(({ preset }) => preset === start.trainPreset));
  if (settings === null || usual === undefined || settings.preset !== start.trainPreset) return false;
  const wanted = settingsOf(start, usual);
  return NAMES.filter((name) => fixed.includes(name)).every((name) => {
    const [is, was] = [Reflect.get(settings, name), wanted[name]];
    return is === undefined || was === undefined || shown(name, is) === shown(name, was);
  });
}

/** @param {readonly Term[]} terms @param {Snapshot} snapshot @param {State} start what the exercise's first link asks for */
export function holds(terms, snapshot, start) {
  const { game, record } = snapshot;
  // A run that is still being played again, or makes way for another, is not what is handed in.
  const given = gameOf(record);
  const old = SETTING_NAMES.some((name) => String(game.course?.start[name]) !== String(given[name]));
  if (start.anchor === "lab-game" && (game.replaying || old)) return false;
  return terms.every((one) => one.holds(snapshot, start));
}

/**
 * For the build: what the page cannot judge, or not set.
 * @param {{name: string, condition: string, links: readonly string[]}} exercise
 * @returns {string[]}
 */
export function faults({ name, condition, links }) {
  const found = [];
  try {
    read(condition);
  } catch (error) {
    found.push(`exercise ${name}: ${error instanceof Error ? error.message : error}`);
  }
  for (const link of links) {
    const { state } = parse(link);
    if (!/^(lab-(game|mnist|latent)|fig-[a-z0-9]+)$/.test(state.anchor)) found.push(`exercise ${name}: nothing is set by ${link}`);
    for (const key of Object.keys(state.figures)) {
      const [id = "", field] = key.split(".");
      if (!FIGURES[id]?.kind.fields.some((own) => own.name === field)) found.push(`exercise ${name}: no figure has ${key}`);
    }
  }
  return found;
}
