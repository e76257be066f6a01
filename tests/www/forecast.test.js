import assert from "node:assert/strict";
import { test } from "node:test";
import { crossing, estimate, Follower, ofFaster } from "../../www/mnist/forecast.js";
import { READABLE, SCORE } from "../../www/mnist/readable.js";
import { BLANK } from "../../www/shell/blank.js";

const mean = (/** @type {readonly number[]} */ all) => all.reduce((sum, one) => sum + one, 0) / all.length;

test("a score is reached between the two judgements around it, and nowhere where none is as high", () => {
  assert.equal(crossing([[100, 5], [200, 6], [300, 8]], 7), 250);
  assert.equal(crossing([[100, 7.5]], 7), 100);
  assert.equal(crossing([[100, 5], [200, 6.9]], 7), null);
  assert.equal(crossing([], 7), null);
  assert.equal(crossing([[10, NaN], [20, 8]], 7) === null, false);
});

test("an estimate is what is left of the runs' mean at the speed of the moment, with half of their range", () => {
  for (const [preset, { steps }] of Object.entries(READABLE)) {
    const whole = estimate(preset, 0, 10);
    assert.ok(whole);
    assert.ok(Math.abs(whole.seconds - mean(steps) / 10) < 1e-9);
    assert.ok(Math.abs(whole.error - (Math.max(...steps) - Math.min(...steps)) / 20) < 1e-9);
    assert.equal(estimate(preset, mean(steps) * 2, 10)?.seconds, 0);
    assert.equal(estimate(preset, 0, NaN), null);
  }
  assert.equal(estimate("nobody measured it", 0, 10), null);
  assert.equal(ofFaster("tiny", 10), null);
});

test("what is forecast after a second is kept, and compared with what the judge then says", () => {
  const preset = /** @type {string} */ (Object.keys(READABLE)[0]);
  const goal = mean(READABLE[preset]?.steps ?? []);
  const rate = 20;
  const at = (/** @type {number} */ step, /** @type {[number, number][]} */ scores = [], phase = "playing") => /** @type {any} */ ({
    train: { ...BLANK.train, phase, settings: { preset }, row: { step }, stepsPerSecond: rate },
    judge: { ...BLANK.judge, course: scores.map(([step, score]) => ({ step, opinion: { scores: { mnistScore: [score, 0.1] } } })) },
  });
  const follower = new Follower();
  assert.equal(follower.follow(at(0), 0, true), null);
  assert.equal(follower.follow(at(10), 500, true), null);
  const first = follower.follow(at(20), 1000, true);
  assert.equal(first?.kind, "ahead");
  assert.ok(follower.made && Math.abs(follower.made.seconds - (1 + (goal - 20) / rate)) < 1e-9);
  // A pause is no training.
  follower.follow(at(20, [], "paused"), 2000, true);
  follower.follow(at(20), 60_000, true);
  for (let second = 1; second <= 30; second += 1) follower.follow(at(20 + second * rate), 60_000 + second * 1000, true);
  const reached = follower.follow(at(620, [[300, SCORE - 1], [500, SCORE + 1]]), 90_500, true);
  assert.ok(reached?.kind === "reached");
  assert.deepEqual([reached.step, Math.round(reached.seconds)], [400, 20]);
  assert.equal(reached.made, follower.made);
  // Other settings are another run, of which nobody knows.
  assert.equal(follower.follow(at(640), 91_000, false), null);
  assert.equal(follower.made, null);
});

test("a run that is later than all that were measured says so, and a slow one is told of a faster preset", () => {
  const preset = /** @type {string} */ (Object.keys(READABLE)[0]);
  const last = Math.max(...(READABLE[preset]?.steps ?? [0]));
  const at = (/** @type {number} */ step, /** @type {number} */ rate) => /** @type {any} */ ({
    train: { ...BLANK.train, phase: "playing", settings: { preset }, row: { step }, stepsPerSecond: rate }, judge: BLANK.judge,
  });
  const late = new Follower();
  late.follow(at(1, 10), 0, true);
  assert.equal(late.follow(at(last + 1, 10), 2000, true)?.kind, "late");
  if (!READABLE["compact"] || !READABLE["tiny"]) return;
  const slow = new Follower();
  const of = (/** @type {number} */ step) => ({ ...at(step, 0.5), train: { ...at(step, 0.5).train, settings: { preset: "compact" } } });
  slow.follow(of(1), 0, true);
  const told = slow.follow(of(2), 3000, true);
  assert.ok(told?.kind === "ahead" && told.faster && told.faster.seconds < told.now.seconds);
});
