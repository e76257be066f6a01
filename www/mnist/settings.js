import { any, write } from "../shell/dom.js";
import { chosenSettings, defaultsOf, presetOf } from "./choices.js";
import { allowed, NAMES, prefixed, RESTARTS, SETTINGS, shown } from "./state.js";
import { numberField, selectField } from "../shell/field.js";

/** @typedef {import("./state.js").Name} Name */
/** @typedef {import("./state.js").Settings} Settings */
/** @typedef {import("../shell/language.js").Key} Key */
/** @typedef {"linear" | "log" | null} Scale */

/**
 * Groups, and of each setting: its name, its label's string, and the scale of its slider and where that ends.
 * @type {readonly (readonly [Key, readonly (readonly [Name, string, Scale?, number?])[]])[]}
 */
const GROUPS = [
  ["set.group.d", [
    ["k", "k", "linear"], ["rateD", "rate", "log", 0.2], ["optimiserD", "optimiser"], ["momentumD", "momentum", "linear", 0.99],
    ["activationD", "activation"], ["smoothing", "smoothing", "linear"], ["spectralNorm", "spectralNorm"], ["r1", "r1", "linear", 10],
  ]],
  ["set.group.g", [
    ["loss", "loss"], ["rateG", "rate", "log", 0.2], ["optimiserG", "optimiser"], ["momentumG", "momentum", "linear", 0.99],
    ["activationG", "activation"], ["batchNorm", "batchNorm"], ["ema", "ema"],
  ]],
  ["trainset.group.training", [["batch", "batch", "log"], ["order", "order"], ["halfLife", "halfLife"]]],
];

/** Why a setting does nothing at present. @param {Name} name @param {Settings} settings @returns {Key | null} */
function idle(name, settings) {
  if (name === "momentumD" && settings["optimiserD"] === "sgd") return "trainset.momentumWhy";
  if (name === "momentumG" && settings["optimiserG"] === "sgd") return "trainset.momentumWhy";
  return null;
}

/**
 * Every setting of a run, in groups that open. Defaults are the preset's, so another preset makes other fields.
 * @param {import("../shell/page.d.ts").Page} page
 * @returns {import("../shell/page.d.ts").Part}
 */
export function mountTrainSettings(page) {
  const { lab, store } = page;
  const root = any("train-settings");
  /** @type {Map<Name, import("../shell/field.js").Field>} */
  let fields = new Map();
  /** @type {Map<string, HTMLElement>} */
  let digests = new Map();
  let made = "";

  /** @param {Settings} defaults */
  function build(defaults) {
    const open = [...root.querySelectorAll("details")].map((details) => details.open);
    fields = new Map();
    digests = new Map();
    root.replaceChildren(...GROUPS.map(([title, settings], i) => {
      const details = document.createElement("details");
      const summary = document.createElement("summary");
      const [words, digest] = [document.createElement("b"), document.createElement("span")];
      words.dataset["t"] = title;
      words.textContent = page.t(title);
      summary.append(words, " ", digest);
      digests.set(title, digest);
      details.open = open[i] ?? false;
      details.append(summary, ...settings.filter(([name]) => name in defaults).map((setting) => make(defaults, ...setting).element));
      return details;
    }));
  }

  /** @param {Settings} defaults @param {Name} name @param {string} label @param {Scale} [scale] @param {number} [top] */
  function make(defaults, name, label, scale = null, top) {
    const initial = shown(name, /** @type {string} */ (defaults[name]));
    const words = {
      id: `set-${SETTINGS[name].key}`, label: /** @type {Key} */ (`trainset.${label}`), what: /** @type {Key} */ (`trainset.${label === "activation" ? name : label}.what`),
      ...(RESTARTS.has(name) ? { restarts: /** @type {Key} */ ("trainset.restarts") } : {}),
    };
    const report = (/** @type {string | number} */ value) =>
      store.set(/** @type {any} */ ({ [prefixed(name)]: value === initial ? null : value }));
    const setting = SETTINGS[name];
    const field = "values" in setting
      ? selectField(page, { ...words, values: setting.values.filter((value) => allowed(name, value, presetOf(lab.snapshot))), names: `trainset.${label}`, initial: String(initial) }, report)
      : numberField(page, { ...words, limits: { ...setting, initial: Number(initial) }, scale, ...(top === undefined ? {} : { top }) }, report);
    fields.set(name, field);
    return field;
  }

  /** @param {Settings} settings @returns {Record<string, string>} what each group holds, in a few words */
  function digest(settings) {
    const { t } = page;
    const by = (/** @type {"D" | "G"} */ net) => {
      const kind = settings[`optimiser${net}`];
      const name = kind === undefined ? "Adam" : t(/** @type {Key} */ (`trainset.optimiser.${kind}`));
      return `${name} ${shown(`rate${net}`, /** @type {number} */ (settings[`rate${net}`]))}`;
    };
    const loss = settings["loss"];
    return {
      "set.group.d": [settings["k"] === undefined ? "" : `k = ${settings["k"]}`, by("D")].filter(Boolean).join(", "),
      "set.group.g": [loss === undefined ? "" : t(/** @type {Key} */ (`trainset.loss.${loss}`)), by("G")].filter(Boolean).join(", "),
      "trainset.group.training": `m = ${settings["batch"]}`,
    };
  }

  return {
    draw(next, before) {
      const { train, record } = next;
      if (before && train.defaults === before.train.defaults && train.settings === before.train.settings && record === before.record) return;
      const defaults = /** @type {Settings | null} */ (/** @type {unknown} */ (defaultsOf(next)));
      const settings = /** @type {Settings | null} */ (/** @type {unknown} */ (chosenSettings(next)));
      if (defaults === null || settings === null) return;
      if (made !== presetOf(next)) {
        made = presetOf(next);
        build(defaults);
      }
      for (const name of NAMES) fields.get(name)?.show(shown(name, /** @type {string} */ (settings[name])), idle(name, settings));
      for (const [title, words] of Object.entries(digest(settings))) {
        const element = digests.get(title);
        if (element) write(element, words);
      }
    },
  };
}
