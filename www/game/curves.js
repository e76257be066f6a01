import { any, retryButton, write } from "../shell/dom.js";
import { whole } from "../shell/format.js";
import { loadPlot } from "../shell/modules.js";
import { iterations } from "./moves.js";
import { SETTING_NAMES, SETTINGS } from "./state.js";
import { Chart } from "../shell/curves.js";
import { labelOf } from "./settings.js";
import { messageOf } from "../shell/line.js";

/** @typedef {import("../protocol.d.ts").Snapshot["game"]} GameState */
/** @typedef {import("../types.d.ts").GameNumbers} Numbers */

/** Names of settings by the keys that moves have. */
const NAMES = new Map(SETTING_NAMES.map((name) => [SETTINGS[name].key, name]));

/**
 * Where settings were changed in the course of a game, in iterations.
 * @param {readonly import("./moves.js").Move[]} moves
 * @returns {{at: number, keys: string[]}[]}
 */
export function changes(moves) {
  /** @type {{at: number, keys: string[]}[]} */
  const found = [];
  moves.forEach((move, i) => {
    if (move.act !== "set") return;
    const at = iterations(moves.slice(0, i));
    const last = found.at(-1);
    if (last?.at === at) last.keys.push(move.key);
    else found.push({ at, keys: [move.key] });
  });
  return found;
}

/**
 * The course of the game as charts like those of the run on MNIST; uPlot is loaded when they are opened.
 * @param {import("../shell/page.d.ts").Page} page
 * @returns {import("../shell/page.d.ts").Part}
 */
export function mountCurves(page) {
  const details = /** @type {HTMLDetailsElement} */ (any("game-curves"));
  const [losses, divergences] = [any("game-chart-losses"), any("game-chart-divergences")];
  const status = document.createElement("p");
  status.className = "status wrong";
  details.append(status);
  const again = retryButton(page, status, () => void load());
  /** @type {{losses: Chart, divergences: Chart} | null} */
  let charts = null;
  details.addEventListener("toggle", () => {
    if (!details.open) return;
    if (charts === null) void load();
    else draw(page.lab.snapshot.game);
  });

  async function load() {
    try {
      const Plot = await loadPlot();
      const place = (/** @type {number} */ n) => page.t("chart.iteration", { iteration: whole(n) });
      const line = (/** @type {string} */ token, /** @type {import("../shell/language.js").Key} */ name, dash = /** @type {number[]} */ ([])) =>
        ({ token, width: 1.5, dash, name: () => page.t(name), digits: 4 });
      charts ??= {
        losses: new Chart(Plot, losses, { lines: [line("discriminator", "train.lossD", [6, 4]), line("generated", "train.lossG")], log: true, hint: true, label: () => page.t("train.losses"), place }, page),
        divergences: new Chart(Plot, divergences, { lines: [line("generated", "game.jsd"), line("discriminator", "game.gap", [6, 4])], log: true, label: () => page.t("game.divergences"), place }, page),
      };
      write(status, "");
      again(false);
      draw(page.lab.snapshot.game);
    } catch (error) {
      write(status, page.t("fault.module", { detail: messageOf(error) }));
      again(true);
    }
  }

  /** @param {GameState} game */
  function draw({ moments, course }) {
    if (charts === null || !details.open) return;
    // Steps of one player alone change no iteration: of those the last is shown.
    const last = moments.filter(({ frame }, i) => frame.iteration !== moments[i + 1]?.frame.iteration);
    const xs = last.map(({ frame }) => frame.iteration);
    const column = (/** @type {keyof Numbers} */ name) => last.map(({ frame }) => frame.numbers[name]);
    const marks = changes(course?.moves ?? []).map(({ at, keys }) => {
      const names = keys.map((key) => page.t(labelOf(NAMES.get(key) ?? "seed"))).join(", ");
      return { at, words: page.t("game.changed", { iteration: whole(at), names }) };
    });
    const beside = (/** @type {(keyof Numbers)[]} */ ...names) =>
      last.some(({ held }) => held) ? [xs, ...names.map((name) => last.map(({ held }) => held?.[name] ?? NaN))] : null;
    charts.losses.show([xs, column("lossD"), column("lossG")], marks, beside("lossD", "lossG"));
    charts.divergences.show([xs, column("jsd"), column("gap")], marks, beside("jsd", "gap"));
  }

  return {
    draw({ game }, before) {
      if (charts === null || (before && game.moments === before.game.moments)) return;
      if (before === null) for (const chart of Object.values(charts)) chart.repaint();
      draw(game);
    },
  };
}
