import assert from "node:assert/strict";
import { test } from "node:test";
import { History } from "../../www/mnist/history.js";

test("a short run is kept as it is", () => {
  const history = new History(2, 8);
  for (let i = 0; i < 7; i += 1) history.push([i, 10 * i]);
  assert.deepEqual(history.copy(), [[0, 1, 2, 3, 4, 5, 6], [0, 10, 20, 30, 40, 50, 60]]);
});

test("a long run stays under the limit, ascending, and keeps its mean", () => {
  const history = new History(2, 8);
  for (let i = 0; i < 1024; i += 1) history.push([i, i % 2]);
  const [x = [], y = []] = history.copy();
  assert.ok(x.length < 8 && x.length >= 4, String(x.length));
  assert.ok(x.every((value, i) => i === 0 || value > (x[i - 1] ?? Infinity)));
  assert.ok(y.every((value) => value === 0.5), "each point is the mean of an even stretch");
});

test("a copy does not change with the run", () => {
  const history = new History(1, 4);
  history.push([1]);
  const copy = history.copy();
  history.push([2]);
  assert.deepEqual(copy, [[1]]);
});

test("going back forgets what came after", () => {
  const history = new History(2, 100);
  for (let i = 1; i <= 10; i += 1) history.push([i, -i]);
  history.cut(7);
  history.push([8, 80]);
  assert.deepEqual(history.copy(), [[1, 2, 3, 4, 5, 6, 7, 8], [-1, -2, -3, -4, -5, -6, -7, 80]]);
});
