import { fit, scale, ticks } from "../shell/canvas.js";
import { folds } from "./folds.js";

/** @typedef {import("../types.d.ts").GameFrame} GameFrame */
/** @typedef {import("../shell/canvas.js").Palette} Palette */
/** @typedef {import("./svg.js").Pen} Pen */

/** Stroke of each curve: told apart by dash and width, not by colour alone. */
export const STROKES = Object.freeze({
  data: { width: 2.6, dash: [0.1, 5.2] },
  generated: { width: 2.2, dash: [] },
  discriminator: { width: 2, dash: [7, 4.5] },
  best: { width: 1, dash: [] },
});
/** Those of the game that is held beside it. */
const HELD = Object.freeze({
  data: { width: 1, dash: [1, 3] },
  generated: { width: 0.9, dash: [] },
  discriminator: { width: 0.9, dash: [3, 2.5] },
});

/** Headroom over the highest point of p_data; a p_g that is higher runs out of the top. */
const HEADROOM = 1.75;

/**
 * Where everything lies. Above: x against densities (left scale) and D (right scale, 0 to 1). Below it the
 * z axis, with lines up to x = G(z).
 * @param {GameFrame} frame @param {number} width @param {number} height CSS pixels
 */
export function layout(frame, width, height) {
  const narrow = width < 520;
  const [left, right] = narrow ? [14, 24] : [20, 32];
  const top = 14;
  const axis = Math.round(height * 0.68);
  const prior = height - 22;
  const { x, z, pData } = frame;
  let peak = 0;
  for (const value of pData) peak = Math.max(peak, value);
  let reach = 0;
  for (const value of z) reach = Math.max(reach, Math.abs(value));
  const [first, last] = [x[0] ?? -1, x[x.length - 1] ?? 1];
  return {
    left, right: width - right, top, axis, prior, narrow,
    first, last, reach: reach || 1,
    toX: scale(first, last, left, width - right),
    toDensity: scale(0, HEADROOM * (peak || 1), axis, top),
    toD: scale(0, 1, axis, top),
    toZ: scale(-1.04 * (reach || 1), 1.04 * (reach || 1), left, width - right),
  };
}

/** @typedef {ReturnType<typeof layout>} Layout */

/**
 * @param {HTMLCanvasElement} canvas
 * @param {GameFrame} frame
 * @param {Palette} colours
 * @param {number | null} [at] grid index that is pointed at
 * @param {GameFrame | null} [held] the game that is held beside it
 */
export function draw(canvas, frame, colours, at = null, held = null) {
  const { pen, width, height } = fit(canvas);
  if (width > 0) paint(pen, frame, colours, width, height, at, held);
}

/**
 * The same on any pen that knows what is used here, such as the one that writes SVG.
 * @param {Pen} pen @param {GameFrame} frame @param {Palette} colours
 * @param {number} width @param {number} height @param {number | null} [at] @param {GameFrame | null} [held]
 */
export function paint(pen, frame, colours, width, height, at = null, held = null) {
  const place = layout(frame, width, height);
  pen.lineJoin = "round";
  mapping(pen, frame, place, colours);
  axes(pen, place, colours);
  pen.save();
  pen.beginPath();
  pen.rect(place.left, 0, place.right - place.left, place.axis + 1.5);
  pen.clip();
  if (held && !held.plane) {
    const other = held.pData.some((value, i) => value !== frame.pData[i]);
    if (other) curve(pen, held.x, held.pData, place.toX, place.toDensity, colours.data, HELD.data);
    curve(pen, held.x, held.d, place.toX, place.toD, colours.discriminator, HELD.discriminator);
    curve(pen, held.x, held.pG, place.toX, place.toDensity, colours.generated, HELD.generated);
  }
  curve(pen, frame.x, frame.dStar, place.toX, place.toD, colours.best, STROKES.best);
  curve(pen, frame.x, frame.d, place.toX, place.toD, colours.discriminator, STROKES.discriminator);
  curve(pen, frame.x, frame.pG, place.toX, place.toDensity, colours.generated, STROKES.generated);
  curve(pen, frame.x, frame.pData, place.toX, place.toDensity, colours.data, STROKES.data);
  pen.restore();
  if (at !== null) pointer(pen, frame, place, colours, at);
}

