import { any, button, canvas, retryButton, write } from "./dom.js";
import { fit } from "./canvas.js";
import { fixed, whole } from "./format.js";
import { draw as drawDigits, look } from "./digits.js";
import { draw as drawGame } from "../game/draw.js";
import { visit } from "./anchors.js";

/**
 * The first screen: the game and eight digits.
 * @param {import("./page.d.ts").Page} page
 * @returns {import("./page.d.ts").Part}
 */
export function mountOpening(page) {
  const { lab } = page;
  const figure = any("opening-game");
  const [graph, digits] = [canvas("opening-canvas"), canvas("digits")];
  const [play, more, train] = [button("opening-play"), button("digits-more"), button("opening-train")];
  const [iteration, v, status] = [any("opening-iteration"), any("opening-v"), any("digits-status")];
  let loading = false;
  /** What draws the plane, once a game is there. @type {typeof import("../game/draw_plane.js").paint | null} */
  let paintPlane = null;
  /** @param {import("../types.d.ts").PlaneLook} look */
  function drawPlane(look) {
    if (paintPlane) {
      const { pen, width, height } = fit(graph);
      if (width > 0) paintPlane(pen, width, height, look, null, { shade: "d", contours: true, mesh: true, dots: false, arrows: false }, page.palette, page.dark);
    } else if (!loading) {
      loading = true;
      // The laboratory says what did not arrive.
      import("../game/draw_plane.js").then(({ paint }) => {
        paintPlane = paint;
        page.redraw();
      }, () => undefined);
    }
  }
  const stopped = document.createElement("p");
  stopped.className = "status wrong";
  figure.append(stopped);
  const [gameAgain, digitsAgain] = [retryButton(page, stopped, () => lab.game.retry()), retryButton(page, status, () => (lab.sampler ? lab.sampler.retry() : location.reload()))];
  play.addEventListener("click", () => lab.game.play(!lab.snapshot.game.playing));
  more.addEventListener("click", () => lab.sampler?.moreDigits());
  train.addEventListener("click", () => {
    lab.train.go();
    // Where it is seen, and where it can be stopped.
    visit("lab-mnist");
  });
  return {
    draw(next, before) {
      const { t } = page;
      if (next.game !== before?.game) {
        const { frame, playing, phase, atRest } = next.game;
        play.disabled = phase !== "ready" || atRest;
        write(play, playing ? t("pause") : t("play"));
        write(stopped, phase === "failed" ? t("game.failed", { message: next.game.message }) : "");
        gameAgain(phase === "failed");
        if (frame && frame !== before?.game.frame) {
          figure.dataset["iteration"] = String(frame.iteration);
          write(iteration, whole(frame.iteration));
          write(v, fixed(frame.numbers.v, 3));
          if (page.seen.has(graph)) {
            if (frame.plane) drawPlane(frame.plane);
            else drawGame(graph, frame, page.palette);
          }
        }
      }
      if (next.train.phase !== before?.train.phase) {
        train.disabled = !lab.train || next.train.phase === "loading" || next.train.phase === "failed";
        train.title = t(train.disabled ? "train.loading" : "digits.train.what");
      }
      if (next.digits !== before?.digits || next.latent !== before?.latent) {
        const { images } = next.digits;
        const { origin, message, phase } = next.latent;
        // The first are drawn by a smaller generator; the one that draws others comes after it.
        more.disabled = images === null || origin === null;
        more.title = more.disabled ? t("latent.loading") : "";
        const failed = images === null ? message !== "" : phase === "failed";
        digitsAgain(failed);
        const fine = t(images === null ? "digits.waiting" : "digits.caption");
        write(status, failed ? t("latent.failed", { message }) : fine);
        if (images && next.digits !== before?.digits) drawDigits(digits, images, 4, { ...look(page.dark), gap: 1 });
      }
    },
  };
}
