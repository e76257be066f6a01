/** Reading single values: off the graph by pointer, finger or arrow keys, and in a table. */
import { any, make, write } from "../shell/dom.js";
import { fixed } from "../shell/format.js";
import { preimages } from "./folds.js";
import { nearest } from "./draw.js";

/** @typedef {import("../types.d.ts").GameFrame} GameFrame */

const ROWS = 9;
const NAMES = /** @type {const} */ (["x", "pData", "pG", "d", "dStar"]);
/** Of each name the letter, its index and what stands behind it. @type {Readonly<Record<(typeof NAMES)[number], [string, string, string]>>} */
const SYMBOLS = Object.freeze({ x: ["x", "", ""], pData: ["p", "data", ""], pG: ["p", "g", ""], d: ["D", "", ""], dStar: ["D", "", "*"] });
const SPOKEN = Object.freeze({ x: "x", pData: "p data", pG: "p g", d: "D", dStar: "D star" });

/**
 * @param {import("../shell/page.d.ts").Page} page
 * @param {HTMLCanvasElement} graph
 * @param {() => void} moved it points at another place
 * @returns {(frame: GameFrame) => number | null} grid index pointed at; writes its values
 */
export function mountPointer(page, graph, moved) {
  const readout = any("game-readout");
  const cells = NAMES.map((name) => {
    const cell = document.createElement("span");
    const value = document.createElement("span");
    value.className = "value";
    const [letter, index, behind] = SYMBOLS[name];
    cell.append(make("i", {}, letter), ...(index === "" ? [] : [make("sub", {}, index)]), `${behind} `, value);
    return { cell, value, name };
  });
  const [hint, count] = [document.createElement("span"), document.createElement("span")];
  for (const { cell } of cells) cell.hidden = true;
  count.hidden = true;
  write(hint, page.t("game.pointer"));
  readout.append(hint, ...cells.map(({ cell }) => cell), count);
  /** @type {number | null} */
  let index = null;
  /** @type {number | null} */
  let said = null;
  const point = (/** @type {number | null} */ at) => {
    index = at;
    moved();
  };
  const follow = (/** @type {PointerEvent} */ event) => {
    const { frame } = page.lab.snapshot.game;
    if (frame) point(nearest(frame, graph.clientWidth, graph.clientHeight, event.offsetX));
  };
  graph.addEventListener("pointermove", follow);
  graph.addEventListener("pointerdown", follow);
  graph.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && point(null));
  graph.addEventListener("blur", () => point(null));
  graph.addEventListener("keydown", (event) => {
    const { frame } = page.lab.snapshot.game;
    const by = { ArrowLeft: -1, ArrowRight: 1, PageUp: 16, PageDown: -16, Home: -Infinity, End: Infinity }[event.key];
    if (event.key === "Escape") point(null);
    if (by === undefined || frame === null) return;
    event.preventDefault();
    const last = frame.x.length - 1;
    point(Math.min(last, Math.max(0, (index ?? last >> 1) + by)));
  });
  return (frame) => {
    const at = index;
    hint.hidden = at !== null;
    count.hidden = at === null;
    for (const { cell } of cells) cell.hidden = at === null;
    const last = frame.x.length - 1;
    graph.ariaValueMax = String(last);
    graph.ariaValueNow = String(at ?? last >> 1);
    if (at === null) {
      write(hint, page.t("game.pointer"));
      graph.ariaValueText = page.t("game.pointer");
      return null;
    }
    for (const { value, name } of cells) write(value, fixed(frame[name][at] ?? NaN, 3));
    write(count, page.t("game.preimages", { n: preimages(frame, frame.x[at] ?? NaN) }));
    // Of a place that is looked at; while the game plays it would be read out without end.
    if (at !== said) graph.ariaValueText = NAMES.map((name) => `${SPOKEN[name]} ${fixed(frame[name][at] ?? NaN, 3)}`).join(", ");
    said = at;
    return at;
  };
}

/** @returns {(frame: GameFrame) => void} fills the table of values at most once a second */
export function mountTable() {
  const body = any("game-values-table").querySelector("tbody");
  const details = /** @type {HTMLDetailsElement} */ (any("game-values"));
  const rows = Array.from({ length: ROWS }, () => {
    const row = document.createElement("tr");
    row.append(...NAMES.map(() => document.createElement("td")));
    return row;
  });
  body?.append(...rows);
  let filled = 0;
  /** @type {GameFrame | null} */
  let latest = null;
  details.addEventListener("toggle", () => latest && fill(latest));
  /** @param {GameFrame} frame */
  function fill(frame) {
    const last = frame.x.length - 1;
    rows.forEach((row, i) => {
      // The middle half of the grid, where the mass is.
      const at = Math.round(last * (0.25 + (0.5 * i) / (ROWS - 1)));
      NAMES.forEach((name, column) => {
        const cell = row.cells[column];
        if (cell) write(cell, fixed(frame[name][at] ?? NaN, 3));
      });
    });
  }
  return (frame) => {
    latest = frame;
    const now = performance.now();
    if (!details.open || now - filled < 1000) return;
    filled = now;
    fill(frame);
  };
}
