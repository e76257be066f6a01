import assert from "node:assert/strict";
import test from "node:test";
import { contour, diverging, pushes, shades, valuesAt, warped } from "../../www/game/plane.js";

test("shades put the highest y first", () => {
  const pixels = shades(Float32Array.of(0.1, 0.2, 0.3, 0.4), 2, (value) => [100 * value, 0, 0, 255]);
  assert.deepEqual([0, 4, 8, 12].map((i) => pixels[i]), [30, 40, 10, 20]);
});

test("a diverging scale is clear in the middle and full at its reach", () => {
  const colour = diverging(0.5, 0.5, [1, 2, 3], [4, 5, 6]);
  assert.deepEqual(colour(0.5), [4, 5, 6, 0]);
  assert.deepEqual(colour(0), [1, 2, 3, 255]);
  assert.deepEqual(colour(0.75), [4, 5, 6, 127.5]);
  assert.deepEqual(colour(9), [4, 5, 6, 255]);
  assert.deepEqual(colour(NaN), [0, 0, 0, 0]);
});

test("a contour of a cone is a circle, and of a plane a line", () => {
  const cells = 40;
  const half = 2;
  const middle = (/** @type {number} */ i) => ((i + 0.5) * 2 * half) / cells - half;
  const of = (/** @type {(x: number, y: number) => number} */ f) =>
    Float32Array.from({ length: cells * cells }, (_, cell) => f(middle(cell % cells), middle(Math.floor(cell / cells))));
  const circle = contour(of((x, y) => Math.hypot(x, y)), cells, half, 1);
  let length = 0;
  for (let i = 0; i < circle.length; i += 4) {
    const [a = NaN, b = NaN, c = NaN, d = NaN] = circle.slice(i, i + 4);
    assert.ok(Math.abs(Math.hypot(a, b) - 1) < 0.01);
    length += Math.hypot(c - a, d - b);
  }
  assert.ok(Math.abs(length - 2 * Math.PI) < 0.02, String(length));
  const line = contour(of((x) => x), cells, half, 0.31);
  assert.equal(line.length, 4 * (cells - 1));
  for (let i = 0; i < line.length; i += 2) assert.ok(Math.abs((line[i] ?? NaN) - 0.31) < 1e-6);
  assert.deepEqual(contour(of(() => NaN), cells, half, 0), []);
});

test("at a saddle the middle stays on its side", () => {
  const high = contour(Float32Array.of(1, -0.2, -0.2, 1), 2, 1, 0);
  const low = contour(Float32Array.of(0.2, -1, -1, 0.2), 2, 1, 0);
  // Cut off are the low corners, then the high ones.
  const cut = (/** @type {number[]} */ pieces) => {
    const sides = [];
    for (let i = 0; i < 8; i += 4) {
      const [a = NaN, b = NaN, c = NaN, d = NaN] = pieces.slice(i, i + 4);
      sides.push(Math.sign((a + c) * (b + d)));
    }
    return sides;
  };
  assert.deepEqual(cut(high), [-1, -1]);
  assert.deepEqual(cut(low), [1, 1]);
});

test("the warped grid has lines in both directions; a curve is itself", () => {
  const mesh = Float32Array.from({ length: 18 }, (_, i) => i);
  const lines = warped(mesh, 3, 2).map((line) => [...line]);
  assert.deepEqual(lines, [
    [0, 1, 2, 3, 4, 5], [12, 13, 14, 15, 16, 17],
    [0, 1, 6, 7, 12, 13], [4, 5, 10, 11, 16, 17],
  ]);
  assert.deepEqual(warped(mesh, 9, 4), [mesh]);
});

test("the losses push along one gradient, by D and by 1 - D", () => {
  const samples = { d: Float32Array.of(0.25, 1), slope: Float32Array.of(4, -8, 2, 6) };
  assert.deepEqual([...pushes(samples, "minimax")], [1, -2, 2, 6]);
  assert.deepEqual([...pushes(samples, "non-saturating")], [3, -6, 0, 0]);
});

test("values are those of the cell that holds the point", () => {
  const of = (/** @type {number} */ start) => Float32Array.of(start, start + 1, start + 2, start + 3);
  const frame = { half: 1, cells: 2, pData: of(0), pG: of(10), d: of(20), dStar: of(30), mesh: of(0), row: 1 };
  assert.deepEqual(valuesAt(frame, -0.5, 0.5), { pData: 2, pG: 12, d: 22, dStar: 32 });
  assert.equal(valuesAt(frame, 1.2, 0), null);
  assert.equal(valuesAt(frame, 0, NaN), null);
});
