import assert from "node:assert/strict";
import { test } from "node:test";
import { GROUP, MOST, StepsAhead } from "../../www/mnist/steps_ahead.js";

/** A device that takes `ms` for a step, and a clock that it moves. @param {number} ms */
function device(ms) {
  /** @type {{clock: number, step: number, groups: number[]}} */
  const state = { clock: 0, step: 0, groups: [] };
  const advance = async (/** @type {number} */ n) => {
    state.groups.push(n);
    const first = state.step + 1;
    state.step += n;
    await Promise.resolve();
    state.clock += n * ms;
    return /** @type {any[]} */ (Array.from({ length: n }, (_, i) => ({ step: first + i })));
  };
  return { state, advance, now: () => state.clock };
}

/** @param {StepsAhead} ahead @param {number} steps */
async function play(ahead, steps) {
  let left = steps;
  /** @type {number[]} */
  const seen = [];
  let total = 0;
  while (left > 0 || ahead.underWay > 0) {
    left -= ahead.fill(left);
    const { found, ms } = await ahead.receive();
    seen.push(...found.map((stats) => stats.step));
    total += ms;
  }
  return { seen, total };
}

test("no step is lost, none is told twice, and the time is all told", async () => {
  for (const ms of [0.01, 3, 500]) for (const steps of [1, 2, 7, 1000]) {
    const { state, advance, now } = device(ms);
    const { seen, total } = await play(new StepsAhead(advance, 2, now), steps);
    assert.deepEqual(seen, Array.from({ length: steps }, (_, i) => i + 1));
    assert.equal(total, state.clock);
  }
});

test("a group takes what it may, whatever a step takes", async () => {
  const quick = device(2);
  await play(new StepsAhead(quick.advance, 1, quick.now), 500);
  assert.deepEqual(quick.state.groups.slice(0, 6), [1, 2, 4, 8, 16, GROUP / 2]);
  assert.ok(quick.state.groups.every((n) => 2 * n <= GROUP), String(quick.state.groups));

  const slow = device(2000);
  await play(new StepsAhead(slow.advance, 2, slow.now), 10);
  assert.deepEqual(slow.state.groups, Array(10).fill(1));

  const instant = device(0);
  await play(new StepsAhead(instant.advance, 2, instant.now), 5000);
  assert.equal(Math.max(...instant.state.groups), MOST);
});

test("a group under way is another's while the device works, and no more", async () => {
  const { advance, now } = device(1);
  const ahead = new StepsAhead(advance, 2, now);
  assert.equal(ahead.fill(Infinity), 2);
  assert.equal(ahead.underWay, 2);
  assert.equal(ahead.fill(Infinity), 0);
  await ahead.receive();
  assert.equal(ahead.underWay, 1);
});

test("what was done between groups is not counted as steps", async () => {
  const { state, advance, now } = device(10);
  const ahead = new StepsAhead(advance, 1, now);
  ahead.fill(1);
  assert.equal((await ahead.receive()).ms, 10);
  state.clock += 700;
  ahead.resume();
  ahead.fill(1);
  const { found, ms } = await ahead.receive();
  assert.equal(ms, 10 * found.length);
});

test("a group that fails is told in its turn", async () => {
  const ahead = new StepsAhead(async (n) => {
    if (n === 1) throw new Error("lost");
    return [];
  }, 2, () => 0);
  ahead.fill(2);
  await new Promise((resolve) => setTimeout(resolve, 0));
  await assert.rejects(ahead.receive(), /lost/);
});
