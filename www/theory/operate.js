import { visit } from "../shell/anchors.js";
import { any } from "../shell/dom.js";
import { mayReplace } from "../shell/replace.js";
import { asGame, defaults, format, gameOf, parse } from "../shell/state.js";
import { flatDefaults } from "../game/state.js";

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
    const hash = link.getAttribute("href") ?? "";
    const { state } = parse(hash);
    event.preventDefault();
    if (state.anchor === "lab-mnist" && !mayReplace(page)) return;
    // "Back" leads to the sentence again; the address has the whole record at every moment.
    history.pushState(null, "", format({ ...page.store.state, anchor: state.anchor }));
    if (state.anchor === "lab-game") play(page, state);
    else if (state.anchor === "lab-latent") explore(page, state);
    else page.store.set({ ...train(state), anchor: state.anchor });
    const lab = any(state.anchor);
    visit(state.anchor);
    /** @type {HTMLElement | null} */ (lab.querySelector("canvas[tabindex], button:not(:disabled)"))?.focus({ preventScroll: true });
  });
}

/** @param {import("../shell/page.d.ts").Page} page @param {State} state */
function play({ store, lab }, state) {
  const settings = new Set(Object.keys(asGame(flatDefaults())));
  const view = Object.entries(state).filter(([name]) => name.startsWith("game") && name !== "gameRun" && !settings.has(name));
  store.set({ ...Object.fromEntries(view), anchor: state.anchor });
  lab.game.begin(gameOf(state), state.gameRun.length === 0, state.gameRun);
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
