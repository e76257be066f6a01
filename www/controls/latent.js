import { any, anySeed, button, canvas, input, onNumber, write } from "../dom.js";
import { fixed, whole } from "../format.js";
import { SLIDERS } from "../state.js";
import { draw as drawDigits, look } from "../views/digits.js";
import { radios } from "./device.js";

/** Coordinates are standard normal: hardly any lies outside. */
const REACH = 3.5;

/**
 * The latent explorer, first form.
 * @param {import("../page.d.ts").Page} page
 * @returns {import("../page.d.ts").Part}
 */
export function mountLatent(page) {
  const { lab, store } = page;
  const figure = any("latent-figure");
  const [image, a, b] = [canvas("latent-image"), canvas("latent-a"), canvas("latent-b")];
  const [status, norm, why] = [any("latent-status"), any("latent-norm"), any("generator-why")];
  const at = input("latent-at");
  const generators = radios("latent-generator", (value) => lab.sampler.use(/** @type {"pretrained" | "training"} */ (value)));
  const sliders = Array.from({ length: SLIDERS }, (_, i) => slider(page, i));
  any("latent-sliders").append(...sliders.map(({ row }) => row));
  let draws = 0;

  at.addEventListener("input", () => store.set({ latentAt: at.valueAsNumber }));
  button("latent-new-a").addEventListener("click", () => store.set({ latentFrom: anySeed() }));
  button("latent-new-b").addEventListener("click", () => store.set({ latentTo: anySeed() }));
  button("latent-reset").addEventListener("click", () => store.set({ latentNudge: Array(SLIDERS).fill(0) }));

  /** @param {import("../protocol.d.ts").Snapshot["latent"]} latent */
  function statusText({ phase, origin, message }) {
    const { t } = page;
    if (origin !== null && phase === "ready") {
      const drawn = t(`latent.origin.${origin.source}`, { step: whole(origin.step) });
      return message === "" ? drawn : t("latent.error", { message });
    }
    return phase === "failed" ? t("latent.failed", { message }) : t("latent.loading");
  }

  return {
    draw({ latent }, before) {
      if (latent === before?.latent) return;
      const { t } = page;
      write(status, statusText(latent));
      status.classList.toggle("wrong", latent.message !== "");
      figure.dataset["generator"] = latent.origin?.source ?? "";
      for (const radio of generators) {
        radio.checked = radio.value === lab.sampler.source;
        if (radio.value === "training") radio.disabled = !lab.sampler.trained;
      }
      why.hidden = lab.sampler.trained;
      if (before === null) {
        at.value = String(store.state.latentAt);
        at.ariaValueText = t("latent.walkValue", { percent: `${Math.round(100 * store.state.latentAt)} %` });
        for (const { label } of sliders) label();
      }
      const colours = look(page.dark);
      if (latent.ends !== before?.latent.ends) {
        const [first, second] = latent.ends;
        if (first) drawDigits(a, first, 1, colours);
        if (second) drawDigits(b, second, 1, colours);
      }
      if (latent.image === null || latent.z === null || latent.image === before?.latent.image) return;
      drawDigits(image, latent.image, 1, colours);
      draws += 1;
      figure.dataset["draws"] = String(draws);
      const length = Math.hypot(...latent.z);
      write(norm, t("latent.norm", { norm: fixed(length, 2), dims: latent.dims, typical: fixed(Math.sqrt(latent.dims), 2) }));
      for (const { show } of sliders) show(latent.z);
    },
  };
}

/**
 * One coordinate: a slider, its value to type, its way back. The slider shows the coordinate itself; the
 * record keeps what was added to the walk's own z, so that walking on keeps it.
 * @param {import("../page.d.ts").Page} page
 * @param {number} i
 */
function slider(page, i) {
  const { store, lab } = page;
  const row = document.createElement("div");
  row.className = "slider";
  row.innerHTML = `<label for="latent-z${i}">z<sub>${i + 1}</sub></label>
    <input type="range" id="latent-z${i}" min="${-REACH}" max="${REACH}" step="0.01">
    <input type="number" id="latent-z${i}-value" min="${-REACH}" max="${REACH}" step="0.01">
    <button type="button" id="latent-z${i}-reset">\u21ba</button>`;
  const [range, value] = /** @type {[HTMLInputElement, HTMLInputElement]} */ ([...row.querySelectorAll("input")]);
  const back = /** @type {HTMLButtonElement} */ (row.querySelector("button"));
  /** @param {number} by */
  const nudge = (by) => store.set({ latentNudge: store.state.latentNudge.map((old, k) => (k === i ? by : old)) });
  /** Coordinate without what was added to it; from the last answer, with what was asked for then. */
  let own = 0;
  const move = (/** @type {number} */ to) => nudge(Math.max(-8, Math.min(8, to - own)));
  range.addEventListener("input", () => move(range.valueAsNumber));
  onNumber(value, move);
  back.addEventListener("click", () => nudge(0));
  return {
    row,
    label() {
      const n = i + 1;
      range.setAttribute("aria-label", page.t("latent.coordinate", { n }));
      value.setAttribute("aria-label", page.t("latent.coordinate", { n }));
      back.setAttribute("aria-label", page.t("latent.resetOne", { n }));
      back.title = page.t("latent.resetOne", { n });
      back.disabled = store.state.latentNudge[i] === 0;
    },
    /** @param {Float32Array} z as drawn */
    show(z) {
      const here = z[i] ?? 0;
      own = here - (lab.snapshot.latent.nudge[i] ?? 0);
      if (document.activeElement !== range) range.value = String(here);
      if (document.activeElement !== value) value.value = here.toFixed(2);
      range.ariaValueText = fixed(here, 2);
      range.disabled = value.disabled = i >= z.length;
    },
  };
}
