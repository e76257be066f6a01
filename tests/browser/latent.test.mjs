// The latent explorer on the built page, in Chromium.
import assert from "node:assert/strict";
import { test } from "node:test";
import { environment, open, until } from "./harness.mjs";

const env = environment({ webgpu: false });

/** A page in a storage of its own at the explorer, with its generator loaded. */
async function visit(hash = "", options = {}) {
  const context = await env.browser.newContext(options);
  const visited = await open(context, `${env.server.origin}/${hash}`);
  const { page } = visited;
  const latent = (pick) => page.evaluate(`(${pick})(window.saddle.snapshot().latent)`);
  await until("a digit", () => latent((l) => l.image !== null), 60);
  // As visitors come there: what is laid out on the way moves it.
  await page.click(".doors a[href='#lab-latent']");
  return { ...visited, latent, close: () => context.close() };
}

const slide = (page, selector, value) => page.$eval(selector, (slider, value) => {
  slider.value = value;
  slider.dispatchEvent(new Event("input", { bubbles: true }));
}, value);

const image = (latent) => latent((l) => Array.from(l.image));
const differ = (a, b) => a.some((value, i) => value !== b[i]);

test("the walk ends exactly at A and B, and keeps to the shell on the arc only", async () => {
  const { page, latent, errors, close } = await visit();
  await until("the ends", () => latent((l) => l.ends !== null && l.film !== null && l.place.t === 0));
  const ends = await latent((l) => Array.from(l.ends.images));
  const here = await image(latent);
  assert.deepEqual(here, ends.slice(0, 784));
  await slide(page, "#latent-at", "1");
  await until("B", () => latent((l) => l.place.t === 1));
  assert.deepEqual(await image(latent), ends.slice(784, 1568));
  await slide(page, "#latent-at", "0.5");
  await until("the middle", () => latent((l) => l.place.t === 0.5));
  const norm = () => page.textContent('#latent-numbers [data-number="norm"]').then(Number);
  const arc = await norm();
  await page.check('input[name="latent-way"][value="lerp"]');
  await until("the straight way", () => latent((l) => l.place.way === "lerp"));
  await until("a smaller norm", async () => (await norm()) < arc - 1);
  assert.match(await page.getAttribute("#latent-at", "aria-valuetext"), /50 %/);
  assert.deepEqual(errors, []);
  await close();
});

