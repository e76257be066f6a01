import assert from "node:assert/strict";
import { test } from "node:test";
import { table } from "../../www/game/export.js";
import { patch } from "../../www/game/settings.js";
import { find } from "../../www/game/find_figure1.js";
import { MomentHistory } from "../../www/game/moment_history.js";
import { flatDefaults, flatten, mend, nest } from "../../www/game/state.js";
import { add, iterations, read, total, until, write } from "../../www/game/moves.js";
import { arrowScale, pushes, strength } from "../../www/game/draw_arrows.js";
import { folds, preimages } from "../../www/game/folds.js";
import { SvgPen } from "../../www/game/svg.js";
import { compare } from "../../www/game/held_run.js";
import { Run } from "../../www/game/run.js";

const known = (/** @type {string} */ key, /** @type {string} */ value) => key === "k-d" && /^\d+$/.test(value);

test("a course is read as it is written, and equal acts are one", () => {
  const text = "400i_5d_k-d~3_20o_2g_300i";
  const moves = read(text, known);
  assert.ok(moves);
  assert.equal(write(moves), text);
  assert.equal(total(moves), 727);
  assert.equal(iterations(moves), 700);
  assert.equal(write(read("1i_2i_k-d~1_k-d~2_3d", known) ?? []), "3i_k-d~2_3d");
});

test("nonsense is no course", () => {
  for (const text of ["5x", "0i", "-1i", "5i_", "k-d~x", "k-g~1", "1i 2i", "2t", "9999999i_9999999i", "60000d"]) {
    assert.equal(read(text, known), undefined, text);
  }
});

test("a course up to a moment has the settings that were made there, and none later", () => {
  const moves = read("10i_k-d~3_5d_k-d~4_20i", known) ?? [];
  assert.equal(write(until(moves, 0)), "");
  assert.equal(write(until(moves, 7)), "7i");
  assert.equal(write(until(moves, 10)), "10i_k-d~3");
  assert.equal(write(until(moves, 12)), "10i_k-d~3_2d");
  assert.equal(write(until(moves, 15)), "10i_k-d~3_5d_k-d~4");
  assert.equal(write(until(moves, 99)), write(moves));
  assert.deepEqual(add(until(moves, 7), { act: "i", n: 3 }), [{ act: "i", n: 10 }]);
});

test("settings go to Rust's shape and back", () => {
  const flat = { ...flatDefaults(), target: /** @type {const} */ ("drawn"), drawn: Array.from({ length: 64 }, (_, i) => i), dRate: 0.02 };
  assert.deepEqual(flatten(nest(flat)), flat);
  assert.deepEqual(nest({ ...flat, target: "gaussian" }).drawn, []);
});

test("a game in the plane goes to Rust's shape and back, and one on the line says nothing of it", () => {
  const flat = {
    ...flatDefaults(), dimension: /** @type {const} */ ("2"), plane: /** @type {const} */ ("drawn"), points: [-3.5, 0, 1.25, 2], latent: /** @type {const} */ ("1"), deviation: 0.4, gLayers: 1,
  };
  assert.deepEqual(flatten(nest(flat)), flat);
  assert.deepEqual(nest({ ...flat, plane: "moons" }).points, []);
  for (const key of ["plane", "points", "latent"]) assert.ok(!(key in nest({ ...flat, dimension: "1" })), key);
  assert.deepEqual(mend({ ...flat, points: [] }).wrong, ["plane"]);
  const wide = mend({ ...flat, deviation: 0.6 });
  assert.deepEqual([wide.flat.deviation, wide.wrong], [0.5, ["deviation"]]);
  assert.deepEqual(mend({ ...flat, dimension: "1", deviation: 0.6 }).wrong, []);
});

test("fields that contradict each other fall back together", () => {
  assert.deepEqual(mend({ ...flatDefaults(), target: "drawn" }).wrong, ["target"]);
  assert.deepEqual(mend({ ...flatDefaults(), decayFrom: 5000 }).wrong, ["decayFrom", "decayTo"]);
  assert.deepEqual(mend({ ...flatDefaults(), decayFrom: 0, decayTo: 0 }).wrong, []);
});

test("the ends of the fall of the rates stay in order whichever is moved", () => {
  const flat = flatDefaults();
  const heights = () => Array(64).fill(1);
  for (const [name, value] of /** @type {const} */ ([["decayFrom", 4000], ["decayFrom", 9000], ["decayTo", 2000], ["decayTo", 1], ["decayTo", 0]])) {
    assert.deepEqual(mend({ ...flat, ...patch(name, value, flat, heights) }).wrong, [], `${name} ${value}`);
  }
  assert.deepEqual(patch("target", "drawn", flat, heights), { target: "drawn", drawn: heights() });
});

