// The 1-D laboratory in Chromium, as a visitor meets it: the game by hand, back in time, through a link.
import assert from "node:assert/strict";
import { test } from "node:test";
import { environment, open, until } from "./harness.mjs";

const env = environment({ webgpu: false });

/** A page of its own, with the laboratory in the window and the game at rest where the link leaves it. */
async function visit(hash = "", options = {}) {
  const context = await env.browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: "reduce", ...options });
  const visited = await open(context, `${env.server.origin}/${hash}`);
  const { page } = visited;
  const game = (pick) => page.evaluate(`(${pick})(window.saddle.snapshot().game)`);
  await until("the game is ready", () => game((g) => g.phase === "ready"));
  // Its laboratory comes after the first screen.
  await until("the parts are there", () => page.evaluate(() => !document.getElementById("theme").hidden));
  await page.locator("#game-canvas").scrollIntoViewIfNeeded();
  return { ...visited, game, close: () => context.close() };
}

/** What a moment is told by: every array and number of its frame. */
const drawn = (game) => game((g) => Object.fromEntries(Object.entries(g.frame).map(([k, v]) => [k, ArrayBuffer.isView(v) ? Array.from(v) : v])));

/** Bit for bit; says which part differs, and not 401 numbers. */
function same(got, wanted, what = "") {
  const parts = Object.keys(wanted).filter((key) => JSON.stringify(got[key]) !== JSON.stringify(wanted[key]));
  const [key] = parts;
  assert.deepEqual(parts, [], `${what} differs, iteration ${got.iteration} and ${wanted.iteration}: ${key && JSON.stringify([got[key], wanted[key]]).slice(0, 300)}`);
}

/** Plays until that iteration and pauses there. */
async function playTo(page, game, iteration) {
  await page.fill("#game-pace-value", "2000");
  await page.press("#game-pace-value", "Enter");
  await page.click("#game-play");
  await until(`iteration ${iteration}`, () => game((g) => g.frame.iteration).then((i) => i >= iteration));
  await page.click("#game-play");
  await until("it pauses", () => game((g) => !g.playing));
  await page.waitForTimeout(200);
}

test("a step of D moves D only, a step of G moves G only", async () => {
  const { page, game, errors, close } = await visit();
  const start = await drawn(game);
  await page.click("#game-step-d");
  await until("a step of D", () => game((g) => g.frame.dSteps === 1));
  const afterD = await drawn(game);
  same({ gz: afterD.gz, pG: afterD.pG }, { gz: start.gz, pG: start.pG });
  assert.notDeepEqual(afterD.d, start.d);
  await page.click("#game-step-g");
  await until("a step of G", () => game((g) => g.frame.gSteps === 1));
  const afterG = await drawn(game);
  same({ d: afterG.d }, { d: afterD.d });
  assert.notDeepEqual(afterG.gz, afterD.gz);
  assert.equal(afterG.iteration, 0);
  assert.deepEqual(errors, []);
  await close();
});

test("D trained to its optimum reaches D*, G stands still, and then G takes one step", async () => {
  const { page, game, close } = await visit();
  await playTo(page, game, 50);
  const before_ = await drawn(game);
  await page.click("#game-optimum");
  await until("the optimum", () => game((g) => g.optimum?.reached), 60);
  const reached = await drawn(game);
  assert.ok(reached.numbers.supDDStar <= 0.02, String(reached.numbers.supDDStar));
  assert.ok(reached.numbers.gap < before_.numbers.gap);
  same({ gz: reached.gz }, { gz: before_.gz });
  assert.match(await page.textContent("#game-status"), /0\.0[012]\d/);
  await page.click("#game-against");
  await until("a step of G", () => game((g) => g.frame.gSteps).then((n) => n === before_.gSteps + 1));
  same({ d: (await drawn(game)).d }, { d: reached.d });
  await close();
});

test("a D that cannot reach its optimum says so", async () => {
  const { page, game, close } = await visit("#d-width=1");
  await page.click("#game-optimum");
  await until("an end", () => game((g) => g.optimum !== null), 90);
  assert.equal(await game((g) => g.optimum.reached), false);
  assert.match(await page.textContent("#game-status"), /wider D/);
  await close();
});

