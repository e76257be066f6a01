import { paint } from "./draw.js";
import { SvgPen } from "./svg.js";

/** @typedef {import("../shell/canvas.js").Palette} Palette */

/** Of one panel, CSS pixels; the caption stands below it. */
const PANEL = Object.freeze({ width: 420, height: 300, caption: 30, gap: 16 });

/**
 * Panels (a) to (d) as one SVG document.
 * @param {readonly {frame: import("../types.d.ts").GameFrame, caption: string}[]} panels
 * @param {Palette} colours @param {string} title @param {number} [columns]
 */
export function figure1(panels, colours, title, columns = 2) {
  const { width, height, caption, gap } = PANEL;
  const pen = new SvgPen();
  panels.forEach(({ frame, caption: words }, i) => {
    pen.save();
    pen.translate(gap + (i % columns) * (width + gap), gap + Math.floor(i / columns) * (height + caption + gap));
    paint(pen, frame, colours, width, height);
    pen.fillStyle = colours.ink;
    pen.font = `14px ${colours.font}`;
    pen.textAlign = "center";
    pen.textBaseline = "top";
    pen.fillText(words, width / 2, height + 6);
    pen.restore();
  });
  const rows = Math.ceil(panels.length / columns);
  return pen.document(columns * width + (columns + 1) * gap, rows * (height + caption + gap) + gap, colours.paper, title);
}

/** One frame as an SVG document. @param {import("../types.d.ts").GameFrame} frame @param {Palette} colours @param {string} title */
export function picture(frame, colours, title) {
  const pen = new SvgPen();
  paint(pen, frame, colours, 800, 420);
  return pen.document(800, 420, colours.paper, title);
}
