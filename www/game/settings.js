import { any, write } from "../shell/dom.js";
import { FIELDS } from "../shell/state.js";
import { KNOTS, RESTARTS, SETTINGS } from "./state.js";
import { numberField, selectField } from "../shell/field.js";
import { mountDrawing } from "./drawing.js";

/** @typedef {import("./state.js").SettingName} Name */
/** @typedef {import("./state.js").Flat} Flat */
/** @typedef {import("../shell/language.js").Key} Key */
/** @typedef {"linear" | "log" | null} Scale */

/**
 * Groups, and of each setting: its name, its label's string, and the scale of its slider and where that ends.
 * @type {readonly (readonly [Key, readonly (readonly [Name, string, Scale?, number?])[]])[]}
 */
const GROUPS = [
  ["set.group.data", [["target", "target"], ["plane", "plane"], ["mean", "mean", "linear"], ["deviation", "deviation", "linear"], ["prior", "prior"], ["latent", "latent"]]],
  ["set.group.d", [
    ["kD", "k", "linear"], ["dRate", "rate", "log", 1], ["dOptimiser", "optimiser"], ["dBeta1", "beta", "linear", 0.99],
    ["r1", "r1", "linear", 2], ["dActivation", "activation"], ["dLayers", "layers", "linear"], ["dWidth", "width", "linear"],
  ]],
  ["set.group.g", [
    ["loss", "loss"], ["kG", "k", "linear"], ["gRate", "rate", "log", 1], ["gOptimiser", "optimiser"], ["gBeta1", "beta", "linear", 0.99],
    ["gActivation", "activation"], ["gLayers", "layers", "linear"], ["gWidth", "width", "linear"], ["ema", "ema", "linear", 0.999],
  ]],
  ["set.group.training", [["seed", "seed"], ["batch", "batch", "log"], ["decayFrom", "decayFrom"], ["decayTo", "decayTo"]]],
];

/** @param {Name} name @returns {Key} the string of a setting's label */
export function labelOf(name) {
  const found = GROUPS.flatMap(([, settings]) => settings).find(([candidate]) => candidate === name);
  return /** @type {Key} */ (`set.${found?.[1] ?? "target"}`);
}

/** Settings that one dimension alone has. */
const OF_LINE = new Set(/** @type {Name[]} */ (["target", "mean"]));
const OF_PLANE = new Set(/** @type {Name[]} */ (["plane", "latent"]));

/** Why a setting does nothing at present. @param {Name} name @param {Flat} flat @returns {Key | null} */
function idle(name, flat) {
  if ((name === "mean" || name === "deviation") && flat.dimension === "1" && flat.target === "drawn") return "set.drawnWhy";
  if (name === "deviation" && flat.dimension === "2" && (flat.plane === "segment" || flat.plane === "square")) return "set.sharpWhy";
  if (name === "dBeta1" && flat.dOptimiser === "sgd") return "set.betaWhy";
  if (name === "gBeta1" && flat.gOptimiser === "sgd") return "set.betaWhy";
  return null;
}

/**
 * The patch that a new value amounts to: the ends of the fall of the rates stay in order, and a drawn density starts as
 * what it was before.
 * @param {Name} name @param {string | number} value @param {Flat} flat
 * @param {() => readonly number[]} trace heights of the present density
 * @returns {Partial<Flat>}
 */
export function patch(name, value, flat, trace) {
  if (name === "target" && value === "drawn" && flat.drawn.length !== KNOTS) return { target: "drawn", drawn: trace() };
  if (name === "plane" && value === "drawn" && flat.points.length === 0) return { plane: "drawn", points: [-2, 1.5, 0.5, 2, 2.5, 0, -2, -1, 1, -2.5] };
  if (name === "decayFrom" && Number(value) >= flat.decayTo && (Number(value) > 0 || flat.decayTo > 0)) {
    return { decayFrom: Number(value), decayTo: Math.min(1_000_000, Number(value) + 2000) };
  }
  if (name === "decayTo" && Number(value) <= flat.decayFrom) return { decayFrom: Math.floor(Number(value) / 2), decayTo: Number(value) };
  return { [name]: value };
}

/**
 * All settings of the game, in four groups that open.
 * @param {import("../shell/page.d.ts").Page} page
 * @returns {import("../shell/page.d.ts").Part}
 */
