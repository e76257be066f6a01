import assert from "node:assert/strict";
import { test } from "node:test";
import { crossing, estimate, Follower } from "../../www/mnist/forecast.js";
import { READABLE, SCORE } from "../../www/mnist/readable.js";
import { BLANK } from "../../www/shell/blank.js";

const mean = (/** @type {readonly number[]} */ all) => all.reduce((sum, one) => sum + one, 0) / all.length;
const [preset = "", steps = /** @type {readonly number[]} */ ([])] = Object.entries(READABLE)[0] ?? [];
const goal = mean(steps);
const RATE = 20;

/** A run at a step. @param {number} step @param {[number, number][]} [scores] of the judgements by then @param {number} [seconds] */
const at = (step, scores = [], seconds = step / RATE) => /** @type {any} */ ({
  train: { ...BLANK.train, settings: { preset }, row: { step, seconds } },
  judge: { ...BLANK.judge, course: scores.map(([of, score]) => ({ step: of, opinion: { scores: { mnistScore: [score, 0.1] } } })) },
});

test("a score is reached between the two judgements around it, and nowhere where none is as high", () => {
  assert.equal(crossing([[100, 5], [200, 6], [300, 8]], 7), 250);
  assert.equal(crossing([[100, 7.5]], 7), 100);
  assert.equal(crossing([[100, 5], [200, 6.9]], 7), null);
  assert.equal(crossing([], 7), null);
  assert.equal(crossing([[10, NaN], [20, 8]], 7), 20);
});

test("an estimate is what is left of the known runs' mean at this speed, with their range and that of speeds", () => {
  for (const [name, all] of Object.entries(READABLE)) {
    const [slow, fast] = [estimate(name, 10), estimate(name, 20)];
    assert.ok(slow && fast);
    assert.ok(Math.abs(slow.seconds - mean(all) / 10) < 1e-9);
    assert.ok(slow.error >= (Math.max(...all) - Math.min(...all)) / 20);
    assert.ok(Math.abs(slow.error - 2 * fast.error) < 1e-9);
    assert.equal(estimate(name, 10, mean(all) * 2)?.seconds, 0);
    assert.equal(estimate(name, NaN), null);
  }
  assert.equal(estimate("nobody measured it", 10), null);
});

test("what is forecast after a second is kept, and compared with what the judge then says", () => {
  const follower = new Follower();
  assert.equal(follower.follow(at(1, [], 9), true), null);
  // The first step took nine seconds: it had kernels to compile, and is no measure of those to come.
  const seconds = (/** @type {number} */ step) => 9 + (step - 1) / RATE;
  assert.equal(follower.follow(at(11, [], seconds(11)), true), null);
  const first = follower.follow(at(21, [], seconds(21)), true);
  assert.ok(first?.kind === "ahead" && Math.abs(first.left.seconds - (goal - 21) / RATE) < 1e-9);
  assert.ok(Math.abs(follower.rate - RATE) < 1e-9);
  // It then goes at half of that speed.
  for (let step = 31; step <= 621; step += 10) follower.follow(at(step, [], seconds(21) + (step - 21) / (RATE / 2)), true);
  const reached = follower.follow(at(631, [[301, SCORE - 1], [501, SCORE + 1]], 80), true);
  assert.ok(reached?.kind === "reached");
  assert.equal(reached.step, 401);
  assert.ok(Math.abs(reached.seconds - (seconds(21) + 380 / (RATE / 2))) < 1e-9);
  assert.ok(Math.abs(reached.made.seconds - seconds(goal)) < 1e-9);
  // It stands, whatever comes.
  assert.equal(follower.follow(at(700, [[301, SCORE - 1]]), true), reached);
  // Other settings are another run, of which nobody knows.
  assert.equal(follower.follow(at(720), false), null);
  assert.equal(follower.follow(at(721), true), null);
});

test("a run is late when it was judged after all known ones had the score, and not before", () => {
  const follower = new Follower();
  const last = Math.max(...steps);
  follower.follow(at(1), true);
  follower.follow(at(100), true);
  assert.equal(follower.follow(at(last + 50, [[200, 3]]), true)?.kind, "due");
  const late = follower.follow(at(last + 60, [[200, 3], [last + 55, SCORE - 0.5]]), true);
  assert.ok(late?.kind === "late" && late.score === SCORE - 0.5 && late.made.seconds > 0);
  assert.equal(follower.follow(at(last + 80, [[last + 55, SCORE - 0.5], [last + 75, SCORE]]), true)?.kind, "reached");
});
