/** A drawing as MNIST would have it: 20 pixels at its longer side, its mass in the middle of 28 x 28. */
import { SIDE } from "../shell/digits.js";

/** Side of the square in which strokes are recorded; points are 0..=63. */
export const FIELD = 63;
/** Pixels of MNIST's own box, and of a stroke. */
const BOX = 20;
const THICK = 2.3;
/** Samples of a pixel, each way. */
const FINE = 4;

/** @typedef {import("./state.js").Strokes} Strokes */

/**
 * How to fit strokes into MNIST's box.
 * @param {Strokes} strokes
 * @returns {{zoom: number, left: number, top: number}} pixels of 28 per unit, and the offset of the origin
 */
export function fitting(strokes) {
  const points = strokes.flat();
  const range = (/** @type {0 | 1} */ axis) => {
    const values = points.map((point) => point[axis]);
    return [Math.min(...values), Math.max(...values)];
  };
  const [[x0 = 0, x1 = 0], [y0 = 0, y1 = 0]] = [range(0), range(1)];
  // A dot or a short tick is not blown up to a digit's size.
  const longest = Math.max(x1 - x0, y1 - y0, FIELD / 3);
  const zoom = (BOX - THICK) / longest;
  return { zoom, left: (SIDE - zoom * (x0 + x1)) / 2, top: (SIDE - zoom * (y0 + y1)) / 2 };
}

/**
 * @param {Strokes} strokes not empty
 * @returns {Uint8Array} grey bytes `[28, 28]`
 */
export function digitOf(strokes) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [SIDE * FINE, SIDE * FINE];
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
  const { zoom, left, top } = fitting(strokes);
  pen.setTransform(FINE * zoom, 0, 0, FINE * zoom, FINE * left, FINE * top);
  pen.strokeStyle = "white";
  paint(pen, strokes, THICK / zoom);
  const { data } = pen.getImageData(0, 0, canvas.width, canvas.height);
  const image = new Float32Array(SIDE * SIDE);
  for (let at = 0; at < data.length / 4; at += 1) {
    const [x, y] = [at % canvas.width, Math.floor(at / canvas.width)];
    const pixel = Math.floor(y / FINE) * SIDE + Math.floor(x / FINE);
    image[pixel] = (image[pixel] ?? 0) + (data[4 * at + 3] ?? 0) / FINE ** 2;
  }
  return centred(image);
}

/**
 * Strokes as they are shown and as they are measured: round, of one thickness.
 * @param {CanvasRenderingContext2D} pen @param {Strokes} strokes @param {number} thick
 */
export function paint(pen, strokes, thick) {
  pen.lineWidth = thick;
  pen.lineCap = "round";
  pen.lineJoin = "round";
  for (const [first, ...rest] of strokes) {
    if (!first) continue;
    pen.beginPath();
    pen.moveTo(first[0], first[1]);
    // A dot is a line of no length.
    for (const [x, y] of rest.length > 0 ? rest : [first]) pen.lineTo(x, y);
    pen.stroke();
  }
}

/**
 * Moves an image by whole pixels so that its centre of mass comes to the middle.
 * @param {Float32Array} image `[28, 28]`, 0..=255
 * @returns {Uint8Array}
 */
export function centred(image) {
  let [mass, x, y] = [0, 0, 0];
  image.forEach((value, at) => {
    mass += value;
    x += value * (at % SIDE);
    y += value * Math.floor(at / SIDE);
  });
  const middle = (SIDE - 1) / 2;
  const [right, down] = mass > 0 ? [Math.round(middle - x / mass), Math.round(middle - y / mass)] : [0, 0];
  const moved = new Uint8Array(SIDE * SIDE);
  image.forEach((value, at) => {
    const [column, row] = [(at % SIDE) + right, Math.floor(at / SIDE) + down];
    if (column >= 0 && column < SIDE && row >= 0 && row < SIDE) moved[row * SIDE + column] = Math.round(value);
  });
  return moved;
}
