// The live figures of the text in Chromium: each draws, answers its fields and the pointer, and adds up.
import assert from "node:assert/strict";
import { test } from "node:test";
import { environment, open, until } from "./harness.mjs";

const FIGURES = ["figure1", "kl", "modes", "fold", "point", "judged", "pair", "ruler", "descent", "dirac", "losses", "temper", "shift"];
const env = environment({ webgpu: false });

async function visit(options = {}) {
  const context = await env.browser.newContext({ reducedMotion: "reduce", ...options });
  const visited = await open(context, `${env.server.origin}/#lang=en`);
  return { ...visited, close: () => context.close() };
}

/** Brings a figure to the window and waits for its first answer. */
async function come(page, id) {
  const figure = page.locator(`#fig-${id}`);
  await figure.evaluate((element) => element.scrollIntoView({ block: "center" }));
  await page.waitForSelector(`#fig-${id}[data-answers]`, { timeout: 30_000 });
  return figure;
}

const read = (figure) => figure.evaluate((root) =>
  Object.fromEntries([...root.querySelectorAll("[data-number]")].filter((cell) => !cell.closest("[hidden]"))
    .map((cell) => [cell.dataset.number, cell.textContent])));
const number = (text) => Number(text.replace("\u2212", "-"));
/** In units of the fourth decimal, which is what the figures show. */
const units = (text) => Math.round(number(text) * 1e4);

async function set(figure, name, value) {
  const before = await figure.getAttribute("data-answers");
  await figure.locator(`input[type=range][data-field=${name}]`).first().evaluate((slider, value) => {
    slider.value = String(value);
    slider.dispatchEvent(new Event("input", { bubbles: true }));
  }, value);
  await until(`an answer for ${name}`, async () => (await figure.getAttribute("data-answers")) !== before);
}

test("every figure draws, and its first field changes what it shows", async () => {
  for (const viewport of [{ width: 1280, height: 900 }, { width: 390, height: 844 }]) {
    const { page, errors, foreign, close } = await visit({ viewport });
    for (const id of FIGURES) {
      const figure = await come(page, id);
      const inked = () => figure.evaluate((root) => [...root.querySelectorAll("canvas")].map((canvas) =>
        canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.reduce((sum, v) => sum + v, 0)));
      const first = { numbers: await read(figure), ink: await inked() };
      assert.ok(first.ink.every((ink) => ink > 0), id);
      assert.doesNotMatch(JSON.stringify(first.numbers), /NaN|undefined/, id);
      const field = figure.locator("input[type=range]").first();
      const name = await field.getAttribute("data-field");
      await set(figure, name, Number(await field.inputValue()) * 0.5 + 0.3);
      assert.notDeepEqual(await read(figure), first.numbers, `${id}: numbers`);
      assert.notDeepEqual(await inked(), first.ink, `${id}: drawing`);
    }
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "sideways scroll");
    assert.deepEqual({ errors, foreign }, { errors: [], foreign: [] });
    await close();
  }
});

test("the digits shown add up", async () => {
  const { page, close } = await visit();
  const pair = await come(page, "pair");
  for (const mean of [-3.3, -0.7, 0.41, 2.77]) {
    await set(pair, "pMean", mean);
    const n = await read(pair);
    const millionths = (text) => Math.round(number(text) * 1e6);
    assert.equal(millionths("\u22121.386294") + millionths(n.klP) + millionths(n.klQ), millionths(n.cOfG), JSON.stringify(n));
    // Two computations, the first with its last digit chosen.
    assert.ok(Math.abs(millionths(n.cOfG) - millionths(n.identity)) <= 1, JSON.stringify(n));
  }
  const judged = await come(page, "judged");
  await judged.locator("summary").click();
  for (const value of [0.9, 0.31]) {
    await set(judged, "d3", value);
    const n = await read(judged);
    assert.equal(units(n.v) + units(n.gap), units(n.cOfG), JSON.stringify(n));
    assert.ok(number(n.bound) < number(n.jsd));
  }
  const point = await come(page, "point");
  await set(point, "a", 2.2);
  const n = await read(point);
  assert.equal(units(n.value) + units(n.gap), units(n.most), JSON.stringify(n));
  const fold = await come(page, "fold");
  const f = await read(fold);
  assert.equal(units(f.branch1) + units(f.branch2) + units(f.branch3), units(f.density), JSON.stringify(f));
  assert.equal(f.overZ, f.overX);
  await close();
});

test("densities are dragged, typed and put back; a level G shows its atom", async () => {
  const { page, close } = await visit({ viewport: { width: 1280, height: 900 } });
  const pair = await come(page, "pair");
  const typed = pair.locator("input[type=number][data-field=pMean]");
  const box = await pair.locator("canvas").first().boundingBox();
  // The x-axis runs from -6 to 6 between 30 pixels at the left and 10 at the right.
  const x = (value) => box.x + 30 + ((value + 6) / 12) * (box.width - 40);
  await page.mouse.move(x(-1), box.y + 12 + (box.height - 34) * (1 - 0.3989 / 0.7 / (1.15 * 0.399 / 0.7)));
  await page.mouse.down();
  await page.mouse.move(x(1.5), box.y + 60, { steps: 4 });
  await page.mouse.up();
  await until("the mean follows", async () => Math.abs(Number(await typed.inputValue()) - 1.5) < 0.06);
  await typed.fill("-2");
  await typed.press("Enter");
  assert.equal(await pair.locator("input[type=range][data-field=pMean]").inputValue(), "-2");
  await pair.locator("input[type=range][data-field=pMean]").press("ArrowRight");
  assert.equal(await typed.inputValue(), "-1.99");
  await pair.locator("button[data-t=default]").click();
  assert.equal(await typed.inputValue(), "-1.00");

  const fold = await come(page, "fold");
  await fold.locator("select").first().selectOption("2");
  const atom = await until("an atom", async () => (await read(fold)).atom);
  // P(|Z| < 1).
  assert.ok(Math.abs(number(atom) - 0.6827) < 0.002, atom);
  await close();
});

test("a link has the figures as they were left, and Default takes them out of it", async () => {
  const { page, close } = await visit();
  const pair = await come(page, "pair");
  await set(pair, "pMean", -2);
  await set(pair, "qWidth", 1.5);
  const address = await until("an address", () => /pMean.*qWidth/.test(page.url()) && page.url());
  const second = await open(env.browser, address);
  const there = await come(second.page, "pair");
  const value = (name) => there.locator(`input[type=number][data-field=${name}]`).inputValue().then(Number);
  assert.deepEqual([await value("pMean"), await value("qWidth")], [-2, 1.5]);
  assert.equal(await second.page.isVisible("#link-fault"), false);
  assert.deepEqual(await read(there), await read(pair));
  await there.locator("button[data-t=default]").click();
  await until("a bare address", () => !/pair/.test(second.page.url()));
  await second.page.close();
  await close();
});

test("the descent plays by itself, and pauses", async () => {
  const { page, close } = await visit();
  const descent = await come(page, "descent");
  const steps = () => descent.locator("input[type=number][data-field=steps]").inputValue().then(Number);
  const first = await steps();
  await descent.locator("button[data-t=play]").click();
  await until("some steps", async () => (await steps()) > first + 3);
  await descent.locator("button[data-t=pause]").click();
  const paused = await steps();
  await page.waitForTimeout(300);
  assert.equal(await steps(), paused);
  await close();
});