export function mountSettings(page) {
  const { lab, store } = page;
  const drawing = mountDrawing(page);
  /** @type {Map<Name, import("../shell/field.js").Field>} */
  const fields = new Map();
  let shownValues = "";
  const stop = numberField(page, { id: "set-stop", label: "set.stop", what: "set.stop.what", limits: FIELDS.gameStop, scale: null },
    (gameStop) => store.set({ gameStop }));
  const shown = selectField(page, { id: "set-show", label: "set.show", what: "set.show.what", names: "set.show", ...FIELDS.gameShow },
    (value) => store.set({ gameShow: /** @type {"now" | "average"} */ (value) }));
  const digests = new Map(GROUPS.map(([title, settings]) => [title, group(title, settings)]));

  /** @param {Key} title @param {(typeof GROUPS)[number][1]} settings */
  function group(title, settings) {
    const details = document.createElement("details");
    const summary = document.createElement("summary");
    const [words, digest] = [document.createElement("b"), document.createElement("span")];
    words.dataset["t"] = title;
    words.textContent = page.t(title);
    summary.append(words, " ", digest);
    details.append(summary);
    for (const [name, label, scale = null, top] of settings) {
      const field = make(name, label, scale, top);
      fields.set(name, field);
      details.append(field.element);
      if (name === "target") details.append(drawing.element);
    }
    if (title === "set.group.g") details.append(shown.element);
    if (title === "set.group.training") details.append(stop.element);
    any("game-settings").append(details);
    return digest;
  }

  /** @param {Name} name @param {string} label @param {Scale} scale @param {number | undefined} top */
  function make(name, label, scale, top) {
    const what = label === "k" ? `set.${name}.what` : `set.${label}.what`;
    const words = {
      id: name === "seed" ? "game-seed" : `set-${SETTINGS[name].key}`, label: /** @type {Key} */ (`set.${label}`), what: /** @type {Key} */ (what),
      ...(RESTARTS.has(name) ? { restarts: /** @type {Key} */ ("set.restarts") } : {}),
    };
    const report = (/** @type {string | number} */ value) => {
      const { settings } = lab.snapshot.game;
      if (settings) lab.game.change(patch(name, value, settings, drawing.trace));
    };
    const field = SETTINGS[name];
    if ("values" in field) return selectField(page, { ...words, values: field.values, names: `set.${label}`, initial: field.initial }, report);
    const limits = /** @type {import("../shell/fields.js").Limits & {initial: number}} */ (field);
    return numberField(page, { ...words, limits, scale, ...(top === undefined ? {} : { top }) }, report);
  }

  /** @param {Flat} flat @returns {Record<string, string>} what each group holds, in a few words */
  function digest(flat) {
    const { t } = page;
    const by = (/** @type {"d" | "g"} */ net) =>
      `k = ${net === "d" ? flat.kD : flat.kG}, ${t(`set.optimiser.${flat[`${net}Optimiser`]}`)} ${flat[`${net}Rate`]}, ${flat[`${net}Width`]} ${t(`set.activation.${flat[`${net}Activation`]}`)}`;
    return {
      "set.group.data": flat.dimension === "2" ? `${t(`set.plane.${flat.plane}`)}, ${flat.deviation}` : `${t(`set.target.${flat.target}`)}${flat.target === "drawn" ? "" : `, ${flat.mean} ± ${flat.deviation}`}`,
      "set.group.d": by("d"),
      "set.group.g": `${t(`set.loss.${flat.loss}`)}, ${by("g")}`,
      "set.group.training": `m = ${flat.batch}, ${t("set.seed")} ${flat.seed}`,
    };
  }

  return {
    draw({ game, record }, before) {
      const { settings } = game;
      if (settings === null) return;
      // Every moment brings its settings anew; the fields are drawn for other values only.
      const values = [...Object.values(settings), record.gameStop, record.gameShow].join("\n");
      if (before && values === shownValues) return;
      shownValues = values;
      const inPlane = settings.dimension === "2";
      for (const [name, field] of fields) field.element.hidden = (inPlane ? OF_LINE : OF_PLANE).has(name);
      for (const [name, field] of fields) field.show(/** @type {string | number} */ (settings[name]), idle(name, settings));
      for (const [title, words] of Object.entries(digest(settings))) {
        const element = digests.get(/** @type {Key} */ (title));
        if (element) write(element, words);
      }
      stop.show(record.gameStop, null);
      shown.show(record.gameShow, settings.ema === 0 ? "set.showWhy" : null);
      drawing.draw(settings);
    },
  };
}
