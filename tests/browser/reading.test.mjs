// What the text does in Chromium: its contents follow, its sentences operate, its symbols lead somewhere, and
// the visitor can be D.
import assert from "node:assert/strict";
import { test } from "node:test";
import { environment, open, until } from "./harness.mjs";

const env = environment({ webgpu: false });

async function visit(hash = "#lang=en", options = {}) {
  const context = await env.browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: "reduce", ...options });
  const visited = await open(context, `${env.server.origin}/${hash}`);
  const snapshot = (pick) => visited.page.evaluate(`(${pick})(window.saddle.snapshot())`);
  await until("the text is mounted", () => snapshot((s) => s.trial !== null && s.game.frame !== null), 60);
  return { ...visited, snapshot, close: () => context.close() };
}

const current = (page) => page.evaluate(() => document.querySelector(".contents [aria-current]")?.getAttribute("href"));
/** Sections are laid out when they come near: what was scrolled to may move once. */
async function go(page, selector) {
  const place = page.locator(selector).first();
  for (let i = 0; i < 3; i += 1) {
    await place.evaluate((element) => element.scrollIntoView({ block: "start" }));
    await page.waitForTimeout(150);
  }
}

test("the contents follow the reader, step aside for figures, and have a time for each section", async () => {
  const { page, errors, close } = await visit();
  for (const id of ["divergences", "loop", "references"]) {
    await go(page, `#${id}`);
    await until(`${id} is marked`, async () => (await current(page)) === `#${id}`);
    assert.equal(await page.isVisible(".contents"), true, id);
  }
  await go(page, "#fig-pair");
  await until("they step aside", async () => !(await page.isVisible(".contents")));
  const times = await page.$$eval(".contents-list:lang(en) small", (all) => all.map((small) => parseInt(small.textContent, 10)));
  const total = parseInt(await page.textContent("#contents-minutes"), 10);
  assert.equal(times.length, await page.$$eval(".paper > section", (all) => all.length));
  assert.ok(times.every((minutes) => minutes >= 1));
  // The total is rounded by itself.
  const sum = times.reduce((a, b) => a + b, 0);
  assert.ok(Math.abs(sum - total) <= times.length / 2 + 1, `${sum} ${total}`);
  // Where the reader is: a click would scroll to the switch.
  await page.$eval("[data-language=zh]", (button) => button.click());
  await until("the other language", async () => /分钟/.test(await page.textContent("#contents-minutes")));
  await until("the same section", async () => (await current(page)) === "#optimal-g-zh");
  assert.deepEqual(errors, []);
  await close();
});

test("on a narrow screen the contents unfold by keyboard, lead to a section and fold", async () => {
  const { page, close } = await visit("#lang=en", { viewport: { width: 390, height: 844 } });
  await go(page, "#objective");
  await until("its name stands in the bar", async () => (await page.textContent("#contents-now")) === "The objective");
  const list = page.locator(".contents-list:lang(en)");
  assert.equal(await list.isVisible(), false);
  await page.focus(".contents summary");
  await page.keyboard.press("Enter");
  assert.equal(await list.isVisible(), true);
  await page.keyboard.press("Escape");
  assert.equal(await list.isVisible(), false);
  await page.keyboard.press("Enter");
  await list.locator('a[href="#convergence"]').press("Enter");
  await until("the section is there", () => page.evaluate(() => Math.abs(document.getElementById("convergence").getBoundingClientRect().top) < 200));
  assert.equal(await list.isVisible(), false);
  await close();
});

test("a sentence sets the game and plays it, and Back leads to the sentence", async () => {
  const { page, snapshot, close } = await visit("#lang=en&t=0.25");
  const sentence = page.locator('.prose[lang=en] a.operate[href*="k-d=10"]').first();
  await sentence.evaluate((element) => element.scrollIntoView({ block: "center" }));
  await page.waitForTimeout(500);
  const place = await page.evaluate(() => scrollY);
  await sentence.press("Enter");
  await until("ten steps of D", () => snapshot((s) => s.game.settings.kD === 10 && s.game.settings.r1 === 0 && s.game.playing));
  await until("it plays", () => snapshot((s) => s.game.frame.iteration > 5));
  assert.ok(await page.evaluate(() => Math.abs(document.getElementById("lab-game").getBoundingClientRect().top) < 200));
  assert.match(await page.evaluate(() => location.hash), /t=0.25/, "the rest of the record is lost");
  await page.goBack();
  await until("the sentence again", () => page.evaluate((place) => Math.abs(scrollY - place) < 50, place));
  await close();
});

