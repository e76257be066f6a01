/** One field of a live figure: a label with a slider and a number to type, or a choice. */
import { onNumber } from "../shell/dom.js";

/** @typedef {import("./theory.d.ts").Field} Field */
/** @typedef {{node: HTMLElement, show: (value: number) => void}} Row */

/** Where `when` does not hold, the field does nothing; its label says what it belongs to. @param {HTMLElement} node @param {Field} field @param {import("./theory.d.ts").Values} values */
export function enable(node, { when }, values) {
  if (!when) return;
  for (const input of node.querySelectorAll("input, select")) /** @type {HTMLInputElement} */ (input).disabled = values[when[0]] !== when[1];
}

/**
 * @param {string} figure its id
 * @param {Field} field
 * @param {(value: number) => void} report
 * @param {(node: Element, name: string) => void} speak gives an element a string of the figure's
 * @returns {Row}
 */
export function fieldRow(figure, field, report, speak) {
  const node = document.createElement("div");
  node.className = "field";
  const label = document.createElement("label");
  label.htmlFor = `fig-${figure}-${field.name}`;
  speak(label, field.name);
  node.append(label);
  return field.options ? choice(node, label, field, field.options, report, speak) : range(node, label, field, report);
}

/** @param {HTMLElement} node @param {HTMLLabelElement} label @param {Field} field @param {(value: number) => void} report @returns {Row} */
function range(node, label, { name, min, max, step }, report) {
  label.id = `${label.htmlFor}-label`;
  const make = (/** @type {"range" | "number"} */ type) => {
    const input = document.createElement("input");
    Object.assign(input, { type, min: String(min), max: String(max), step: type === "number" && step < 1 ? "any" : String(step) });
    input.dataset["field"] = name;
    return input;
  };
  const [slider, number] = [make("range"), make("number")];
  slider.id = label.htmlFor;
  number.setAttribute("aria-labelledby", label.id);
  slider.addEventListener("input", () => report(slider.valueAsNumber));
  onNumber(number, report);
  node.append(slider, number);
  const digits = step < 1 ? 2 : 0;
  return {
    node,
    show(value) {
      slider.value = String(value);
      number.value = value.toFixed(digits);
    },
  };
}

/** @param {HTMLElement} node @param {HTMLLabelElement} label @param {Field} field @param {readonly string[]} options @param {(value: number) => void} report @param {(node: Element, name: string) => void} speak @returns {Row} */
function choice(node, label, { name }, options, report, speak) {
  const select = document.createElement("select");
  select.id = label.htmlFor;
  select.dataset["field"] = name;
  options.forEach((option, i) => {
    const made = document.createElement("option");
    made.value = String(i);
    speak(made, `${name}.${option}`);
    select.append(made);
  });
  select.addEventListener("change", () => report(select.selectedIndex));
  node.append(select);
  return { node, show(value) { select.selectedIndex = value; } };
}
