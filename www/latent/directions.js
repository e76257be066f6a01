import { any, button, disable, inHand, make, milestones, onNumber, write } from "../shell/dom.js";
import { fixed, whole } from "../shell/format.js";
import { STOPS } from "./lab.js";
import { DIRECTIONS, REACH } from "./state.js";
import { draw as drawDigits, look } from "../shell/digits.js";

/** A step of a slider by key: fine enough to see each, coarse enough to get along. */
const STEP = 0.05;

/**
 * The few good sliders: the directions along which the image changes most.
 * @param {import("../shell/page.d.ts").Page} page
 * @returns {import("../shell/page.d.ts").Part}
 */
export function mountDirections(page) {
  const { lab, store } = page;
  const status = any("latent-directions-status");
  const say = milestones();
  const [reset, random, again] = [button("latent-reset"), button("latent-random"), button("latent-search")];
  const rows = Array.from({ length: DIRECTIONS }, (_, k) => row(page, k));
  any("latent-sliders").append(...rows.map(({ element }) => element));

  reset.addEventListener("click", () => store.set({ latentMoves: Array(DIRECTIONS).fill(0) }));
  random.addEventListener("click", () => {
    const { latentMoves, latentLocks } = store.state;
    const drawn = lab.sampler.normals(DIRECTIONS);
    store.set({ latentMoves: latentMoves.map((by, k) => (latentLocks & (1 << k) ? by : Math.round(20 * (drawn[k] ?? 0)) / 20)) });
  });
  again.addEventListener("click", () => lab.sampler.findDirections());

  /** @param {import("./latent.d.ts").LatentSnapshot} latent */
  function statusText({ directions, directionsStep, origin, refused, tasks }) {
    const { t } = page;
    const search = tasks.directions;
    if (search && !search.done) return t("latent.searching", { percent: `${Math.round(100 * search.progress)} %` });
    if (directions === null) return t("latent.noDirections");
    const total = directions.shares.reduce((sum, share) => sum + share, 0);
    const found = t("latent.directionsShare", { percent: `${Math.round(100 * total)} %`, points: whole(directions.points) });
    if (origin?.source === "training") return `${found} ${t("latent.directionsStep", { step: whole(directionsStep) })}`;
    return refused === "" ? found : `${found} ${t("latent.refused", { message: refused })}`;
  }

  return {
    draw({ latent, record }, before) {
      const { latentMoves, latentLocks } = record;
      const words = statusText(latent);
      write(status, words);
      const search = latent.tasks.directions;
      say(search ? (search.done ? "done" : "search") : "", search && !search.done ? search.progress : 0, words);
      const busy = latent.tasks.directions !== undefined && !latent.tasks.directions.done;
      disable(again, busy || latent.dims === 0);
      disable(reset, latentMoves.every((by) => by === 0));
      random.disabled = latent.directions === null || latentLocks === 2 ** DIRECTIONS - 1;
      const fresh = latent.strips !== before?.latent.strips ? latent.strips : null;
      rows.forEach(({ label, show }) => {
        if (before === null) label();
        show(latent, record, fresh);
      });
    },
  };
}

/**
 * One direction: what it does, drawn; its slider; its value to type; its lock; its way back.
 * @param {import("../shell/page.d.ts").Page} page
 * @param {number} k from 0
 */
function row(page, k) {
  const { store } = page;
  const strip = make("canvas", { role: "img", width: 28 * STOPS.length, height: 28 });
  const share = make("span", { class: "share" });
  const range = make("input", { type: "range", id: `latent-m${k}`, min: -REACH, max: REACH, step: STEP });
  const value = make("input", { type: "number", min: -8, max: 8, step: "any" });
  const lock = make("input", { type: "checkbox" });
  const word = make("span", { "data-t": "latent.lock" });
  const back = make("button", { type: "button", class: "plain back" }, "\u21ba");
  const element = make("div", { class: "direction" }, strip, share, range, value, make("label", { class: "lock" }, lock, " ", word), back);
  const move = (/** @type {number} */ to) => store.set({ latentMoves: store.state.latentMoves.map((by, i) => (i === k ? to : by)) });
  range.addEventListener("input", () => move(range.valueAsNumber));
  onNumber(value, move);
  back.addEventListener("click", () => move(0));
  lock.addEventListener("change", () => store.set({ latentLocks: store.state.latentLocks ^ (1 << k) }));
  return {
    element,
    label() {
      const { t } = page;
      const name = { n: k + 1 };
      range.setAttribute("aria-label", t("latent.direction", name));
      value.setAttribute("aria-label", t("latent.direction", name));
      back.setAttribute("aria-label", t("latent.resetOne", name));
      lock.setAttribute("aria-label", t("latent.lockOne", name));
      strip.setAttribute("aria-label", t("latent.strip", name));
      write(word, t("latent.lock"));
    },
    /** @param {import("./latent.d.ts").LatentSnapshot} latent @param {import("../shell/state.js").State} record @param {import("./latent.d.ts").Answer | null} strips */
    show(latent, record, strips) {
      const { t } = page;
      const by = record.latentMoves[k] ?? 0;
      const { directions } = latent;
      if (!inHand(range) || range.valueAsNumber !== by) range.value = String(by);
      if (!inHand(value)) value.value = by.toFixed(2);
      const spoken = t("latent.moveValue", { value: fixed(by, 2) });
      if (range.ariaValueText !== spoken) range.ariaValueText = spoken;
      lock.checked = (record.latentLocks & (1 << k)) !== 0;
      const none = directions === null || k >= directions.directions.length;
      range.disabled = value.disabled = lock.disabled = none;
      disable(back, none || by === 0);
      write(share, none ? "" : `${fixed(100 * (directions.shares[k] ?? 0), 1)} %`);
      if (strips && !none) {
        const n = 784 * STOPS.length;
        drawDigits(strip, strips.images.subarray(n * k, n * (k + 1)), STOPS.length, look(page.dark));
      }
    },
  };
}
