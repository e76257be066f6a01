/** A map of a plane through latent space: small digits, whose they are, and where z is. */
import { fit, scale } from "../shell/canvas.js";
import { draw as drawDigits, SIDE } from "../shell/digits.js";

/** Cells below which a region is too small for its numeral. */
const SMALL = 12;

/**
 * @typedef {object} Chart
 * @property {Uint8Array} images `[n, n, 28, 28]`, the top row first
 * @property {number} n
 * @property {number} low @property {number} high  of both shares
 * @property {Uint8Array | null} classes  digits of m x m cells, 255 where not yet known
 * @property {readonly [number, number]} spot  shares of B and C
 * @property {boolean} here  whether z is at the spot
 */

/**
 * @param {HTMLCanvasElement} canvas @param {Chart} chart
 * @param {import("../shell/canvas.js").Palette} colours
 * @param {{ink: [number, number, number], paper: [number, number, number]}} look
 */
export function draw(canvas, { images, n, low, high, classes, spot, here }, colours, look) {
  const { pen, width } = fit(canvas);
  const small = document.createElement("canvas");
  drawDigits(small, images, n, look);
  pen.imageSmoothingEnabled = false;
  pen.drawImage(small, 0, 0, n * SIDE, n * SIDE, 0, 0, width, width);
  if (classes) drawRegions(pen, classes, width, colours);
  const x = scale(low, high, 0, width);
  const y = scale(low, high, width, 0);
  const corners = /** @type {const} */ ([["A", 0, 0], ["B", 1, 0], ["C", 0, 1]]);
  pen.strokeStyle = colours.soft;
  pen.lineWidth = 1;
  pen.beginPath();
  for (const [, s, t] of corners) pen.lineTo(x(s), y(t));
  pen.closePath();
  pen.stroke();
  pen.font = `600 13px ${colours.font}`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  for (const [name, s, t] of corners) {
    disc(pen, x(s), y(t), 10, colours.paper, colours.soft);
    pen.fillStyle = colours.ink;
    pen.fillText(name, x(s), y(t) + 0.5);
  }
  pen.lineWidth = 3;
  disc(pen, x(spot[0]), y(spot[1]), 9, here ? colours.generated : "transparent", here ? colours.paper : colours.generated);
}

/** @param {CanvasRenderingContext2D} pen @param {number} x @param {number} y @param {number} r @param {string} fill @param {string} edge */
function disc(pen, x, y, r, fill, edge) {
  pen.beginPath();
  pen.arc(x, y, r, 0, 2 * Math.PI);
  pen.fillStyle = fill;
  pen.strokeStyle = edge;
  pen.fill();
  pen.stroke();
}

/**
 * Tints, borders and numerals: no region is told by colour alone.
 * @param {CanvasRenderingContext2D} pen @param {Uint8Array} classes @param {number} width
 * @param {import("../shell/canvas.js").Palette} colours
 */
function drawRegions(pen, classes, width, colours) {
  const m = Math.sqrt(classes.length);
  const size = width / m;
  const known = (/** @type {number} */ at) => (classes[at] ?? 255) < 10;
  for (let at = 0; at < m * m; at += 1) {
    if (!known(at)) continue;
    pen.fillStyle = `hsl(${36 * (classes[at] ?? 0)} 65% 50% / 0.2)`;
    // To whole pixels, so that neighbours neither overlap nor leave a seam.
    const [left, top] = [Math.round((at % m) * size), Math.round(Math.floor(at / m) * size)];
    pen.fillRect(left, top, Math.round(((at % m) + 1) * size) - left, Math.round((Math.floor(at / m) + 1) * size) - top);
  }
  pen.strokeStyle = colours.ink;
  pen.lineWidth = 1;
  pen.beginPath();
  for (let at = 0; at < m * m; at += 1) {
    const [column, row] = [at % m, Math.floor(at / m)];
    if (column + 1 < m && known(at) && known(at + 1) && classes[at] !== classes[at + 1]) {
      pen.moveTo((column + 1) * size, row * size);
      pen.lineTo((column + 1) * size, (row + 1) * size);
    }
    if (row + 1 < m && known(at) && known(at + m) && classes[at] !== classes[at + m]) {
      pen.moveTo(column * size, (row + 1) * size);
      pen.lineTo((column + 1) * size, (row + 1) * size);
    }
  }
  pen.stroke();
  pen.font = `600 15px ${colours.font}`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  for (const { digit, column, row } of numerals(classes)) {
    const [x, y] = [(column + 0.5) * size, (row + 0.5) * size];
    disc(pen, x, y, 11, colours.paper, "transparent");
    pen.fillStyle = colours.ink;
    pen.fillText(String(digit), x, y + 0.5);
  }
}

/**
 * Where the numerals of regions stand: in the cell of each connected region that is nearest to its middle.
 * @param {Uint8Array} classes m x m
 * @returns {{digit: number, column: number, row: number}[]}
 */
export function numerals(classes) {
  const m = Math.sqrt(classes.length);
  const seen = new Uint8Array(classes.length);
  const found = [];
  for (let start = 0; start < classes.length; start += 1) {
    const digit = classes[start] ?? 255;
    if (seen[start] || digit > 9) continue;
    const cells = [start];
    seen[start] = 1;
    for (let i = 0; i < cells.length; i += 1) {
      const at = cells[i] ?? 0;
      const column = at % m;
      const next = [column > 0 ? at - 1 : -1, column + 1 < m ? at + 1 : -1, at - m, at + m];
      for (const other of next) {
        if (other < 0 || other >= classes.length || seen[other] || classes[other] !== digit) continue;
        seen[other] = 1;
        cells.push(other);
      }
    }
    if (cells.length < SMALL) continue;
    const middle = (/** @type {(at: number) => number} */ of) => cells.reduce((sum, at) => sum + of(at), 0) / cells.length;
    const [column, row] = [middle((at) => at % m), middle((at) => Math.floor(at / m))];
    const away = (/** @type {number} */ at) => ((at % m) - column) ** 2 + (Math.floor(at / m) - row) ** 2;
    const best = cells.reduce((a, b) => (away(b) < away(a) ? b : a));
    found.push({ digit, column: best % m, row: Math.floor(best / m) });
  }
  return found;
}
