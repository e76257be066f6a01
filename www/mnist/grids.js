import { any, canvas, inHand, input, write } from "../shell/dom.js";
import { whole } from "../shell/format.js";
import { draw as drawDigits, look } from "../shell/digits.js";
import { radios } from "./device.js";

/**
 * Samples from fixed z, through the whole run, and as many real digits. Before there is a run, samples of the pretrained
 * generator, which the caption says.
 * @param {import("../shell/page.d.ts").Page} page
 * @returns {import("../shell/page.d.ts").Part}
 */
export function mountGrids(page) {
  const { lab, store } = page;
  const [grid, real, held] = [canvas("train-grid"), canvas("train-real"), canvas("train-held")];
  const [heldFigure, heldCaption, realFigure] = [any("train-held-figure"), any("train-held-caption"), any("train-real-figure")];
  const [caption, value] = [any("train-grid-caption"), any("train-at-value")];
  const at = input("train-at");
  const sizes = radios("train-size", (size) => store.set({ trainGrid: /** @type {"4"} */ (size) }));
  /** Step that is looked at; null: whichever is the newest. @type {number | null} */
  let looked = null;

  const near = new IntersectionObserver((entries) => {
    if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
    near.disconnect();
    lab.sampler.wantSamples();
  }, { rootMargin: "50%" });
  near.observe(grid);

  at.addEventListener("input", () => {
    const { grids } = lab.snapshot.train;
    const index = at.valueAsNumber;
    looked = index >= grids.length - 1 ? null : (grids[index]?.step ?? null);
    drawGrid(lab.snapshot);
    drawHeld(lab.snapshot);
  });

  /** @param {import("../protocol.d.ts").Snapshot} next */
  function drawGrid({ train: { grids }, digits: { samples }, record }) {
    const { t } = page;
    const last = grids.length - 1;
    const newest = looked === null ? last : grids.findLastIndex(({ step }) => step <= /** @type {number} */ (looked));
    const index = newest < 0 ? last : newest;
    if (newest < 0) looked = null;
    const shown = grids[index];
    const side = Number(record.trainGrid);
    at.max = String(Math.max(0, last));
    at.disabled = last < 1;
    if (!inHand(at) || looked === null) at.value = String(Math.max(0, index));
    const step = whole(shown?.step ?? 0);
    at.ariaValueText = t("train.atValue", { step });
    write(value, shown ? t("train.atValue", { step }) : "");
    grid.dataset["step"] = String(shown?.step ?? "");
    const before = shown ? null : samples;
    grid.classList.toggle("pretrained", before !== null);
    write(caption, t(shown ? "train.samplesCaption" : before ? "train.gridPretrained" : "train.gridEmpty", { n: side * side, step }));
    const images = shown?.images ?? before;
    if (images) tile(grid, images, side);
    else grid.getContext("2d")?.clearRect(0, 0, grid.width, grid.height);
  }

  /** The held run at the step that is shown, or at its last. @param {import("../protocol.d.ts").Snapshot} next */
  function drawHeld({ train: { held: run, grids }, record }) {
    heldFigure.hidden = run === null;
    realFigure.hidden = run !== null;
    if (run === null) return;
    const step = looked ?? grids.at(-1)?.step ?? Infinity;
    const shown = run.grids.findLast((one) => one.step <= step) ?? run.grids[0];
    held.dataset["step"] = String(shown?.step ?? "");
    write(heldCaption, page.t("held.grid", { step: whole(shown?.step ?? 0) }));
    if (shown) tile(held, shown.images, Number(record.trainGrid));
  }

  /** @param {HTMLCanvasElement} target @param {Uint8Array} images @param {number} side */
  function tile(target, images, side) {
    // A grid from before the size was changed has fewer, and leaves room.
    const all = new Uint8Array(side * side * 784);
    all.set(images.subarray(0, all.length));
    drawDigits(target, all, side, { ...look(page.dark), gap: 1 });
  }

  return {
    draw(next, before) {
      const { train, record } = next;
      const other = record.trainGrid !== before?.record.trainGrid;
      if (other) for (const radio of sizes) radio.checked = radio.value === record.trainGrid;
      if (other || train.grids !== before?.train.grids || next.digits.samples !== before.digits.samples) drawGrid(next);
      if (other || train.held !== before?.train.held || (train.held && train.grids !== before.train.grids)) drawHeld(next);
      if (train.real && (other || train.real !== before?.train.real)) tile(real, train.real, Number(record.trainGrid));
    },
  };
}
