// The MNIST laboratory beyond training itself: judging, settings, files, and runs that are saved in the browser.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { environment, open, root, source, until } from "./harness.mjs";

const LINK = "#net=tiny&device=cpu";
const env = environment({ webgpu: false });

/** A page in a storage of its own, with MNIST loaded. */
async function visit(hash = LINK) {
  const context = await env.browser.newContext({ acceptDownloads: true });
  const visited = await open(context, `${env.server.origin}/${hash}`);
  const snapshot = (pick, argument) => visited.page.evaluate(`(${pick})(window.saddle.snapshot(), ${JSON.stringify(argument)})`);
  await loadData(visited.page);
  return { ...visited, snapshot, context, close: () => context.close() };
}

async function loadData(page) {
  await page.click("#data-fetch:not([disabled])", { timeout: 60_000 });
  await page.waitForSelector("#train-play:not([disabled])", { timeout: 60_000 });
}

/** Trains until `steps` and pauses; gives the step it stopped at. */
async function train({ page, snapshot }, steps) {
  await page.click("#train-play:not([disabled])");
  await until(`${steps} steps`, () => snapshot((s, n) => s.train.row?.step >= n, steps), 240);
  await page.click("#train-play");
  await until("a pause", () => snapshot((s) => s.train.phase === "paused"));
  // The step under way is finished; the run is saved after it.
  await page.waitForTimeout(500);
  await until("it is saved", () => snapshot((s) => s.train.savedStep === s.train.row.step));
  return snapshot((s) => s.train.row.step);
}

async function download(page, selector) {
  const [file] = await Promise.all([page.waitForEvent("download"), page.click(`${selector}:not([disabled])`)]);
  return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) };
}

const choose = (page, name, buffer) => page.setInputFiles("#file-input", { name, mimeType: "application/octet-stream", buffer });

/** Drops a file on the laboratory, as a hand would. */
const dropped = (page, name, buffer) =>
  page.evaluate(([name, values]) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([Uint8Array.from(values)], name));
    const bench = document.getElementById("lab-mnist");
    for (const type of ["dragover", "drop"]) bench.dispatchEvent(new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }));
  }, [name, [...buffer]]);

/** The header of a safetensors file, and where its tensors begin. */
function headerOf(bytes) {
  const start = 8 + Number(bytes.readBigUInt64LE(0));
  return { start, header: JSON.parse(bytes.subarray(8, start).toString()) };
}

/** The file with something that is not a number in one of D's tensors. */
function withDamagedD(bytes) {
  const { start, header } = headerOf(bytes);
  const [, { dtype, data_offsets: [from] }] = Object.entries(header).find(([name]) => /^discriminator\..*bias$/.test(name));
  const copy = Buffer.from(bytes);
  if (dtype === "F16") copy.writeUInt16LE(0x7e00, start + from);
  else copy.writeFloatLE(NaN, start + from);
  return copy;
}

/** The header of a safetensors file, changed, and the file around it. */
function rewritten(bytes, change) {
  const { start, header } = headerOf(bytes);
  change(header);
  const json = Buffer.from(JSON.stringify(header));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([size, json, bytes.subarray(start)]);
}

test("samples are labelled beside the real classes, and the page says of which step", async () => {
  const visited = await visit();
  const { page, snapshot, errors, close } = visited;
  const step = await train(visited, 30);
  const judged = await until("a judgement", () => snapshot((s, n) => s.judge.training?.step === n && s.judge.training, step), 90);
  const { samples, scores } = judged.opinion;
  assert.ok(samples >= 500);
  assert.equal(scores.classes.reduce((sum, n) => sum + n, 0), samples);
  assert.ok(Math.abs(judged.shares.reduce((sum, v) => sum + v, 0) - 1) < 1e-9);
  // Thirty steps make no digits; real images do far better by every score.
  assert.ok(scores.mnistScore[0] >= 1 && scores.mnistScore[0] < judged.floor.mnistScore[0] - 2, `${scores.mnistScore}`);
  assert.ok(scores.frechet[0] > 10 * judged.floor.frechet[0], `${scores.frechet}`);
  assert.match(await page.textContent("#judge-status"), new RegExp(`${step}`));
  assert.equal(await page.locator("#judge-classes > div").count(), 10);

  assert.deepEqual(errors, []);
  await close();
});

