import { any, button, canvas, disable, input, write } from "../shell/dom.js";
import { MAP, REGIONS } from "./lab.js";
import { placeOf } from "./state.js";
import { look } from "../shell/digits.js";
import { draw as drawPlane } from "./draw_plane.js";

/** How near a finger comes, in CSS pixels. */
const FINGER = 28;

/**
 * The plane through A, B and C: a map of digits with a point to drag.
 * @param {import("../shell/page.d.ts").Page} page
 * @returns {import("../shell/page.d.ts").Part}
 */
export function mountPlane(page) {
  const { lab, store } = page;
  const map = canvas("latent-map");
  const [toB, toC, regions] = [input("latent-to-b"), input("latent-to-c"), input("latent-regions")];
  const [status, reset] = [any("latent-plane-status"), button("latent-plane-reset")];
  /** What the regions that are shown or under way were asked for. @type {string | null} */
  let asked = null;
  const round = (/** @type {number} */ share) => Math.round(1000 * Math.max(MAP.low, Math.min(MAP.high, share))) / 1000;
  const go = (/** @type {number} */ s, /** @type {number} */ t) => {
    lab.sampler.play(false);
    store.set({ latentOn: "plane", latentSpot: [round(s), round(t)] });
  };

  for (const slider of [toB, toC]) slider.addEventListener("input", () => go(toB.valueAsNumber, toC.valueAsNumber));
  reset.addEventListener("click", () => store.set({ latentOn: "walk" }));
  regions.addEventListener("change", () => store.set({ latentRegions: regions.checked ? "on" : "off" }));
  const drag = (/** @type {MouseEvent} */ event) => {
    const box = map.getBoundingClientRect();
    const share = (/** @type {number} */ part) => MAP.low + part * (MAP.high - MAP.low);
    go(share((event.clientX - box.left) / box.width), share(1 - (event.clientY - box.top) / box.height));
  };
  /** Whether a finger is at the point: it then drags that, and else scrolls the page. @param {{clientX: number, clientY: number}} finger */
  const atPoint = ({ clientX, clientY }) => {
    const box = map.getBoundingClientRect();
    const [s = 0, u = 0] = store.state.latentSpot;
    const part = (/** @type {number} */ share) => (share - MAP.low) / (MAP.high - MAP.low);
    return Math.hypot(clientX - box.left - part(s) * box.width, clientY - box.top - (1 - part(u)) * box.height) <= FINGER;
  };
  map.addEventListener("touchstart", (event) => {
    const [finger] = event.touches;
    if (finger && atPoint(finger)) event.preventDefault();
  }, { passive: false });
  map.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "touch" && !atPoint(event)) return;
    map.setPointerCapture(event.pointerId);
    drag(event);
  });
  // A tap elsewhere moves the point there; the beginning of a scroll does not.
  map.addEventListener("click", (event) => drag(event));
  map.addEventListener("pointermove", (event) => {
    if (map.hasPointerCapture(event.pointerId)) drag(event);
  });

  // Regions are asked for when they are wanted and the plane is another one.
  lab.watch(({ record, latent }) => {
    const { latentRegions, latentA, latentB, latentC, latentWay, latentOpen } = record;
    if (latentRegions === "off" || !latentOpen.includes("plane") || latent.dims === 0) return asked;
    return (asked = [latentA, latentB, latentC, latentWay, latent.origin?.source, latent.origin?.preset, latent.origin?.step].join(" "));
  }, ({ record }) => {
    if (asked !== null) lab.sampler.begin({ name: "regions", n: REGIONS, low: MAP.low, high: MAP.high, place: placeOf(record) });
  });

  return {
    draw({ latent, record }) {
      const { t } = page;
      const { latentSpot, latentOn, latentRegions, latentOpen } = record;
      if (!latentOpen.includes("plane")) return;
      const [s = 0, u = 0] = latentSpot;
      const percent = (/** @type {number} */ share) => `${Math.round(100 * share)} %`.replace("-", "\u2212");
      for (const [slider, share] of /** @type {const} */ ([[toB, s], [toC, u]])) {
        if (slider.valueAsNumber !== share) slider.value = String(share);
        slider.ariaValueText = percent(share);
      }
      regions.checked = latentRegions === "on";
      disable(reset, latentOn === "walk");
      const shares = { a: percent(1 - s - u), b: percent(s), c: percent(u) };
      write(status, latentOn === "plane" ? t("latent.planeAt", shares) : t("latent.planeOff"));
      if (!latent.map) return;
      const classes = latentRegions === "on" ? (latent.tasks.regions?.value ?? null) : null;
      drawPlane(map, {
        images: latent.map.images, ...MAP, classes, spot: [s, u], here: latentOn === "plane",
      }, page.palette, look(page.dark));
    },
  };
}
