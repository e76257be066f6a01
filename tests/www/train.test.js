import assert from "node:assert/strict";
import { test } from "node:test";
import { sentence } from "../../www/controls/train_judge.js";
import { table } from "../../www/controls/train_files.js";
import { fileFault } from "../../www/faults.js";
import { Film } from "../../www/lab/film.js";
import { Records } from "../../www/lab/records.js";
import { translator } from "../../www/language.js";
import { extract, header } from "../../www/safetensors.js";
import { defaults, format, parse } from "../../www/state.js";
import { NAMES, patchOf, settingsOf } from "../../www/state/train.js";

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
    + "&t-norm=yes&t-smooth=0.6&t-spectral=1&t-r1=-1&t-ema=1&t-half=x&grid=9";
  assert.equal(nonsense.split("&").length, NAMES.length + 1);
  const { state, rejected } = parse(`#${nonsense}&t-k=2`);
  assert.deepEqual(rejected, nonsense.split("&"));
  assert.deepEqual(state, { ...defaults(), trainK: 2 });
});

test("maxout is refused where the networks have none", () => {
  assert.deepEqual(parse("#t-d-f=maxout").rejected, ["t-d-f=maxout"]);
  assert.deepEqual(parse("#net=paper&t-d-f=maxout&t-g-f=maxout").rejected, ["t-g-f=maxout"]);
});

test("a film keeps the whole run in bounded room", () => {
  const film = new Film(8);
  for (let step = 1; step <= 100; step += 1) film.push({ step, images: new Uint8Array(1) });
  const steps = film.copy().map((grid) => grid.step);
  assert.ok(steps.length < 8 && steps.length >= 4, String(steps));
  assert.equal(steps[0], 1);
  const gaps = steps.slice(1).map((step, i) => step - (steps[i] ?? 0));
  assert.equal(new Set(gaps).size, 1, `unequal gaps: ${steps}`);
  film.cut(40);
  assert.ok(film.copy().every((grid) => grid.step <= 40));
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
  assert.deepEqual([...history.slice(0, 6)], [1, 1, 2, Math.fround(0.6), Math.fround(0.4), 4]);
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

/** @param {Record<string, unknown>} head @param {number[]} data */
function safetensors(head, data) {
  const json = new TextEncoder().encode(JSON.stringify(head));
  const bytes = new Uint8Array(8 + json.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  bytes.set(data, 8 + json.length);
  return bytes;
}

test("one network is taken out of a file with its names, shapes and bytes", () => {
  const file = safetensors({
    __metadata__: { saddle: "weights", step: "7" },
    "discriminator.0.w": { dtype: "F16", shape: [2], data_offsets: [0, 4] },
    "generator.average.0.w": { dtype: "F16", shape: [1, 2], data_offsets: [4, 8] },
    "generator.0.w": { dtype: "F16", shape: [1, 2], data_offsets: [8, 12] },
    "generator.average.1.b": { dtype: "F16", shape: [1], data_offsets: [12, 14] },
  }, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]);
  const alone = extract(file, "generator.average.", "generator.", { step: "7" });
  const read = header(alone);
  assert.ok(read);
  assert.equal(read.start % 8, 0);
  assert.deepEqual([...read.tensors], [
    ["generator.0.w", { dtype: "F16", shape: [1, 2], data_offsets: [0, 4] }],
    ["generator.1.b", { dtype: "F16", shape: [1], data_offsets: [4, 6] }],
  ]);
  assert.deepEqual([...alone.subarray(read.start)], [5, 6, 7, 8, 13, 14]);
  for (const broken of [new Uint8Array(3), file.subarray(0, 20), new Uint8Array(64).fill(255)]) assert.equal(header(broken), null);
});

test("what is wrong with a file is said in the page's language", () => {
  const t = translator("zh");
  const cases = [
    "this is not a whole safetensors file (header too large). Download or save it again",
    "this safetensors file was not written by Saddle: version is missing. Choose one that Saddle saved",
    "this file has format 9, this program reads up to 2. Use a newer Saddle",
    "this run was saved in format 1, which has fewer settings than this Saddle needs. Begin a new run",
    "tensor generator.0.dense.weight is F32 [3], but the network needs F16 or F32 [64, 3136]. Choose a file of this network",
    "tensor generator.0.dense.weight holds values that are not finite: that run had diverged. Choose an earlier file",
    "this file is of the networks tiny, not compact, G with tanh. Choose those, or another file",
  ];
  const said = cases.map((message) => fileFault(message, t));
  for (const words of said) assert.match(words, /[\u4e00-\u9fff]/);
  assert.equal(new Set(said).size, cases.length);
  assert.match(said[2] ?? "", /9.*2/);
  assert.equal(fileFault("something else", t), "something else");
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
  const opinion = { samples: 2000, scores: { mnistScore: [7.5, 0.1], classTv: [0.1, 0.01], frechet: [4, 0.1] }, verdicts: [] };
  const lines = table(/** @type {any} */ ({ train: { curves: records.curves() }, judge: { course: [{ step: 2, opinion }] } })).trim().split("\n");
  assert.equal(lines[0], "step,lossD,lossG,dReal,dFake,gradD,gradG,samples,mnistScore,classTv,frechet");
  assert.deepEqual(lines.slice(1), ["1,1,2,0.6,0.4,3,4,,,,", "2,1,2,0.6,0.4,3,4,,,,", "2,,,,,,,2000,7.5,0.1,4", "3,1,2,0.6,0.4,3,4,,,,"]);
});
