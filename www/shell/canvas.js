/**
 * What all canvas drawing shares: pixel ratio, colours from the page's tokens, a scale.
 */

/**
 * @typedef {object} Palette  CSS colours
 * @property {string} paper @property {string} ink @property {string} soft @property {string} hair
 * @property {string} data @property {string} generated @property {string} discriminator @property {string} best
 * @property {string} font
 */

/**
 * @param {Element} element any element of the page
 * @returns {Palette}
 */
export function palette(element) {
  const style = getComputedStyle(element);
  const token = (/** @type {string} */ name) => style.getPropertyValue(`--${name}`).trim();
  return {
    paper: token("paper"), ink: token("ink"), soft: token("ink-soft"), hair: token("hair"),
    data: token("data"), generated: token("generated"), discriminator: token("discriminator"), best: token("best"),
    font: token("sans"),
  };
}

/**
 * Fits the canvas's pixels to the box CSS gives it, so that one pixel of it is one of the screen.
 * @param {HTMLCanvasElement} canvas
 * @returns {{pen: CanvasRenderingContext2D, width: number, height: number}} cleared; sizes in CSS pixels
 */
export function fit(canvas) {
  const ratio = window.devicePixelRatio || 1;
  const { clientWidth: width, clientHeight: height } = canvas;
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h];
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, width, height);
  return { pen, width, height };
}

/**
 * @param {number} from @param {number} to      values
 * @param {number} start @param {number} end    pixels
 * @returns {(value: number) => number}
 */
export function scale(from, to, start, end) {
  const slope = (end - start) / (to - from);
  return (value) => start + (value - from) * slope;
}

/**
 * Round values for an axis.
 * @param {number} from @param {number} to @param {number} most how many there may be
 * @returns {number[]} ascending multiples of 1, 2 or 5 times a power of ten, within from..=to
 */
export function ticks(from, to, most) {
  const rough = (to - from) / Math.max(1, most);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((unit) => unit * power >= rough) ?? 10);
  const values = [];
  for (let i = Math.ceil(from / step); i * step <= to + step * 1e-9; i += 1) values.push(i * step);
  return values;
}
