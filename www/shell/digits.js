/** Side of an MNIST image, pixels. */
export const SIDE = 28;

/**
 * Draws grey images as a grid, row by row, one canvas pixel per pixel of an image; CSS scales it up.
 * @param {HTMLCanvasElement} canvas
 * @param {Uint8Array} images `[n, 28, 28]`, 0 black .. 255 white
 * @param {number} columns
 * @param {{ink: [number, number, number], paper: [number, number, number], gap?: number}} look
 *   ink is what 255 becomes and paper what 0 becomes; gap: pixels of paper between two images
 */
export function draw(canvas, images, columns, { ink, paper, gap = 0 }) {
  const count = Math.floor(images.length / (SIDE * SIDE));
  const rows = Math.ceil(count / columns);
  const width = columns * (SIDE + gap) - gap;
  const height = rows * (SIDE + gap) - gap;
  if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const picture = pen.createImageData(width, height);
  const pixels = new Uint32Array(picture.data.buffer);
  const shades = shadesBetween(paper, ink);
  pixels.fill(/** @type {number} */ (shades[0]));
  for (let n = 0; n < count; n += 1) {
    const left = (n % columns) * (SIDE + gap);
    const top = Math.floor(n / columns) * (SIDE + gap);
    for (let p = 0; p < SIDE * SIDE; p += 1) {
      const grey = /** @type {number} */ (images[n * SIDE * SIDE + p]);
      pixels[(top + Math.floor(p / SIDE)) * width + left + (p % SIDE)] = /** @type {number} */ (shades[grey]);
    }
  }
  pen.putImageData(picture, 0, 0);
}

/**
 * @param {[number, number, number]} paper @param {[number, number, number]} ink
 * @returns {Uint32Array} for each grey byte its opaque pixel, in the byte order of this machine
 */
function shadesBetween(paper, ink) {
  const bytes = new Uint8ClampedArray(4 * 256);
  for (let grey = 0; grey < 256; grey += 1) {
    const mix = (/** @type {number} */ from, /** @type {number} */ to) => from + ((to - from) * grey) / 255;
    bytes.set([mix(paper[0], ink[0]), mix(paper[1], ink[1]), mix(paper[2], ink[2]), 255], 4 * grey);
  }
  return new Uint32Array(bytes.buffer);
}

/**
 * Ink on the page's paper: dark strokes on light, light strokes on dark.
 * @param {boolean} dark
 * @returns {{ink: [number, number, number], paper: [number, number, number]}}
 */
export function look(dark) {
  return dark ? { ink: [236, 233, 226], paper: [22, 22, 21] } : { ink: [26, 25, 23], paper: [253, 252, 249] };
}
