// The walk and the exercises, as a visitor meets them: by their links, by the keyboard, in either language.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { environment, open, until } from "./harness.mjs";

const env = environment({ webgpu: false });

async function visit(hash = "", options = undefined) {
  const context = await env.browser.newContext({ acceptDownloads: true, ...options });
  const visited = await open(context, `${env.server.origin}/${hash}`);
  const snapshot = (pick, argument) => visited.page.evaluate(`(${pick})(window.saddle.snapshot(), ${JSON.stringify(argument)})`);
  await visited.page.waitForFunction(() => document.querySelector("#solved-file:not([disabled]), #solved-file[title]:not([title=''])") !== null, null, { timeout: 60_000 });
  return { ...visited, snapshot, close: () => context.close() };
}

/** Name, first link and last link of every exercise. */
const exercises = (page) => page.$$eval("[data-exercise]:lang(en)", (all) => all.map((one) => {
  const links = [...one.querySelectorAll("a.operate")].map((link) => link.getAttribute("href"));
  return { name: one.dataset.exercise, start: links[0], answer: links.at(-1) };
}));
const solved = (page) => page.getAttribute("#lesson", "data-solved");
const goTo = (page, hash) => page.evaluate((next) => (location.hash = next), hash);

test("each exercise of game and text is not solved by its start, and is solved by its answer", async () => {
  const { page, snapshot, errors, close } = await visit();
  const all = (await exercises(page)).filter(({ start }) => !start.startsWith("#lab-mnist"));
  assert.ok(all.length >= 16, `${all.length}`);
  assert.equal(new Set(all.map(({ name }) => name)).size, all.length);
  for (const { name, start, answer } of all) {
    await goTo(page, start);
    const figure = /^#fig-([a-z0-9]+)/.exec(start)?.[1];
    await until(`${name} is set`, () => snapshot((s, [name, figure]) => s.record.task === name && (figure ? Boolean(s.theory.answers[figure]) : s.game.frame !== null && s.game.phase === "ready"), [name, figure]));
    await page.waitForTimeout(600);
    assert.equal(await solved(page), "false", `${name} is solved by its start`);
    await goTo(page, answer);
    await until(`${name} is solved`, async () => (await solved(page)) === "true").catch(async () => {
      assert.fail(`${name}: ${await page.textContent("#lesson-state")}`);
    });
  }
  const marked = await page.$$eval("[data-exercise]:lang(en) .exercise-mark", (marks) => marks.filter((mark) => mark.textContent !== "").length);
  assert.equal(marked, all.length);

  const [file] = await Promise.all([page.waitForEvent("download"), page.click("#solved-file")]);
  const kept = JSON.parse(await readFile(await file.path(), "utf8"));
  assert.deepEqual(Object.keys(kept).sort(), all.map(({ name }) => name).sort());
  assert.deepEqual(errors, []);

  // Homework: in a browser that has never seen this page, the link alone is judged.
  const other = await visit(new URL(kept["plain"].link).hash);
  await until("it is judged", async () => (await solved(other.page)) === "true");
  assert.match(await other.page.textContent("#lesson-words"), /Plain gradient steps/);
  // A changed solution is no solution: the seed was to stay.
  await goTo(other.page, `${new URL(kept["plain"].link).hash}&seed=2`);
  await until("that is said", async () => /was to stay/.test(await other.page.textContent("#lesson-state")));
  assert.equal(await solved(other.page), "false");
  await other.close();
  await close();
});

test("runs on MNIST are judged too: not solved by their starts, and solved by their answers", async () => {
  const { page, snapshot, close } = await visit();
  page.on("dialog", (dialog) => dialog.accept());
  const all = (await exercises(page)).filter(({ start }) => start.startsWith("#lab-mnist"));
  assert.equal(all.length, 2);
  // The data come first; what is played then is the first start.
  await goTo(page, `${all[0].start}&device=cpu`);
  await page.click("#data-fetch:not([disabled])", { timeout: 60_000 });
  const begun = async (link) => {
    await goTo(page, `${link}&device=cpu`);
    const wanted = (key) => new RegExp(`[&]${key}=([^&]+)`).exec(link)?.[1];
    await until(`a run by ${link}`, () => snapshot((s, [loss, d]) => s.train.phase === "paused" && s.train.settings.loss === loss && Math.abs(s.train.settings.rateD - d) < 1e-6, [wanted("t-loss") ?? "non-saturating", Number(wanted("t-d-rate"))]), 60);
    await page.click("#train-reset:not([disabled])");
    await until("no step", () => snapshot((s) => s.train.phase === "paused" && s.train.row === null), 60);
    await page.click("#train-play:not([disabled])");
  };
  for (const { name, start, answer } of all) {
    await begun(start);
    await until("steps", () => snapshot((s) => s.train.row?.step >= 5), 120);
    assert.equal(await solved(page), "false", name);
    await page.click("#train-play");
    await until("a pause", () => snapshot((s) => s.train.phase === "paused"));
    await begun(answer);
    await until(`${name} is solved`, async () => (await solved(page)) === "true", 240);
    if (await snapshot((s) => s.train.phase === "playing")) await page.click("#train-play");
    await until("a rest", () => snapshot((s) => s.train.phase === "paused"));
  }
  await close();
});

test("the walk goes on by one key, says where it is, is left and taken up, and stands still where motion is not wanted", async () => {
  const { page, snapshot, errors, close } = await visit("#lang=zh", { reducedMotion: "reduce" });
  assert.equal(await page.isVisible("#lesson"), false);
  await page.focus("#walk-begin");
  await page.keyboard.press("Enter");
  await until("the first stop", () => snapshot((s) => s.record.walk === 1));
  assert.match(await page.textContent("#lesson-words"), /^\s*博弈/);
  assert.equal(await page.evaluate(() => document.activeElement?.id), "lesson-next");
  assert.equal(await snapshot((s) => s.game.playing), false);
  for (let stop = 2; stop <= 4; stop += 1) {
    await page.keyboard.press("Enter");
    await until(`stop ${stop}`, () => snapshot((s, n) => s.record.walk === n, stop));
  }
  assert.equal(await snapshot((s) => s.game.settings.target), "two-modes");
  await page.keyboard.press("ArrowLeft");
  await until("back", () => snapshot((s) => s.record.walk === 3));
  await page.keyboard.press("Escape");
  await until("it is left", async () => !(await page.isVisible("#lesson")));
  assert.deepEqual(errors, []);
  await close();

  const again = await visit("#walk=6&lang=en");
  await until("the sixth stop", () => again.snapshot((s) => s.record.walk === 6 && Boolean(s.theory.answers.shift)));
  assert.match(await again.page.textContent("#lesson-words"), /do not overlap/);
  assert.match(await again.page.textContent("#lesson-next"), /6 of 9/);
  await again.close();
});
