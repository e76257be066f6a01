// The built site as hosts serve it: every file of one version, a policy without a hole, both addresses, any prefix,
// and the whole page without a network.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { chromium, open, until } from "./harness.mjs";
import { headersFor, host, site } from "./host.mjs";
import { load } from "./loading.mjs";

/** @type {Awaited<ReturnType<typeof chromium>>} */
let browser;
before(async () => {
  browser = await chromium({ webgpu: false });
});
after(() => browser?.close());

/** @param {string} address */
async function visit(address) {
  const context = await browser.newContext();
  const visited = await open(context, address);
  return { ...visited, context, close: () => context.close() };
}
const iteration = (/** @type {any} */ page) => page.evaluate(() => Number(document.getElementById("opening-game")?.dataset["iteration"]));
const plays = (/** @type {any} */ page) => until("the game moves", async () => (await iteration(page)) > 5);
const digits = (/** @type {any} */ page) => until("the digits are drawn", () => page.evaluate(() => !(/** @type {HTMLButtonElement} */ (document.getElementById("digits-more"))).disabled), 60);

for (const [name, way] of /** @type {const} */ ([
  ["at the root", {}],
  ["under a prefix", { prefix: "/some/where/" }],
  ["with compressed copies and headers", { prefix: "/saddle/", compressed: true, headers: true }],
])) {
  test(`${name} it plays and draws digits, and every file that it asks for has the version in its address`, async () => {
    const served = await host(way);
    const { page, errors, foreign, close } = await visit(served.address);
    await plays(page);
    await digits(page);
    assert.deepEqual([errors, foreign], [[], []]);
    const prefix = "prefix" in way ? way.prefix : "/";
    const inside = served.asked.map((path) => path.slice(prefix.length));
    const versions = new Set(inside.filter((path) => path.startsWith("v/")).map((path) => path.split("/")[1]));
    assert.equal(versions.size, 1);
    const bare = inside.filter((path) => !/^(v\/|pkg\/data\/|zh\/$|$|icon\.svg|manifest\.webmanifest|favicon\.ico|sw\.js)/.test(path));
    assert.deepEqual(bare, []);
    await close();
    await served.close();
  });
}

test("the Chinese page has an address, a title and a language of its own, and plays", async () => {
  const served = await host();
  const { page, errors, foreign, close } = await visit(`${served.address}zh`);
  await plays(page);
  assert.equal(await page.evaluate(() => document.documentElement.lang), "zh-Hans");
  assert.match(await page.title(), /推导、证明/);
  assert.match(await page.textContent("h1"), /生成对抗网络/);
  assert.deepEqual([errors, foreign], [[], []]);
  await close();
  await served.close();
});

test("the page for wrong addresses keeps its style and its script under the headers", async () => {
  const rules = headersFor(await readFile(join(site, "_headers"), "utf8"), "/nowhere");
  const page = await readFile(join(site, "404.html"), "utf8");
  for (const tag of ["style", "script"]) {
    const block = page.split(`<${tag}>`)[1]?.split(`</${tag}>`)[0] ?? "";
    const digest = Buffer.from(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(block))).toString("base64");
    assert.ok(block.length > 50 && rules["Content-Security-Policy"]?.includes(`'sha256-${digest}'`), tag);
  }
});

test("what is put into the page is not run, and nothing is asked of others", async () => {
  const served = await host({ headers: true });
  const { page, close } = await visit(served.address);
  await plays(page);
  const refused = await page.evaluate(async () => {
    /** @type {string[]} */
    const violated = [];
    document.addEventListener("securitypolicyviolation", (event) => violated.push(event.effectiveDirective));
    const foreign = document.createElement("script");
    try {
      foreign.append("window.injected = true");
      document.head.append(foreign);
    } catch {
      // Refused earlier still.
    }
    const style = Object.assign(document.createElement("style"), { textContent: "body { outline: 9px solid red }" });
    document.head.append(style);
    document.body.append(Object.assign(new Image(), { src: "https://example.org/a.png" }));
    await fetch("https://example.org/").catch(() => {});
    let html = "allowed";
    try {
      document.createElement("div").innerHTML = "<b>x</b>";
    } catch {
      html = "refused";
    }
    let worker = "allowed";
    try {
      new Worker("www/main.js");
    } catch {
      worker = "refused";
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
    return { violated, html, worker, ran: "injected" in window, outline: getComputedStyle(document.body).outlineWidth };
  });
  assert.equal(refused.ran, false);
  assert.notEqual(refused.outline, "9px");
  assert.deepEqual([refused.html, refused.worker], ["refused", "refused"]);
  for (const directive of ["style-src-elem", "img-src", "connect-src"]) assert.ok(refused.violated.includes(directive), `${directive}: ${refused.violated}`);
  await close();
  await served.close();
});

test("without a network the whole page is there: game, digits, text", async () => {
  const served = await host();
  const { page, context, close } = await visit(`${served.address}?offline`);
  await plays(page);
  await until("the worker is ready", () => page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.active?.state === "activated"), 120);
  await served.close();
  const again = await open(context, `${served.address}?offline`);
  await plays(again.page);
  await digits(again.page);
  assert.ok((await again.page.textContent("#text")).length > 50_000);
  await close();
});

test("of the whole page no more than 20 files and 250 kB are asked for before the game moves", async () => {
  const { requests, bytes, list } = (await load(browser)).moves;
  assert.ok(requests <= 20 && bytes <= 250_000, `${requests} files, ${bytes} bytes:\n${list.join("\n")}`);
});