/**
 * @param {Pen} pen
 * @param {Float32Array} xs @param {Float32Array} ys a gap where it is NaN
 * @param {(x: number) => number} toX @param {(y: number) => number} toY
 * @param {string} colour @param {{width: number, dash: number[]}} stroke
 */
function curve(pen, xs, ys, toX, toY, colour, stroke) {
  pen.beginPath();
  let drawing = false;
  for (let i = 0; i < xs.length; i += 1) {
    const y = /** @type {number} */ (ys[i]);
    if (Number.isNaN(y)) {
      drawing = false;
      continue;
    }
    const [px, py] = [toX(/** @type {number} */ (xs[i])), toY(y)];
    if (drawing) pen.lineTo(px, py);
    else pen.moveTo(px, py);
    drawing = true;
  }
  pen.strokeStyle = colour;
  pen.lineWidth = stroke.width;
  pen.lineCap = stroke.width > 2.4 ? "round" : "butt";
  pen.setLineDash(stroke.dash);
  pen.stroke();
  pen.setLineDash([]);
}

/**
 * Lines from z to G(z), at equal steps of prior mass: where they bunch, p_g is dense. Where G runs backwards
 * they are dashed, and each fold, where it turns, is marked on both axes.
 * @param {Pen} pen @param {GameFrame} frame @param {Layout} place @param {Palette} colours
 */
function mapping(pen, frame, { toZ, toX, axis, prior, first, last }, colours) {
  const { z, gz } = frame;
  const { turns, backward } = folds(frame);
  pen.strokeStyle = colours.generated;
  pen.lineWidth = 1;
  for (const back of [false, true]) {
    pen.globalAlpha = back ? 0.8 : 0.5;
    pen.setLineDash(back ? [3, 3] : []);
    pen.beginPath();
    for (let i = 0; i < z.length; i += 1) {
      const image = /** @type {number} */ (gz[i]);
      if (backward[i] !== back || !(image >= first && image <= last)) continue;
      arrow(pen, toZ(/** @type {number} */ (z[i])), prior, toX(image), axis + 1);
    }
    pen.stroke();
  }
  pen.globalAlpha = 1;
  pen.setLineDash([]);
  pen.lineWidth = 2;
  pen.beginPath();
  for (const turn of turns) {
    if (!(turn.x >= first && turn.x <= last)) continue;
    pen.moveTo(toZ(turn.z), prior - 5);
    pen.lineTo(toZ(turn.z), prior + 1);
    pen.moveTo(toX(turn.x), axis - 1);
    pen.lineTo(toX(turn.x), axis + 8);
  }
  pen.stroke();
}

/** @param {Pen} pen @param {number} x0 @param {number} y0 @param {number} x1 @param {number} y1 */
function arrow(pen, x0, y0, x1, y1) {
  pen.moveTo(x0, y0);
  pen.lineTo(x1, y1);
  const along = Math.atan2(y1 - y0, x1 - x0);
  for (const turn of [-0.36, 0.36]) {
    pen.moveTo(x1, y1);
    pen.lineTo(x1 - 6 * Math.cos(along + turn), y1 - 6 * Math.sin(along + turn));
  }
}