test("the pretrained generator is judged when asked, and far better than noise", async () => {
  const visited = await visit("#device=cpu");
  const { page, snapshot, close } = visited;
  await page.check('input[name="judge-subject"][value="pretrained"]');
  const judged = await until("a judgement", () => snapshot((s) => s.judge.pretrained), 120);
  assert.ok(judged.step > 1000, `step ${judged.step}`);
  assert.ok(judged.opinion.scores.mnistScore[0] > 6, `${judged.opinion.scores.mnistScore}`);
  assert.ok(judged.opinion.scores.frechet[0] < 10, `${judged.opinion.scores.frechet}`);
  assert.deepEqual(judged.opinion.verdicts, []);
  await close();
});

test("the grid has the chosen size, and the run can be looked back on and held beside the next", async () => {
  const visited = await visit(`${LINK}&grid=4`);
  const { page, snapshot, close } = visited;
  await train(visited, 40);
  assert.ok(await until("a small grid", () => snapshot((s) => s.train.grids.at(-1)?.images.length === 16 * 784)));
  await page.check('input[name="train-size"][value="10"]');
  await until("a larger grid", () => snapshot((s) => s.train.grids.at(-1).images.length === 100 * 784));
  const size = (id) => page.$eval(id, (canvas) => canvas.width);
  assert.equal(await size("#train-grid"), 10 * 29 - 1);
  assert.equal(await size("#train-real"), 10 * 29 - 1);
  const first = await snapshot((s) => s.train.grids[0].step);
  const last = await page.getAttribute("#train-grid", "data-step");
  assert.notEqual(String(first), last);
  await page.focus("#train-at");
  await page.keyboard.press("Home");
  await until("the first grid", async () => (await page.getAttribute("#train-grid", "data-step")) === String(first));
  await page.keyboard.press("End");
  await until("the newest grid", async () => (await page.getAttribute("#train-grid", "data-step")) === last);

  await page.click("#train-hold");
  assert.deepEqual([await page.getAttribute("#train-held", "data-step"), await page.isVisible("#train-held"), await page.isVisible("#train-real")], [last, true, false]);
  await until("its link", () => page.evaluate(() => location.hash.includes("t-held=same")));
  await page.evaluate(() => (location.hash += "&t-g-rate=0.0001"));
  await until("the next run, from the start", () => snapshot((s) => s.train.phase === "paused" && s.train.curves.step.length === 0 && s.train.held.curves.step.length > 0));
  assert.match((await page.textContent("#train-held-words")) ?? "", /^Held: Learning rate \(G\) 0\.004 instead of 0\.0001\. /);
  await until("the link", () => page.evaluate(() => /t-held=t-g-rate:0\.004&t-held-steps=\d/.test(location.hash)));
  await close();
});

test("a run is saved as a file, opened elsewhere, and goes on exactly as it would have", async () => {
  const one = await visit();
  const step = await train(one, 10);
  const file = await download(one.page, "#file-session");
  assert.match(file.name, /^saddle-tiny-\d+\.safetensors$/);
  const next = async ({ page, snapshot }) => {
    await page.click("#train-step:not([disabled])");
    return until("one step more", () => snapshot((s, n) => s.train.phase === "paused" && s.train.row?.step === n + 1 && s.train.row, step));
  };
  const expected = await next(one);
  await one.close();

  // Another network and other settings, until the file is dropped.
  const two = await visit("#device=cpu&net=tiny&t-d-rate=0.01&train-seed=5");
  await dropped(two.page, file.name, file.bytes);
  await until("it is open", () => two.snapshot((s) => s.train.note?.kind === "opened"));
  assert.equal(await two.snapshot((s) => s.train.settings.seed), 1);
  const row = await next(two);
  for (const key of ["lossD", "lossG", "dReal", "dFake"]) assert.equal(row[key], expected[key], key);
  await until("the link follows", async () => !(await two.page.url()).includes("t-d-rate"));
  await two.close();
});