/** @param {number} at @param {Partial<import("../../www/types.d.ts").GameNumbers>} [numbers] */
const moment = (at, numbers = {}) => /** @type {import("../../www/protocol.d.ts").GameMoment} */ (/** @type {unknown} */ ({ at, frame: { iteration: at, dSteps: at, gSteps: at, numbers } }));

test("the moments of a run stay few, keep the start, and forget what a branch replaces", () => {
  const moments = new MomentHistory(8);
  for (let at = 0; at <= 1000; at += 1) moments.push(moment(at));
  const kept = moments.copy().map(({ at }) => at);
  assert.ok(kept.length >= 4 && kept.length < 8, String(kept));
  assert.equal(kept[0], 0);
  assert.ok(kept.every((at, i) => i === 0 || at > (kept[i - 1] ?? Infinity)));
  const middle = kept[2] ?? NaN;
  assert.equal(moments.near(middle + 1)?.at, middle);
  moments.cut(middle);
  assert.deepEqual(moments.copy().map(({ at }) => at), kept.slice(0, 3));
});

/** Stands in for Rust's game: its state is the list of all that was done to it. */
class FakeGame {
  /** Games that are there, and iterations and steps that were played by any of them. */
  static alive = 0;
  static played = 0;
  /** @type {string[]} */
  done = [];
  constructor() {
    FakeGame.alive += 1;
  }
  fork() {
    const game = new FakeGame();
    game.restore(this);
    return game;
  }
  /** @param {FakeGame} moment */
  restore(moment) {
    this.done = [...moment.done];
  }
  /** @param {{kD: number}} settings */
  configure({ kD }) {
    this.done.push(`k${kD}`);
  }
  /** @param {string} act @param {number} n */
  play(act, n) {
    FakeGame.played += n;
    for (let i = 0; i < n; i += 1) this.done.push(act);
  }
  /** @param {number} n */
  step(n) {
    this.play("i", n);
  }
  /** @param {number} n */
  stepD(n) {
    this.play("d", n);
  }
  /** @param {number} n */
  stepG(n) {
    this.play("g", n);
  }
  countIteration() {
    this.done.push("t");
  }
  /** @param {number} n */
  optimum(n) {
    this.play("o", n);
    return { steps: n, sup: 1, reached: false };
  }
  free() {
    FakeGame.alive -= 1;
  }
}

/** @param {...number} iterations played in one go each */
function playedRun(...iterations) {
  FakeGame.alive = FakeGame.played = 0;
  const run = new Run(/** @type {any} */ (FakeGame), flatDefaults());
  for (const n of iterations) run.go("i", n);
  const here = () => /** @type {FakeGame} */ (/** @type {unknown} */ (run.game)).done.join("");
  return { run, here };
}

test("scrubbing back and forth shows the same moments, and plays hardly anything again", () => {
  const { run, here } = playedRun(1003, 1, 1, 5000);
  run.change([{ act: "set", key: "k-d", value: "3" }]);
  run.go("d", 7);
  run.go("o", 60);
  run.go("i", 933);
  const end = here();
  assert.equal(end, `${"i".repeat(6005)}k3${"d".repeat(7)}${"o".repeat(60)}${"i".repeat(933)}`);
  const before = FakeGame.played;
  for (const at of [0, 6500, 3, 6999, 1004, 6012, 6005, 42, 7005]) {
    run.seek(at);
    assert.equal(run.at, at);
    // What was set at the end of a move belongs to the moment.
    assert.equal(here(), at < 6005 ? end.slice(0, at) : end.slice(0, at + 2), `at ${at}`);
  }
  assert.ok(FakeGame.played - before < 9 * 60, `${FakeGame.played - before} played again`);
});

test("a run of any length has few forks, and none is left when it is let go", () => {
  const { run, here } = playedRun(50_000, ...Array(400).fill(30));
  assert.ok(FakeGame.alive > 200 && FakeGame.alive <= 514, String(FakeGame.alive));
  const before = FakeGame.played;
  run.seek(31_415);
  assert.equal(here().length, 31_415);
  assert.ok(FakeGame.played - before <= 320, `${FakeGame.played - before} played again`);
  // A branch: what came after is forgotten, with its forks.
  run.go("g", 1);
  assert.equal(run.total, 31_416);
  assert.equal(here().slice(-2), "ig");
  run.free();
  assert.equal(FakeGame.alive, 0);
});

test("steps of an iteration that is played line by line become one iteration, and go back to its start", () => {
  const { run, here } = playedRun(40);
  run.go("d", 1);
  run.go("g", 1);
  run.go("t", 1);
  run.merge(40);
  assert.deepEqual(run.moves, [{ act: "i", n: 41 }]);
  run.seek(40);
  assert.equal(here(), "i".repeat(40));
  run.seek(41);
  assert.equal(here(), "i".repeat(41));
});

