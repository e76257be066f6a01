import { any, button, disable, inHand, make, onNumber } from "../shell/dom.js";
import { fixed } from "../shell/format.js";

/** Coordinates of normal z: hardly any lies outside. */
const REACH = 3.5;

/**
 * All coordinates of z. A slider shows the coordinate itself; the record keeps what was added to the walk's own
 * z, so that walking on keeps it.
 * @param {import("../shell/page.d.ts").Page} page
 * @returns {import("../shell/page.d.ts").Part}
 */
export function mountRaw(page) {
  const { lab, store } = page;
  const list = any("latent-coordinates");
  const reset = button("latent-raw-reset");
  /** @type {ReturnType<typeof row>[]} */
  let rows = [];
  reset.addEventListener("click", () => store.set({ latentNudge: [] }));

  /** @param {number} i @param {number} to */
  function move(i, to) {
    const { z, place } = lab.snapshot.latent;
    if (!z || !place) return;
    const added = (/** @type {import("./state.js").Nudge} */ nudge) => nudge.find(([at]) => at === i)?.[1] ?? 0;
    const by = Math.max(-8, Math.min(8, to - ((z[i] ?? 0) - added(place.nudge))));
    const others = store.state.latentNudge.filter(([at]) => at !== i);
    const next = Math.abs(by) < 5e-4 ? others : [...others, /** @type {const} */ ([i, by])];
    store.set({ latentNudge: next.toSorted(([a], [b]) => a - b) });
  }

  /** @param {number} i */
  const back = (i) => store.set({ latentNudge: store.state.latentNudge.filter(([at]) => at !== i) });

  return {
    draw({ latent, record }, before) {
      const { latentNudge, latentOpen } = record;
      disable(reset, latentNudge.length === 0);
      if (!latentOpen.includes("raw") || latent.z === null) return;
      if (rows.length !== latent.dims) {
        rows = Array.from({ length: latent.dims }, (_, i) => row(page, i, move, back));
        list.replaceChildren(...rows.map(({ element }) => element));
        for (const { label } of rows) label();
      } else if (before === null) for (const { label } of rows) label();
      const moved = new Set(latentNudge.map(([i]) => i));
      rows.forEach(({ show }, i) => show(latent.z?.[i] ?? 0, moved.has(i)));
    },
  };
}

/**
 * @param {import("../shell/page.d.ts").Page} page
 * @param {number} i
 * @param {(i: number, to: number) => void} move
 * @param {(i: number) => void} back
 */
function row(page, i, move, back) {
  const range = make("input", { type: "range", id: `latent-z${i}`, min: -REACH, max: REACH, step: 0.01 });
  const value = make("input", { type: "number", min: -REACH, max: REACH, step: "any" });
  const button = make("button", { type: "button", class: "back" }, "\u21ba");
  const element = make("div", { class: "slider" }, make("label", { for: range.id }, "z", make("sub", {}, String(i + 1))), range, value, button);
  range.addEventListener("input", () => move(i, range.valueAsNumber));
  onNumber(value, (to) => move(i, to));
  button.addEventListener("click", () => back(i));
  return {
    element,
    label() {
      const n = i + 1;
      const name = page.t("latent.coordinate", { n });
      range.setAttribute("aria-label", name);
      value.setAttribute("aria-label", name);
      button.setAttribute("aria-label", page.t("latent.resetCoordinate", { n }));
    },
    /** @param {number} here @param {boolean} moved */
    show(here, moved) {
      disable(button, !moved);
      if (!inHand(range)) range.value = String(here);
      if (!inHand(value)) value.value = here.toFixed(2);
      range.ariaValueText = fixed(here, 2);
    },
  };
}
