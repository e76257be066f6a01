import { any, anySeed, button, canvas, inHand, input, onNumber, write } from "../shell/dom.js";
import { fixed } from "../shell/format.js";
import { GRID } from "./lab.js";
import { draw as drawDigits, look, SIDE } from "../shell/digits.js";
import { radios } from "../mnist/device.js";
import { fieldOf, verdict } from "./bench.js";

const COLUMNS = 8;
const PITCH = SIDE + 1;

/**
 * Where A, B and C come from: a seed, one of 64 digits, or a digit by name.
 * @param {import("../shell/page.d.ts").Page} page
 * @returns {import("../shell/page.d.ts").Part}
 */
export function mountPicker(page) {
  const { lab, store } = page;
  const grid = canvas("latent-grid");
  const [seed, status] = [input("latent-seed"), any("latent-picked")];
  const ends = radios("latent-end", (value) => store.set({ latentEnd: /** @type {"a" | "b" | "c"} */ (value) }));
  const canvases = { a: canvas("latent-a"), b: canvas("latent-b"), c: canvas("latent-c") };
  /** The cell that the keyboard is at. */
  let cursor = -1;
  /** The last news of a search by digit. @type {import("./latent.d.ts").LatentSnapshot["tasks"]["find"] | null} */
  let heard = null;
  /** What the grid was last drawn for, and of which answer. */
  let marked = "";
  /** @type {import("./latent.d.ts").Answer | null} */
  let shown = null;
  const digits = Array.from({ length: 10 }, (_, digit) => {
    const choice = document.createElement("button");
    choice.type = "button";
    choice.textContent = String(digit);
    choice.addEventListener("click", () => {
      const end = store.state.latentEnd;
      const present = store.state[fieldOf(end)];
      lab.sampler.begin({ name: "find", digit, end, from: typeof present === "number" ? present : anySeed() });
    });
    return choice;
  });
  any("latent-digits").append(...digits);

  const choose = (/** @type {number | string} */ value) => store.set({ [fieldOf(store.state.latentEnd)]: value });
  onNumber(seed, choose);
  button("latent-new").addEventListener("click", () => choose(anySeed()));
  button("latent-others").addEventListener("click", () => store.set({ latentGrid: anySeed() }));
  grid.addEventListener("click", (event) => {
    const box = grid.getBoundingClientRect();
    const cell = (/** @type {number} */ at, /** @type {number} */ size) => Math.max(0, Math.min(COLUMNS - 1, Math.floor((COLUMNS * at) / size)));
    cursor = cell(event.clientY - box.top, box.height) * COLUMNS + cell(event.clientX - box.left, box.width);
    choose(store.state.latentGrid + cursor);
  });
  grid.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -COLUMNS, ArrowDown: COLUMNS }[event.key];
    if (by !== undefined) {
      cursor = cursor < 0 ? 0 : Math.max(0, Math.min(GRID - 1, cursor + by));
      event.preventDefault();
      page.redraw();
      write(status, describe(cursor));
    } else if ((event.key === "Enter" || event.key === " ") && cursor >= 0) {
      event.preventDefault();
      choose(store.state.latentGrid + cursor);
    }
  });

  /** @param {number} cell */
  function describe(cell) {
    const { grid: answer } = lab.snapshot.latent;
    const found = answer && verdict(answer.probabilities.subarray(10 * cell, 10 * cell + 10));
    return page.t(found ? "latent.cellDigit" : "latent.cell", { n: cell + 1, digit: found?.digit ?? "" });
  }

  // A digit that was looked for takes its end, once.
  lab.watch(({ latent }) => latent.tasks.find, ({ latent }) => {
    const { value, done } = latent.tasks.find ?? {};
    if (done && value && value.seed !== null) store.set({ [fieldOf(value.end)]: value.seed });
  });

  /** Frames the cells that are ends, and the one the keyboard is at. @param {import("../shell/state.js").State} record */
  function mark(record) {
    const pen = /** @type {CanvasRenderingContext2D} */ (grid.getContext("2d"));
    const { latentGrid, latentEnd } = record;
    const framed = /** @type {[number, string][]} */ ([]);
    for (const end of /** @type {const} */ (["a", "b", "c"])) {
      const value = record[fieldOf(end)];
      if (typeof value === "number" && end === latentEnd) framed.push([value - latentGrid, page.palette.generated]);
    }
    if (document.activeElement === grid) framed.push([cursor, page.palette.discriminator]);
    for (const [cell, colour] of framed) {
      if (cell < 0 || cell >= GRID) continue;
      pen.strokeStyle = colour;
      pen.strokeRect((cell % COLUMNS) * PITCH + 0.5, Math.floor(cell / COLUMNS) * PITCH + 0.5, SIDE - 1, SIDE - 1);
    }
  }

  return {
    draw({ latent, record: state }, before) {
      const { t } = page;
      const colours = look(page.dark);
      for (const radio of ends) radio.checked = radio.value === state.latentEnd;
      const present = state[fieldOf(state.latentEnd)];
      if (!inHand(seed)) seed.value = typeof present === "number" ? String(present) : "";
      seed.placeholder = typeof present === "number" ? "" : t("latent.ownZ");
      if (latent.ends && latent.ends !== before?.latent.ends) {
        (/** @type {const} */ (["a", "b", "c"])).forEach((end, i) => {
          drawDigits(canvases[end], latent.ends?.images.subarray(784 * i, 784 * (i + 1)) ?? new Uint8Array(784), 1, colours);
          const found = verdict(latent.ends?.probabilities.subarray(10 * i, 10 * i + 10) ?? new Float32Array(0));
          if (end !== "c") write(any(`latent-score-${end}`), `D ${fixed(latent.ends?.scores[i] ?? NaN, 2)}`);
          canvases[end].setAttribute("aria-label", `${t(`latent.${end}`)}${found ? `: ${found.digit}` : ""}`);
        });
      }
      const marks = [state.latentGrid, state.latentEnd, present, cursor, document.activeElement === grid].join(" ");
      if (latent.grid && (before === null || marks !== marked || latent.grid !== shown)) {
        [marked, shown] = [marks, latent.grid];
        drawDigits(grid, latent.grid.images, COLUMNS, { ...colours, gap: 1 });
        mark(state);
      }
      const { find } = latent.tasks;
      for (const choice of digits) {
        choice.disabled = latent.dims === 0;
        if (before === null) choice.setAttribute("aria-label", t("latent.findDigit", { digit: choice.textContent ?? "" }));
      }
      if (find && find !== heard) {
        // Once each: the keyboard may have written there since.
        heard = find;
        const { value } = find;
        if (!find.done) write(status, latent.classifier === "failed" ? t("latent.noClassifier") : t("latent.finding"));
        else if (value?.seed === null) write(status, t("latent.notFound", { digit: value.digit, tried: value.tried }));
        else if (value) write(status, t("latent.foundDigit", { digit: value.digit, tried: value.tried, seed: value.seed ?? "" }));
      }
    },
  };
}
