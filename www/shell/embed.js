/** The code with which another page embeds one laboratory or figure as it is now, and the address at which it stands alone. */
import { resolve } from "./language.js";
import { copy } from "./save.js";
import { write } from "./dom.js";
import { defaults, format } from "./state.js";
import { STAGES, root } from "./stages.js";

/** @typedef {import("./state.js").State} State */

/**
 * @param {State} state @param {string} id
 * @returns {State} what sets that stage, and nothing of the others
 */
export function stateOf(state, id) {
  const fields = STAGES[id]?.fields ?? "";
  const own = Object.entries(state).filter(([name]) => name.startsWith(fields));
  const figures = Object.entries(state.figures).filter(([name]) => id === `fig-${name.split(".")[0]}`);
  const set = { ...defaults(), ...Object.fromEntries(own), figures: Object.freeze(Object.fromEntries(figures)) };
  return { ...set, language: resolve(state.language), stage: id };
}

/** @param {State} state @param {string} id */
export const addressOf = (state, id) => `${root()}stage/${format(stateOf(state, id))}`;

/** @param {string} address @param {string} title @param {number} height CSS pixels */
export function codeOf(address, title, height) {
  const quoted = (/** @type {string} */ text) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
  return `<iframe src="${quoted(address)}" title="${quoted(title)}" width="100%" height="${height}" style="border: 0" loading="lazy" allow="fullscreen; clipboard-write"></iframe>`;
}

/** @type {HTMLDialogElement | null} */
let dialog = null;

/** Shows the code. @param {import("./page.d.ts").Page} page @param {string} id */
export async function showCode(page, id) {
  const { t, lab, store } = page;
  // The game's moment is written into the record when somebody wants it.
  if (id === "lab-game") await lab.game.link();
  const address = addressOf(store.state, id);
  const named = document.getElementById(id);
  const label = named?.getAttribute("aria-label") ?? named?.querySelector("canvas")?.getAttribute("aria-label") ?? "";
  dialog?.remove();
  dialog = document.createElement("dialog");
  dialog.className = "embed";
  dialog.setAttribute("aria-label", t("embed"));
  const words = document.createElement("p");
  words.textContent = t("embed.what");
  const code = document.createElement("textarea");
  Object.assign(code, { readOnly: true, rows: 5, value: codeOf(address, label, STAGES[id]?.height ?? 600), spellcheck: false });
  code.setAttribute("aria-label", t("embed.code"));
  const tools = document.createElement("div");
  tools.className = "toolbar";
  const [take, shut] = [document.createElement("button"), document.createElement("button")];
  Object.assign(take, { type: "button", className: "main", textContent: t("embed.copy") });
  Object.assign(shut, { type: "button", className: "plain", textContent: t("close") });
  const alone = document.createElement("a");
  Object.assign(alone, { href: address, textContent: t("embed.alone"), target: "_blank", rel: "noopener" });
  take.addEventListener("click", async () => {
    const copied = await copy(code.value);
    if (!copied) code.select();
    write(take, t(copied ? "foot.copied" : "embed.copyByHand"));
  });
  shut.addEventListener("click", () => dialog?.close());
  tools.append(take, alone, shut);
  dialog.append(words, code, tools);
  document.body.append(dialog);
  dialog.showModal();
}
