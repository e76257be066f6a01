/** One setting: label, control, its default one click away, and a sentence on what it does. */
import { disable, inHand, write } from "./dom.js";

/** @typedef {import("./language.js").Key} Key */
/**
 * @typedef {object} Words
 * @property {string} id
 * @property {Key} label
 * @property {Key} what
 * @property {Key} [restarts]  a second sentence, when changing it restarts something
 */
/**
 * @typedef {object} Field
 * @property {HTMLElement} element
 * @property {(value: string | number, why: Key | null) => void} show
 *   `why`: the setting does nothing at present, for this reason
 */

/** Milliseconds between two reports of a slider that is being dragged. */
const BREATH = 150;

/**
 * @param {import("./page.d.ts").Page} page
 * @param {Words} words
 * @param {HTMLElement[]} controls the first one carries the id
 * @param {() => void} toDefault
 */
function frame(page, { id, label, what, restarts }, controls, toDefault) {
  const element = document.createElement("div");
  element.className = "setting";
  const name = text("label", page, label);
  const back = /** @type {HTMLButtonElement} */ (text("button", page, "default"));
  const sentence = text("span", page, what);
  const why = document.createElement("p");
  why.className = "why";
  why.id = `${id}-what`;
  why.append(sentence);
  if (restarts) why.append(" ", text("em", page, restarts));
  const [main] = controls;
  if (main) {
    main.id = id;
    name.setAttribute("for", id);
    main.setAttribute("aria-describedby", why.id);
  }
  back.type = "button";
  back.className = "plain";
  back.addEventListener("click", toDefault);
  element.append(name, ...controls, back, why);
  return (/** @type {boolean} */ initial, /** @type {Key | null} */ reason) => {
    disable(back, initial || reason !== null);
    back.setAttribute("aria-label", page.t("set.default", { name: page.t(label) }));
    for (const control of controls) /** @type {HTMLInputElement} */ (control).disabled = reason !== null;
    write(sentence, page.t(reason ?? what));
    return element;
  };
}

/** @param {string} tag @param {import("./page.d.ts").Page} page @param {Key} key */
function text(tag, page, key) {
  const element = document.createElement(tag);
  element.dataset["t"] = key;
  element.textContent = page.t(key);
  return element;
}

/**
 * @param {import("./page.d.ts").Page} page
 * @param {Words & {limits: import("./fields.js").Limits & {initial: number}, scale: "linear" | "log" | null, top?: number}} spec
 *   scale: of the slider, if there is to be one; `top`: its upper end where the field's own is too far away
 * @param {(value: number) => void} report
 * @returns {Field}
 */
export function numberField(page, { limits, scale, top, ...words }, report) {
  const { low, high, digits, initial } = limits;
  const field = document.createElement("input");
  Object.assign(field, { type: "number", min: String(low), max: String(high), step: digits === 0 ? "1" : "any" });
  field.addEventListener("change", () => {
    if (field.value !== "" && field.validity.valid) report(Number(field.valueAsNumber.toFixed(digits)));
  });
  /** @type {HTMLElement[]} */
  const controls = [field];
  const end = top ?? high;
  const toSlider = (/** @type {number} */ value) => (scale === "log" ? Math.log(value / low) / Math.log(end / low) : (value - low) / (end - low));
  const fromSlider = (/** @type {number} */ at) => {
    const value = scale === "log" ? Number((low * (end / low) ** at).toPrecision(2)) : low + at * (end - low);
    // A slider need not reach every value: two decimals are finer than its pixels.
    return Number(value.toFixed(scale === "log" ? digits : Math.min(digits, 2)));
  };
  const slider = document.createElement("input");
  if (scale) {
    Object.assign(slider, { type: "range", min: "0", max: "1", step: digits === 0 ? String(1 / (end - low)) : "any" });
    if (scale === "log") slider.step = "any";
    let timer = 0;
    slider.addEventListener("input", () => {
      field.value = String(fromSlider(slider.valueAsNumber));
      timer ||= window.setTimeout(() => {
        timer = 0;
        report(fromSlider(slider.valueAsNumber));
      }, BREATH);
    });
    controls.push(slider);
  }
  const update = frame(page, words, controls, () => report(initial));
  const element = update(true, null);
  element.classList.toggle("with-slider", scale !== null);
  return {
    element,
    show: (value, why) => {
      const number = Number(value);
      update(number === initial, why);
      if (!inHand(field)) field.value = String(Number(number.toFixed(6)));
      if (scale && !inHand(slider)) slider.value = String(toSlider(number));
      slider.setAttribute("aria-label", page.t(words.label));
      slider.ariaValueText = String(number);
    },
  };
}

/**
 * @param {import("./page.d.ts").Page} page
 * @param {Words & {values: readonly string[], names: string, initial: string}} spec `names.value` is each value's string
 * @param {(value: string) => void} report
 * @returns {Field}
 */
export function selectField(page, { values, names, initial, ...words }, report) {
  const field = document.createElement("select");
  field.append(...values.map((value) => {
    const option = text("option", page, /** @type {Key} */ (`${names}.${value}`));
    /** @type {HTMLOptionElement} */ (option).value = value;
    return option;
  }));
  field.addEventListener("change", () => report(field.value));
  const update = frame(page, words, [field], () => report(initial));
  return {
    element: update(true, null),
    show: (value, why) => {
      update(value === initial, why);
      field.value = String(value);
    },
  };
}
