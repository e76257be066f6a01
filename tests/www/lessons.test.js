import assert from "node:assert/strict";
import { test } from "node:test";
import { faults, holds, read } from "../../www/lessons/conditions.js";
import { defaults, gameOf, parse } from "../../www/shell/state.js";
import { BLANK } from "../../www/shell/blank.js";

const START = "#lab-game&g-rate=0.001";

/** A moment of a game that began with these settings. @param {string} hash @param {{jsd?: number, moves?: any[], record?: string}} [of] @returns {any} */
function moment(hash, { jsd = 0.001, moves = [], record = hash } = {}) {
  const { state } = parse(hash);
  const game = { ...BLANK.game, frame: { iteration: 10, dSteps: 10, gSteps: 10, numbers: { jsd } }, course: { start: gameOf(state), moves, total: 10 }, settings: gameOf(state) };
  return { ...BLANK, game, record: parse(record).state };
}
const solves = (/** @type {string} */ condition, /** @type {any} */ snapshot) => holds(read(condition), snapshot, parse(START).state);

test("a number is compared with its limit, and one that is not there meets none", () => {
  assert.equal(solves("game.jsd < 0.002", moment(START)), true);
  assert.equal(solves("game.jsd < 0.002, game.iteration >= 11", moment(START)), false);
  assert.equal(solves("game.jsd < 0.002", moment(START, { jsd: NaN })), false);
  assert.equal(solves("fig.shift.jsdSlope < 1", moment(START)), false);
});

test("what was to stay is looked at from the first moment on", () => {
  const other = START.replace("0.001", "0.002");
  assert.equal(solves("game.only: g-rate", moment(other)), true);
  assert.equal(solves("game.same: g-rate", moment(other)), false);
  assert.equal(solves("game.only: g-rate", moment(`${other}&seed=2`)), false);
  const there = [{ act: "i", n: 5 }, { act: "set", key: "k-d", value: "5" }, { act: "i", n: 5 }, { act: "set", key: "k-d", value: "1" }];
  assert.equal(solves("game.only: g-rate", moment(START, { moves: there })), false);
  assert.equal(solves("game.same: seed g-rate", moment(START, { moves: there })), true);
});

test("a run that makes way for another solves nothing", () => {
  assert.equal(solves("game.jsd < 0.002", moment(START, { record: "#lab-game&seed=9" })), false);
  const snapshot = moment(START);
  assert.equal(solves("game.jsd < 0.002", { ...snapshot, game: { ...snapshot.game, replaying: true } }), false);
});

test("a task and a stop of the walk are in the link, and nothing else passes for one", () => {
  assert.equal(parse("#task=plain&walk=3").state.task, "plain");
  assert.equal(parse("#walk=3").state.walk, 3);
  assert.deepEqual(parse("#task=Two%20words&walk=-1").rejected, ["task=Two words", "walk=-1"]);
  assert.equal(defaults().task, "");
});

test("what the page cannot judge is named", () => {
  assert.deepEqual(faults({ name: "a", condition: "game.only: seed k-d, judge.grey = 1", links: [START] }), []);
  assert.match(faults({ name: "a", condition: "game.only: seeds", links: [START] }).join(), /game\.only: seeds/);
  assert.match(faults({ name: "a", condition: "game.jsd < 1", links: ["#idea"] }).join(), /#idea/);
});
