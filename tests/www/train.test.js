import assert from "node:assert/strict";
import { test } from "node:test";
import { sentence } from "../../www/mnist/opinion.js";
import { table } from "../../www/mnist/files.js";
import { fileFault } from "../../www/shell/faults.js";
import { GridHistory } from "../../www/mnist/grid_history.js";
import { Records } from "../../www/mnist/records.js";
import { load, translator } from "../../www/shell/language.js";
import { defaults, format, parse } from "../../www/shell/state.js";
import { NAMES, patchOf, settingsOf } from "../../www/mnist/state.js";

const RECOMMENDED = Object.freeze({
  preset: "paper", batch: 100, k: 1, loss: "non-saturating", optimiserD: "momentum", optimiserG: "momentum", rateD: 0.05, rateG: 0.1,
  momentumD: 0.5, momentumG: 0.5, activationD: "maxout", activationG: "relu", batchNorm: false, smoothing: 0, spectralNorm: false,
  r1: 0, ema: 0, halfLife: 173_287, seed: 1,
});

test("settings are the preset's, and over them what the link says", () => {
  const { state, rejected } = parse("#net=paper&t-k=5&t-norm=on&t-d-f=tanh&t-g-rate=0.02&train-seed=9");
  assert.deepEqual(rejected, []);
  const settings = settingsOf(state, RECOMMENDED);
  assert.deepEqual(settings, { ...RECOMMENDED, k: 5, batchNorm: true, activationD: "tanh", rateG: 0.02, seed: 9 });
  assert.deepEqual(settingsOf({ ...defaults(), ...patchOf(settings, RECOMMENDED) }, RECOMMENDED), settings);
  assert.equal(format({ ...defaults(), .../** @type {any} */ (patchOf(settings, RECOMMENDED)) }), format(state));
});

test("every setting of a run falls back by itself and is named", () => {
  const nonsense = "t-batch=0&t-k=21&t-loss=hinge&t-d-by=rmsprop&t-g-by=&t-d-rate=2&t-g-rate=1e-3&t-d-beta=1&t-g-beta=-1&t-d-f=gelu&t-g-f=elu"
    + "&t-order=never&t-norm=yes&t-smooth=0.6&t-spectral=1&t-r1=-1&t-ema=1&t-half=x&grid=9";
  assert.equal(nonsense.split("&").length, NAMES.length + 1);
  const { state, rejected } = parse(`#${nonsense}&t-k=2`);
  assert.deepEqual(rejected, nonsense.split("&"));
  assert.deepEqual(state, { ...defaults(), trainK: 2 });
});

test("maxout is refused where the networks have none", () => {
  assert.deepEqual(parse("#t-d-f=maxout").rejected, ["t-d-f=maxout"]);
  assert.deepEqual(parse("#net=paper&t-d-f=maxout&t-g-f=maxout").rejected, ["t-g-f=maxout"]);
});

test("the grids of the whole run are there, in bounded room", () => {
  const grids = new GridHistory(8);
  for (let step = 1; step <= 100; step += 1) grids.push({ step, images: new Uint8Array(1) });
  const steps = grids.copy().map((grid) => grid.step);
  assert.ok(steps.length < 8 && steps.length >= 4, String(steps));
  assert.equal(steps[0], 1);
  const gaps = steps.slice(1).map((step, i) => step - (steps[i] ?? 0));
  assert.equal(new Set(gaps).size, 1, `unequal gaps: ${steps}`);
  grids.cut(40);
  assert.ok(grids.copy().every((grid) => grid.step <= 40));
});

/** @param {number} step @param {Record<string, number>} [other] */
const row = (step, other = {}) =>
  /** @type {any} */ ({ step, imagesSeen: 0, epoch: 0, lossD: 1, lossG: 2, dReal: 0.6, dFake: 0.4, gradD: 3, gradG: 4, seconds: 0, ...other });

test("judging reads each row once: the first fifty, the last fifty, and the first that is not finite", () => {
  const records = new Records();
  for (let step = 1; step <= 60; step += 1) records.push(row(step));
  assert.equal(records.history().length, 60 * 6);
  for (let step = 61; step <= 400; step += 1) records.push(row(step, step === 200 ? { lossG: NaN } : {}));
  const history = records.history();
  const steps = Array.from({ length: history.length / 6 }, (_, i) => history[6 * i]);
  assert.deepEqual(steps, [...Array.from({ length: 50 }, (_, i) => i + 1), 200, ...Array.from({ length: 50 }, (_, i) => i + 351)]);
  assert.deepEqual([...history.slice(0, 6)], [1, 1, 2, 0.6, 0.4, 4]);
  // Rows are of doubles, in which every step is exact.
  assert.equal(new Set(steps).size, steps.length);
  assert.ok(records.wrong);
  records.cut(150);
  assert.ok(!records.wrong);
});

