// The CPU path of every laboratory in WebKit, from the first frame to training, explorer and text.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { serveSite, until } from "./harness.mjs";
import { webkit } from "./webkit.mjs";

/** @type {Awaited<ReturnType<typeof serveSite>>} */
let server;
/** @type {Awaited<ReturnType<typeof webkit>>} */
let page;
before(async () => {
  server = await serveSite();
  page = await webkit(`${server.origin}/#net=tiny&device=cpu`);
});
after(async () => {
  await page?.close();
  await server?.close();
});

const snapshot = (/** @type {(snapshot: any) => unknown} */ pick) => page.evaluate(`(() => (${pick})(window.saddle.snapshot()))`);
const click = (/** @type {string} */ selector) => until(selector, () => page.evaluate((s) => {
  const button = document.querySelector(s);
  if (!button || button.disabled) return false;
  button.click();
  return true;
}, selector), 60);
const show = (/** @type {string} */ id) => page.evaluate((id) => document.getElementById(id).scrollIntoView({ block: "center" }), id);
/** Whether anything is drawn on a canvas within an element. */
const drawn = (/** @type {string} */ selector) => page.evaluate((s) => {
  const canvas = document.querySelector(s);
  if (!canvas || canvas.width === 0) return false;
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  const seen = new Set();
  for (let i = 0; i < data.length; i += 4) seen.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2] | (data[i + 3] === 0 ? 1 << 24 : 0));
  return seen.size > 3;
}, selector);

test("the first screen moves, and its digits are drawn", async () => {
  await until("the game moves", () => snapshot((s) => s.game.frame?.iteration > 10), 60);
  await until("the graph", () => drawn("#opening-canvas"));
  await until("the digits", () => drawn("#digits"), 60);
});

test("MNIST is fetched, tiny trains, its charts are drawn and can be read, and the judge speaks", async () => {
  await click("#data-fetch");
  await until("MNIST", () => snapshot((s) => s.data.phase === "ready"), 90);
  await click("#train-play");
  await until("twenty steps", () => snapshot((s) => s.train.row?.step >= 20), 120);
  await click("#train-play");
  await show("train-chart-losses");
  for (const chart of ["losses", "scores", "gradients"]) await until(chart, () => drawn(`#train-chart-${chart} canvas`));
  await page.evaluate(() => {
    const chart = document.getElementById("train-chart-losses");
    chart.focus();
    chart.dispatchEvent(new KeyboardEvent("keydown", { key: "Home", bubbles: true }));
  });
  assert.match(await page.evaluate(() => document.querySelector("#train-chart-losses + .chart-bar .chart-readout").textContent), /^Step \d+: loss of D \d/);
  await until("the grid", () => drawn("#train-grid"));
  await until("an opinion", () => snapshot((s) => s.judge.training !== null), 90);
});

test("the run is kept and offered after a reload", async () => {
  const step = await until("it is kept", () => snapshot((s) => s.train.savedStep));
  await page.evaluate(() => location.reload());
  await until("the offer", () => page.evaluate((n) => document.querySelector("#train-saved .saved-run")?.textContent.includes(String(n)), step), 60);
});

test("the explorer walks, and its classifier answers", async () => {
  await show("lab-latent");
  await until("the film", () => snapshot((s) => s.latent.film !== null && s.latent.classifier === "ready"), 90);
  await page.evaluate(() => {
    const slider = document.getElementById("latent-at");
    slider.value = "0.5";
    slider.dispatchEvent(new Event("input", { bubbles: true }));
  });
  await until("the middle", () => snapshot((s) => s.latent.place.t === 0.5));
  for (const id of ["latent-image", "latent-film", "latent-shell", "latent-grid"]) await until(id, () => drawn(`#${id}`));
});

test("the figures of the text compute and draw", async () => {
  for (const id of ["kl", "fold", "point", "judged", "pair", "descent", "losses", "shift"]) {
    await show(`fig-${id}`);
    await until(id, () => drawn(`#fig-${id} canvas`), 60);
  }
});

test("nothing on the page went wrong", async () => {
  assert.ok(await page.evaluate(() => document.getElementById("page-fault").hidden && document.getElementById("part-fault").hidden));
});
