import assert from "node:assert/strict";
import { test } from "node:test";
import { bytes, fixed, short } from "../../www/shell/format.js";
import { scale, ticks } from "../../www/shell/canvas.js";
import { layout, nearest } from "../../www/game/draw.js";
import { draw } from "../../www/shell/digits.js";
import { filmType } from "../../www/shell/save.js";

/** A frame of the 1-D game over [-4, 6]; only what geometry reads is filled in. */
function frame() {
  const nx = 101;
  const x = Float32Array.from({ length: nx }, (_, i) => -4 + (10 * i) / (nx - 1));
  const pData = x.map((at) => Math.exp(-0.5 * (at - 1) ** 2) / Math.sqrt(2 * Math.PI));
  const z = Float32Array.of(-2, 0, 2);
  return /** @type {import("../../www/types.d.ts").GameFrame} */ (/** @type {unknown} */ ({ x, pData, z, gz: z }));
}

test("a scale maps ends to ends, and may run downwards", () => {
  const toY = scale(0, 1, 200, 20);
  assert.equal(toY(0), 200);
  assert.equal(toY(1), 20);
  assert.equal(toY(0.5), 110);
});

test("ticks are round, within the range and no more than wished", () => {
  assert.deepEqual(ticks(-4, 6, 9), [-4, -2, 0, 2, 4, 6]);
  assert.deepEqual(ticks(0, 1, 5), [0, 0.2, 0.4, 0.6000000000000001, 0.8, 1]);
  for (const [from, to, most] of /** @type {[number, number, number][]} */ ([[-3.3, 7.1, 4], [0.001, 0.009, 6], [-1e4, 3e5, 8]])) {
    const values = ticks(from, to, most);
    assert.ok(values.length >= 2 && values.length <= most + 1, String(values));
    assert.ok(values.every((value) => value >= from && value <= to + 1e-9));
  }
});

test("the axes meet: density 0 and D = 0 lie on the x axis, D = 1 at the top, z below", () => {
  for (const [width, height] of /** @type {[number, number][]} */ ([[790, 378], [354, 306]])) {
    const place = layout(frame(), width, height);
    assert.equal(place.toDensity(0), place.axis);
    assert.equal(place.toD(0), place.axis);
    assert.equal(place.toD(1), place.top);
    assert.ok(place.toDensity(0.3989) > place.top, "the peak of p_data has room above it");
    assert.equal(place.toX(-4), place.left);
    assert.ok(Math.abs(place.toX(6) - place.right) < 1e-9);
    assert.ok(place.axis < place.prior && place.prior < height);
    assert.ok(place.toZ(-2) > place.left && place.toZ(2) < place.right);
  }
});

test("pointing finds the grid point under the pointer and stays on the grid", () => {
  const shown = frame();
  const { toX } = layout(shown, 790, 378);
  for (const index of [0, 1, 50, 99, 100]) assert.equal(nearest(shown, 790, 378, toX(shown.x[index] ?? NaN)), index);
  assert.equal(nearest(shown, 790, 378, -50), 0);
  assert.equal(nearest(shown, 790, 378, 5000), 100);
});

test("digits lie row by row, with paper between them", () => {
  const images = new Uint8Array(3 * 784);
  images[0] = 255; // image 0: row 0, column 0
  images[2 * 784 + 783] = 255; // image 2: its last pixel; it starts the second row
  /** @type {ImageData | null} */
  let put = null;
  const pen = {
    createImageData: (/** @type {number} */ width, /** @type {number} */ height) => ({ width, height, data: new Uint8ClampedArray(4 * width * height) }),
    putImageData: (/** @type {ImageData} */ data) => (put = data),
  };
  const canvas = /** @type {HTMLCanvasElement} */ (/** @type {unknown} */ ({ width: 0, height: 0, getContext: () => pen }));
  draw(canvas, images, 2, { ink: [1, 2, 3], paper: [250, 251, 252], gap: 1 });
  assert.deepEqual([canvas.width, canvas.height], [57, 57]);
  const { data } = /** @type {ImageData} */ (/** @type {unknown} */ (put));
  const pixel = (/** @type {number} */ row, /** @type {number} */ column) => [...data.slice(4 * (row * 57 + column), 4 * (row * 57 + column) + 4)];
  assert.deepEqual(pixel(0, 0), [1, 2, 3, 255]);
  assert.deepEqual(pixel(56, 27), [1, 2, 3, 255]);
  assert.deepEqual(pixel(28, 28), [250, 251, 252, 255]);
  assert.deepEqual(pixel(56, 56), [250, 251, 252, 255], "the fourth place is empty");
});

test("numbers have a true minus and never a negative zero", () => {
  assert.equal(fixed(-1.38629, 3), "\u22121.386");
  assert.equal(fixed(-0.0001, 3), "0.000");
  assert.equal(fixed(NaN, 2), "\u2013");
  assert.equal(fixed(-Infinity, 2), "\u2212\u221e");
  assert.equal(bytes(9_912_422), "9.9 MB");
  assert.equal(bytes(28_881), "29 kB");
  assert.equal(short(0.01234), "0.012");
  assert.equal(short(21.64), "21.6");
  assert.equal(short(1234.5), "1,235");
});

test("a film is MP4 by H.264 where the browser records that, else WebM, else what MP4 there is, else none", () => {
  /** @param {string[]} supported */
  const browser = (...supported) => Object.assign(globalThis, {
    HTMLCanvasElement: class { captureStream() {} },
    MediaRecorder: Object.assign(function MediaRecorder() {}, { isTypeSupported: (/** @type {string} */ type) => supported.includes(type) }),
  });
  const [h264, vp9, webm, mp4] = ["video/mp4;codecs=avc1.42E01F", "video/webm;codecs=vp9", "video/webm", "video/mp4"];
  browser(webm, mp4, vp9, h264);
  assert.deepEqual(filmType(), { type: h264, ending: "mp4" });
  browser(mp4, webm, vp9);
  assert.deepEqual(filmType(), { type: vp9, ending: "webm" });
  browser(mp4);
  assert.deepEqual(filmType(), { type: mp4, ending: "mp4" });
  browser();
  assert.equal(filmType(), null);
});
