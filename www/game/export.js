import { any, button, write } from "../shell/dom.js";
import { copy, film, filmType, rasterise, save } from "../shell/save.js";
import { paint } from "./draw.js";
import { picture } from "./draw_figure1.js";
import { messageOf } from "../shell/line.js";

/** @typedef {import("../shell/language.js").Key} Key */
/** @typedef {import("../protocol.d.ts").GameMoment} GameMoment */

const FILM = Object.freeze({ width: 1280, height: 672, scale: 1.6, perSecond: 30, seconds: 10 });

/**
 * The run as a table: one row for each moment that was kept. Divergences in nats.
 * @param {readonly GameMoment[]} moments
 */
export function table(moments) {
  const names = /** @type {const} */ ([
    "v", "cOfG", "identity", "gap", "jsd", "klDataG", "klGData", "supDDStar", "supDHalf", "vBatch", "lossD", "lossG",
  ]);
  const rows = moments.map(({ frame }) =>
    [frame.iteration, frame.dSteps, frame.gSteps, ...names.map((name) => (Number.isNaN(frame.numbers[name]) ? "" : frame.numbers[name]))].join(","));
  return `${["iteration", "dSteps", "gSteps", ...names].join(",")}\n${rows.join("\n")}\n`;
}

/**
 * Link, pictures, film and table of the run.
 * @param {import("../shell/page.d.ts").Page} page
 * @returns {import("../shell/page.d.ts").Part}
 */
export function mountExport(page) {
  const { lab } = page;
  const status = any("game-export-status");
  const [link, svg, png, webm, csv] = [button("game-link"), button("game-svg"), button("game-png"), button("game-webm"), button("game-csv")];
  const files = [svg, png, webm, csv];
  let recording = false;
  const name = (/** @type {string} */ ending) => {
    const { settings, frame } = lab.snapshot.game;
    return `saddle-seed${settings?.seed ?? 0}-${frame?.iteration ?? 0}.${ending}`;
  };
  /** The plane's picture as it stands on the screen. @returns {Promise<Blob>} */
  const screen = () => new Promise((resolve, reject) => {
    /** @type {HTMLCanvasElement} */ (any("plane-canvas")).toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))));
  });
  const drawing = () => {
    const { frame } = lab.snapshot.game;
    return frame ? picture(frame, page.palette, page.t("game.label")) : "";
  };

  /** Runs one of them; what goes wrong is said beside the buttons. @param {() => void | Promise<void>} act */
  const attempt = (act) => async () => {
    try {
      write(status, "");
      await act();
    } catch (error) {
      write(status, page.t("export.failed", { message: messageOf(error) }));
    }
  };
  link.addEventListener("click", async () => {
    write(status, page.t((await copy(lab.game.link())) ? "game.linkCopied" : "game.linkFailed"));
  });
  svg.addEventListener("click", attempt(() => save(name("svg"), new Blob([drawing()], { type: "image/svg+xml" }))));
  png.addEventListener("click", attempt(async () => save(name("png"), await (lab.snapshot.game.frame?.plane ? screen() : rasterise(drawing(), 2)))));
  csv.addEventListener("click", attempt(() => save(name("csv"), new Blob([table(lab.snapshot.game.moments)], { type: "text/csv" }))));
  webm.addEventListener("click", attempt(async () => {
    const kind = filmType();
    const { moments } = lab.snapshot.game;
    if (kind === null) return write(status, page.t("export.noFilm"));
    recording = true;
    webm.disabled = true;
    try {
      save(name(kind.ending), await record(kind.type, moments));
    } finally {
      recording = false;
      webm.disabled = false;
      write(status, "");
    }
  }));

  /** @param {string} type @param {readonly GameMoment[]} moments */
  function record(type, moments) {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [FILM.width, FILM.height];
    const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    const colours = page.palette;
    const count = Math.min(moments.length, FILM.perSecond * FILM.seconds);
    return film(canvas, type, count, FILM.perSecond, (i) => {
      const moment = moments[Math.round((i * (moments.length - 1)) / Math.max(1, count - 1))];
      if (!moment) return;
      pen.setTransform(FILM.scale, 0, 0, FILM.scale, 0, 0);
      pen.fillStyle = colours.paper;
      pen.fillRect(0, 0, FILM.width, FILM.height);
      paint(pen, moment.frame, colours, FILM.width / FILM.scale, FILM.height / FILM.scale);
      write(status, page.t("export.recording", { percent: 10 * Math.floor((10 * i) / count) }));
    });
  }

  return {
    draw({ game }, before) {
      const inPlane = game.settings?.dimension === "2";
      // Moments in the plane are kept as numbers.
      svg.hidden = webm.hidden = inPlane;
      if (before && game.phase === before.game.phase) return;
      for (const file of files) file.disabled = game.phase !== "ready" || (file === webm && recording);
    },
  };
}
