import { visit } from "../shell/anchors.js";
import { any } from "../shell/dom.js";
import { mayReplace } from "../shell/replace.js";
import { asGame, defaults, format, gameOf, parse } from "../shell/state.js";
import { flatDefaults } from "../game/state.js";
import { beginsRun } from "../mnist/state.js";

/** @typedef {import("../shell/state.js").State} State */

/**
 * Prose that operates the page: a link such as "#lab-game&k-d=10" sets the game and plays it, and leaves all else
 * as it is; "#lab-latent&gen=paper" changes nothing in the latent explorer but what it names. Opened in another window it is an ordinary link to the page.
 * @param {import("../shell/page.d.ts").Page} page
 */
export function listenToProse(page) {
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a.operate") : null;
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    const place = operate(page, link.getAttribute("href") ?? "");
    /** @type {HTMLElement | null | undefined} */ (place?.querySelector("canvas[tabindex], button:not(:disabled)"))?.focus({ preventScroll: true });
  });
}

/**
 * Does what such a link says. What is told of an exercise stays until another is told of.
 * @param {import("../shell/page.d.ts").Page} page @param {string} hash @param {boolean} [still] the game is set, and does not play
 * @returns {HTMLElement | null} where it leads; null where the visitor would rather keep the run there is
 */
export function operate(page, hash, still = false) {
  const { state } = parse(hash);
  const { store } = page;
  const next = state.anchor === "lab-mnist" ? train(state) : {};
  if (beginsRun(store.state, { ...store.state, ...next }) && !mayReplace(page)) return null;
  if (state.task !== "") store.set({ task: state.task, walk: 0 });
  // "Back" leads to the sentence again; the address has the whole record at every moment.
  history.pushState(null, "", format({ ...store.state, anchor: state.anchor }));
  if (state.anchor === "lab-game") play(page, state, still);
  else if (state.anchor === "lab-latent") explore(page, state);
  else if (state.anchor === "lab-mnist") store.set({ ...next, anchor: state.anchor });
  else store.set({ figures: figure(store.state.figures, state), anchor: state.anchor });
  visit(state.anchor);
  return any(state.anchor);
}

/** One figure as the link has it, the others as they are. @param {State["figures"]} figures @param {State} state */
function figure(figures, state) {
  const id = state.anchor.replace("fig-", "");
  const others = Object.entries(figures).filter(([name]) => !name.startsWith(`${id}.`));
  return Object.freeze({ ...Object.fromEntries(others), ...state.figures });
}

/** @param {import("../shell/page.d.ts").Page} page @param {State} state @param {boolean} still */
function play({ store, lab }, state, still) {
  const settings = new Set(Object.keys(asGame(flatDefaults())));
  const view = Object.entries(state).filter(([name]) => name.startsWith("game") && name !== "gameRun" && !settings.has(name));
  store.set({ ...Object.fromEntries(view), anchor: state.anchor });
  lab.game.begin(gameOf(state), state.gameRun.length === 0 && !still, state.gameRun);
}

/** @param {import("../shell/page.d.ts").Page} page @param {State} state */
function explore({ store, lab }, state) {
  const plain = Object.entries(defaults());
  const named = plain.filter(([name, value]) => name.startsWith("latent") && Reflect.get(state, name) !== value);
  store.set({ ...Object.fromEntries(named.map(([name]) => [name, Reflect.get(state, name)])), anchor: state.anchor });
  lab.sampler.use("pretrained");
}

/** The whole run as the link has it, on the device and in the grid there are. @param {State} state @returns {Partial<State>} */
function train(state) {
  const kept = ["trainDevice", "trainGrid"];
  return Object.fromEntries(Object.entries(state).filter(([name]) => name.startsWith("train") && !kept.includes(name)));
}
