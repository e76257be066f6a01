import { any, button, canvas, disable, inHand, milestones, write } from "../shell/dom.js";
import { fixed } from "../shell/format.js";
import { encodeZ } from "./state.js";
import { draw as drawDigits, look } from "../shell/digits.js";
import { digitOf, FIELD, paint } from "./sketch.js";
import { drawCourse } from "./draw_course.js";

/** Milliseconds after the last stroke before the search begins. */
const PAUSE = 500;
/** Points nearer than this to the last one are left out. */
const NEAR = 2;
/** Thickness of the pen on the field. */
const THICK = 4.5;

/** @typedef {import("./state.js").Strokes} Strokes */

/**
 * A field to draw on, and the search for a z that gives the drawing.
 * @param {import("../shell/page.d.ts").Page} page
 * @returns {import("../shell/page.d.ts").Part}
 */
export function mountDraw(page) {
  const { lab, store } = page;
  const field = canvas("latent-field");
  const [target, found, course] = [canvas("latent-target"), canvas("latent-nearest"), canvas("latent-course")];
  const status = any("latent-draw-status");
  const [clear, undo, own, use] = [button("latent-clear"), button("latent-undo"), button("latent-own"), button("latent-use")];
  /** The stroke under the hand. @type {[number, number][] | null} */
  let stroke = null;
  /** Where the keyboard's pen is, and whether it is down. */
  let pen = { x: 32, y: 32, down: false };
  let timer = 0;
  const say = milestones();
  /** What is sought. @type {Uint8Array | null} */
  let image = null;
  /** The strokes that were last sought: others come with a link. @type {Strokes} */
  let sought = [];

  const at = (/** @type {PointerEvent} */ event) => {
    const box = field.getBoundingClientRect();
    const unit = (/** @type {number} */ part) => Math.max(0, Math.min(FIELD, Math.round(part * FIELD)));
    return /** @type {[number, number]} */ ([unit((event.clientX - box.left) / box.width), unit((event.clientY - box.top) / box.height)]);
  };
  field.addEventListener("pointerdown", (event) => {
    field.setPointerCapture(event.pointerId);
    clearTimeout(timer);
    stroke = [at(event)];
    paintField();
  });
  field.addEventListener("pointermove", (event) => {
    if (stroke === null) return;
    const [x, y] = at(event);
    const last = stroke.at(-1);
    if (last && Math.hypot(x - last[0], y - last[1]) < NEAR) return;
    stroke.push([x, y]);
    paintField();
  });
  const lift = () => {
    if (stroke === null) return;
    const done = stroke;
    stroke = null;
    change([...store.state.latentInk, done]);
  };
  field.addEventListener("pointerup", lift);
  field.addEventListener("pointercancel", lift);
  field.addEventListener("keydown", (event) => {
    const dx = { ArrowLeft: -1, ArrowRight: 1 }[event.key] ?? 0;
    const dy = { ArrowUp: -1, ArrowDown: 1 }[event.key] ?? 0;
    if (event.key === " ") {
      event.preventDefault();
      pen = { ...pen, down: !pen.down };
      if (pen.down) stroke = [[pen.x, pen.y]];
      else lift();
      write(status, page.t(pen.down ? "latent.penDown" : "latent.penUp"));
      paintField();
    } else if (dx !== 0 || dy !== 0) {
      event.preventDefault();
      const step = 3;
      const to = (/** @type {number} */ from, /** @type {number} */ by) => Math.max(0, Math.min(FIELD, from + by * step));
      pen = { ...pen, x: to(pen.x, dx), y: to(pen.y, dy) };
      if (pen.down) stroke?.push([pen.x, pen.y]);
      paintField();
    }
  });
  field.addEventListener("blur", () => {
    pen = { ...pen, down: false };
    lift();
    paintField();
  });
  clear.addEventListener("click", () => change([]));
  undo.addEventListener("click", () => change(store.state.latentInk.slice(0, -1)));
  own.addEventListener("click", () => {
    const { image: here } = lab.snapshot.latent;
    if (!here) return;
    store.set({ latentInk: [] });
    sought = store.state.latentInk;
    seek(here.slice());
  });
  use.addEventListener("click", () => {
    const { value } = lab.snapshot.latent.tasks.invert ?? {};
    if (value) store.set({ latentB: encodeZ(value.z), latentAt: 1, latentOn: "walk", latentMoves: store.state.latentMoves.map(() => 0), latentNudge: [] });
  });

  /** @param {Strokes} strokes */
  function change(strokes) {
    clearTimeout(timer);
    sought = strokes;
    store.set({ latentInk: strokes });
    paintField();
    if (strokes.length === 0) {
      image = null;
      lab.sampler.cancel("invert");
    } else timer = window.setTimeout(() => seek(digitOf(strokes)), PAUSE);
  }

  /** @param {Uint8Array} digit */
  function seek(digit) {
    image = digit;
    lab.sampler.begin({ name: "invert", image: digit, seed: 1 });
  }

  function paintField() {
    const brush = /** @type {CanvasRenderingContext2D} */ (field.getContext("2d"));
    const side = Math.round(field.clientWidth * (window.devicePixelRatio || 1));
    if (side > 0 && field.width !== side) [field.width, field.height] = [side, side];
    brush.setTransform(1, 0, 0, 1, 0, 0);
    brush.clearRect(0, 0, field.width, field.height);
    const unit = field.width / FIELD;
    brush.setTransform(unit, 0, 0, unit, 0, 0);
    brush.strokeStyle = page.palette.ink;
    paint(brush, stroke ? [...store.state.latentInk, stroke] : store.state.latentInk, THICK);
    if (!inHand(field) || !field.matches(":focus-visible")) return;
    brush.beginPath();
    brush.lineWidth = 0.7;
    brush.strokeStyle = page.palette.discriminator;
    brush.arc(pen.x, pen.y, THICK / 2 + 1.5, 0, 2 * Math.PI);
    brush.stroke();
  }
  field.addEventListener("focus", paintField);

  // A drawing that a link brings is looked for as soon as there is a generator.
  lab.watch(({ record, latent }) => (record.latentOpen.includes("draw") && latent.dims > 0 ? record.latentInk : null), ({ record, latent }) => {
    const { latentInk, latentOpen } = record;
    if (latentInk === sought || latent.dims === 0 || !latentOpen.includes("draw")) return;
    sought = latentInk;
    if (latentInk.length > 0) seek(digitOf(latentInk));
  });

  /** @param {import("./latent.d.ts").Work<import("./latent.d.ts").Results["invert"]> | undefined} work */
  function verdictText(work) {
    const { t } = page;
    if (!work?.value) return t(work ? "latent.seeking" : "latent.drawFirst");
    const { error, found: bound, none } = work.value;
    const values = { error: fixed(error, 3), found: fixed(bound, 2), none: fixed(none, 2) };
    if (!work.done) return t("latent.seekingAt", values);
    return t(error <= bound ? "latent.inverted" : error > none ? "latent.noZ" : "latent.nearly", values);
  }

  return {
    draw({ latent, record }, before) {
      if (!record.latentOpen.includes("draw")) return;
      const { latentInk } = record;
      if (stroke === null) paintField();
      const work = latent.tasks.invert;
      const { value } = work ?? {};
      disable(clear, latentInk.length === 0 && image === null);
      disable(undo, latentInk.length === 0);
      own.disabled = latent.image === null;
      use.disabled = !value;
      if (stroke === null && !pen.down) {
        write(status, verdictText(work));
        say(work?.done ? "done" : work ? "seeking" : "", work?.done ? 0 : (work?.progress ?? 0), verdictText(work));
      }
      const colours = look(page.dark);
      if (image) drawDigits(target, image, 1, colours);
      if (value && work !== before?.latent.tasks.invert) drawDigits(found, value.image, 1, colours);
      for (const [picture, there] of /** @type {const} */ ([[target, image], [found, value]])) picture.classList.toggle("blank", !there);
      course.classList.toggle("blank", !value);
      if (value) drawCourse(course, value.errors, [value.found, value.none], page.palette);
    },
  };
}
