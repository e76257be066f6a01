import { fixed } from "../shell/format.js";
import { DRAWN_EDGE, KNOTS } from "./state.js";
import { fit, scale } from "../shell/canvas.js";

const HIGHEST = 63;
/** Milliseconds between two reports while drawing. */
const BREATH = 150;

/**
 * The pad on which a density is drawn, by pointer, finger or arrow keys.
 * @param {import("../shell/page.d.ts").Page} page
 */
export function mountDrawing(page) {
  const element = document.createElement("div");
  element.className = "setting drawing";
  element.hidden = true;
  const label = document.createElement("span");
  label.dataset["t"] = "set.drawn";
  label.textContent = page.t("set.drawn");
  const pad = document.createElement("canvas");
  const what = document.createElement("p");
  what.className = "why";
  what.id = "set-drawn-what";
  what.dataset["t"] = "set.drawn.what";
  what.textContent = page.t("set.drawn.what");
  pad.id = "set-drawn";
  pad.tabIndex = 0;
  pad.setAttribute("role", "slider");
  pad.setAttribute("aria-describedby", what.id);
  pad.setAttribute("aria-valuemin", "0");
  pad.setAttribute("aria-valuemax", String(HIGHEST));
  element.append(label, pad, what);

  /** @type {number[]} */
  let heights = Array(KNOTS).fill(0);
  let knot = KNOTS >> 1;
  let timer = 0;
  /** @type {{knot: number, height: number} | null} where the pointer was last, while it draws */
  let last = null;

  const place = (/** @type {number} */ i) => -DRAWN_EDGE + (2 * DRAWN_EDGE * i) / (KNOTS - 1);

  function report() {
    timer ||= window.setTimeout(() => {
      timer = 0;
      if (heights.some((height) => height > 0)) page.lab.game.change({ target: "drawn", drawn: [...heights] });
    }, BREATH);
  }

  function paint() {
    const { pen, width, height } = fit(pad);
    if (width === 0) return;
    const toX = scale(0, KNOTS - 1, 6, width - 6);
    const toY = scale(0, HIGHEST, height - 6, 6);
    const { hair, data, ink } = page.palette;
    pen.strokeStyle = hair;
    pen.beginPath();
    pen.moveTo(0, Math.round(toY(0)) + 0.5);
    pen.lineTo(width, Math.round(toY(0)) + 0.5);
    pen.stroke();
    pen.strokeStyle = data;
    pen.lineWidth = 2;
    pen.beginPath();
    heights.forEach((h, i) => pen.lineTo(toX(i), toY(h)));
    pen.stroke();
    if (document.activeElement === pad) {
      pen.fillStyle = ink;
      pen.beginPath();
      pen.arc(toX(knot), toY(heights[knot] ?? 0), 4, 0, 2 * Math.PI);
      pen.fill();
    }
    pad.ariaLabel = page.t("set.drawn");
    pad.ariaValueNow = String(heights[knot] ?? 0);
    pad.ariaValueText = page.t("set.drawn.value", { x: fixed(place(knot), 2), height: heights[knot] ?? 0 });
  }

  /** @param {PointerEvent} event */
  function stroke(event) {
    const part = (event.offsetX - 6) / (pad.clientWidth - 12);
    const now = {
      knot: Math.min(KNOTS - 1, Math.max(0, Math.round(part * (KNOTS - 1)))),
      height: Math.min(HIGHEST, Math.max(0, Math.round((1 - (event.offsetY - 6) / (pad.clientHeight - 12)) * HIGHEST))),
    };
    // A quick pointer skips knots: those in between lie on the line.
    const from = last ?? now;
    const steps = Math.max(1, Math.abs(now.knot - from.knot));
    for (let i = 0; i <= steps; i += 1) {
      heights[Math.round(from.knot + ((now.knot - from.knot) * i) / steps)] = Math.round(from.height + ((now.height - from.height) * i) / steps);
    }
    last = now;
    knot = now.knot;
    paint();
    report();
  }

  pad.addEventListener("pointerdown", (event) => {
    pad.setPointerCapture(event.pointerId);
    last = null;
    stroke(event);
  });
  pad.addEventListener("pointermove", (event) => pad.hasPointerCapture(event.pointerId) && stroke(event));
  for (const end of ["pointerup", "pointercancel"]) {
    pad.addEventListener(end, () => {
      last = null;
    });
  }
  pad.addEventListener("focus", paint);
  pad.addEventListener("blur", paint);
  pad.addEventListener("keydown", (event) => {
    const along = { ArrowLeft: -1, ArrowRight: 1, Home: -KNOTS, End: KNOTS }[event.key] ?? 0;
    const up = { ArrowUp: 2, ArrowDown: -2, PageUp: 10, PageDown: -10 }[event.key] ?? 0;
    if (along === 0 && up === 0) return;
    event.preventDefault();
    knot = Math.min(KNOTS - 1, Math.max(0, knot + along));
    heights[knot] = Math.min(HIGHEST, Math.max(0, (heights[knot] ?? 0) + up));
    paint();
    if (up !== 0) report();
  });

  return {
    element,
    /** @returns {number[]} the density that is shown now, as heights */
    trace() {
      const { frame } = page.lab.snapshot.game;
      if (frame === null) return heights.map(() => HIGHEST);
      const [first, end] = [frame.x[0] ?? -1, frame.x.at(-1) ?? 1];
      const at = Array.from({ length: KNOTS }, (_, i) => Math.round(((place(i) - first) / (end - first)) * (frame.x.length - 1)));
      const values = at.map((index) => frame.pData[index] ?? 0);
      const most = Math.max(...values);
      return most > 0 ? values.map((value) => Math.round((value / most) * HIGHEST * 0.8)) : heights.map(() => HIGHEST);
    },
    /** @param {import("./state.js").Flat} settings */
    draw(settings) {
      element.hidden = settings.dimension === "2" || settings.target !== "drawn";
      if (element.hidden) return;
      if (timer === 0 && last === null) heights = [...settings.drawn];
      paint();
    },
  };
}