test("going back shows the same moment again, and playing from there is the same game", async () => {
  const { page, game, close } = await visit();
  for (let i = 0; i < 3; i += 1) await page.click("#game-step");
  await until("three iterations", () => game((g) => g.frame.iteration === 3));
  const third = await drawn(game);
  await playTo(page, game, 900);
  const end = await game((g) => g.at);
  const last = await drawn(game);
  const seek = async (at) => {
    await page.locator("#game-at").evaluate((slider, value) => {
      slider.value = String(value);
      slider.dispatchEvent(new Event("input", { bubbles: true }));
    }, at);
    await until(`place ${at}`, () => game((g) => g.at).then((place) => place === at));
    await page.waitForTimeout(300);
  };
  await seek(3);
  same(await drawn(game), third);
  await seek(end);
  same(await drawn(game), last);
  // A branch from the third iteration, played as far by hand, is the run itself: nothing but the seed decides.
  await seek(2);
  await page.click("#game-step");
  await until("a branch", () => game((g) => g.course.total === 3 && g.note?.kind === "branched"));
  same(await drawn(game), third);
  await close();
});

test("scrubbing back and forth shows the same moments each time, across steps by hand and changed settings", async () => {
  const { page, game, errors, close } = await visit("#seed=3&g-width=64");
  await playTo(page, game, 700);
  await page.click("#game-step-d");
  await page.click('#game-settings details:nth-of-type(2) summary');
  await page.fill("#set-k-d", "2");
  await page.press("#set-k-d", "Enter");
  await until("k", () => game((g) => g.settings.kD === 2));
  await playTo(page, game, 1200);
  const end = await game((g) => g.course.total);
  const seek = async (at) => {
    await page.locator("#game-at").evaluate((slider, value) => {
      slider.value = String(value);
      slider.dispatchEvent(new Event("input", { bubbles: true }));
    }, at);
    await until(`place ${at}`, () => game((g) => g.at).then((place) => place === at));
    await page.waitForTimeout(300);
    return drawn(game);
  };
  const ascending = new Map();
  for (const at of [0, 1, 19, 20, 21, 333, 699, end - 1, end]) ascending.set(at, await seek(at));
  for (const at of [end, 20, 699, 0, end - 1, 333, 21, 1, 19]) same(await seek(at), ascending.get(at), `place ${at}`);
  assert.equal(await game((g) => g.course.total), end, "to look is not to play");
  assert.deepEqual(errors, []);
  await close();
});

test("a link replays a run with steps by hand and changed settings to the same numbers", async () => {
  const { page, game, close } = await visit("#seed=5&data=skewed");
  await playTo(page, game, 120);
  await page.click("#game-step-d");
  await page.click("#game-optimum");
  await until("some ascent", () => game((g) => g.frame.dSteps).then(async (n) => n >= (await game((g) => g.frame.gSteps)) + 41));
  await page.click("#game-optimum");
  await page.click('#game-settings details:nth-of-type(2) summary');
  await page.fill("#set-k-d", "3");
  await page.press("#set-k-d", "Enter");
  await until("k", () => game((g) => g.settings.kD === 3));
  for (let i = 0; i < 2; i += 1) await page.click("#game-step");
  await until("two iterations", () => game((g) => g.course.moves.at(-1).act === "i" && g.course.moves.at(-1).n === 2));
  await until("the link", () => page.url().includes("2i"));
  const there = await drawn(game);
  const again = await visit(new URL(page.url()).hash);
  await until("it has been replayed", () => again.game((g) => g.note?.kind === "replayed"));
  await until("its end", () => again.game((g) => g.at === g.course.total && g.course.moves.at(-1).n === 2));
  same(await drawn(again.game), there);
  assert.equal(again.page.url().split("#")[1], page.url().split("#")[1]);
  assert.deepEqual(again.errors, []);
  await again.close();
  await close();
});