test("a walk plays to and fro, stops where it is, and is a link", async () => {
  const { page, latent, close } = await visit("#a=5&b=9");
  await page.click("#latent-play:not([disabled])");
  await until("it moves", () => latent((l) => l.playing && l.place.t > 0.1));
  await page.click("#latent-play");
  await until("it stops", () => latent((l) => !l.playing));
  await until("the link has it", () => page.evaluate(() => /[#&]t=0\.\d/.test(location.hash)));
  const url = page.url();
  await until("the digit of the link", () => latent((l) => `${l.place.t}` !== "0"));
  const before = await image(latent);
  const at = await latent((l) => l.place.t);
  const again = await visit(new URL(url).hash);
  const there = await again.latent((l) => l.place.t);
  assert.ok(Math.abs(there - at) < 1e-3, `${there} ${at}`);
  assert.ok(!differ(before, await image(again.latent)) || Math.abs(there - at) > 0);
  await again.close();
  await close();
});

test("the shipped directions are used; a slider moves along one, a lock keeps it, all come back", async () => {
  const { page, latent, close } = await visit();
  await until("strips", () => latent((l) => l.strips !== null && l.directions?.directions.length === 8));
  assert.equal(await latent((l) => l.refused), "");
  const at = await image(latent);
  await page.focus("#latent-m0");
  for (let i = 0; i < 20; i += 1) await page.keyboard.press("ArrowRight");
  await until("a step along it", () => latent((l) => l.place.moves[0] > 0.9));
  assert.ok(differ(at, await image(latent)));
  assert.match(await page.getAttribute("#latent-m0", "aria-valuetext"), /1\.00/);
  const moved = await latent((l) => l.place.moves[0]);
  await page.check("#latent-sliders .direction:first-child input[type=checkbox]");
  await page.click("#latent-random");
  await until("others moved", () => latent((l) => l.place.moves.slice(1).some((by) => by !== 0)));
  assert.equal(await latent((l) => l.place.moves[0]), moved);
  await page.click("#latent-reset");
  await until("all back", () => latent((l) => l.place.moves.every((by) => by === 0)));
  assert.deepEqual(await image(latent), at);
  await close();
});

test("directions of other weights are refused, and found anew here", async () => {
  env.server.override("/pretrained/compact.directions.json", JSON.stringify({ weights: "0", seed: 1, points: 1, shares: [1], directions: [[1]] }));
  try {
    const { page, latent, close } = await visit();
    await until("a refusal", () => latent((l) => l.refused !== ""));
    await until("eight of its own", () => latent((l) => l.directions?.directions.length === 8), 120);
    const shares = await latent((l) => l.directions.shares);
    assert.ok(shares.every((share, i) => share > 0 && (i === 0 || share <= shares[i - 1] * 1.001)), String(shares));
    assert.match(await page.textContent("#latent-directions-status"), /other weights/);
    await close();
  } finally {
    env.server.override("/pretrained/compact.directions.json", null);
  }
});

test("another shipped generator draws, and one that does not come leaves the digit there is", async () => {
  const { page, latent, close } = await visit("#gen=tiny");
  await until("the tiny one", () => latent((l) => l.origin?.preset === "tiny" && l.dims === 32 && l.image !== null));
  assert.match(await page.textContent("#latent-status"), /tiny/);
  const shown = await image(latent);
  await page.selectOption("#latent-net", "compact");
  await until("the first one again", () => latent((l) => l.origin?.preset === "compact" && l.dims === 64));
  await until("its digit", async () => differ(shown, await image(latent)));
  await until("the link without it", () => page.evaluate(() => !location.hash.includes("gen=")));
  env.server.override("/pretrained/index.json", JSON.stringify([
    { preset: "compact", file: "compact.safetensors" }, { preset: "tiny", file: "nowhere.safetensors" },
  ]));
  try {
    const other = await visit("#gen=tiny");
    await until("a message", () => other.latent((l) => l.message !== ""));
    assert.equal(await other.latent((l) => l.origin.preset), "compact");
    assert.match(await other.page.textContent("#latent-status"), /nowhere\.safetensors/);
    await other.close();
  } finally {
    env.server.override("/pretrained/index.json", null);
  }
  await close();
});

test("a digit is found by name, and one is taken from the grid with the keyboard", async () => {
  const { page, latent, close } = await visit();
  await page.click('#latent-digits button:text-is("4")');
  await until("a four at B", () => page.evaluate(() => /[#&]b=\d+/.test(location.hash)), 60);
  await until("its digit", () => latent((l) => l.ends.probabilities.length === 30));
  const four = await latent((l) => l.ends.probabilities[10 + 4]);
  assert.ok(four >= 0.9, String(four));
  await page.check('input[name="latent-end"][value="a"]');
  await page.focus("#latent-grid");
  for (const key of ["ArrowRight", "ArrowRight", "ArrowDown", "Enter"]) await page.keyboard.press(key);
  await until("A is the digit of seed 10", () => latent((l) => l.place.a === 10));
  await close();
});

test("a drawing is sought, and what no digit looks like has no z", async () => {
  const { page, latent, close } = await visit("#open=draw&a=7");
  await page.click("#latent-own:not([disabled])");
  await until("its own digit", () => latent((l) => l.tasks.invert?.done), 120);
  const { error, found } = await latent((l) => ({ error: l.tasks.invert.value.error, found: l.tasks.invert.value.found }));
  assert.ok(error <= found, `${error} of its own digit`);
  // With the keyboard: a hash sign.
  await page.focus("#latent-field");
  const go = async (key, times) => {
    for (let i = 0; i < times; i += 1) await page.keyboard.press(key);
  };
  const bar = async (keys) => {
    await page.keyboard.press(" ");
    for (const [key, times] of keys) await go(key, times);
    await page.keyboard.press(" ");
  };
  await go("ArrowUp", 8);
  for (let i = 0; i < 4; i += 1) {
    await bar([["ArrowRight", 8], ["ArrowLeft", 16], ["ArrowRight", 8]]);
    await go("ArrowDown", 5);
  }
  await until("a search for it", () => latent((l) => l.tasks.invert && !l.tasks.invert.done));
  // Each stroke begins another search; the last one is over when none has followed it.
  const over = () => latent((l) => l.tasks.invert?.done);
  await until("its end", async () => (await over()) && (await page.waitForTimeout(800), over()), 120);
  const result = await latent((l) => ({ error: l.tasks.invert.value.error, none: l.tasks.invert.value.none }));
  assert.ok(result.error > result.none, String(result.error));
  assert.match(await page.textContent("#latent-draw-status"), /No z gives this/);
  assert.match(page.url(), /ink=/);
  await close();
});

test("a point of the plane is reached with its sliders, and regions are named", async () => {
  const { page, latent, errors, close } = await visit("#open=plane&regions=on");
  await slide(page, "#latent-to-b", "0.6");
  await until("on the plane", () => latent((l) => l.place.on === "plane" && l.place.spot[0] === 0.6));
  await until("all regions", () => latent((l) => l.tasks.regions?.done && l.tasks.regions.value.every((digit) => digit < 10)), 60);
  await page.click("#latent-plane-reset");
  await until("on the walk", () => latent((l) => l.place.on === "walk"));
  assert.deepEqual(errors, []);
  await close();
});

test("real neighbours are named with their labels once MNIST is there", async () => {
  const { page, latent, close } = await visit("#open=near");
  await page.click("#latent-real:not([hidden])", { timeout: 60_000 });
  await until("neighbours", () => latent((l) => l.near?.near.length >= 15), 120);
  const { near, apart } = await latent((l) => ({ near: Array.from(l.near.near), apart: l.near.apart }));
  const distances = [0, 1, 2, 3, 4].map((i) => near[3 * i + 1]);
  assert.ok(distances.every((d, i) => d > 0 && (i === 0 || d >= distances[i - 1])), String(distances));
  assert.ok(apart[0] > 0);
  await close();
});

test("arithmetic tells how often it worked", async () => {
  const { page, latent, close } = await visit("#open=sum");
  await page.click("#latent-sum-go:not([disabled])");
  await until("a result", () => latent((l) => l.tasks.sum?.done), 120);
  const sum = await latent((l) => ({ n: l.tasks.sum.value.classesAfter.length, before: l.tasks.sum.value.classesBefore.slice(1) }));
  assert.equal(sum.n, 12);
  assert.ok(sum.before.every((digit) => digit === 1), "all samples are of the digit to go");
  assert.match(await page.textContent("#latent-sum-status"), /Of 11 samples of 1, \d+ became 7/);
  await close();
});

test("nothing scrolls sideways on a narrow screen, all parts open", async () => {
  const { page, errors, close } = await visit("#open=raw,plane,near,draw,sum", { viewport: { width: 390, height: 800 } });
  await page.waitForTimeout(500);
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= 390, String(width));
  assert.deepEqual(errors, []);
  await close();
});
