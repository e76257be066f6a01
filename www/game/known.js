import { any, write } from "../shell/dom.js";
import { asGame, format } from "../shell/state.js";
import { flatten } from "./state.js";
import { isKey } from "../shell/language.js";

/** @typedef {import("../shell/language.js").Key} Key */

/** What mends a failure: one setting, or the same of both players. @type {Readonly<Record<string, Partial<import("./state.js").Flat>>>} */
const CURES = Object.freeze({
  "k-1": { kD: 10 }, saturation: { loss: "non-saturating" }, oscillation: { dBeta1: 0, gBeta1: 0 }, "mode-lost": { gActivation: "leaky-relu" },
  "d-too-strong": { loss: "non-saturating" }, "d-too-weak": { dRate: 0.005 }, "ring-lost": { gActivation: "leaky-relu" },
  "ring-in-turn": { gActivation: "leaky-relu" }, "eight-points-small-d": { dWidth: 32 }, "k-too-small": { kG: 1 },
});

/** Iterations per second. */
const PLANE_PACE = 600;

/**
 * Known games: links that set everything and start the game, each with what to watch.
 * @param {import("../shell/page.d.ts").Page} page
 * @returns {import("../shell/page.d.ts").Part}
 */
export function mountKnown(page) {
  const { store } = page;
  const list = any("game-presets");
  const details = /** @type {HTMLDetailsElement} */ (any("game-known"));
  // Eleven games with a sentence each are a wall on a small screen.
  details.open = matchMedia("(min-width: 60rem)").matches;

  /** @param {import("../types.d.ts").GamePreset} preset */
  const record = ({ name, iterations, settings }) => ({
    ...asGame(flatten(settings)), gameRun: [], gameHeld: null, gameStop: name === "default" ? 0 : iterations, gameShow: /** @type {const} */ ("now"),
    // Games in the plane take three times as many iterations.
    ...(settings.plane === undefined ? {} : { gamePace: PLANE_PACE }),
  });

  /** @param {import("../types.d.ts").GamePreset} preset */
  function make(preset) {
    const [item, link, what] = [document.createElement("li"), document.createElement("a"), document.createElement("span")];
    link.dataset["preset"] = preset.name;
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
      event.preventDefault();
      start(preset, () => page.lab.game.next(flatten(preset.settings), true));
    });
    item.append(link, " ", what);
    list.append(item);
    return { preset, link, what, both: pair(preset, item) };
  }

  /** Plays a failure, held, beside what mends it. @param {import("../types.d.ts").GamePreset} failure @param {HTMLElement} item */
  function pair(failure, item) {
    const cure = CURES[failure.name];
    if (cure === undefined) return null;
    const both = document.createElement("button");
    Object.assign(both, { type: "button", className: "plain" });
    both.addEventListener("click", () => {
      const held = flatten(failure.settings);
      start(failure, () => page.lab.game.both({ ...held, ...cure }, held));
    });
    item.append(" ", both);
    return both;
  }

  /** @param {import("../types.d.ts").GamePreset} preset @param {() => void} begin */
  function start(preset, begin) {
    const { gameStop, gameShow, gamePace = store.state.gamePace } = record(preset);
    store.set({ gameStop, gameShow, gamePace });
    begin();
    any("lab-game").scrollIntoView({ block: "start" });
  }

  /** @type {ReturnType<typeof make>[]} */
  let items = [];
  /** Those of the dimension that is played in. */
  let shownPlane = false;
  return {
    draw({ game, record: chosen }, before) {
      const inPlane = game.settings?.dimension === "2";
      if (before?.game.presets === game.presets && before.record === chosen && inPlane === shownPlane) return;
      if (items.length === 0 || inPlane !== shownPlane) {
        list.replaceChildren();
        items = game.presets.filter(({ settings }) => (settings.plane !== undefined) === inPlane).map(make);
        shownPlane = inPlane;
      }
      // A game without words yet still has its name.
      for (const { preset, link, what, both } of items) {
        const key = `known.${preset.name}`;
        const told = isKey(key);
        write(link, told ? page.t(/** @type {Key} */ (key)) : preset.name);
        write(what, told ? page.t(/** @type {Key} */ (`${key}.what`)) : "");
        if (both) write(both, page.t("held.both"));
        link.href = format({ ...chosen, ...record(preset), anchor: "lab-game" }) || "#lab-game";
      }
    },
  };
}