test("settings change under the running game; the few that cannot say that they restarted it", async () => {
  const { page, game, close } = await visit();
  await playTo(page, game, 30);
  const at = await game((g) => g.frame.iteration);
  await page.evaluate(() => document.querySelectorAll("#game-settings details").forEach((group) => (group.open = true)));
  await page.selectOption("#set-data", "two-modes");
  await page.selectOption("#set-loss", "minimax");
  await page.selectOption("#set-g-by", "momentum");
  await page.fill("#set-batch", "32");
  await page.press("#set-batch", "Enter");
  await until("all four", () => game((g) => g.settings.batch === 32 && g.settings.target === "two-modes" && g.settings.loss === "minimax" && g.settings.gOptimiser === "momentum"));
  assert.equal(await game((g) => g.frame.iteration), at, "no restart");
  await page.locator("#set-batch ~ button").click();
  await until("the default", () => game((g) => g.settings.batch === 128));
  await page.fill("#set-g-width", "8");
  await page.press("#set-g-width", "Enter");
  await until("a restart", () => game((g) => g.frame.iteration === 0 && g.settings.gWidth === 8));
  await until("it says so", async () => /began again/.test(await page.textContent("#game-status")));
  assert.equal(await game((g) => g.settings.target), "two-modes", "the other settings stay");
  await close();
});

test("a density drawn with arrow keys becomes the data, and travels in the link", async () => {
  const { page, game, close } = await visit();
  await page.click('#game-settings details:nth-of-type(1) summary');
  await page.selectOption("#set-data", "drawn");
  await until("a drawn density", () => game((g) => g.settings.target === "drawn"));
  const before_ = await drawn(game);
  await page.focus("#set-drawn");
  for (let i = 0; i < 5; i += 1) await page.keyboard.press("ArrowLeft");
  for (let i = 0; i < 4; i += 1) await page.keyboard.press("PageUp");
  await until("another density", async () => JSON.stringify((await drawn(game)).pData) !== JSON.stringify(before_.pData));
  const shown = (await drawn(game)).pData;
  const mass = shown.reduce((sum, p) => sum + p, 0) * ((await game((g) => g.frame.x[400] - g.frame.x[0])) / 400);
  assert.ok(Math.abs(mass - 1) < 2e-3, String(mass));
  const heights = await game((g) => g.settings.drawn.length);
  assert.equal(heights, 64);
  // The address follows within half a second of the last stroke.
  await page.waitForTimeout(1200);
  assert.match(page.url(), /drawn=[\w-]{64}/);
  const again = await visit(new URL(page.url()).hash);
  same({ pData: (await drawn(again.game)).pData }, { pData: shown });
  await again.close();
  await close();
});

/** Moves a finger over the pad, from and to as shares of its box, and back to the page's own events. */
async function swipe(page, from, to) {
  const box = await page.locator("#set-drawn").boundingBox();
  const at = ([x, y]) => [{ x: box.x + x * box.width, y: box.y + y * box.height }];
  const session = await page.context().newCDPSession(page);
  const touch = (type, touchPoints) => session.send("Input.dispatchTouchEvent", { type, touchPoints });
  await touch("touchStart", at(from));
  for (let i = 1; i <= 10; i += 1) await touch("touchMove", at(from.map((v, axis) => v + ((to[axis] - v) * i) / 10)));
  await touch("touchEnd", []);
}

/** The same with a mouse. */
async function drag(page, from, to) {
  const box = await page.locator("#set-drawn").boundingBox();
  await page.mouse.move(box.x + from[0] * box.width, box.y + from[1] * box.height);
  await page.mouse.down();
  await page.mouse.move(box.x + to[0] * box.width, box.y + to[1] * box.height, { steps: 10 });
  await page.mouse.up();
}

