import { any, write } from "../shell/dom.js";
import { whole } from "../shell/format.js";

/** @typedef {import("../protocol.d.ts").GameLine} Line */

/**
 * Where each line stands in the text's own Algorithm 1: the equation of the update that ends its group, and how many
 * items before that one.
 * @type {Record<Line, [string, number]>}
 */
const IN_TEXT = {
  "noise-d": ["eq-d-step", 2], data: ["eq-d-step", 1], ascend: ["eq-d-step", 0], "noise-g": ["eq-g-step", 1], descend: ["eq-g-step", 0],
};

/**
 * Algorithm 1 beside the figure: in slow motion the line that is running is lit, here and in the text.
 * @param {import("../shell/page.d.ts").Page} page
 * @returns {(next: import("../protocol.d.ts").Snapshot, anew: boolean) => void}
 */
export function mountAlgorithm(page) {
  const details = /** @type {HTMLDetailsElement} */ (any("game-algorithm"));
  const lines = [...details.querySelectorAll("[data-line]")];
  const [iteration, turn] = [any("line-iteration"), any("line-turn")];
  /** @type {readonly Element[]} */
  let lit = [];
  /** @type {Line | null} */
  let shown = null;
  let wasSlow = false;
  return ({ game, record }, anew) => {
    const { t } = page;
    const slow = record.gameMotion === "slow";
    if (slow && !wasSlow) details.open = true;
    wasSlow = slow;
    const line = slow ? game.line : null;
    write(iteration, line ? t("line.now", { n: whole(game.round) }) : "");
    const ofD = line !== null && line !== "noise-g" && line !== "descend";
    write(turn, ofD ? t("line.turn", { n: game.turn, k: game.settings?.kD ?? 1 }) : "");
    if (line === shown && !anew) return;
    shown = line;
    for (const element of lit) element.classList.remove("lit");
    lit = line === null ? [] : [...lines.filter((element) => element.getAttribute("data-line") === line), ...inText(line)];
    for (const element of lit) element.classList.add("lit");
  };
}

/** @param {Line} line @returns {Element[]} the line in both languages of the text */
function inText(line) {
  const [equation, back] = IN_TEXT[line];
  return ["", "-zh"].flatMap((language) => {
    let item = document.getElementById(equation + language)?.closest("li");
    for (let i = 0; i < back && item; i += 1) item = /** @type {HTMLLIElement | null} */ (item.previousElementSibling);
    return item ? [item] : [];
  });
}
