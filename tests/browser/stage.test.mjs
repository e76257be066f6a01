// One part alone in the window, and in frames of a page that stands elsewhere.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { stat } from "node:fs/promises";
import { test } from "node:test";
import { built, environment, open, until } from "./harness.mjs";

const env = environment({ webgpu: false });
/** What a staged game may load, packed, in bytes. */
const MOST = 320_000;

/** A plain page on a port of its own, with what it hears. */
async function foreign(frames) {
  const body = `<!doctype html><title>A course</title><script>heard = []; onmessage = ({ data }) => heard.push(data);</script>${frames}`;
  const server = createServer((_, response) => response.writeHead(200, { "Content-Type": "text/html" }).end(body));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  return { server, origin: `http://127.0.0.1:${server.address().port}` };
}

const iteration = (frame) => frame.evaluate(() => window.saddle?.snapshot().game.frame?.iteration ?? -1).catch(() => -1);
const playing = (page) => page.evaluate(() => window.saddle.snapshot().game.playing);

test("the code of a frame puts two games into a foreign page: both play, tell their height and ask for nothing else", async () => {
  const first = await open(env.browser, `${env.server.origin}/#lab-game&seed=7`);
  await first.page.waitForSelector("#theme:not([hidden])");
  await first.page.click('#lab-game [data-embed="lab-game"]');
  const code = await first.page.inputValue("dialog.embed textarea");
  assert.match(code, /stage=lab-game/);
  assert.match(code, /seed=7/);
  assert.deepEqual(first.errors, []);
  await first.page.close();

  const { server, origin } = await foreign(code.replace("lazy", "eager") + code.replace("seed=7", "seed=8").replace("lazy", "eager"));
  const context = await env.browser.newContext({ viewport: { width: 1000, height: 2400 } });
  const asked = new Set();
  context.on("request", (request) => asked.add(request.url()));
  const { page, errors } = await open(context, origin);
  const frames = await until("two frames", () => page.frames().length === 3 && page.frames().slice(1));
  for (const frame of frames) {
    const before = await iteration(frame);
    await until("it plays", async () => (await iteration(frame)) > Math.max(before, 0));
    assert.equal(await frame.evaluate(() => document.cookie), "");
  }
  const heard = await until("heights", async () => {
    const all = await page.evaluate("heard");
    return all.filter(({ subject }) => subject === "lti.frameResize").length >= 2 && all;
  });
  const own = heard.filter(({ type }) => type === "saddle.height");
  assert.ok(own.length >= 2 && own.every(({ stage, height }) => stage === "lab-game" && height > 300 && height < 3000), JSON.stringify(heard));

  const addresses = [...asked].filter((address) => !address.startsWith(origin));
  assert.deepEqual(addresses.filter((address) => !address.startsWith(env.server.origin)), []);
  assert.deepEqual(addresses.filter((address) => /cpu|pkg\/data|pretrained|www\/(mnist|latent|theory)\/(lab|bench)/.test(address)), []);
  let bytes = 0;
  for (const address of addresses) {
    const path = new URL(address).pathname.replace(/^\/v\/[^/]+(?=\/)/, "").replace(/\/$/, "/index.html");
    const file = await built(path);
    bytes += (await stat(`${file}.br`).catch(() => stat(file))).size;
  }
  assert.ok(bytes < MOST, `${bytes} bytes`);
  assert.deepEqual(errors, []);
  await context.close();
  await new Promise((resolve) => server.close(resolve));
});

test("keys play, step and lead nowhere else; a link leads to the whole page with what was set", async () => {
  const { page, errors } = await open(env.browser, `${env.server.origin}/stage/#stage=lab-game&seed=3&lang=en`, { reducedMotion: "reduce" });
  await page.waitForSelector("#game-play:not([disabled])");
  await until("it stands still", async () => !(await playing(page)));
  const before = await iteration(page);
  await page.keyboard.press("ArrowRight");
  await until("one iteration", async () => (await iteration(page)) === before + 1);
  await page.keyboard.press("k");
  await until("it plays", () => playing(page));
  await page.keyboard.press(" ");
  await until("it pauses", async () => !(await playing(page)));
  // In a field a key is what is typed.
  await page.focus("#game-pace-value");
  await page.keyboard.press("k");
  assert.equal(await playing(page), false);
  assert.ok(await page.isHidden("#lab-mnist"));
  await page.click(".masthead .wordmark");
  await page.waitForSelector("#game-play:not([disabled])");
  const { record } = await page.evaluate(() => window.saddle.snapshot());
  assert.deepEqual([new URL(page.url()).pathname, record.stage, record.gameSeed, record.anchor], ["/", "", 3, "lab-game"]);
  assert.deepEqual(errors, []);
  await page.close();
});

test("a figure stands alone, in Chinese; a stage that is none is named, and the whole page leads to one that is", async () => {
  const { page, errors } = await open(env.browser, `${env.server.origin}/#stage=fig-kl&lang=zh&fig=kl.qWidth~1.5`);
  await page.waitForURL(/\/stage\/#.*stage=fig-kl/);
  await until("it answers", () => page.evaluate(() => window.saddle?.snapshot().theory.answers.kl?.values.qWidth === 1.5).catch(() => false));
  assert.equal(await page.evaluate(() => window.saddle.snapshot().game.frame), null);
  assert.ok(await page.isVisible("#fig-kl") && await page.isHidden("#fig-modes"));
  assert.match(await page.textContent(".masthead .wordmark"), /完整页面/);
  await page.goto(`${env.server.origin}/stage/#stage=lab-nothing`);
  await page.waitForSelector("#link-fault:not([hidden])");
  assert.match(await page.textContent("#link-fault"), /stage=lab-nothing/);
  assert.ok(await page.isVisible("#lab-game"));
  assert.deepEqual(errors, []);
  await page.close();
});