test("every sentence that operates does what it says", async () => {
  const { page, snapshot, close } = await visit();
  const links = await page.$$eval(".prose[lang=en] a.operate[href^='#lab-game']", (all) => all.map((link) => link.getAttribute("href")));
  assert.ok(new Set(links).size >= 8, `${links.length} sentences`);
  for (const href of new Set(links)) {
    await page.evaluate((href) => document.querySelector(`a.operate[href="${CSS.escape(href)}"], a.operate[href="${href}"]`).click(), href);
    const wanted = new URLSearchParams(href.slice(1));
    const state = await until(`the settings of ${href}`, () => snapshot((s) => s.game.settings && { ...s.game.settings, total: s.game.course?.total }));
    if (wanted.has("k-d")) await until("k", () => snapshot((s) => s.game.settings.kD).then((k) => String(k) === wanted.get("k-d")));
    // At least the iterations that it begins with.
    const least = Number.parseInt(wanted.get("run") ?? "0", 10);
    if (wanted.has("run")) await until("it is played again", () => snapshot((s) => s.game.course.total).then((total) => total >= least), 60);
    assert.ok(state);
    assert.equal(await page.isVisible("#link-fault"), false);
  }
  await close();
});

test("each symbol leads to its meaning, in its own language", async () => {
  const { page, close } = await visit();
  const wrong = await page.$$eval("a.sym", (all) => all.filter((link) => {
    const target = document.querySelector(link.getAttribute("href"));
    return !target || !link.title || target.closest("[lang]").lang !== link.closest("[lang]").lang;
  }).map((link) => link.outerHTML.slice(0, 100)));
  assert.deepEqual(wrong, []);
  const count = await page.$$eval("a.sym", (all) => all.length);
  assert.ok(count > 100, `${count} links`);
  await close();
});

test("the visitor is D: twenty digits by key and by click, an interval, and D beside", async () => {
  const { page, errors, foreign, snapshot, close } = await visit();
  await page.locator("#fig-trial").evaluate((element) => element.scrollIntoView({ block: "start" }));
  await page.click("#trial-begin:not([disabled])");
  await until("a digit", () => snapshot((s) => s.trial.phase === "asking"), 60);
  const focused = () => until("the answers have the focus", () => page.evaluate(() => document.activeElement.id === "trial-real"));
  await focused();
  const ink = () => page.$eval("#trial-digit", (canvas) => canvas.getContext("2d").getImageData(0, 0, 28, 28).data.reduce((sum, v) => sum + v, 0));
  const first = await ink();
  await page.keyboard.press("ArrowLeft");
  await until("another digit", async () => (await ink()) !== first);
  const truth = await snapshot((s) => s.trial.round.real);
  // The rest by click, and all of them right.
  for (let i = 1; i < 20; i += 1) await page.click(truth[i] ? "#trial-real" : "#trial-made");
  const tally = await until("an interval", () => snapshot((s) => s.trial.phase === "done" && s.trial.tallies.early?.intervals && s.trial.tallies.early), 30);
  const right = truth[0] ? 20 : 19;
  assert.equal(tally.you, right);
  assert.equal(tally.gSteps, 400);
  const says = await snapshot((s) => s.trial.round.d);
  assert.equal(tally.d, says.filter((d, i) => d > 0.5 === truth[i]).length);
  // Clopper and Pearson for 19 and for 20 of 20.
  assert.ok(Math.abs(tally.intervals[0].low - (right === 20 ? 0.8316 : 0.7513)) < 1e-3);
  assert.equal(await page.locator("#trial-verdicts li").count(), 20);
  assert.match(await page.textContent("#trial-early"), new RegExp(`${right} of 20`));

  await page.check("input[name=trial-stage][value=late]");
  await page.click("#trial-begin");
  await until("a digit of the other G", () => snapshot((s) => s.trial.phase === "asking" && s.trial.round.gSteps > 400), 60);
  await focused();
  for (let i = 0; i < 20; i += 1) await page.keyboard.press("ArrowRight");
  await until("both tallies", () => snapshot((s) => s.trial.tallies.early && s.trial.tallies.late?.of === 20));
  assert.deepEqual({ errors, foreign }, { errors: [], foreign: [] });
  await close();
});

test("digits that do not come are reported, and come when asked again", async () => {
  const path = "/pretrained/compact-400.safetensors";
  const { page, snapshot, close } = await visit();
  env.server.override(path, 404);
  await page.click("#trial-begin:not([disabled])");
  await until("it is told", () => snapshot((s) => s.trial.phase === "failed"), 30);
  assert.match(await page.textContent("#trial-status"), /compact-400.*404/);
  env.server.override(path, null);
  await page.click("#trial-begin");
  await until("a digit", () => snapshot((s) => s.trial.phase === "asking"), 60);
  await close();
});
