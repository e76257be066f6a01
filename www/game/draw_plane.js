/** One moment of the game in the plane, in layers, on any pen. */
import { ticks } from "../shell/canvas.js";
import { contour, diverging, pushes, shades, warped } from "./plane.js";

/** @typedef {import("../types.d.ts").PlaneLook} PlaneLook */
/** @typedef {import("../types.d.ts").PlaneSamples} PlaneSamples */
/** @typedef {import("../shell/canvas.js").Palette} Palette */
/** @typedef {"d" | "d-star" | "difference" | "none"} Shade */
/** @typedef {{shade: Shade, contours: boolean, mesh: boolean, dots: boolean, arrows: boolean}} Layers */

/** Orange and blue, which no common colour blindness confuses, below and above the middle. */
const HUES = Object.freeze({
  light: { below: /** @type {const} */ ([201, 96, 16]), above: /** @type {const} */ ([31, 87, 195]) },
  dark: { below: /** @type {const} */ ([240, 150, 70]), above: /** @type {const} */ ([122, 167, 255]) },
});
/** What lies over a shade stays readable: no shade is fuller than this. */
const FULLEST = 0.7;
/** Of the highest density of p_data. */
const LEVELS = [0.05, 0.3, 0.7];
/** Cells of z between two lines of its mesh. */
const EVERY = 8;
/** Samples with arrows, and the length in CSS pixels that they have at most on average. */
const ARROWS = 48;
const MEAN = 24;
const MARGIN = Object.freeze({ left: 26, bottom: 20, top: 6, right: 6 });

/** The middle and the ends of what is shaded. @param {Shade} shade */
export const range = (shade) => (shade === "difference" ? { low: "\u22121", middle: "0", high: "1", centre: 0, reach: 1 } : { low: "0", middle: "\u00bd", high: "1", centre: 0.5, reach: 0.5 });

/** Of the legend: from below the middle to above it. @param {boolean} dark */
export function ramp(dark) {
  const { below, above } = dark ? HUES.dark : HUES.light;
  const [low, high] = [below.join(" "), above.join(" ")];
  return `linear-gradient(to right, rgb(${low} / ${FULLEST}), rgb(${low} / 0) 50%, rgb(${high} / 0) 50%, rgb(${high} / ${FULLEST}))`;
}

/**
 * Where the square lies, in the middle of what there is.
 * @param {number} width @param {number} height CSS pixels @param {number} half
 */
export function layout(width, height, half) {
  const side = Math.max(0, Math.min(width - MARGIN.left - MARGIN.right, height - MARGIN.top - MARGIN.bottom));
  const left = MARGIN.left + (width - MARGIN.left - MARGIN.right - side) / 2;
  const top = MARGIN.top + (height - MARGIN.top - MARGIN.bottom - side) / 2;
  const unit = side / (2 * half);
  return {
    left, top, side, unit,
    toX: (/** @type {number} */ x) => left + (x + half) * unit, toY: (/** @type {number} */ y) => top + (half - y) * unit,
    /** @param {number} px @param {number} py @returns {readonly [number, number]} */
    from: (px, py) => [(px - left) / unit - half, half - (py - top) / unit],
  };
}

/**
 * @param {CanvasRenderingContext2D} pen @param {number} width @param {number} height CSS pixels
 * @param {PlaneLook} look @param {PlaneSamples | null} samples @param {Layers} layers
 * @param {Palette} colours @param {boolean} dark
 * @param {readonly [number, number] | null} [at] what is pointed at, in data units
 */
export function paint(pen, width, height, look, samples, layers, colours, dark, at = null) {
  const place = layout(width, height, look.half);
  const { left, top, side } = place;
  pen.save();
  pen.beginPath();
  pen.rect(left, top, side, side);
  pen.clip();
  shade(pen, look, layers.shade, place, dark);
  pen.lineJoin = "round";
  if (layers.mesh) net(pen, look, place, colours);
  if (layers.contours) densities(pen, look, place, colours);
  if (samples && layers.dots) dots(pen, samples, place, colours);
  if (samples && layers.arrows) arrows(pen, samples, place, colours);
  pen.restore();
  axes(pen, look.half, place, colours);
  if (at) pointer(pen, at, place, colours);
}

/** @typedef {ReturnType<typeof layout>} Place */

/** @param {CanvasRenderingContext2D} pen @param {PlaneLook} look @param {Shade} name @param {Place} place @param {boolean} dark */
function shade(pen, look, name, { left, top, side }, dark) {
  if (name === "none") return;
  const { cells, d, dStar } = look;
  const { centre, reach } = range(name);
  const values = name === "d" ? d : name === "d-star" ? dStar : d.map((value, i) => value - /** @type {number} */ (dStar[i]));
  const { below, above } = dark ? HUES.dark : HUES.light;
  const colour = diverging(centre, reach, below, above);
  const pixels = shades(values, cells, (value) => {
    const [r, g, b, a] = colour(value);
    return [r, g, b, FULLEST * a];
  });
  const image = document.createElement("canvas");
  image.width = image.height = cells;
  /** @type {CanvasRenderingContext2D} */ (image.getContext("2d")).putImageData(new ImageData(pixels, cells, cells), 0, 0);
  pen.imageSmoothingEnabled = name === "d";
  pen.drawImage(image, left, top, side, side);
}