test("Figure 1 takes the moments its criteria name, and none when there are none", () => {
  const moments = [
    moment(1, { jsd: 0.2, supDDStar: 0.5, supDHalf: 0.4 }), moment(2, { jsd: 0.05, supDDStar: 0.3, supDHalf: 0.2 }),
    moment(3, { jsd: 0.021, supDDStar: 0.2, supDHalf: 0.2 }), moment(4, { jsd: 0.02, supDDStar: 0.01, supDHalf: 0.2 }),
    moment(5, { jsd: 0.004, supDDStar: 0.1, supDHalf: 0.04 }), moment(6, { jsd: 0.001, supDDStar: 0.1, supDHalf: 0.02 }),
  ];
  const { a, d } = find(moments);
  assert.deepEqual([a?.at, d?.at], [3, 6]);
  assert.deepEqual(find(moments.slice(0, 1)), { a: null, d: null });
});

test("a fold is where G turns, and an increasing G has none", () => {
  const z = Float32Array.from({ length: 61 }, (_, i) => -3 + i / 10);
  assert.deepEqual(folds({ z, gz: z.map((v) => v ** 3) }).turns, []);
  assert.ok(folds({ z, gz: z.map((v) => -v) }).backward.every((back) => !back), "decreasing throughout is no fold");
  const cubic = { z, gz: z.map((v) => v ** 3 - 3 * v) };
  const { turns, backward } = folds(cubic);
  assert.deepEqual(turns.map((turn) => Math.round(turn.z)), [-1, 1]);
  assert.deepEqual(turns.map((turn) => Math.round(turn.x)), [2, -2]);
  assert.equal(backward[30], true);
  assert.equal(backward[0], false);
  assert.equal(preimages(cubic, 0.01), 3);
  assert.equal(preimages(cubic, 10), 1);
});

test("pushes are the two weights of the loop section times the slope, at one scale", () => {
  const samples = { x: Float32Array.of(0, 1), d: Float32Array.of(0.25, 0.5), slope: Float32Array.of(2, -4) };
  const { minimax, nonSaturating } = pushes(samples);
  assert.deepEqual([...minimax], [0.5, -2]);
  assert.deepEqual([...nonSaturating], [1.5, -2]);
  assert.equal(strength(minimax), 1.25);
  assert.equal(arrowScale([minimax, nonSaturating]), 32);
});

test("the SVG pen closes what it opens and escapes its text", () => {
  const pen = new SvgPen();
  pen.save();
  pen.translate(3, 4);
  pen.beginPath();
  pen.rect(0, 0, 10, 10);
  pen.clip();
  pen.beginPath();
  pen.moveTo(1, 2);
  pen.lineTo(3.14159, -0.001);
  pen.setLineDash([2, 1]);
  pen.stroke();
  pen.restore();
  pen.font = 'italic 14px "STIX Two Text", serif';
  pen.fillText("a < b & c", 1, 1);
  const svg = pen.document(100, 50, "#fff", "t");
  assert.equal(svg.match(/<g /g)?.length, svg.match(/<\/g>/g)?.length);
  assert.match(svg, /d="M1 2L3\.14 0"/);
  assert.match(svg, /stroke-dasharray="2 1"/);
  assert.match(svg, /font-style="italic"/);
  assert.match(svg, /a &lt; b &amp; c/);
});

test("the table has a row for each moment, and no word where there is no number", () => {
  const lines = table([moment(0, { v: -1.5, vBatch: NaN }), moment(7, { v: -1.25 })]).trim().split("\n");
  assert.equal(lines.length, 3);
  assert.match(lines[0] ?? "", /^iteration,dSteps,gSteps,v,/);
  assert.match(lines[1] ?? "", /^0,0,0,-1\.5,/);
  assert.doesNotMatch(lines[1] ?? "", /NaN/);
});

test("what two courses have in common, and what is still to be played of the other", () => {
  const of = (/** @type {string} */ text) => (text === "" ? [] : (read(text, known) ?? []));
  const told = (/** @type {string} */ own, /** @type {string} */ wanted) => {
    const { agreed, rest, parted } = compare(of(own), of(wanted));
    return [agreed, write(rest), parted];
  };
  assert.deepEqual(told("", "4i_2d"), [0, "4i_2d", false]);
  assert.deepEqual(told("4i", "9i_2d"), [4, "5i_2d", false]);
  assert.deepEqual(told("9i_2d", "4i"), [4, "", false], "it is ahead");
  assert.deepEqual(told("9i", "4i_2d"), [4, "2d", true]);
  assert.deepEqual(told("4i_2d", "9i"), [4, "5i", true]);
  assert.deepEqual(told("4i_k-d~2", "4i_k-d~2_1i"), [4, "1i", false]);
  assert.equal(told("4i_k-d~2", "4i_1i")[0], -1, "a setting that is not to be");
});
