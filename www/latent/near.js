import { any, button, make, milestones, write } from "../shell/dom.js";
import { fixed, whole } from "../shell/format.js";
import { NEAREST } from "./lab.js";
import { draw as drawDigits, look } from "../shell/digits.js";

/**
 * The real images nearest to the digit here, by pixels and by features: has G learnt them by heart?
 * @param {import("../shell/page.d.ts").Page} page
 * @returns {import("../shell/page.d.ts").Part}
 */
export function mountNear(page) {
  const { lab } = page;
  const [status, load] = [any("latent-near-status"), button("latent-real")];
  const rows = /** @type {const} */ (["pixels", "features"]).map((by) => cells(any(`latent-near-${by}`)));
  const say = milestones();
  load.addEventListener("click", () => void lab.sampler.fetchReal(false));
  // What this browser has of them is looked up once they are wanted; after a crash, once more.
  lab.watch(({ record, latent }) => record.latentOpen.includes("near") && latent.dims > 0, ({ record, latent }) => {
    if (record.latentOpen.includes("near") && latent.dims > 0) void lab.sampler.fetchReal(true);
  });

  /** @param {import("./latent.d.ts").LatentSnapshot} latent */
  function statusText({ real, tasks, near, message }) {
    const { t } = page;
    if (real === "absent") return t("latent.realAbsent");
    if (real === "failed") return t("latent.realFailed", { message });
    if (real === "loading") return t("latent.realLoading");
    const { index } = tasks;
    if (index && !index.done) return t("latent.indexing", { done: whole(index.value ?? 0) });
    const [pixels = NaN, features = NaN] = near?.apart ?? [];
    return t("latent.apart", { pixels: fixed(pixels, 2), features: fixed(features, 2) });
  }

  return {
    draw({ latent, record }, before) {
      if (!record.latentOpen.includes("near")) return;
      const words = statusText(latent);
      const { index } = latent.tasks;
      write(status, words);
      say(`${latent.real} ${index?.done ?? ""}`, index && !index.done ? index.progress : 0, words);
      status.classList.toggle("wrong", latent.real === "failed");
      load.hidden = latent.real !== "absent" && latent.real !== "failed";
      const { near } = latent;
      if (!near || near === before?.latent.near) return;
      const count = near.near.length / 3;
      // By features there may be fewer while they are being computed.
      const split = Math.min(NEAREST, count);
      rows.forEach((fill, side) => {
        for (let i = 0; i < NEAREST; i += 1) {
          const at = side === 0 ? i : split + i;
          fill(i, at < (side === 0 ? split : count) ? {
            image: near.images.subarray(784 * at, 784 * (at + 1)),
            distance: near.near[3 * at + 1] ?? NaN, label: near.near[3 * at + 2] ?? NaN, score: near.scores[at] ?? NaN,
          } : null);
        }
      });
    },
  };

  /** @param {HTMLElement} list */
  function cells(list) {
    const items = Array.from({ length: NEAREST }, () => {
      return make("li", {}, make("canvas", { width: 28, height: 28, role: "img" }), make("span"), make("span"));
    });
    list.append(...items);
    /** @param {number} i @param {{image: Uint8Array, distance: number, label: number, score: number} | null} found */
    return (i, found) => {
      const item = items[i];
      if (!item) return;
      item.hidden = found === null;
      if (!found) return;
      const picture = /** @type {HTMLCanvasElement} */ (item.querySelector("canvas"));
      const [first, second] = item.querySelectorAll("span");
      drawDigits(picture, found.image, 1, look(page.dark));
      picture.setAttribute("aria-label", page.t("latent.realDigit", { digit: found.label }));
      if (first) write(first, fixed(found.distance, 2));
      if (second) write(second, `D ${fixed(found.score, 2)}`);
    };
  }
}