/** @param {Pen} pen @param {Layout} place @param {Palette} colours */
function axes(pen, place, colours) {
  const { left, right, top, axis, prior, toX, toZ, toD, first, last, reach, narrow } = place;
  pen.lineWidth = 1;
  pen.font = `${narrow ? 11 : 12}px ${colours.font}`;
  const line = (/** @type {number} */ x0, /** @type {number} */ y0, /** @type {number} */ x1, /** @type {number} */ y1) => {
    pen.beginPath();
    pen.moveTo(x0, y0);
    pen.lineTo(x1, y1);
    pen.stroke();
  };
  pen.strokeStyle = colours.hair;
  line(left, Math.round(toD(0.5)) + 0.5, right, Math.round(toD(0.5)) + 0.5);
  line(left, Math.round(top) + 0.5, right, Math.round(top) + 0.5);
  pen.strokeStyle = colours.soft;
  line(left, axis + 0.5, right, axis + 0.5);
  line(left, prior + 0.5, right, prior + 0.5);

  const paint = (/** @type {string} */ text, /** @type {number} */ x, /** @type {number} */ y, align = "center") => {
    pen.textAlign = /** @type {CanvasTextAlign} */ (align);
    // The mapping lines run through the numbers of x: a rim of paper keeps them readable.
    pen.strokeStyle = colours.paper;
    pen.lineWidth = 4;
    pen.strokeText(text, x, y);
    pen.fillStyle = colours.soft;
    pen.fillText(text, x, y);
    pen.lineWidth = 1;
  };
  pen.textBaseline = "top";
  const number = (/** @type {number} */ value) => String(Math.round(value * 100) / 100).replace("-", "\u2212");
  for (const value of ticks(first, last, narrow ? 5 : 9)) {
    pen.strokeStyle = colours.soft;
    line(toX(value), axis, toX(value), axis + 4);
    paint(number(value), toX(value), axis + 7);
  }
  for (const value of ticks(-reach, reach, narrow ? 4 : 7)) {
    pen.strokeStyle = colours.soft;
    line(toZ(value), prior, toZ(value), prior + 4);
    paint(number(value), toZ(value), prior + 7);
  }
  pen.textBaseline = "middle";
  for (const [value, text] of /** @type {[number, string][]} */ ([[0, "0"], [0.5, "\u00bd"], [1, "1"]])) {
    paint(text, right + 8, toD(value), "left");
  }
  pen.font = `italic ${narrow ? 14 : 16}px "STIX Two Text", serif`;
  paint("x", left - 8, axis, "center");
  paint("z", left - 8, prior, "center");
  paint("D", right + 11, toD(0.75), "center");
}

/** @param {Pen} pen @param {GameFrame} frame @param {Layout} place @param {Palette} colours @param {number} at grid index */
function pointer(pen, frame, { toX, toD, toDensity, top, axis }, colours, at) {
  const x = Math.round(toX(frame.x[at] ?? 0)) + 0.5;
  pen.strokeStyle = colours.soft;
  pen.lineWidth = 1;
  pen.beginPath();
  pen.moveTo(x, top);
  pen.lineTo(x, axis);
  pen.stroke();
  const dots = /** @type {[Float32Array, (y: number) => number, string][]} */ ([
    [frame.dStar, toD, colours.best], [frame.d, toD, colours.discriminator],
    [frame.pG, toDensity, colours.generated], [frame.pData, toDensity, colours.data],
  ]);
  for (const [values, toY, colour] of dots) {
    const y = toY(values[at] ?? NaN);
    if (!(y >= top - 4)) continue;
    pen.fillStyle = colour;
    pen.beginPath();
    pen.arc(x, y, 3.5, 0, 2 * Math.PI);
    pen.fill();
  }
}

/**
 * The grid point nearest to a place on the canvas.
 * @param {GameFrame} frame @param {number} width @param {number} height @param {number} px CSS pixels from the left
 * @returns {number} index into `frame.x`
 */
export function nearest(frame, width, height, px) {
  const { left, right } = layout(frame, width, height);
  const part = (px - left) / (right - left);
  return Math.min(frame.x.length - 1, Math.max(0, Math.round(part * (frame.x.length - 1))));
}