for (const [how, stroke, options] of [
  ["a mouse", drag, {}],
  ["a finger", swipe, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }],
]) {
  test(`a density drawn with ${how} becomes the data, and nothing scrolls under it`, async () => {
    const { page, game, close } = await visit("", options);
    await page.click("#game-settings details:nth-of-type(1) summary");
    await page.selectOption("#set-data", "drawn");
    await until("a drawn density", () => game((g) => g.settings.target === "drawn"));
    await page.locator("#set-drawn").scrollIntoViewIfNeeded();
    await page.waitForTimeout(300);
    const scrolled = await page.evaluate(() => scrollY);
    // Nothing at the left, then a slope that rises to the right.
    await stroke(page, [0.02, 0.98], [0.5, 0.98]);
    await stroke(page, [0.5, 0.98], [0.98, 0.05]);
    const heights = await until("a rising density", async () => {
      const now = await game((g) => g.settings.drawn);
      return Math.max(...now.slice(0, 28)) <= 1 && now[62] > 50 && now;
    });
    const right = heights.slice(36, 62);
    assert.ok(right.every((height, i) => i === 0 || height >= right[i - 1]), String(right));
    const [x, pData] = await game((g) => [Array.from(g.frame.x), Array.from(g.frame.pData)]);
    const step = x[1] - x[0];
    const mass = (keep) => pData.reduce((sum, p, i) => sum + (keep(x[i]) ? p * step : 0), 0);
    // A sum over the plotted points, of a density that ends steeply.
    assert.ok(Math.abs(mass(() => true) - 1) < 2e-2, String(mass(() => true)));
    assert.ok(mass((at) => at > 0) > 0.95, String(mass((at) => at > 0)));
    assert.equal(await page.evaluate(() => scrollY), scrolled);
    await close();
  });
}

test("slow motion lights the lines in order and plays the same game", async () => {
  const { page, game, close } = await visit("#k-d=2");
  await page.click("#game-slow");
  await until("the algorithm unfolds", () => page.locator("#game-algorithm").evaluate((details) => details.open));
  const lines = [];
  for (let i = 0; i < 8; i += 1) {
    await page.click("#game-step");
    lines.push(await until("a line", async () => {
      const line = await game((g) => `${g.line} ${g.turn}`);
      return line !== (lines.at(-1) ?? "null 0") && line;
    }));
    // The snapshot comes first, its drawing with the next frame. The text's own list is there in both languages.
    const lit = async () => [await page.locator("#game-algorithm .lit").count(), await page.locator(".prose .lit").count()];
    await until("one line lit, and two in the text", async () => `${await lit()}` === "1,2");
  }
  assert.deepEqual(lines, ["noise-d 1", "data 1", "ascend 1", "noise-d 2", "data 2", "ascend 2", "noise-g 1", "descend 1"]);
  assert.deepEqual(await game((g) => g.course.moves), [{ act: "i", n: 1 }]);
  const slow = await drawn(game);
  const quick = await visit("#k-d=2");
  await quick.page.click("#game-step");
  await until("an iteration", () => quick.game((g) => g.frame.iteration === 1));
  same(await drawn(quick.game), slow);
  await quick.close();
  await close();
});

test("every known game opens from its link without an error, in both languages, and its settings come back", async () => {
  const { page, game, errors, close } = await visit("#lang=zh");
  await page.waitForSelector("#game-presets a");
  const links = await page.locator("#game-presets a").evaluateAll((all) => all.map((a) => [a.dataset.preset, a.getAttribute("href"), a.textContent, a.nextElementSibling.textContent]));
  assert.ok(links.length >= 10);
  const presets = await game((g) => g.presets);
  for (const [name, href, title, what] of links) {
    assert.match(title + what, /[\u4e00-\u9fff]/, `${name} has no Chinese`);
    const { settings } = presets.find((preset) => preset.name === name);
    const opened = await visit(href);
    await until(name, () => opened.game((g) => g.settings !== null));
    assert.ok(await opened.page.locator("#link-fault").isHidden(), name);
    const got = await opened.game((g) => g.settings);
    for (const key of ["target", "mean", "deviation", "kD", "kG", "loss", "batch", "r1", "ema", "decayTo"]) assert.equal(got[key], settings[key], `${name} ${key}`);
    assert.deepEqual([got.dRate, got.dBeta1, got.gRate, got.gActivation], [settings.d.rate, settings.d.beta1, settings.g.rate, settings.g.activation], name);
    assert.deepEqual(opened.errors, [], name);
    await opened.close();
  }
  // A click sets everything too, and starts.
  await page.click('#game-presets a[data-preset="k-10"]');
  await until("it plays", () => game((g) => g.settings.kD === 10 && g.frame.iteration > 0));
  assert.deepEqual(errors, []);
  await close();
});

