import { any, anySeed, button, canvas, input, numbers, onNumber, write } from "../dom.js";
import { fixed, short, whole } from "../format.js";
import { PACE } from "../state.js";
import { reducedMotion } from "../support.js";
import { draw as drawGame, nearest } from "../views/game.js";
import { draw as drawSpark } from "../views/spark.js";

/** V and C(G) at the equilibrium, nats. */
const EQUILIBRIUM = -Math.log(4);
const ROWS = 9;

/**
 * The 1-D laboratory.
 * @param {import("../page.d.ts").Page} page
 * @returns {import("../page.d.ts").Part}
 */
export function mountGame(page) {
  const { lab, store } = page;
  const figure = any("game-figure");
  const [graph, sparkV, sparkJsd] = [canvas("game-canvas"), canvas("game-spark-v"), canvas("game-spark-jsd")];
  const [play, step, reset] = [button("game-play"), button("game-step"), button("game-reset")];
  const [pace, paceValue, seed] = [input("game-pace"), input("game-pace-value"), input("game-seed")];
  const status = any("game-status");
  const show = numbers(any("game-numbers"));
  const pointer = mountPointer(page, graph);
  const table = mountTable();

  play.addEventListener("click", () => lab.game.play(!lab.snapshot.game.playing));
  step.addEventListener("click", () => lab.game.step());
  reset.addEventListener("click", () => lab.game.reset());
  // The slider is logarithmic: each stretch of it multiplies the pace.
  const span = Math.log(PACE.max / PACE.min);
  pace.addEventListener("input", () => store.set({ gamePace: Math.round(PACE.min * Math.exp(span * pace.valueAsNumber)) }));
  onNumber(paceValue, (gamePace) => store.set({ gamePace }));
  button("game-pace-default").addEventListener("click", () => store.set({ gamePace: PACE.initial }));
  onNumber(seed, (gameSeed) => store.set({ gameSeed }));
  button("game-seed-new").addEventListener("click", () => store.set({ gameSeed: anySeed() }));

  /** @param {import("../protocol.d.ts").Snapshot["game"]} game */
  function statusText(game) {
    const { t } = page;
    if (game.phase === "failed") return t("game.failed", { message: game.message });
    if (game.phase === "loading") return t(game.message === "" ? "game.loading" : "game.crashed", { message: game.message });
    if (game.message !== "") return t("game.crashed", { message: game.message });
    if (!game.playing && game.frame?.iteration === 0 && reducedMotion()) return t("game.still");
    if (game.atRest) return t("game.rest");
    if (game.pace !== store.state.gamePace) return t("game.paceSlowed", { pace: whole(game.pace) });
    return "";
  }

  return {
    draw(next, before) {
      const { game } = next;
      if (game === before?.game) return;
      const { t } = page;
      const ready = game.phase === "ready";
      for (const control of [play, step]) control.disabled = !ready || game.atRest;
      reset.disabled = !ready;
      write(play, game.playing ? t("pause") : t("play"));
      write(status, statusText(game));
      status.classList.toggle("wrong", game.message !== "");
      if (before === null) {
        const { gamePace, gameSeed } = store.state;
        if (document.activeElement !== pace) pace.value = String(Math.log(gamePace / PACE.min) / span);
        pace.ariaValueText = whole(gamePace);
        paceValue.value = short(gamePace).replace(",", "");
        seed.value = String(gameSeed);
      }
      const { frame, trace } = game;
      if (frame === null || frame === before?.game.frame) return;
      figure.dataset["iteration"] = String(frame.iteration);
      if (page.seen.has(graph)) drawGame(graph, frame, page.palette, pointer(frame));
      show("iteration", whole(frame.iteration));
      for (const name of /** @type {const} */ (["v", "cOfG", "jsd", "identity"])) show(name, fixed(frame.numbers[name], 4));
      show("equilibrium", fixed(EQUILIBRIUM, 4));
      const { judge, generated, hair, soft } = page.palette;
      drawSpark(sparkV, trace.iteration, trace.v, { low: -1.6, high: -0.6, reference: EQUILIBRIUM, colour: judge, hair: soft });
      drawSpark(sparkJsd, trace.iteration, trace.jsd, { low: 0, high: 0.1, reference: 0, colour: generated, hair });
      table(frame);
    },
  };
}

/**
 * Reading values off the graph, by pointer or arrow keys.
 * @param {import("../page.d.ts").Page} page
 * @param {HTMLCanvasElement} graph
 * @returns {(frame: import("../types.d.ts").GameFrame) => number | null} x pointed at; writes its values
 */
function mountPointer(page, graph) {
  const readout = any("game-readout");
  /** @type {number | null} grid index */
  let index = null;
  const redraw = () => page.lab.publish("game", { frame: copy(page.lab.snapshot.game.frame) });
  const point = (/** @type {PointerEvent} */ event) => {
    const { frame } = page.lab.snapshot.game;
    if (frame) index = nearest(frame, graph.clientWidth, graph.clientHeight, event.offsetX);
    redraw();
  };
  graph.addEventListener("pointermove", point);
  graph.addEventListener("pointerdown", point);
  graph.addEventListener("pointerleave", () => {
    index = null;
    redraw();
  });
  graph.addEventListener("blur", () => {
    index = null;
    redraw();
  });
  graph.addEventListener("keydown", (event) => {
    const { frame } = page.lab.snapshot.game;
    const by = { ArrowLeft: -1, ArrowRight: 1, PageUp: 16, PageDown: -16 }[event.key];
    if (by === undefined || frame === null) return;
    event.preventDefault();
    const last = frame.x.length - 1;
    index = Math.min(last, Math.max(0, (index ?? last >> 1) + by));
    redraw();
  });
  return (frame) => {
    const at = index;
    if (at === null) {
      write(readout, page.t("game.pointer"));
      return null;
    }
    const value = (/** @type {Float32Array} */ array) => fixed(array[at] ?? NaN, 3);
    write(
      readout,
      `x = ${value(frame.x)}   p_data = ${value(frame.pData)}   p_g = ${value(frame.pG)}   D = ${value(frame.d)}   D* = ${value(frame.dStar)}`,
    );
    return frame.x[at] ?? null;
  };
}

/** A new identity for the same frame, so that it is drawn again. @param {import("../types.d.ts").GameFrame | null} frame */
const copy = (frame) => (frame === null ? null : Object.freeze({ ...frame }));

/** @returns {(frame: import("../types.d.ts").GameFrame) => void} fills the table of values at most once a second */
function mountTable() {
  const body = any("game-values-table").querySelector("tbody");
  const details = /** @type {HTMLDetailsElement} */ (any("game-values"));
  const rows = Array.from({ length: ROWS }, () => {
    const row = document.createElement("tr");
    row.append(...Array.from({ length: 5 }, () => document.createElement("td")));
    return row;
  });
  body?.append(...rows);
  let filled = 0;
  return (frame) => {
    const now = performance.now();
    if (!details.open || now - filled < 1000) return;
    filled = now;
    const last = frame.x.length - 1;
    rows.forEach((row, i) => {
      // The middle half of the grid, where the mass is.
      const at = Math.round(last * (0.25 + (0.5 * i) / (ROWS - 1)));
      [frame.x, frame.pData, frame.pG, frame.d, frame.dStar].forEach((array, column) => {
        const cell = row.cells[column];
        if (cell) write(cell, fixed(array[at] ?? NaN, 3));
      });
    });
  };
}
