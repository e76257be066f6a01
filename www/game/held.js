/** The game that is held: its button, in what it differs, and its numbers beside those of the other. */
import { any, button, write } from "../shell/dom.js";
import { fixed } from "../shell/format.js";
import { differing, heldOf } from "./state.js";
import { labelOf } from "./settings.js";

/** @typedef {import("./state.js").Flat} Flat */
/** @typedef {import("./state.js").SettingName} Name */
/** @typedef {import("../shell/language.js").Key} Key */

/** What the visitor calls a setting, and whose it is. @param {import("../shell/page.d.ts").Page} page @param {Name} name */
function called({ t }, name) {
  const player = /^[dg](?=[A-Z])|(?<=^k)[DG]$/.exec(name)?.[0]?.toUpperCase() ?? "";
  return `${t(labelOf(name))}${player && ` (${player})`}`;
}

/** @param {import("../shell/page.d.ts").Page} page @param {Name} name @param {Flat} flat */
function valued({ t }, name, flat) {
  const value = flat[name];
  if (name === "drawn" || name === "points") return t("held.drawn");
  return typeof value === "number" ? String(value) : t(/** @type {Key} */ (`${labelOf(name)}.${value}`));
}

/**
 * @param {import("../shell/page.d.ts").Page} page @param {Flat} settings
 * @param {readonly import("../shell/fields.js").Pair[]} pairs
 */
function told(page, settings, pairs) {
  const held = heldOf(settings, pairs);
  const names = differing(held, settings);
  if (names.length === 0) return page.t("held.same");
  return page.t("held.differs", {
    settings: names.map((name) => page.t("held.setting", { name: called(page, name), held: valued(page, name, held), now: valued(page, name, settings) })).join(page.t("held.and")),
  });
}

/**
 * @param {import("../shell/page.d.ts").Page} page
 * @returns {import("../shell/page.d.ts").Part}
 */
export function mountHeld(page) {
  const { lab, store } = page;
  const [hold, words, key] = [button("game-hold"), any("game-held"), any("game-key-held")];
  const table = any("game-numbers");
  const head = table.querySelector("thead");
  const course = head?.querySelectorAll("th")[1];
  hold.addEventListener("click", () => lab.game.hold(store.state.gameHeld === null));
  const cells = [...table.querySelectorAll("canvas[data-spark]")].map((canvas) => {
    const value = document.createElement("span");
    value.className = "held-value";
    canvas.after(value);
    return { name: /** @type {keyof import("../types.d.ts").GameNumbers} */ (canvas.getAttribute("data-spark")), value };
  });
  return {
    draw({ game, record }, before) {
      const { settings, held } = game;
      const { gameHeld } = record;
      hold.disabled = game.phase !== "ready";
      if (before === null || before.record.gameHeld !== gameHeld || before.game.settings !== settings) {
        const on = gameHeld !== null;
        write(hold, page.t(on ? "held.drop" : "held.hold"));
        words.hidden = key.hidden = !on;
        write(words, on && settings ? told(page, settings, gameHeld) : "");
        table.classList.toggle("holding", on);
        head?.classList.toggle("hidden", !on);
        if (course) {
          course.dataset["t"] = on ? "held.column" : "course";
          write(course, page.t(on ? "held.column" : "course"));
        }
      }
      if (before && before.game.held === held) return;
      for (const { name, value } of cells) write(value, held ? fixed(held.numbers[name], 4) : "");
    },
  };
}
