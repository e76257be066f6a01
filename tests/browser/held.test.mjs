// Two runs side by side: one is held, the next is played beside it, and all that differs is the setting.
import assert from "node:assert/strict";
import { test } from "node:test";
import { environment, open, until } from "./harness.mjs";

const env = environment({ webgpu: false });

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

/** What a moment is told by. */
const bits = (game, of = "frame") => game(`(g) => {
  const { iteration, dSteps, gSteps, numbers, plane, ...line } = g.${of};
  const { pData, pG, d, dStar } = plane ?? line;
  return JSON.stringify([iteration, dSteps, gSteps, numbers, ...[pData, pG, d, dStar].map((a) => Array.from(a))]);
}`);
const set = async (page, id, value) => {
  await page.locator(`#${id}`).evaluate((element) => element.closest("details").setAttribute("open", ""));
  await page.fill(`#${id}`, value);
  await page.locator(`#${id}`).blur();
};
const PLANE = "dim=2&deviation=0.4&d-width=8&g-layers=1&g-width=16&g-f=leaky-relu&batch=16&fall-from=0&fall-to=0";

for (const [name, settings, moves] of [["on the line", "seed=3&batch=32", "12i_2d_1g_40o_6i"], ["in the plane", PLANE, "6i_2d_1g_20o_3i"]]) {
  test(`a held game ${name} and the next replay in step, each as it would alone`, async () => {
    const first = await visit(`#${settings}&run=${moves}`);
    const { page, game } = first;
    const alone = await bits(game);
    const at = await game((g) => g.at);
    await page.focus("#game-hold");
    await page.keyboard.press("Enter");
    await until("it is held", () => game((g) => g.held !== null));
    assert.equal(await bits(game, "held"), alone);
    await set(page, "set-g-rate", "0.02");
    await until("the next has come as far", () => game(`(g) => g.settings.gRate === 0.02 && g.held !== null && !g.replaying && g.at === ${at}`));
    assert.equal(await bits(game, "held"), alone);
    assert.notEqual(await bits(game), alone);
    assert.match(await page.textContent("#game-held"), /Learning rate \(G\) 0\.0005 instead of 0\.02/);
    assert.equal(await page.locator("#game-numbers tr:has([data-number=jsd]) .held-value").textContent(), await game((g) => g.held.numbers.jsd.toFixed(4)));

    if (settings === PLANE) assert.match((await page.getAttribute("#plane-best", "aria-label")) ?? "", /^held: D$/);

    // One slider moves both.
    const both = [await bits(game), await bits(game, "held")];
    await page.locator("#game-at").fill("4");
    await until("a look back at both", () => game((g) => g.at === 4 && g.frame.iteration === 4 && g.held.iteration === 4));
    await page.locator("#game-at").fill(String(at));
    await until("forward", () => game(`(g) => g.at === ${at} && g.held.iteration === g.frame.iteration && g.frame.iteration > 6`));
    assert.deepEqual([await bits(game), await bits(game, "held")], both);

    // A link has both, and each is what its own link gives.
    await page.click("#game-link");
    await until("the link", () => page.evaluate(() => /held=g-rate:0\.0005/.test(location.hash)));
    const hash = await page.evaluate(() => location.hash);
    const second = await visit(hash);
    await until("replayed", () => second.game(`(g) => g.at === ${at} && g.held !== null`));
    assert.deepEqual([await bits(second.game), await bits(second.game, "held")], both);
    await second.page.evaluate((next) => (location.hash = next), hash.replace(/&held=[^&]*/, ""));
    await until("the next alone", () => second.game(`(g) => g.at === ${at} && !g.replaying && g.held === null`));
    assert.equal(await bits(second.game), both[0]);

    await page.click("#game-hold");
    await until("it is let go", () => game((g) => g.held === null));
    assert.equal(await bits(game), both[0]);
    assert.ok(await page.locator("#game-held").isHidden());
    assert.deepEqual([...first.errors, ...second.errors], []);
    await first.close();
    await second.close();
  });
}

test("a failure is played beside its cure, in either language, and what a link says wrongly of it is named", async () => {
  const { page, game, errors, close } = await visit("#lang=zh&held=g-rate:quick");
  assert.ok((await page.evaluate(() => window.saddle.snapshot().boot.rejected)).includes("held=g-rate:quick"));
  await page.locator("#game-known").evaluate((details) => (details.open = true));
  await page.locator("li:has([data-preset=mode-lost]) button").click();
  await until("both play", () => game((g) => g.playing && g.held !== null && g.held.iteration > 20));
  await page.click("#game-play");
  await until("a rest", () => game((g) => !g.playing));
  assert.equal(await game((g) => g.frame.iteration === g.held.iteration), true);
  assert.equal(await game((g) => g.settings.gActivation), "leaky-relu");
  assert.match(await page.textContent("#game-held"), /对照：.*softplus/);
  assert.deepEqual(errors, []);
  await close();
});
