// Every file of the page missing in turn: what the visitor reads, and what still works.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { digits, env, graph, plays, reads, scripts, served, shown, TINY, under, visit } from "./faults.mjs";
import { root, until } from "./harness.mjs";

/** What the modules that are loaded by themselves are served as. @type {Record<string, string>} */
const { parts } = JSON.parse(await readFile(join(root, "pkg/packed/pack.json"), "utf8"));
const all = await scripts("www");
const first = await graph("www/main.js");
first.add("www/strings/en.js");
/** The whole of these parts. @param {string[]} files */
const whole = async (files) => new Set((await Promise.all(files.map((file) => graph(file)))).flatMap((found) => [...found]));
// What draws the plane is loaded with the first game in it, what a frame wants when it is asked for.
const later = await whole(Object.entries(parts).filter(([file]) => !/plane|shell\/(embed|stage)/.test(file)).map(([, file]) => file));
const explorer = await whole([parts["www/latent/lab.js"] ?? ""]);

test("the files of the page are few", () => assert.ok(all.length < 40, all.join()));

for (const path of all.filter((candidate) => first.has(candidate))) {
  test(`without ${path}, of the first screen, the text can be read, and that is said`, () => under({ [`/${path}`]: 404 }, async () => {
    const visited = await visit();
    await shown(visited, "#part-fault");
    assert.match(await visited.text("#part-fault"), /did not arrive.*text can be read/s);
    assert.ok(await visited.page.isVisible("#part-fault button"));
    assert.ok(await visited.page.isVisible("#text h2"));
    await visited.close();
  }));
}

for (const path of all.filter((candidate) => later.has(candidate) && !first.has(candidate))) {
  test(`without ${path} its part says so, and the game plays`, () => under({ [`/${path}`]: 404 }, async () => {
    const visited = await visit();
    await visited.page.waitForSelector(".part-fault", { state: "attached" });
    assert.match(await visited.text(".part-fault"), /did not arrive/);
    assert.match(await visited.text(".part-fault button"), /Try again/);
    assert.ok(await visited.page.isHidden("#part-fault"));
    await plays(visited);
    if (explorer.has(path)) await reads(visited, "#digits-status", /did not load/);
    else await digits(visited);
    await visited.close();
  }));
}

test("where the code of a frame, or what sets a stage, did not arrive, that is said, and the game plays", async () => {
  const [embed, stage] = [`/${parts["www/shell/embed.js"]}`, `/${parts["www/shell/stage.js"]}`];
  await under({ [embed]: 404, [stage]: 404 }, async () => {
    const visited = await visit();
    await plays(visited);
    await visited.page.click('#lab-game [data-embed="lab-game"]');
    await shown(visited, "#page-fault");
    await visited.page.goto(`${env.server.origin}/stage/`);
    await shown(visited, "#page-fault");
    await until("the game moves", () => visited.snapshot((s) => s.game.frame?.iteration > 0));
    await visited.close();
  });
});

test("a part that did not arrive is there after trying again", async () => {
  const path = `/${parts["www/mnist/bench.js"]}`;
  env.server.override(path, 404);
  const visited = await visit();
  await visited.page.waitForSelector("#lab-mnist .part-fault", { state: "attached" });
  env.server.override(path, null);
  await visited.page.click("#lab-mnist .part-fault button");
  await visited.page.waitForSelector("#data-fetch:not([disabled])", { timeout: 60_000 });
  assert.equal(await visited.page.locator(".part-fault").count(), 0);
  await visited.close();
});

test("a page and a script of two versions are said to be so", async () => {
  const html = (await served("index.html")).replace('id="data-progress"', 'id="data-progress-of-another-version"');
  await under({ "/": html }, async () => {
    const visited = await visit();
    await visited.page.waitForSelector("#lab-mnist .part-fault", { state: "attached" });
    assert.match(await visited.text("#lab-mnist .part-fault"), /data-progress/);
    await plays(visited);
    await visited.close();
  });
});

test("without uPlot the charts say so, and come after trying again", async () => {
  const path = "/pkg/vendor/uplot/uPlot.esm.js";
  env.server.override(path, 404);
  const visited = await visit(TINY);
  await until("the parts", () => visited.page.$("#train-chart-losses ~ .status"));
  await visited.page.evaluate(() => document.getElementById("train-charts").scrollIntoView());
  await reads(visited, "#train-chart-losses ~ .status", /did not arrive/);
  env.server.override(path, null);
  await visited.page.click("#train-chart-losses ~ .again");
  await until("it is gone", async () => (await visited.text("#train-chart-losses ~ .status")) === "");
  await visited.close();
});
