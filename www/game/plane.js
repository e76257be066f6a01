/**
 * What a moment of the game in the plane is drawn from: shades, contours, the warped grid, arrows and the values at a
 * point. Nothing here touches a canvas; places are in data units, so that they are sharp at any pixel ratio.
 */

/**
 * @typedef {object} PlaneFrame as `Game.plane` of the game's module gives it
 * @property {number} half half the side of the square, which is centred on 0, in data units
 * @property {number} cells along either axis
 * @property {Float32Array} pData mean density in each cell, row by row from the lowest y
 * @property {Float32Array} pG likewise
 * @property {Float32Array} d D in the middle of each cell
 * @property {Float32Array} dStar NaN where neither distribution has a density
 * @property {Float32Array} mesh G at the nodes of z, x and y in turn, row by row
 * @property {number} row nodes in a row of the mesh
 */

/**
 * Pixels of a square of cells, the highest y first, as `ImageData` has them.
 * @param {Float32Array} values row by row from the lowest y
 * @param {number} cells along either axis
 * @param {(value: number) => readonly [number, number, number, number]} colour red, green, blue, alpha of 0 to 255
 */
export function shades(values, cells, colour) {
  const pixels = new Uint8ClampedArray(4 * cells * cells);
  for (let cell = 0; cell < cells * cells; cell++) {
    const row = cells - 1 - Math.floor(cell / cells);
    pixels.set(colour(values[cell] ?? NaN), 4 * (row * cells + (cell % cells)));
  }
  return pixels;
}

/**
 * A diverging scale for D, D* (`centre` 1/2) and D - D* (0): one hue on either side, and clear in the middle, so that it
 * is read by lightness alone. NaN is clear.
 * @param {number} centre
 * @param {number} reach distance from the centre at which a hue is full
 * @param {readonly [number, number, number]} below
 * @param {readonly [number, number, number]} above
 * @returns {(value: number) => readonly [number, number, number, number]}
 */
export function diverging(centre, reach, below, above) {
  return (value) => {
    const part = (value - centre) / reach;
    if (Number.isNaN(part)) return [0, 0, 0, 0];
    const [red, green, blue] = part < 0 ? below : above;
    return [red, green, blue, 255 * Math.min(1, Math.abs(part))];
  };
}

/**
 * Where a density crosses a level: pieces from x, y to x, y, by marching squares on the middles of cells, linear between.
 * @param {Float32Array} values row by row from the lowest y
 * @param {number} cells
 * @param {number} half
 * @param {number} level
 * @returns {number[]} x, y, x, y of each piece, in data units
 */
export function contour(values, cells, half, level) {
  const width = (2 * half) / cells;
  /** @type {number[]} */
  const pieces = [];
  for (let j = 0; j + 1 < cells; j++) {
    for (let i = 0; i + 1 < cells; i++) {
      const corners = /** @type {const} */ ([[i, j], [i + 1, j], [i + 1, j + 1], [i, j + 1]]);
      const above = corners.map(([x, y]) => (values[y * cells + x] ?? NaN) - level);
      /** @type {number[]} */
      const ends = [];
      corners.forEach(([x, y], k) => {
        const next = /** @type {readonly [number, number]} */ (corners[(k + 1) % 4]);
        const a = /** @type {number} */ (above[k]);
        const b = /** @type {number} */ (above[(k + 1) % 4]);
        if (a >= 0 === b >= 0 || Number.isNaN(a + b)) return;
        const t = a / (a - b);
        ends.push(
          (x + t * (next[0] - x) + 0.5) * width - half,
          (y + t * (next[1] - y) + 0.5) * width - half,
        );
      });
      // A saddle has four ends: the two pieces keep the middle on its side.
      if (ends.length === 8) {
        const middle = above.reduce((sum, value) => sum + value, 0);
        const first = /** @type {number} */ (above[0]);
        if (middle >= 0 === first >= 0) pieces.push(...ends);
        else pieces.push(...ends.slice(6), ...ends.slice(0, 6));
      } else {
        pieces.push(...ends);
      }
    }
  }
  return pieces;
}

/**
 * Every so many lines of the mesh of z as G maps them, in either direction; of a curve, the curve.
 * @param {Float32Array} mesh
 * @param {number} row nodes in a row
 * @param {number} every
 * @returns {Float32Array[]} x and y in turn along each line
 */
export function warped(mesh, row, every) {
  const rows = mesh.length / 2 / row;
  if (rows === 1) return [mesh];
  const lines = [];
  for (let j = 0; j < rows; j += every) lines.push(mesh.slice(2 * j * row, 2 * (j + 1) * row));
  for (let i = 0; i < row; i += every) {
    const line = new Float32Array(2 * rows);
    for (let j = 0; j < rows; j++) line.set(mesh.subarray(2 * (j * row + i), 2 * (j * row + i) + 2), 2 * j);
    lines.push(line);
  }
  return lines;
}

/**
 * Where a loss of G pushes each sample, against its gradient: D grad l for the minimax loss, (1 - D) grad l for the
 * non-saturating one, with l the logit of D. Per data unit, and so to one scale.
 * @param {{d: Float32Array, slope: Float32Array}} samples
 * @param {"minimax" | "non-saturating"} loss
 */
export function pushes({ d, slope }, loss) {
  return slope.map((along, i) => {
    const at = /** @type {number} */ (d[i >> 1]);
    return along * (loss === "minimax" ? at : 1 - at);
  });
}

/**
 * The numbers at a point; null outside the square.
 * @param {PlaneFrame} frame
 * @param {number} x
 * @param {number} y
 */
export function valuesAt({ half, cells, pData, pG, d, dStar }, x, y) {
  const of = (/** @type {number} */ at) => Math.floor(((at + half) / (2 * half)) * cells);
  const [i, j] = [of(x), of(y)];
  if (!(i >= 0 && j >= 0 && i < cells && j < cells)) return null;
  const at = (/** @type {Float32Array} */ values) => values[j * cells + i] ?? NaN;
  return { pData: at(pData), pG: at(pG), d: at(d), dStar: at(dStar) };
}