test("one click on the first screen trains: the data come, the digits form, when they will be readable is forecast and compared; before that the pretrained ones are said to be those", async () => {
  // The least score there is comes with the first judgement, long before it is forecast.
  const path = "/www/mnist/readable.js";
  const low = (await source(path)).replace(/SCORE = [\d.]+/, "SCORE = 1");
  assert.match(low, /SCORE = 1;/);
  env.server.override(path, low);
  const context = await env.browser.newContext({ acceptDownloads: true });
  const { page, errors } = await open(context, `${env.server.origin}/${LINK}`);
  const snapshot = (pick) => page.evaluate(`(${pick})(window.saddle.snapshot())`);
  await page.waitForSelector("#opening-train:not([disabled])", { timeout: 60_000 });
  await page.evaluate(() => document.getElementById("train-grid").scrollIntoView());
  await until("pretrained digits", () => page.textContent("#train-grid-caption").then((text) => text.includes("64 samples of the pretrained generator")));
  const ink = () => page.$eval("#train-grid", (canvas) => canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.filter((v, i) => i % 4 === 0 && v < 128).length);
  assert.ok((await ink()) > 2000, "digits are drawn");
  await page.click("#opening-train");
  await until("steps", () => snapshot((s) => s.train.phase === "playing" && s.train.row?.step >= 3), 120);
  assert.equal(await snapshot((s) => s.train.device), "cpu");
  const forecast = async () => (await page.textContent("#train-forecast")) ?? "";
  await until("a forecast", async () => /MNIST score 1\) in about \d+ (s|min) \(± \d+ (s|min)\)/.test(await forecast()), 60);
  await until("its own samples", async () => /Generated: 64 samples from fixed z, step \d/.test(await page.textContent("#train-grid-caption")));

  // What it comes to can be gone on with elsewhere; the script is that of these settings.
  const { name, bytes } = await download(page, "#file-script");
  assert.equal(name, "saddle-tiny.py");
  const script = bytes.toString();
  assert.match(script, /^"""Goes on training a GAN of Saddle \(networks "tiny"\)/);
  const { batch, k, rateD } = await snapshot((s) => s.train.settings);
  assert.match(script, new RegExp(`^batch, k, steps = ${batch}, ${k}, `, "m"));
  const written = Number(/^rate_d, rate_g = ([\d.e-]+),/m.exec(script)?.[1]);
  assert.ok(Math.abs(written - rateD) < 1e-6 * rateD, `${written}, ${rateD}`);

  const [, step, after, made] = await until("the comparison", async () => /step ([\d,]+), after ([\d,]+) s of .* was ([\d,]+) s \(± \d+ s\)/.exec(await forecast()), 120);
  const judged = await snapshot((s) => s.judge.course[0].step);
  assert.deepEqual([Number(step), Number(made) > Number(after)], [judged, true]);
  assert.deepEqual(errors, []);
  await context.close();
  env.server.override(path, null);
});

test("weights of another network are opened with that network", async () => {
  const visited = await visit(`${LINK}&t-d-rate=0.01`);
  const { page, snapshot, close } = visited;
  await choose(page, "compact.safetensors", await readFile(join(root, "pretrained/compact.safetensors")));
  await until("it is open", () => snapshot((s) => s.train.note?.kind === "opened" && s.train.settings.preset === "compact"));
  // Digits, not noise: mostly paper, and some ink.
  await until("its grid", () => snapshot((s) => s.train.grids.length === 1));
  const middle = await snapshot((s) => s.train.grids.at(-1).images.filter((v) => v > 50 && v < 205).length / (64 * 784));
  assert.ok(middle < 0.15, `${middle} of the pixels are grey`);
  assert.match(await until("a link", () => page.evaluate(() => !location.hash.includes("net=tiny") && location.href)), /^(?!.*t-d-rate)/);
  await page.click("#train-step:not([disabled])");
  await until("it trains", () => snapshot((s) => s.train.row?.step === 1), 60);
  await close();
});

test("a file that cannot be used says what is wrong and changes nothing", async () => {
  const visited = await visit();
  const { page, snapshot, close } = visited;
  const step = await train(visited, 5);
  const { bytes } = await download(page, "#file-session");
  const shipped = (name) => readFile(join(root, "pretrained", name));
  const shown = () => snapshot((s) => ({ grid: [...s.train.grids.at(-1).images], settings: s.train.settings, step: s.train.row.step }));
  const before = await shown();
  const files = [
    ["noise.bin", "damaged", Buffer.from("this is no safetensors file at all"), /damaged: .*not a whole safetensors file/],
    ["cut.safetensors", "damaged", bytes.subarray(0, bytes.length >> 1), /damaged: .*not a whole safetensors file/],
    ["foreign.safetensors", "foreign", rewritten(bytes, (header) => delete header.__metadata__), /Saddle did not write it/],
    ["newer.safetensors", "newer", rewritten(bytes, (header) => (header.__metadata__.version = "99")), /format 99/],
    ["unknown.safetensors", "unknown-network", rewritten(await shipped("tiny.safetensors"), (header) => (header.__metadata__.preset = "tidy")), /not known here: .*tidy/],
    ["other.safetensors", "missing-tensor", rewritten(bytes, (header) => {
      const name = Object.keys(header).find((key) => key.startsWith("discriminator."));
      header[`${name}.other`] = header[name];
      delete header[name];
    }), /incomplete: .*discriminator\.\S+ is missing/],
    ["shape.safetensors", "shape", rewritten(bytes, (header) => header["generator.0.dense.weight"].shape.reverse()), /tensor generator\.0\.dense\.weight is .* needs/],
    // G is whole in both.
    ["damaged-d.safetensors", "not-finite", withDamagedD(await shipped("tiny.safetensors")), /discriminator\.\S+ holds values that are not finite/],
    ["damaged-d-run.safetensors", "not-finite", withDamagedD(bytes), /discriminator\.\S+ holds values that are not finite/],
    ["g.safetensors", "other-kind", await shipped("compact-400.safetensors"), /G alone/],
    ["classifier.safetensors", "other-kind", await shipped("classifier.safetensors"), /digit classifier/],
  ];
  for (const [name, code, content, words] of files) {
    await choose(page, name, content);
    await until(`a word on ${name}`, () => snapshot((s, n) => s.train.note?.kind === "file" && s.train.note.name === n, name));
    assert.equal(await snapshot((s) => s.train.note.fault.code), code, name);
    const said = await until("it is shown", async () => {
      const text = await page.textContent("#file-status");
      return text.startsWith(name) && text;
    });
    assert.match(said, words, name);
    assert.deepEqual(await shown(), before, `${name} changed the run`);
  }
  await page.click("#train-step:not([disabled])");
  await until("it goes on", () => snapshot((s, n) => s.train.row.step === n + 1, step));
  assert.notDeepEqual(await until("a grid", () => snapshot((s) => [...s.train.grids.at(-1).images])), before.grid);
  await close();
});

test("what is in a file is said by one reader: its kind, its step, and the settings that go with it", async () => {
  const { page, close } = await visit();
  const found = await page.evaluate(async () => {
    const saddle = await import("/pkg/cpu/saddle.js");
    await saddle.default({ module_or_path: "/pkg/cpu/saddle_bg.wasm" });
    const of = async (name) => saddle.checkFile(new Uint8Array(await (await fetch(`/pretrained/${name}.safetensors`)).arrayBuffer()));
    const [weights, generator, classifier] = [await of("tiny"), await of("compact-400"), await of("classifier")];
    return { weights, generator, classifier, tiny: saddle.Trainer.defaults("tiny"), compact: saddle.Trainer.defaults("compact") };
  });
  assert.deepEqual(found.weights, { kind: "weights", step: 15_000, settings: found.tiny });
  assert.deepEqual(found.generator, { kind: "generator", step: 400, settings: found.compact });
  assert.equal(found.classifier.kind, "classifier");
  assert.equal(found.classifier.settings ?? null, null);
  await close();
});

test("every error of the modules is an Error with a code, and none of these ends the module", async () => {
  const { page, errors, close } = await visit();
  const found = await page.evaluate(async () => {
    const [cpu, game] = await Promise.all(["cpu", "game"].map(async (which) => {
      const module = await import(`/pkg/${which}/saddle.js`);
      await module.default({ module_or_path: `/pkg/${which}/saddle_bg.wasm` });
      return module;
    }));
    const bytes = async (path) => new Uint8Array(await (await fetch(path)).arrayBuffer());
    const codeOf = async (act) => {
      try {
        await act();
        return "no error";
      } catch (error) {
        return error instanceof Error ? error.code : `${error} is no Error`;
      }
    };
    const settings = cpu.Trainer.defaults("tiny");
    const trainer = await cpu.Trainer.create(settings, "cpu");
    const { classes, mean } = await (await fetch("/pretrained/real.json")).json();
    const covariance = Float64Array.from({ length: mean.length ** 2 }, (_, i) => (i % (mean.length + 1) === 0 ? 1 : 0));
    const [classifier, tiny] = [await bytes("/pretrained/classifier.safetensors"), await bytes("/pretrained/tiny.safetensors")];
    const judge = new cpu.Judge(classifier, Uint32Array.from(classes), Float64Array.from(mean), covariance);
    judge.begin(tiny, 1);
    const codes = {
      damaged: await codeOf(() => cpu.checkFile(new Uint8Array(9))),
      data: await codeOf(() => cpu.checkIdx("train-images-idx3-ubyte", new Uint8Array(9))),
      settings: await codeOf(() => cpu.Trainer.create({ ...settings, k: 21 }, "cpu")),
      noData: await codeOf(() => trainer.step(1)),
      drawNothing: await codeOf(() => judge.draw(0)),
      otherKind: await codeOf(() => judge.begin(classifier, 1)),
      game: await codeOf(() => new game.Game({ ...game.Game.defaults(), kD: 21 })),
      record: await codeOf(() => new game.Game("no record")),
      tally: await codeOf(() => game.trialTally([21, 20, 3, 20])),
    };
    judge.begin(tiny, 1);
    judge.draw(39);
    const few = judge.opinion(Float64Array.of(1, 0, 0, 0.5, 0.5, 0), false);
    judge.draw(1);
    const enough = judge.opinion(Float64Array.of(2 ** 24 + 1, NaN, 0, 0.5, 0.5, 0), false);
    return { codes, few: few.scores.frechet ?? null, enough: enough.scores.frechet, verdict: enough.verdicts[0] };
  });
  assert.deepEqual(found.codes, {
    damaged: "damaged", data: "data", settings: "settings", noData: "no-data", drawNothing: "argument", otherKind: "other-kind",
    game: "settings", record: "record", tally: "argument",
  });
  assert.equal(found.few, null, "a distance of fewer than 40 samples");
  assert.ok(found.enough.every(Number.isFinite), String(found.enough));
  // A step that single precision does not have.
  assert.deepEqual(found.verdict, { kind: "not-a-number", step: 2 ** 24 + 1 });
  assert.deepEqual(errors, []);
  await close();
});

test("G alone, the grid and the curves are files that other programs read", async () => {
  const visited = await visit();
  const { page, snapshot, close } = visited;
  const step = await train(visited, 5);
  const weights = await download(page, "#file-weights");
  const { start, header: { __metadata__: notes, ...tensors } } = headerOf(weights.bytes);
  assert.deepEqual([notes.saddle, notes.preset, notes.step], ["generator", "tiny", String(step)]);
  // The same notes and names as in what `saddle export` wrote; there weights are bytes with scales.
  const shipped = async (name) => headerOf(await readFile(join(root, "pretrained", name))).header;
  assert.deepEqual(Object.keys(notes).sort(), Object.keys((await shipped("compact-400.safetensors")).__metadata__).sort());
  const names = Object.keys(await shipped("tiny.safetensors")).filter((name) => name.startsWith("generator.average.") && !name.endsWith(".weight.scale"));
  assert.deepEqual(Object.keys(tensors).sort(), names.map((name) => name.replace(".average", "")).sort());
  const layers = notes.layers.split(" ");
  for (const name of Object.keys(tensors)) assert.equal(layers[name.split(".")[1]], name.split(".")[2], name);
  assert.ok(Object.values(tensors).every(({ dtype }) => dtype === "F16"));
  assert.equal(tensors["generator.0.dense.weight"].shape.length, 2);
  assert.equal(Math.max(...Object.values(tensors).map(({ data_offsets }) => data_offsets[1])) + start, weights.bytes.length);
  // The explorer has D beside it: both are small.
  await until("D's score", () => snapshot((s) => s.latent.origin?.source === "training" && s.latent.score > 0 && s.latent.score < 1));
  // It is not for training, and the page says so.
  await choose(page, weights.name, weights.bytes);
  await until("a word", async () => /G alone/.test(await page.textContent("#file-status")));
  const png = await download(page, "#file-png");
  assert.equal(png.bytes.subarray(1, 4).toString(), "PNG");
  assert.equal(png.bytes.readUInt32BE(16), 4 * (8 * 29 - 1));
  const csv = (await download(page, "#file-csv")).bytes.toString().trim().split("\n");
  assert.match(csv[0], /^step,lossD,/);
  assert.ok(csv.length >= step);
  await close();
});

test("a run is saved by itself and offered again after a reload", async () => {
  const visited = await visit();
  const { page, snapshot, close } = visited;
  const step = await train(visited, 20);
  const curve = await snapshot((s) => [...s.train.curves.lossD]);
  await page.waitForTimeout(300);
  await page.reload();
  await page.waitForSelector("#train-kept:not([hidden])");
  assert.match(await page.textContent("#train-kept p"), new RegExp(`tiny.*${step}`));
  await page.click("#train-saved .resume:not([disabled])", { timeout: 60_000 });
  await until("it goes on", () => snapshot((s, n) => s.train.row?.step > n, step), 120);
  assert.deepEqual(await snapshot((s, n) => s.train.curves.lossD.slice(0, n), curve.length), curve);
  await close();
});

test("after a crash the run goes on from where it was saved", async () => {
  const visited = await visit();
  const { page, snapshot, close } = visited;
  const step = await train(visited, 15);
  const worker = page.workers().find((candidate) => candidate.url().endsWith("/mnist/worker.js"));
  await worker.evaluate(() => setTimeout(() => { throw new Error("made to fail"); }));
  await page.waitForSelector("#train-lost:not([hidden])");
  assert.match(await page.textContent("#train-lost"), new RegExp(`step ${step}\\b`));
  assert.match(await page.textContent("#train-lost .detail"), /made to fail/);
  await page.click("#train-continue:not([disabled])", { timeout: 60_000 });
  await until("it goes on", () => snapshot((s, n) => s.train.row?.step > n, step), 120);
  await close();
});

test("where the browser saves nothing, the page says so and still survives a crash", async () => {
  const path = "/www/mnist/run_database.js";
  const plain = await source(path);
  const changed = plain.replace(/export async function saveRun\(run, bytes\) \{/, '$& throw new Error("no room");');
  assert.notEqual(changed, plain);
  env.server.override(path, changed);
  const visited = await visit();
  env.server.override(path, null);
  const { page, snapshot, close } = visited;
  await page.click("#train-play:not([disabled])");
  await until("steps", () => snapshot((s) => s.train.row?.step >= 10), 120);
  await page.click("#train-play");
  await until("a word", async () => /no room/.test(await page.textContent("#train-keeping")));
  const step = await snapshot((s) => s.train.row.step);
  const worker = page.workers().find((candidate) => candidate.url().endsWith("/mnist/worker.js"));
  await worker.evaluate(() => setTimeout(() => { throw new Error("made to fail"); }));
  await page.waitForSelector("#train-lost:not([hidden])");
  await page.click("#train-continue:not([disabled])", { timeout: 60_000 });
  await until("it goes on", () => snapshot((s, n) => s.train.row?.step > n, step), 120);
  await close();
});

test("a new run leaves the one before it in the browser", async () => {
  const visited = await visit();
  const { page, snapshot, close } = visited;
  const step = await train(visited, 12);
  // Another seed is another run; this one is not lost.
  await page.fill("#train-seed", "77");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#train-kept:not([hidden])");
  assert.equal(await snapshot((s) => s.train.savedRuns[0].step), step);
  assert.equal(await snapshot((s) => s.train.settings.seed), 77);
  assert.equal(await snapshot((s) => s.train.row), null);
  await page.click("#train-saved .discard");
  await until("it is gone", () => snapshot((s) => s.train.savedRuns.length === 0));
  await close();
});

test("live settings act on the run, and others begin a new one", async () => {
  const visited = await visit();
  const { page, snapshot, errors, close } = visited;
  const step = await train(visited, 10);
  await page.$eval("#train-settings-box", (box) => (box.open = true));
  for (const group of await page.$$("#train-settings > details")) await group.evaluate((box) => (box.open = true));
  const set = async (key, value) => {
    await page.fill(`#set-${key}`, value);
    await page.press(`#set-${key}`, "Enter");
  };
  await set("t-d-rate", "0.003");
  await set("t-k", "3");
  await set("t-smooth", "0.1");
  await until("they are in force", () => snapshot((s) => s.train.settings.k === 3 && s.train.settings.smoothing > 0.09));
  assert.equal(await snapshot((s) => s.train.row.step), step, "the run began again");
  await page.click("#train-step:not([disabled])");
  await until("it goes on", () => snapshot((s, n) => s.train.row.step === n + 1, step));
  assert.match(await until("a link", () => page.evaluate(() => location.hash.includes("t-k=3") && location.hash)), /t-d-rate=0\.003.*t-smooth=0\.1|t-smooth=0\.1.*t-d-rate=0\.003/);

  // A setting that changes while it plays does not stop it.
  await page.click("#train-play");
  await set("t-g-rate", "0.003");
  await until("it is in force", () => snapshot((s) => Math.abs(s.train.settings.rateG - 0.003) < 1e-6));
  const then = await snapshot((s) => s.train.row.step);
  await until("it goes on", () => snapshot((s, n) => s.train.phase === "playing" && s.train.row.step > n + 3, then));
  await page.click("#train-play");

  // Out of range: nothing is taken, and the default is one click away.
  await set("t-k", "21");
  assert.equal(await snapshot((s) => s.train.settings.k), 3);
  await page.locator(".setting", { has: page.locator("#set-t-k") }).getByRole("button").click();
  await until("the default", () => snapshot((s) => s.train.settings.k === 1));

  await page.selectOption("#set-t-norm", "off");
  await until("a new run", () => snapshot((s) => s.train.row === null && s.train.settings.batchNorm === false && s.train.phase === "paused"));
  assert.deepEqual(errors, []);
  await close();
});

test("the ends of every range are what Rust takes", async () => {
  const { page, close } = await visit();
  const refused = await page.evaluate(async () => {
    const [{ SETTINGS, NAMES, allowed }, saddle] = await Promise.all([import("/www/mnist/state.js"), import("/pkg/cpu/saddle.js")]);
    await saddle.default({ module_or_path: "/pkg/cpu/saddle_bg.wasm" });
    const faults = [];
    for (const preset of ["tiny", "paper"]) {
      const defaults = saddle.Trainer.defaults(preset);
      for (const name of NAMES) {
        const { low, high, values = [low, high] } = SETTINGS[name];
        for (const value of values) {
          if (!allowed(name, value, preset)) continue;
          const given = values.includes("on") ? value === "on" : value;
          // Settings are checked before a device is opened; the trainer is thrown away.
          try {
            (await saddle.Trainer.create({ ...defaults, [name]: given }, "cpu")).free();
          } catch (error) {
            faults.push(`${preset} ${name} ${value}: ${error.message}`);
          }
        }
      }
    }
    return faults;
  });
  assert.deepEqual(refused, []);
  await close();
});

test("a rate far too high ends at a number, and the page says at which step", async () => {
  const visited = await visit(`${LINK}&t-d-rate=1&t-g-rate=1&t-d-by=sgd&t-g-by=sgd`);
  const { page, snapshot, close } = visited;
  await page.click("#train-play:not([disabled])");
  await until("a verdict", () => snapshot((s) => s.judge.training?.opinion.verdicts[0]?.kind === "not-a-number"), 120);
  await until("it has stopped", () => snapshot((s) => s.train.phase === "paused"));
  const { step } = await snapshot((s) => s.judge.training.opinion.verdicts[0]);
  assert.match(await page.textContent("#judge-verdicts"), new RegExp(`step ${step.toLocaleString("en-US")}`));
  await close();
});

test("each failure that Rust knows stands beside its cure, in words of both languages; one is opened by its link and fails", async () => {
  const visited = await visit("#device=cpu");
  const { page, snapshot, errors, close } = visited;
  const known = await until("the known runs", () => snapshot((s) => s.train.known.length > 0 && s.train.known));
  const failures = known.filter(({ mends }) => !mends);
  assert.ok(failures.length >= 5, `${failures.length} failures`);
  await page.$eval("#train-known", (box) => (box.open = true));
  for (const { name, mends } of known) {
    const item = page.locator(`li:has(> [data-run="${name}"])`).last();
    // A run without words shows its name.
    assert.notEqual(await item.locator("a").textContent(), name);
    if (mends) assert.equal(await page.locator(`.pair:has([data-run="${mends}"]) [data-run="${name}"]`).count(), 1, name);
  }
  // The cheapest one: a number is lost within some dozens of steps.
  const run = failures.find(({ name }) => name === "rate-too-high");
  const href = await page.getAttribute('[data-run="rate-too-high"]', "href");
  const other = await visit(href);
  await other.page.click("#train-play:not([disabled])");
  const settings = await until("it plays", () => other.snapshot((s) => s.train.row?.step > 0 && s.train.settings));
  assert.deepEqual(settings, run.settings);
  const verdicts = await until("a verdict", () => other.snapshot((s) => s.judge.training?.opinion.verdicts.length > 0 && s.judge.training.opinion.verdicts), 120);
  assert.deepEqual(verdicts.map(({ kind }) => kind), ["not-a-number"]);
  assert.match(await other.page.textContent("#judge-verdicts"), new RegExp(`step ${verdicts[0].step}`));
  assert.ok(verdicts[0].step < run.steps, `step ${verdicts[0].step}`);
  assert.deepEqual([...errors, ...other.errors], []);
  await other.close();
  await close();
});

test("a known run is a link that sets everything and starts; the one that mends it stands beside it", async () => {
  // Whatever runs Rust knows: the page tells these two.
  const path = "/www/mnist/worker.js";
  const plain = await source(path);
  const runs = `[{ name: "wrong", settings: { ...Trainer.defaults("tiny"), k: 7, batchNorm: false, seed: 3 }, steps: 40 },
    { name: "right", mends: "wrong", settings: { ...Trainer.defaults("tiny"), seed: 3 }, steps: 40 }]`;
  const changed = plain.replace("Trainer.known?.() ?? []", runs);
  assert.notEqual(changed, plain);
  env.server.override(path, changed);
  const context = await env.browser.newContext();
  const { page, errors } = await open(context, `${env.server.origin}/#t-smooth=0.3`);
  const snapshot = (pick) => page.evaluate(`(${pick})(window.saddle.snapshot())`);
  await page.waitForSelector("#train-known:not([hidden])", { state: "attached" });
  await page.$eval("#train-known", (box) => (box.open = true));
  const link = page.locator('[data-run="wrong"]');
  const href = await link.getAttribute("href");
  for (const part of ["net=tiny", "t-k=7", "t-norm=off", "train-seed=3"]) assert.ok(href.includes(part), `${part} in ${href}`);
  assert.equal(await page.locator('li:has(> ul > li > [data-run="wrong"]) [data-run="right"]').count(), 1);
  // MNIST is fetched first.
  await link.click();
  await until("it plays", () => snapshot((s) => s.train.phase === "playing" && s.train.row?.step > 1), 120);
  const settings = await snapshot((s) => s.train.settings);
  assert.deepEqual([settings.preset, settings.k, settings.batchNorm, settings.smoothing, settings.seed], ["tiny", 7, false, 0, 3]);
  // The run there is has taken steps: it makes way only when the visitor agrees.
  page.once("dialog", (dialog) => dialog.dismiss());
  await page.locator('[data-run="right"]').click();
  assert.equal(await snapshot((s) => s.train.settings.k), 7);
  page.once("dialog", (dialog) => dialog.accept());
  await page.locator('[data-run="right"]').click();
  await until("the other plays", () => snapshot((s) => s.train.phase === "playing" && s.train.settings.k === 1 && s.train.row?.step > 1), 120);
  assert.deepEqual(errors, []);
  await context.close();
  env.server.override(path, null);
});
