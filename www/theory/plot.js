/** What the live figures' drawings share: a plane with axes, curves, areas and labels. */
import { fit, scale, ticks } from "../shell/canvas.js";

/** @typedef {import("../shell/canvas.js").Palette} Palette */
/**
 * @typedef {object} Plane
 * @property {CanvasRenderingContext2D} pen
 * @property {Palette} palette
 * @property {(value: number) => number} x to CSS pixels
 * @property {(value: number) => number} y
 * @property {{left: number, right: number, top: number, bottom: number}} box in CSS pixels
 */
/** @typedef {{x: [number, number], y: [number, number], left?: number, right?: number, top?: number, bottom?: number}} Frame */

/** Room for the axes, CSS pixels. */
const ROOM = { left: 30, right: 10, top: 12, bottom: 22 };

/**
 * @param {HTMLCanvasElement} canvas @param {Frame} frame
 * @returns {{x: (value: number) => number, y: (value: number) => number, box: Plane["box"]}} without drawing
 */
export function place(canvas, frame) {
  const room = { ...ROOM, ...frame };
  const box = { left: room.left, right: canvas.clientWidth - room.right, top: room.top, bottom: canvas.clientHeight - room.bottom };
  return { x: scale(...frame.x, box.left, box.right), y: scale(...frame.y, box.bottom, box.top), box };
}

/**
 * Where a pointer is, in the plane's own units.
 * @param {HTMLCanvasElement} canvas @param {Frame} frame @param {{x: number, y: number}} at CSS pixels
 */
export function unplace(canvas, frame, at) {
  const { box } = place(canvas, frame);
  return { x: scale(box.left, box.right, ...frame.x)(at.x), y: scale(box.bottom, box.top, ...frame.y)(at.y) };
}

/**
 * Clears the canvas and draws its axes.
 * @param {HTMLCanvasElement} canvas @param {Palette} palette @param {Frame} frame
 * @param {{x?: string, y?: string}} [names] of the axes
 * @returns {Plane}
 */
export function plane(canvas, palette, frame, names = {}) {
  const { pen } = fit(canvas);
  const { x, y, box } = place(canvas, frame);
  pen.font = `12px ${palette.font}`;
  pen.strokeStyle = palette.hair;
  pen.fillStyle = palette.soft;
  pen.textAlign = "center";
  pen.textBaseline = "top";
  for (const value of ticks(...frame.x, (box.right - box.left) / 60)) {
    hair(pen, x(value), box.bottom, x(value), box.bottom + 4);
    pen.fillText(plain(value), x(value), box.bottom + 6);
  }
  pen.textAlign = "right";
  pen.textBaseline = "middle";
  for (const value of ticks(...frame.y, (box.bottom - box.top) / 36)) {
    hair(pen, box.left, y(value), box.right, y(value));
    pen.fillText(plain(value), box.left - 5, y(value));
  }
  hair(pen, box.left, box.bottom, box.right, box.bottom);
  const drawn = { pen, palette, x, y, box };
  if (names.x) label(drawn, names.x, box.right, box.bottom - 11, { colour: palette.soft, align: "right" });
  if (names.y) label(drawn, names.y, box.left + 5, box.top + 2, { colour: palette.soft });
  return drawn;
}

/** @param {CanvasRenderingContext2D} pen @param {number} a @param {number} b @param {number} c @param {number} d */
export function hair(pen, a, b, c, d) {
  pen.lineWidth = 1;
  pen.beginPath();
  pen.moveTo(Math.round(a) + 0.5, Math.round(b) + 0.5);
  pen.lineTo(Math.round(c) + 0.5, Math.round(d) + 0.5);
  pen.stroke();
}

/**
 * A curve, broken where a value is not a number, cut at the box.
 * @param {Plane} plane @param {readonly number[]} xs @param {readonly number[]} ys
 * @param {{colour: string, width?: number, dash?: number[], fill?: number}} style fill: opacity of the area down to 0
 */
export function curve({ pen, x, y, box }, xs, ys, { colour, width = 2, dash = [], fill = 0 }) {
  const path = new Path2D();
  let open = false;
  let [first, last] = [0, 0];
  for (let i = 0; i < xs.length; i += 1) {
    if (Number.isNaN(ys[i])) {
      open = false;
      continue;
    }
    // Beyond the box by far is as good as at infinity, which a path cannot hold.
    const [px, py] = [x(xs[i] ?? NaN), Math.min(1e4, Math.max(-1e4, y(ys[i] ?? NaN)))];
    if (open) path.lineTo(px, py);
    else path.moveTo(px, py);
    if (!open && i === 0) first = px;
    last = px;
    open = true;
  }
  pen.save();
  pen.beginPath();
  pen.rect(box.left, box.top - 4, box.right - box.left, box.bottom - box.top + 8);
  pen.clip();
  if (fill > 0) {
    const area = new Path2D(path);
    area.lineTo(last, y(0));
    area.lineTo(first, y(0));
    pen.fillStyle = colour;
    pen.globalAlpha = fill;
    pen.fill(area);
    pen.globalAlpha = 1;
  }
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.setLineDash(dash);
  pen.lineJoin = "round";
  pen.stroke(path);
  pen.restore();
}

/** The paper's ways of drawing the densities, D and D*. @param {Palette} palette */
export const styles = (palette) => ({
  data: { colour: palette.data, width: 2.5, dash: [1.5, 4] },
  generated: { colour: palette.generated, width: 2 },
  discriminator: { colour: palette.discriminator, width: 2, dash: [7, 5] },
  best: { colour: palette.best, width: 1.25 },
});

/** How near a finger comes to what it means, in CSS pixels. */
export const FINGER = 28;

/** @param {Plane} plane @param {number} x @param {number} y CSS pixels @param {string} colour @param {boolean} [grabbed] */
export function handle({ pen, palette }, x, y, colour, grabbed = false) {
  pen.beginPath();
  pen.arc(x, y, grabbed ? 8 : 6, 0, 2 * Math.PI);
  pen.fillStyle = palette.paper;
  pen.fill();
  pen.lineWidth = 2;
  pen.strokeStyle = colour;
  pen.stroke();
}

/**
 * Words on the paper's colour, so that a line behind does not run through them.
 * @param {Plane} plane @param {string} text @param {number} x @param {number} y CSS pixels, at the middle of its height
 * @param {{colour?: string, align?: CanvasTextAlign, serif?: boolean}} [style]
 */
export function label({ pen, palette }, text, x, y, { colour = palette.ink, align = "left", serif = false } = {}) {
  pen.font = serif ? 'italic 16px "STIX Two Text", serif' : `12px ${palette.font}`;
  pen.textAlign = align;
  pen.textBaseline = "middle";
  pen.lineJoin = "round";
  pen.lineWidth = 4;
  pen.strokeStyle = palette.paper;
  pen.strokeText(text, x, y);
  pen.fillStyle = colour;
  pen.fillText(text, x, y);
}

/** @param {number} value @returns {string} a tick's value with a true minus */
export const plain = (value) => String(Number(value.toPrecision(6))).replace("-", "\u2212");