/** G's grid, as it bends and folds the plane of z; along the curve where z has one dimension. @param {CanvasRenderingContext2D} pen @param {PlaneLook} look @param {Place} place @param {Palette} colours */
function net(pen, { mesh, row }, { toX, toY }, colours) {
  const curve = mesh.length === 2 * row;
  pen.strokeStyle = colours.generated;
  pen.lineWidth = curve ? 2 : 1;
  pen.globalAlpha = curve ? 1 : 0.55;
  pen.beginPath();
  for (const line of warped(mesh, row, EVERY)) {
    for (let i = 0; i < line.length; i += 2) {
      const [x, y] = [toX(/** @type {number} */ (line[i])), toY(/** @type {number} */ (line[i + 1]))];
      if (i === 0) pen.moveTo(x, y);
      else pen.lineTo(x, y);
    }
  }
  pen.stroke();
  pen.globalAlpha = 1;
}

/** @param {CanvasRenderingContext2D} pen @param {PlaneLook} look @param {Place} place @param {Palette} colours */
function densities(pen, { pData, pG, cells, half }, { toX, toY }, colours) {
  const highest = pData.reduce((most, value) => Math.max(most, value), 0);
  for (const [values, colour, dash, width] of /** @type {const} */ ([[pG, colours.generated, [], 1.8], [pData, colours.data, [1, 3], 1.8]])) {
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.setLineDash([...dash]);
    pen.beginPath();
    for (const level of LEVELS) {
      const pieces = contour(values, cells, half, level * highest);
      for (let i = 0; i < pieces.length; i += 4) {
        pen.moveTo(toX(/** @type {number} */ (pieces[i])), toY(/** @type {number} */ (pieces[i + 1])));
        pen.lineTo(toX(/** @type {number} */ (pieces[i + 2])), toY(/** @type {number} */ (pieces[i + 3])));
      }
    }
    pen.stroke();
  }
  pen.setLineDash([]);
}

/** Samples of p_data as rings, those of G filled. @param {CanvasRenderingContext2D} pen @param {PlaneSamples} samples @param {Place} place @param {Palette} colours */
function dots(pen, { x, real }, { toX, toY }, colours) {
  for (const [points, colour, filled] of /** @type {const} */ ([[real, colours.data, false], [x, colours.generated, true]])) {
    pen.fillStyle = pen.strokeStyle = colour;
    pen.lineWidth = 1;
    for (let i = 0; i < points.length; i += 2) {
      pen.beginPath();
      pen.arc(toX(/** @type {number} */ (points[i])), toY(/** @type {number} */ (points[i + 1])), 2.2, 0, 2 * Math.PI);
      if (filled) pen.fill();
      else pen.stroke();
    }
  }
}

/** Where either loss pushes samples, to one scale: minimax dashed, non-saturating solid. @param {CanvasRenderingContext2D} pen @param {PlaneSamples} samples @param {Place} place @param {Palette} colours */
function arrows(pen, samples, { toX, toY }, colours) {
  const both = /** @type {const} */ (["non-saturating", "minimax"]).map((loss) => pushes(samples, loss).subarray(0, 2 * ARROWS));
  // A few samples are pushed far harder than the others: by the mean, those show too.
  const mean = both.reduce((sum, push) => sum + push.reduce((total, value) => total + Math.abs(value), 0), 0) / (2 * ARROWS);
  const scale = mean > 0 ? 2 ** Math.floor(Math.log2(MEAN / mean)) : 1;
  pen.strokeStyle = colours.ink;
  both.forEach((push, loss) => {
    pen.lineWidth = loss === 0 ? 1.2 : 2;
    pen.setLineDash(loss === 0 ? [] : [3, 2]);
    pen.beginPath();
    for (let i = 0; i < push.length; i += 2) {
      const [x, y] = [toX(/** @type {number} */ (samples.x[i])), toY(/** @type {number} */ (samples.x[i + 1]))];
      const [u, v] = [scale * /** @type {number} */ (push[i]), -scale * /** @type {number} */ (push[i + 1])];
      pen.moveTo(x, y);
      pen.lineTo(x + u, y + v);
      if (Math.hypot(u, v) < 5) continue;
      const along = Math.atan2(v, u);
      for (const turn of [-0.45, 0.45]) {
        pen.moveTo(x + u, y + v);
        pen.lineTo(x + u - 5 * Math.cos(along + turn), y + v - 5 * Math.sin(along + turn));
      }
    }
    pen.stroke();
  });
  pen.setLineDash([]);
}

/** @param {CanvasRenderingContext2D} pen @param {number} half @param {Place} place @param {Palette} colours */
function axes(pen, half, { left, top, side, toX, toY }, colours) {
  pen.strokeStyle = colours.hair;
  pen.lineWidth = 1;
  pen.strokeRect(Math.round(left) + 0.5, Math.round(top) + 0.5, Math.round(side), Math.round(side));
  pen.fillStyle = colours.soft;
  pen.font = `11px ${colours.font}`;
  for (const value of ticks(-half, half, 5)) {
    const text = String(value).replace("-", "\u2212");
    pen.textAlign = "center";
    pen.textBaseline = "top";
    pen.fillText(text, toX(value), top + side + 5);
    pen.textAlign = "right";
    pen.textBaseline = "middle";
    pen.fillText(text, left - 5, toY(value));
  }
}

/** @param {CanvasRenderingContext2D} pen @param {readonly [number, number]} at @param {Place} place @param {Palette} colours */
function pointer(pen, [x, y], { left, top, side, toX, toY }, colours) {
  pen.strokeStyle = colours.soft;
  pen.lineWidth = 1;
  pen.beginPath();
  pen.moveTo(left, Math.round(toY(y)) + 0.5);
  pen.lineTo(left + side, Math.round(toY(y)) + 0.5);
  pen.moveTo(Math.round(toX(x)) + 0.5, top);
  pen.lineTo(Math.round(toX(x)) + 0.5, top + side);
  pen.stroke();
}
