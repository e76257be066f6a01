import { any, button, canvas, input, numbers, retryButton, write } from "../shell/dom.js";
import { fixed, whole } from "../shell/format.js";
import { reducedMotion } from "../shell/support.js";
import { draw as drawGame } from "./draw.js";
import { folds } from "./folds.js";
import { mountArrows } from "./arrows.js";
import { mountCurves } from "./curves.js";
import { mountExport } from "./export.js";
import { mountFigure1 } from "./panels.js";
import { mountHeld } from "./held.js";
import { mountKnown } from "./known.js";
import { mountPointer, mountTable } from "./read.js";
import { messageOf } from "../shell/line.js";
import { labelOf, mountSettings } from "./settings.js";
import { mountSparks } from "./sparks.js";
import { mountTransport } from "./transport.js";

/** @typedef {import("../protocol.d.ts").Snapshot["game"]} GameState */

const NUMBERS = /** @type {const} */ ([
  "v", "cOfG", "identity", "gap", "jsd", "klDataG", "klGData", "supDDStar", "supDHalf", "vBatch", "lossD", "lossG",
]);

/**
 * The laboratory of the game, on the line and in the plane.
 * @param {import("../shell/page.d.ts").Page} page
 * @returns {import("../shell/page.d.ts").Part}
 */
export function mountGame(page) {
  const { lab } = page;
  const figure = any("game-figure");
  const graph = canvas("game-canvas");
  const [status, fold, against] = [any("game-status"), any("game-fold"), button("game-against")];
  const [plane, values, figure1] = [any("plane-figure"), any("game-values"), any("game-figure1")];
  const switches = [input("game-line"), input("game-plane")];
  for (const choice of switches) choice.addEventListener("change", () => lab.game.turn(/** @type {"1" | "2"} */ (choice.value)));
  /** What draws the plane, once it is asked for. @type {ReturnType<typeof import("./plane_view.js").mountPlane> | null} */
  let drawPlane = null;
  let loading = false;
  const units = document.querySelectorAll("#game-numbers [data-unit]");
  const show = numbers(any("game-numbers"));
  const pointer = mountPointer(page, graph, () => drawGraph(lab.snapshot.game));
  const table = mountTable();
  const sparks = mountSparks(page);
  const parts = [mountTransport(page), mountSettings(page), mountKnown(page), mountArrows(page), mountCurves(page), mountFigure1(page), mountExport(page), mountHeld(page)];
  const again = retryButton(page, status, () => lab.game.retry());
  against.addEventListener("click", () => lab.game.step("g"));

  /** @param {Pick<GameState, "frame" | "held">} game */
  function drawGraph({ frame, held }) {
    if (frame && !frame.plane && page.seen.has(graph)) drawGame(graph, frame, page.palette, pointer(frame), held);
  }

  /** @param {GameState} game */
  function drawFrame({ frame, held, settings }) {
    if (frame === null) return;
    figure.dataset["iteration"] = String(frame.iteration);
    if (!frame.plane) {
      drawGraph({ frame, held });
      fold.hidden = folds(frame).turns.length === 0;
      table(frame);
    }
    show("iteration", whole(frame.iteration));
    show("steps", `${whole(frame.dSteps)}, ${whole(frame.gSteps)}`);
    for (const name of NUMBERS) show(name, fixed(frame.numbers[name], 4));
    for (const unit of units) write(unit, settings?.loss === "least-squares" ? "" : page.t("nats"));
  }

  /** The plane's part of the page comes with the first game there. @param {import("../protocol.d.ts").Snapshot} next @param {boolean} anew */
  function drawDimension(next, anew) {
    const { settings, frame } = next.game;
    if (settings === null) return;
    const inPlane = settings.dimension === "2";
    // What was asked for, before it is there.
    for (const choice of switches) choice.checked = choice.value === next.record.gameDimension;
    plane.hidden = !inPlane;
    figure.hidden = values.hidden = figure1.hidden = inPlane;
    if (!frame?.plane) return;
    if (drawPlane) return drawPlane(next, anew);
    if (loading) return;
    loading = true;
    import("./plane_view.js").then(
      ({ mountPlane }) => {
        drawPlane = mountPlane(page);
        page.redraw();
      },
      (error) => write(plane, page.t("fault.module", { detail: messageOf(error) })),
    );
  }

  return {
    draw(next, before) {
      const { game } = next;
      if (game === before?.game && next.record === before.record) return;
      for (const part of parts) part.draw(next, before);
      write(status, statusText(page, next));
      again(game.phase === "failed");
      status.classList.toggle("wrong", game.message !== "" || game.optimum?.reached === false);
      against.hidden = !game.optimum?.reached || game.climbing;
      against.disabled = game.atRest;
      sparks(game, before === null);
      if (game.frame !== before?.game.frame || game.held !== before.game.held || game.settings !== before?.game.settings) drawFrame(game);
      drawDimension(next, before === null);
    },
  };
}

/** @param {import("../shell/page.d.ts").Page} page @param {import("../protocol.d.ts").Snapshot} next */
function statusText({ t }, { game, record }) {
  const { phase, message, note, optimum, frame } = game;
  if (phase === "failed") return t("game.failed", { message });
  if (phase === "loading") return t(message === "" ? "game.loading" : "game.crashed", { message });
  if (message !== "") return t("game.crashed", { message });
  if (game.climbing) return t("game.climbing");
  if (optimum) return t(optimum.reached ? "game.reached" : "game.missed", { sup: fixed(optimum.sup, 3), steps: whole(optimum.steps) });
  if (game.replaying) return t("game.replaying");
  if (note?.kind === "restarted") return t("game.note.restarted", { why: t(labelOf(note.why)) });
  if (note?.kind === "stopped") return t("game.note.stopped", { iteration: whole(frame?.iteration ?? 0) });
  if (note?.kind === "replayed" || note?.kind === "branched" || note?.kind === "diverged") return t(`game.note.${note.kind}`);
  if (!game.playing && frame?.iteration === 0 && reducedMotion()) return t("game.still");
  if (game.atRest) return t("game.rest");
  if (game.playing && game.pace !== record.gamePace && record.gameMotion === "normal") return t("game.paceSlowed", { pace: whole(game.pace) });
  return "";
}
