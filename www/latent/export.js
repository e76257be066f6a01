import { any, button, write } from "../shell/dom.js";
import { copy, film, filmType, save } from "../shell/save.js";
import { format } from "../shell/state.js";
import { draw as drawDigits, look } from "../shell/digits.js";
import { messageOf } from "../shell/line.js";

/** Pixels of the film's side for each of an image, its pictures in a second, and its length there and back. */
const FILM = Object.freeze({ zoom: 12, perSecond: 30, count: 120 });
const ZOOM = 4;

/**
 * Takes the walk along: the strip as PNG, the loop as a film, and a link.
 * @param {import("../shell/page.d.ts").Page} page
 * @returns {import("../shell/page.d.ts").Part}
 */
export function mountLatentExport(page) {
  const { lab } = page;
  const status = any("latent-export-status");
  const [link, png, webm] = [button("latent-link"), button("latent-png"), button("latent-webm")];
  const name = (/** @type {string} */ ending) => `saddle-walk.${ending}`;
  let recording = false;

  /** Runs one of them; what goes wrong is said beside the buttons. @param {() => Promise<void>} act */
  const attempt = (act) => async () => {
    try {
      write(status, "");
      await act();
    } catch (error) {
      write(status, page.t("export.failed", { message: messageOf(error) }));
    }
  };

  link.addEventListener("click", async () => {
    const address = location.href.replace(/#.*|$/, format({ ...lab.snapshot.record, anchor: "lab-latent" }));
    write(status, page.t((await copy(address)) ? "game.linkCopied" : "game.linkFailed"));
  });

  png.addEventListener("click", attempt(async () => {
    const { film: strip } = lab.snapshot.latent;
    if (!strip) return;
    const small = document.createElement("canvas");
    drawDigits(small, strip.images, 11, { ...look(page.dark), gap: 1 });
    const large = enlarged(small, ZOOM);
    const blob = await new Promise((resolve) => large.toBlob(resolve, "image/png"));
    if (!(blob instanceof Blob)) throw new Error("toBlob");
    save(name("png"), blob);
  }));

  webm.addEventListener("click", attempt(async () => {
    const kind = filmType();
    if (kind === null) return write(status, page.t("export.noFilm"));
    recording = true;
    webm.disabled = true;
    try {
      const frames = await lab.sampler.frames(FILM.count / 2 + 1);
      const small = document.createElement("canvas");
      const large = document.createElement("canvas");
      [large.width, large.height] = [28 * FILM.zoom, 28 * FILM.zoom];
      const pen = /** @type {CanvasRenderingContext2D} */ (large.getContext("2d"));
      pen.imageSmoothingEnabled = false;
      const colours = look(page.dark);
      const blob = await film(large, kind.type, FILM.count, FILM.perSecond, (i) => {
        const at = i > FILM.count / 2 ? FILM.count - i : i;
        drawDigits(small, frames.subarray(784 * at, 784 * (at + 1)), 1, colours);
        pen.drawImage(small, 0, 0, large.width, large.height);
        write(status, page.t("export.recording", { percent: 10 * Math.floor((10 * i) / FILM.count) }));
      });
      save(name(kind.ending), blob);
      write(status, "");
    } finally {
      recording = false;
      webm.disabled = false;
    }
  }));

  return {
    draw({ latent }) {
      const none = latent.film === null;
      png.disabled = none;
      webm.disabled = none || recording;
    },
  };
}

/** @param {HTMLCanvasElement} small @param {number} zoom */
function enlarged(small, zoom) {
  const large = document.createElement("canvas");
  [large.width, large.height] = [small.width * zoom, small.height * zoom];
  const pen = /** @type {CanvasRenderingContext2D} */ (large.getContext("2d"));
  pen.imageSmoothingEnabled = false;
  pen.drawImage(small, 0, 0, large.width, large.height);
  return large;
}
