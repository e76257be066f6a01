import { any, button, make, write } from "../shell/dom.js";
import { fixed, whole } from "../shell/format.js";
import { rasterise, save } from "../shell/save.js";
import { figure1 } from "./draw_figure1.js";
import { messageOf } from "../shell/line.js";

/**
 * The four panels of Figure 1, found in the run.
 * @param {import("../shell/page.d.ts").Page} page
 * @returns {import("../shell/page.d.ts").Part}
 */
export function mountFigure1(page) {
  const { lab } = page;
  const [compose, asSvg, asPng] = [button("game-compose"), button("game-figure-svg"), button("game-figure-png")];
  const [holder, status] = [any("game-panels"), any("game-figure-status")];
  let svg = "";
  compose.addEventListener("click", () => lab.game.compose());
  asSvg.addEventListener("click", () => save("figure1.svg", new Blob([svg], { type: "image/svg+xml" })));
  asPng.addEventListener("click", () => {
    rasterise(svg, 2).then((picture) => save("figure1.png", picture), (error) => write(status, page.t("export.failed", { message: messageOf(error) })));
  });

  /** @param {import("../protocol.d.ts").GameFigure} figure */
  function panels({ a, b, c, d, steps, gSteps, reached }) {
    const { t } = page;
    const jsd = (/** @type {import("../types.d.ts").GameFrame} */ frame) => fixed(frame.numbers.jsd, 4);
    return [
      { frame: a.frame, caption: t("panel.a", { iteration: whole(a.frame.iteration), jsd: jsd(a.frame) }) },
      { frame: b, caption: t(reached ? "panel.b" : "panel.bMissed", { steps: whole(steps), sup: fixed(b.numbers.supDDStar, 3) }) },
      { frame: c, caption: t("panel.c", { steps: whole(gSteps), jsd: jsd(c) }) },
      { frame: d.frame, caption: t("panel.d", { iteration: whole(d.frame.iteration), jsd: jsd(d.frame), sup: fixed(d.frame.numbers.supDHalf, 3) }) },
    ];
  }

  /** As a picture: what is put into the page as markup could be anything. @param {string} text @param {string} title */
  function show(text, title) {
    const old = holder.querySelector("img");
    if (old) URL.revokeObjectURL(old.src);
    holder.replaceChildren(...(text === "" ? [] : [make("img", { src: URL.createObjectURL(new Blob([text], { type: "image/svg+xml" })), alt: title })]));
  }

  return {
    draw({ game }, before) {
      const { figure, note, phase } = game;
      compose.disabled = phase !== "ready";
      if (before && figure === before.game.figure && note === before.game.note) return;
      write(status, note?.kind === "no-figure" ? page.t(`game.note.no-figure.${note.missing}`) : "");
      asSvg.disabled = asPng.disabled = figure === null;
      if (before && figure === before.game.figure) return;
      const title = page.t("game.figure1");
      svg = figure ? figure1(panels(figure), page.palette, title) : "";
      // On a narrow screen one below the other; what is taken along always has two columns.
      show(figure && holder.clientWidth < 560 ? figure1(panels(figure), page.palette, title, 1) : svg, title);
    },
  };
}
