// The game in the plane, in Chromium: the switch, play by hand, links, layers, keys.
import assert from "node:assert/strict";
import { test } from "node:test";
import { environment, open, until } from "./harness.mjs";

const env = environment({ webgpu: false });
const SMALL = "dim=2&deviation=0.4&d-width=8&g-layers=1&g-width=16&g-f=leaky-relu&batch=16&fall-from=0&fall-to=0";

/** A page with the laboratory in the window, still where the link leaves it. */
async function visit(hash = "", options = {}) {
  const context = await env.browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: "reduce", ...options });
  const visited = await open(context, `${env.server.origin}/${hash}`);
  const { page } = visited;
  const game = (pick) => page.evaluate(`(${pick})(window.saddle.snapshot().game)`);
  await until("the game is ready", () => game((g) => g.phase === "ready" && !g.replaying));
  await until("the parts are there", () => page.evaluate(() => !document.getElementById("theme").hidden));
  await page.locator("#game-play").scrollIntoViewIfNeeded();
  return { ...visited, game, close: () => context.close() };
}

/** What a moment in the plane is told by. */
const look = (game) => game((g) => JSON.stringify([g.frame.iteration, g.frame.numbers, g.frame.plane.figures, ...["pData", "pG", "d", "dStar", "mesh"].map((k) => Array.from(g.frame.plane[k]))]));
const pixels = (page, id) => page.evaluate((name) => document.getElementById(name).toDataURL(), id);

test("the switch goes to the plane and back, and each game is where it was left", async () => {
  const { page, game, errors, close } = await visit();
  assert.equal(await page.locator("#plane-canvas").count(), 0, "the plane's part is loaded before it is asked for");
  for (const id of ["game-step", "game-step-d"]) await page.click(`#${id}`);
  await until("two moves", () => game((g) => g.at === 2));
  const line = await game((g) => JSON.stringify([g.frame.numbers, Array.from(g.frame.pG), Array.from(g.frame.d)]));
  await page.check("#game-plane");
  await until("the plane", () => game((g) => g.frame.plane !== undefined && g.settings.dimension === "2"));
  await page.waitForSelector("#plane-canvas");
  assert.ok(await page.locator("#game-canvas").isHidden());
  assert.ok(await page.locator("#game-presets a[data-preset=ring]").count() === 1);
  await page.click("#game-step-g");
  await until("a step of G", () => game((g) => g.frame.gSteps === 1));
  const plane = await look(game);
  await page.check("#game-line");
  await until("the line", () => game((g) => g.frame.x.length > 0 && g.at === 2 && !g.replaying));
  assert.equal(await game((g) => JSON.stringify([g.frame.numbers, Array.from(g.frame.pG), Array.from(g.frame.d)])), line);
  await page.check("#game-plane");
  await until("the plane", () => game((g) => g.frame.plane !== undefined && g.at === 1 && !g.replaying));
  assert.equal(await look(game), plane);
  assert.deepEqual(errors, []);
  await close();
});

test("a link to a moment in the plane replays the same bits, and going back does", async () => {
  const first = await visit(`#${SMALL}&run=6i_2d_1g_20o_3i`);
  const there = await look(first.game);
  const at = await first.game((g) => g.at);
  const hash = await first.page.evaluate(() => location.hash);
  await first.page.locator("#game-at").fill("4");
  await until("a look back", () => first.game((g) => g.at === 4 && g.frame.plane?.figures && g.frame.iteration === 4));
  await first.page.locator("#game-at").fill(String(at));
  await until("forward", () => first.game((g) => g.frame.iteration === 9));
  assert.equal(await look(first.game), there);
  const second = await visit(hash);
  await until("replayed", () => second.game((g) => g.frame.iteration === 9));
  assert.equal(await look(second.game), there);
  assert.deepEqual([...first.errors, ...second.errors], []);
  await first.close();
  await second.close();
});

test("D and G move alone, settings act live, and what cannot begins again", async () => {
  const { page, game, errors, close } = await visit(`#${SMALL}`);
  const part = (name) => game(`(g) => JSON.stringify(Array.from(g.frame.plane.${name}))`);
  const [d, mesh] = [await part("d"), await part("mesh")];
  await page.click("#game-step-d");
  await until("a step of D", () => game((g) => g.frame.dSteps === 1));
  assert.equal(await part("mesh"), mesh);
  assert.notEqual(await part("d"), d);
  await page.click("#game-step-g");
  await until("a step of G", () => game((g) => g.frame.gSteps === 1));
  assert.notEqual(await part("mesh"), mesh);
  await page.locator("#set-plane").evaluate((select) => {
    select.value = "moons";
    select.dispatchEvent(new Event("change", { bubbles: true }));
  });
  await until("moons", () => game((g) => g.settings.plane === "moons" && g.frame.gSteps === 1));
  await until("the move", () => game((g) => g.course.moves.some((move) => move.act === "set" && move.value === "moons")));
  await page.locator("#set-z-dim").evaluate((select) => {
    select.value = "1";
    select.dispatchEvent(new Event("change", { bubbles: true }));
  });
  await until("a curve", () => game((g) => g.settings.latent === "1" && g.frame.gSteps === 0));
  const { jsd, singular } = await game((g) => ({ jsd: g.frame.numbers.jsd, singular: g.frame.plane.figures.singular + g.frame.plane.figures.outside }));
  assert.ok(Math.abs(jsd - Math.log(2)) < 1e-6 && Math.abs(singular - 1) < 1e-6, `${jsd}, ${singular}`);
  assert.match(await page.locator("#plane-facts").textContent(), /lies on curves or points/);
  assert.deepEqual(errors, []);
  await close();
});

test("networks that diverge leave a sentence and the last picture", async () => {
  const { page, game, errors, close } = await visit(`#${SMALL}&d-f=relu&d-by=sgd&g-by=sgd&d-rate=10&g-rate=10&r1=100`);
  await page.fill("#game-pace-value", "2000");
  await page.press("#game-pace-value", "Enter");
  await page.click("#game-play");
  await until("it has diverged", () => game((g) => g.note?.kind === "diverged" && !g.playing));
  assert.match(await page.locator("#game-status").textContent(), /infinite/);
  assert.ok(await game((g) => g.frame.plane.d.every(Number.isFinite)));
  assert.deepEqual(errors, []);
  await close();
});

test("each layer changes the picture, arrow keys read values, and tables have them", async () => {
  const { page, errors, close } = await visit(`#${SMALL}&run=5i`);
  await page.waitForSelector("#plane-canvas");
  let before = await pixels(page, "plane-canvas");
  const changes = async (what, act) => {
    await act();
    await until(what, async () => (await pixels(page, "plane-canvas")) !== before);
    before = await pixels(page, "plane-canvas");
  };
  for (const shade of ["d-star", "difference", "none", "d"]) await changes(shade, () => page.selectOption("#plane-shade", shade));
  for (const box of ["plane-contours", "plane-mesh", "plane-dots", "game-arrows"]) await changes(box, () => page.locator(`#${box}`).click());
  await page.focus("#plane-canvas");
  await page.keyboard.press("ArrowRight");
  await until("values", async () => /D\* /.test(await page.locator("#plane-readout").textContent()));
  const here = await page.locator("#plane-readout").textContent();
  await page.keyboard.press("PageUp");
  assert.notEqual(await page.locator("#plane-readout").textContent(), here);
  await page.locator("#plane-tables summary").click();
  await until("a table", async () => (await page.locator("#plane-places td").count()) === 25);
  assert.deepEqual(errors, []);
  await close();
});
