import assert from "node:assert/strict";
import { test } from "node:test";
import { FIELDS, Store, defaults, format, parse } from "../../www/shell/state.js";
import { read } from "../../www/game/moves.js";
import { encodeZ } from "../../www/latent/state.js";

test("an empty hash is the defaults, and the defaults are an empty hash", () => {
  assert.deepEqual(parse(""), { state: defaults(), rejected: [] });
  assert.equal(format(defaults()), "");
});

test("what is written is read back", () => {
  const state = {
    ...defaults(), anchor: "lab-latent", language: /** @type {const} */ ("zh"), gameSeed: 4294967295, gamePace: 0.25 * 16,
    trainDevice: /** @type {const} */ ("webgpu"), trainStart: /** @type {const} */ ("pretrained"), trainSeed: 0,
    trainPreset: /** @type {const} */ ("tiny"), latentA: 12, latentB: encodeZ([0, -8, 7.5, 0.00390625]), latentAt: 0.375,
    latentMoves: [0, -1.25, 0, 0, 8, 0, 0, 0.0001], latentNudge: /** @type {const} */ ([[3, 1.25], [63, -0.5]]), latentLocks: 5,
    latentInk: /** @type {const} */ ([[[0, 63], [12, 5]], [[1, 2]]]), latentOpen: /** @type {const} */ (["plane", "draw"]),
    gameTarget: /** @type {const} */ ("drawn"), gameDrawn: Array.from({ length: 64 }, (_, i) => i), gameGRate: 0.00002, gameKD: 20,
    gameRun: [{ act: /** @type {const} */ ("i"), n: 120 }, { act: /** @type {const} */ ("set"), key: "loss", value: "minimax" }, { act: /** @type {const} */ ("o"), n: 40 }],
    gameMotion: /** @type {const} */ ("slow"),
  };
  assert.deepEqual(parse(format(state)), { state, rejected: [] });
  assert.ok(format(state).startsWith("#lab-latent&"));
});

test("places in the plane are read as pairs within the square, and nothing else", () => {
  const points = [-3.5, 3.5, 0.25, -1];
  assert.deepEqual(parse(format({ ...defaults(), gameDimension: "2", gamePlane: "drawn", gamePoints: points, gameDeviation: 0.3 })).state.gamePoints, points);
  for (const text of ["1", "1,2,3", "1,3.6", "1,x", ","]) assert.deepEqual(parse(`#points=${text}`).rejected, [`points=${text}`]);
});

test("only what differs is written", () => {
  assert.equal(format({ ...defaults(), gameSeed: 7 }), "#seed=7");
  assert.equal(format({ ...defaults(), anchor: "eq-v" }), "#eq-v");
});

test("nonsense falls back field by field and is named", () => {
  const { state, rejected } = parse("#lab-game&seed=-1&pace=180x&lang=zh&t=1.5&z=1,2&device=tpu&colour=red&%E0%A4%A");
  assert.deepEqual(rejected, ["seed=-1", "pace=180x", "t=1.5", "z=1,2", "device=tpu", "colour=red", "%E0%A4%A"]);
  assert.deepEqual(state, { ...defaults(), anchor: "lab-game", language: "zh" });
});

test("settings of the game that contradict each other fall back and are named as they were written", () => {
  const { state, rejected } = parse("#data=drawn&fall-from=4000&k-d=3&run=5i_d-width~3");
  assert.deepEqual(rejected, ["run=5i_d-width~3", "data=drawn", "fall-from=4000"]);
  assert.deepEqual(state, { ...defaults(), gameKD: 3 });
});

test("numbers that only look like numbers are nonsense", () => {
  for (const text of ["1e3", "0x10", " 1", "", "Infinity", "NaN", "1.", "--1", "1.5"]) {
    assert.deepEqual(parse(`#seed=${text}`).rejected, [`seed=${text}`], text);
  }
});

