import { any, canvas, input, write } from "../shell/dom.js";
import { fixed } from "../shell/format.js";
import { draw, pushes, strength } from "./draw_arrows.js";

/**
 * Gradients on samples of G, minimax and non-saturating side by side.
 * @param {import("../shell/page.d.ts").Page} page
 * @returns {import("../shell/page.d.ts").Part}
 */
export function mountArrows(page) {
  const { store } = page;
  const [figure, toggle, strips] = [any("game-arrows-figure"), input("game-arrows"), canvas("game-arrows-canvas")];
  const [minimax, nonSaturating] = [any("game-push-minimax"), any("game-push-ns")];
  toggle.addEventListener("change", () => store.set({ gameArrows: toggle.checked ? "on" : "off" }));
  return {
    draw({ game, record }, before) {
      const on = record.gameArrows === "on";
      toggle.checked = on;
      figure.hidden = !on;
      // In the plane they are a layer of the picture.
      const { samples, frame, settings } = game;
      if (!on || samples === null || frame === null || frame.plane || (samples === before?.game.samples && frame === before.game.frame)) return;
      draw(strips, samples, frame, page.palette);
      const push = pushes(samples);
      const says = (/** @type {Float32Array} */ values, /** @type {boolean} */ used) =>
        page.t("game.push", { push: fixed(strength(values), 4) }) + (used ? ` (${page.t("game.inUse")})` : "");
      write(minimax, says(push.minimax, settings?.loss === "minimax"));
      write(nonSaturating, says(push.nonSaturating, settings?.loss === "non-saturating"));
    },
  };
}
