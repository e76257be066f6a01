import { any } from "../dom.js";
import { asGame, gameOf, parse } from "../state.js";
import { flatDefaults } from "../state/game.js";

/** @typedef {import("../state.js").State} State */

/**
 * Prose that operates the page: a link such as "#lab-game&k-d=10" sets the game and plays it, and leaves all else
 * as it is. Opened in another window it is an ordinary link to the page.
 * @param {import("../page.d.ts").Page} page
 */
export function listenToProse(page) {
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a.operate") : null;
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    const hash = link.getAttribute("href") ?? "";
    const { state } = parse(hash);
    event.preventDefault();
    // "Back" leads to the sentence again.
    history.pushState(null, "", `#${state.anchor}`);
    if (state.anchor === "lab-game") play(page, state);
    else page.store.set({ ...named(hash, state), anchor: state.anchor });
    const lab = any(state.anchor);
    lab.scrollIntoView({ block: "start" });
    /** @type {HTMLElement | null} */ (lab.querySelector("canvas[tabindex], button:not(:disabled)"))?.focus({ preventScroll: true });
  });
}

/** @param {import("../page.d.ts").Page} page @param {State} state */
function play({ store, lab }, state) {
  const settings = new Set(Object.keys(asGame(flatDefaults())));
  const view = Object.entries(state).filter(([name]) => name.startsWith("game") && name !== "gameRun" && !settings.has(name));
  store.set({ ...Object.fromEntries(view), anchor: state.anchor });
  lab.game.begin(gameOf(state), state.gameRun.length === 0, state.gameRun);
}

/** Only what the link names: a run that is under way keeps the rest. @param {string} hash @param {State} state @returns {Partial<State>} */
function named(hash, state) {
  const initial = parse(`#${state.anchor}`).state;
  const changed = Object.entries(state).filter(([name, value]) => String(value) !== String(Reflect.get(initial, name)));
  return Object.fromEntries(changed);
}
