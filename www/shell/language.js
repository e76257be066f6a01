/** @typedef {keyof typeof import("../strings/en.js").strings} Key */
/** @typedef {"en" | "zh"} Language */
/** @typedef {(key: Key, values?: Record<string, string | number>) => string} Translate */

/** Nobody waits for the strings of a language that is not shown. */
const LOAD = Object.freeze({ en: () => import("../strings/en.js"), zh: () => import("../strings/zh.js") });
/** Those that are here. @type {Partial<Record<Language, Readonly<Record<Key, string>>>>} */
const loaded = {};
/** Elements whose text has been this module's. @type {WeakSet<Element>} */
const known = new WeakSet();

/** The Chinese page has an address of its own; the other is for everyone. */
const OF_ADDRESS = globalThis.document?.documentElement.lang.startsWith("zh") ? "zh" : null;

/** @param {"auto" | Language} choice @returns {Language} */
export function resolve(choice) {
  if (choice !== "auto") return choice;
  if (OF_ADDRESS) return OF_ADDRESS;
  const first = navigator.languages.find((tag) => /^(en|zh)\b/i.test(tag)) ?? "en";
  return first.toLowerCase().startsWith("zh") ? "zh" : "en";
}

/** @param {Language} language whose strings are needed now */
export async function load(language) {
  loaded[language] ??= (await LOAD[language]()).strings;
}

/** @param {string} key @returns {key is Key} whether there are words for it */
export const isKey = (key) => Object.values(loaded).some((strings) => key in strings);

/** @param {Language} language one that is loaded @returns {Translate} `{name}` in a string becomes `values.name` */
export function translator(language) {
  const strings = loaded[language];
  if (strings === undefined) throw new Error(`the strings of "${language}" are not loaded`);
  return (key, values = {}) => strings[key].replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

/**
 * Puts every string of the page's own markup into this language: `data-t` names the text of an element,
 * `data-t-label` its accessible name.
 * @param {Language} language
 */
export function apply(language) {
  const t = translator(language);
  document.documentElement.lang = language === "zh" ? "zh-Hans" : "en";
  for (const element of document.querySelectorAll("[data-t]")) {
    const key = /** @type {Key} */ (element.getAttribute("data-t"));
    // What says something else by now is a view's, which draws it anew in this language.
    const own = !known.has(element) || element.textContent === "" || Object.values(loaded).some((strings) => strings[key] === element.textContent);
    known.add(element);
    if (own && element.textContent !== t(key)) element.textContent = t(key);
  }
  for (const element of document.querySelectorAll("[data-t-label]")) {
    const label = t(/** @type {Key} */ (element.getAttribute("data-t-label")));
    if (element.getAttribute("aria-label") !== label) element.setAttribute("aria-label", label);
  }
  for (const button of document.querySelectorAll("[data-language]")) {
    button.setAttribute("aria-pressed", String(button.getAttribute("data-language") === language));
  }
}

/**
 * Runs a change that makes the page longer or shorter, and keeps before the reader what was there.
 * @param {() => void} change
 */
export function keepPlace(change) {
  const parts = [...document.querySelectorAll("main > section, .paper > section")];
  const part = parts.find((candidate) => candidate.getBoundingClientRect().bottom > 0);
  const before = part?.getBoundingClientRect();
  change();
  if (!part || !before || before.top > 0) return;
  // The two languages take different room: the same share of the section lies above the window's edge.
  const after = part.getBoundingClientRect();
  window.scrollBy({ top: after.top - (before.top / before.height) * after.height, behavior: "instant" });
}