test("the page's defaults are the engine's", async () => {
  const { game, close } = await visit();
  const preset = await game((g) => g.presets.find(({ name }) => name === "default").settings);
  const { d, g: net, ...rest } = preset;
  const flat = await game((g) => g.settings);
  assert.deepEqual(
    { ...rest, dimension: "1", plane: "ring", points: [], latent: "2", dLayers: d.layers, gLayers: net.layers, dWidth: d.width, dActivation: d.activation, dOptimiser: d.optimiser, dRate: d.rate, dBeta1: d.beta1,
      gWidth: net.width, gActivation: net.activation, gOptimiser: net.optimiser, gRate: net.rate, gBeta1: net.beta1 },
    flat,
  );
  await close();
});

test("nonsense in a link falls back field by field, and is named", async () => {
  const { page, game, close } = await visit("#k-d=21&g-rate=fast&loss=minimax&data=drawn&run=5i_7x");
  await page.waitForSelector("#link-fault:not([hidden])");
  const text = await page.textContent("#link-fault");
  for (const part of ["k-d=21", "g-rate=fast", "data=drawn", "run=5i_7x"]) assert.ok(text.includes(part), part);
  assert.ok(!text.includes("loss"));
  assert.deepEqual(await game((g) => [g.settings.kD, g.settings.gRate, g.settings.loss, g.settings.target, g.at]), [1, 0.0005, "minimax", "gaussian", 0]);
  await close();
});

test("Figure 1 is found in a run that converged, and exported", async () => {
  const { page, game, close } = await visit("#run=4000i");
  await until("the run", () => game((g) => g.frame.iteration === 4000), 60);
  const shown = await drawn(game);
  await page.click("#game-figure1 summary");
  await page.click("#game-compose");
  const figure = await until("four panels", () => game((g) => g.figure && {
    a: g.figure.a.frame.numbers, b: g.figure.b.numbers, c: g.figure.c.numbers, d: g.figure.d.frame.numbers, gz: [...g.figure.b.gz], gzA: [...g.figure.a.frame.gz],
  }), 60);
  assert.ok(figure.a.jsd >= 0.005 && figure.a.jsd <= 0.08 && figure.a.supDDStar >= 0.05);
  assert.ok(figure.b.supDDStar <= 0.02);
  same({ gz: figure.gz }, { gz: figure.gzA });
  assert.ok(figure.c.jsd < figure.b.jsd);
  assert.ok(figure.d.jsd <= 0.005 && figure.d.supDHalf <= 0.05);
  const picture = page.locator("#game-panels img");
  assert.ok((await picture.getAttribute("alt")).length > 0);
  assert.ok(await picture.evaluate((image) => image.complete && image.naturalWidth > 300), "the picture cannot be drawn");
  same(await drawn(game), shown);
  for (const [button, pattern] of [["#game-figure-svg", /^<svg /], ["#game-figure-png", /^.PNG/], ["#game-svg", /^<svg /], ["#game-png", /^.PNG/], ["#game-csv", /^iteration,/]]) {
    const [download] = await Promise.all([page.waitForEvent("download"), page.click(button)]);
    const stream = await download.createReadStream();
    const [chunk] = await stream.take(1).toArray();
    assert.match(chunk.toString("latin1"), pattern, button);
  }
  await close();
});

test("values can be read off the graph by arrow keys, and arrows show gradients on samples", async () => {
  const { page, game, close } = await visit("#data=gaussian&mean=6&loss=minimax&arrows=on");
  await page.focus("#game-canvas");
  await page.keyboard.press("ArrowRight");
  const values = await until("values", () => page.locator("#game-readout .value").allTextContents().then((all) => all.every((v) => v !== "") && all));
  assert.equal(values.length, 5);
  const samples = await until("samples", () => game((g) => g.samples && { d: [...g.samples.d], slope: [...g.samples.slope] }));
  assert.equal(samples.d.length, 28);
  assert.ok(samples.d.every((d) => d > 0 && d < 1));
  assert.match(await page.textContent("#game-push-minimax"), /\d\.\d{4}/);
  await close();
});
