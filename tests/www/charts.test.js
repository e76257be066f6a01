import assert from "node:assert/strict";
import { test } from "node:test";
import { changes } from "../../www/game/curves.js";
import { add } from "../../www/game/moves.js";
import { titleOf } from "../../www/shell/title.js";
import { load, translator } from "../../www/shell/language.js";
import { reading } from "../../www/shell/curves.js";

const LOOK = {
  lines: [{ token: "discriminator", width: 1, name: () => "D" }, { token: "generated", width: 1, name: () => "G", digits: 1 }],
  label: () => "losses", place: (/** @type {number} */ x) => `step ${x}`,
};

test("what is read at a place is each line's value there, and what happened between it and the next", () => {
  const data = [[10, 20, 30], [1, -0.25, NaN], [2, 3, 4]];
  const marks = [{ at: 24, words: "rate" }, { at: 20, words: "batch" }, { at: 30, words: "k" }];
  assert.equal(reading(data, 0, LOOK, marks), "step 10: D 1.000, G 2.0");
  assert.equal(reading(data, 1, LOOK, marks), "step 20: D \u22120.250, G 3.0. rate. batch");
  assert.equal(reading(data, 2, LOOK, marks), "step 30: D \u2013, G 4.0. k");
});

test("settings of a game that changed are found at their iterations", () => {
  /** @type {import("../../www/game/moves.js").Move[]} */
  let moves = [];
  for (const move of /** @type {import("../../www/game/moves.js").Move[]} */ ([
    { act: "i", n: 40 }, { act: "d", n: 5 }, { act: "set", key: "k-d", value: "3" }, { act: "set", key: "r1", value: "1" }, { act: "i", n: 2 },
    { act: "set", key: "k-d", value: "1" },
  ])) moves = add(moves, move);
  assert.deepEqual(changes(moves), [{ at: 40, keys: ["k-d", "r1"] }, { at: 42, keys: ["k-d"] }]);
});

test("the title says how far a run is, to whoever looks at another tab", async () => {
  await load("en");
  const t = translator("en");
  const row = { step: 1500, epoch: 0.75 };
  const train = { phase: "playing", row, stepsPerSecond: 10, settings: { batch: 50 }, memory: 2e8 };
  const title = (/** @type {object} */ other, hidden = true) => titleOf(/** @type {any} */ ({ train: { ...train, ...other } }), t, hidden);
  // A quarter of 60,000 images at 500 a second.
  assert.match(title({}), /^Step 1,500, 10\.0 steps\/s, 0:30 left in the epoch, 200 MB/);
  assert.match(title({ phase: "paused" }), /^Paused at step 1,500/);
  assert.equal(title({}, false), t("page.title"));
  assert.equal(title({ row: null }), t("page.title"));
});