test("no two fields share a key", () => {
  const keys = Object.values(FIELDS).map(({ key }) => key);
  assert.equal(new Set(keys).size, keys.length);
});

test("values of the figures survive a link, and nonsense among them is told", async () => {
  const { ofFigure, withFigure } = await import("../../www/theory/state.js");
  const { state, rejected } = parse("#fig=pair.pMean~-2_kl.qWidth~1.25");
  assert.deepEqual(rejected, []);
  assert.deepEqual(ofFigure(state.figures, "pair"), { pMean: -2 });
  assert.equal(format(state), "#fig=pair.pMean~-2_kl.qWidth~1.25");
  const fields = [{ name: "pMean", value: -0.8 }];
  assert.deepEqual(withFigure(state.figures, "pair", fields, { pMean: -0.8 }), { "kl.qWidth": 1.25 });
  for (const wrong of ["fig=pair", "fig=pair.pMean~x", "fig=a.b~1e9"]) assert.deepEqual(parse(`#${wrong}`).rejected, [wrong]);
});

test("a link of 200 kB is refused before it costs anything", () => {
  const moves = Array.from({ length: 40_000 }, (_, i) => (i % 2 === 0 ? "1d" : "1g")).join("_");
  let calls = 0;
  const counted = read(moves, () => ((calls += 1), true));
  assert.deepEqual([counted, calls], [undefined, 0]);
  // Within what a link may be long each move is looked at once.
  const sets = Array.from({ length: 4999 }, (_, i) => `k-d~${i}`).join("_");
  assert.deepEqual(read(sets, () => ((calls += 1), true)), [{ act: "set", key: "k-d", value: "4998" }]);
  assert.equal(calls, 4999);
  const { state, rejected } = parse(`#run=${moves}&pace=400`);
  assert.equal(state.gamePace, 400);
  assert.equal(rejected.length, 1);
  assert.ok((rejected[0]?.length ?? 0) < 100, "nobody reads 200 kB of nonsense");
  assert.ok(parse(`#${"x=1&".repeat(50_000)}`).rejected.length <= 200);
});

test("what a listener changes is told after all have heard of the first change", () => {
  Object.assign(globalThis, { window: globalThis, location: { hash: "", pathname: "/", search: "" }, history: { replaceState: () => undefined } });
  const store = new Store(defaults());
  /** @type {[string, number, string][]} */
  const heard = [];
  store.listen((state, changed) => {
    heard.push(["first", state.gamePace, [...changed].join()]);
    if (state.gamePace === 2) store.set({ gamePace: 3 }, "first");
  });
  store.listen((state, changed, by) => heard.push([`second ${by}`, state.gamePace, [...changed].join()]));
  store.set({ gamePace: 2 });
  assert.deepEqual(heard, [["first", 2, "gamePace"], ["second ", 2, "gamePace"], ["first", 3, "gamePace"], ["second first", 3, "gamePace"]]);
});

test("a link names in what the held runs differ, and what it says wrongly of them is told", () => {
  const { state, rejected } = parse("#held=g-rate:0.02;k-d:3&t-held=net:tiny;t-loss:minimax&t-held-steps=40");
  assert.deepEqual(rejected, []);
  assert.deepEqual(state.gameHeld, [{ key: "g-rate", value: "0.02" }, { key: "k-d", value: "3" }]);
  assert.deepEqual(parse(format(state)).state, state);
  assert.deepEqual(parse(format({ ...defaults(), gameHeld: [] })).state.gameHeld, []);
  for (const wrong of ["held=", "held=g-rate:quick", "held=dim:2", "held=k-d:1;k-d:2", "held=data:drawn", "t-held=t-loss:none"]) {
    assert.deepEqual(parse(`#${wrong}`).rejected, [wrong]);
    assert.deepEqual([parse(`#${wrong}`).state.gameHeld, parse(`#${wrong}`).state.trainHeld], [null, null]);
  }
});
