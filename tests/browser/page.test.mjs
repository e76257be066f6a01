// The built page in Chromium, as a visitor meets it: every check looks at the page, none at its sources.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { environment, open, until, built } from "./harness.mjs";

const env = environment();

/** A page in a storage of its own, so that no test finds what another one cached. */
async function visit(hash = "", options = {}) {
  const context = await env.browser.newContext(options);
  const visited = await open(context, `${env.server.origin}/${hash}`);
  const snapshot = (pick) => visited.page.evaluate(`(${pick})(window.saddle.snapshot())`);
  return { ...visited, snapshot, close: () => context.close() };
}

const fetchMnist = async (page) => {
  await page.click("#data-fetch:not([disabled])", { timeout: 60_000 });
  await page.waitForFunction(() => window.saddle.snapshot().data.phase === "ready", null, { timeout: 60_000 });
};

test("opens without an error, a foreign request or a click, and the game moves", async () => {
  const { page, errors, foreign, close } = await visit();
  const iteration = async () => Number(await page.getAttribute("#game-figure", "data-iteration"));
  const first = await until("a first iteration", iteration);
  await until("a later iteration", async () => (await iteration()) > first);
  const numbers = () => page.evaluate(() => window.saddle.snapshot().game.frame.numbers);
  const before = await numbers();
  await until("other numbers", async () => (await numbers()).v !== before.v);
  // C(G) and -log 4 + 2 JSD are two computations of one number.
  const { cOfG, identity } = await numbers();
  assert.ok(Math.abs(cOfG - identity) < 1e-6, `${cOfG} ${identity}`);
  assert.match(await page.textContent('#game-numbers [data-number="v"]'), /^[−-]?\d\.\d+$/);
  assert.deepEqual({ errors, foreign }, { errors: [], foreign: [] });
  await close();
});

test("the game pauses, steps one iteration, and resets to its first moment", async () => {
  const { page, snapshot, close } = await visit();
  await until("the game plays", () => snapshot((s) => s.game.playing && s.game.frame?.iteration > 5));
  await page.click("#game-play");
  await until("it pauses", () => snapshot((s) => !s.game.playing));
  await page.waitForTimeout(300);
  const paused = await snapshot((s) => s.game.frame.iteration);
  await page.waitForTimeout(500);
  assert.equal(await snapshot((s) => s.game.frame.iteration), paused, "went on while paused");
  await page.click("#game-step");
  await until("one step", () => snapshot((s) => s.game.frame.iteration) .then((i) => i === paused + 1));
  await page.click("#game-reset");
  await until("the start", () => snapshot((s) => s.game.frame.iteration === 0));
  await close();
});

test("digits are drawn before anybody trains, and sliders change pixels", async () => {
  const { page, snapshot, close } = await visit();
  await until("eight digits", () => snapshot((s) => s.digits.images?.length === 8 * 784), 60);
  const ink = await snapshot((s) => s.digits.images.reduce((sum, v) => sum + v, 0) / s.digits.images.length);
  assert.ok(ink > 10 && ink < 120, `mean grey ${ink}: MNIST's is 33`);
  await until("an image", () => snapshot((s) => s.latent.image?.length === 784));
  const image = () => snapshot((s) => Array.from(s.latent.image));
  const move = async (selector, value) => {
    const before = await image();
    await page.$eval(selector, (slider, value) => {
      slider.value = value;
      slider.dispatchEvent(new Event("input", { bubbles: true }));
    }, value);
    await until("other pixels", async () => (await image()).some((v, i) => v !== before[i]));
  };
  await move("#latent-at", "0.9");
  await move("#latent-sliders input[type=range]", "1.5");
  await close();
});

test("MNIST loads, twenty steps on the CPU change the weights and keep the losses finite", async () => {
  const { page, errors, snapshot, close } = await visit("#net=tiny&device=cpu");
  await fetchMnist(page);
  await page.click("#train-step:not([disabled])");
  const grid = () => snapshot((s) => s.train.grids.length > 0 && Array.from(s.train.grids.at(-1).images));
  const first = await until("a first grid", grid);
  assert.equal(first.length, 64 * 784);
  await page.click("#train-play:not([disabled])");
  await until("twenty steps", () => snapshot((s) => s.train.row?.step >= 20), 120);
  const row = await snapshot((s) => s.train.row);
  for (const key of ["lossD", "lossG", "dReal", "dFake"]) assert.ok(Number.isFinite(row[key]), `${key} ${row[key]}`);
  await until("a changed grid", async () => (await grid()).some((v, i) => v !== first[i]));

  await page.click("#train-play");
  await until("training pauses", () => snapshot((s) => s.train.phase === "paused"));
  await page.waitForTimeout(300);
  const paused = await snapshot((s) => s.train.row.step);
  await page.waitForTimeout(1500);
  assert.equal(await snapshot((s) => s.train.row.step), paused, "went on while paused");
  assert.deepEqual(errors, []);
  await close();
});

test("a damaged, a short and a missing file are named, and trying again works", async () => {
  const path = "/pkg/data/train-images-idx3-ubyte.gz";
  const whole = await readFile(await built(path));
  const altered = Buffer.from(whole);
  altered[altered.length >> 1] ^= 0xff;
  const { page, snapshot, close } = await visit("#net=tiny&device=cpu");
  for (const [reply, select] of [[altered, "#data-fetch"], [whole.subarray(0, 100_000), "#data-retry"], [404, "#data-retry"]]) {
    env.server.override(path, reply);
    await page.click(`${select}:not([disabled])`, { timeout: 60_000 });
    await until("it starts", () => snapshot((s) => s.data.phase !== "absent"));
    await page.waitForFunction(() => window.saddle.snapshot().data.phase === "failed", null, { timeout: 60_000 });
    // What is known is drawn with the next frame.
    await until("its name", async () => /train-images-idx3-ubyte/.test(await page.textContent("#data-status")));
    assert.ok(await snapshot((s) => s.game.frame !== null), "the rest of the page is lost");
    await page.evaluate(() => (window.seen = window.saddle.snapshot()));
  }
  env.server.override(path, null);
  await page.click("#data-retry");
  await page.waitForFunction(() => window.saddle.snapshot().data.phase === "ready", null, { timeout: 60_000 });
  await close();
});

test("training on the GPU steps, and its losses are finite", async () => {
  const { page, errors, snapshot, close } = await visit("#net=tiny&device=webgpu");
  await fetchMnist(page);
  await page.click("#train-step:not([disabled])", { timeout: 60_000 });
  const row = await until("a step", () => snapshot((s) => s.train.row?.step >= 1 && s.train.row), 240);
  assert.equal(await snapshot((s) => s.train.device), "webgpu");
  assert.ok(Number.isFinite(row.lossD) && Number.isFinite(row.lossG));
  assert.deepEqual(errors, []);
  await close();
});

test("a hand-edited link falls back field by field and says which", async () => {
  const { page, errors, close } = await visit("#net=nonsense&seed=7&device=cpu");
  const text = await until("a notice", () => page.evaluate(() => document.body.innerText.match(/nonsense|net\b/)?.[0]));
  assert.ok(text);
  assert.deepEqual(errors, []);
  await close();
});

for (const [width, colorScheme] of [[1280, "light"], [1280, "dark"], [390, "light"], [390, "dark"]]) {
  test(`nothing is wider than the window at ${width} px, ${colorScheme}`, async () => {
    const { page, close } = await visit("", { viewport: { width, height: 844 }, colorScheme });
    await until("the text", () => page.$("math"));
    const widest = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(widest <= width, `${widest} px`);
    await close();
  });
}