test("a run that is kept shows the same curves again", () => {
  const records = new Records();
  for (let step = 1; step <= 5000; step += 1) records.push(row(step, { lossD: step }));
  const again = new Records();
  again.load(structuredClone(records.save()));
  assert.deepEqual(again.curves(), records.curves());
  for (const one of [records, again]) for (let step = 5001; step <= 5004; step += 1) one.push(row(step));
  assert.deepEqual(again.curves(), records.curves());
});

test("steps beyond what single precision tells apart are told apart, and a norm that is not a number is a fault", () => {
  const records = new Records();
  for (const step of [2 ** 24, 2 ** 24 + 1]) records.push(row(step));
  assert.deepEqual([records.history()[0], records.history()[6]], [2 ** 24, 2 ** 24 + 1]);
  assert.ok(!records.wrong);
  records.push(row(2 ** 24 + 2, { gradG: NaN }));
  assert.ok(records.wrong);
});

await Promise.all([load("en"), load("zh")]);

test("what is wrong with a file is said in the page's language, by its code", () => {
  const codes = /** @type {const} */ (["damaged", "foreign", "unknown-network", "missing-tensor", "newer", "older", "shape", "not-finite", "other-network", "settings"]);
  const [en, zh] = [translator("en"), translator("zh")];
  const fault = (/** @type {(typeof codes)[number] | "other-kind" | "device" | ""} */ code) => ({ code, message: "this file has format 9, this program reads up to 2", kind: null });
  const said = codes.map((code) => fileFault(fault(code), zh));
  for (const words of said) assert.match(words, /[\u4e00-\u9fff]/);
  assert.equal(new Set(said).size, codes.length);
  // The details are Rust's.
  for (const t of [en, zh]) for (const code of codes) if (code !== "foreign") assert.match(fileFault(fault(code), t), /format 9.*up to 2/, code);
  // Whole files that are not for this, by what they hold.
  const kinds = /** @type {const} */ (["generator", "classifier"]).map((kind) => fileFault({ ...fault("other-kind"), kind }, en));
  assert.match(kinds[0] ?? "", /G alone/);
  assert.match(kinds[1] ?? "", /classifier/);
  assert.equal(fileFault(fault("device"), zh), fault("").message);
  assert.equal(fileFault(fault(""), zh), fault("").message);
});

test("each verdict is a sentence with its numbers", () => {
  const t = translator("en");
  assert.equal(sentence({ kind: "few-classes", classes: [0, 1], share: 0.8, samples: 2000 }, t), "Mostly 0s and 1s: 80 % of 2,000 samples.");
  assert.match(sentence({ kind: "not-a-number", step: 413 }, t), /step 413/);
  assert.match(sentence({ kind: "discriminator-won", dReal: 0.99, dFake: 0.001, gradient: 0.02 }, t), /vanishing.*0\.990.*0\.0010.*2\.0 %/);
  assert.doesNotMatch(sentence({ kind: "discriminator-won", dReal: 0.99, dFake: 0.001, gradient: null }, t), /vanishing/);
  assert.match(sentence({ kind: "grey", middle: 0.62 }, t), /62 %/);
  assert.match(sentence({ kind: "all-alike", nearest: 1.2, nearestReal: 9.34 }, t), /1\.2.*9\.3/);
});

test("the table has a row for each step of the curves and of the judgements, in order", () => {
  const records = new Records();
  for (const step of [1, 2, 3]) records.push(row(step));
  const scores = { mnistScore: [7.5, 0.1], classTv: [0.1, 0.01], frechet: [4, 0.1] };
  const course = [{ step: 2, opinion: { samples: 2000, scores, verdicts: [] } }, { step: 3, opinion: { samples: 20, scores: { ...scores, frechet: null }, verdicts: [] } }];
  const lines = table(/** @type {any} */ ({ train: { curves: records.curves() }, judge: { course } })).trim().split("\n");
  assert.equal(lines[0], "step,lossD,lossG,dReal,dFake,gradD,gradG,samples,mnistScore,classTv,frechet");
  assert.deepEqual(lines.slice(1), ["1,1,2,0.6,0.4,3,4,,,,", "2,1,2,0.6,0.4,3,4,,,,", "2,,,,,,,2000,7.5,0.1,4", "3,1,2,0.6,0.4,3,4,,,,", "3,,,,,,,20,7.5,0.1,"]);
});
