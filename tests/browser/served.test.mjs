// The built site as hosts serve it: every file of one version, a policy without a hole, both addresses, any prefix, the
// whole page without a network, and what a deploy, a cleared cache or a missing service worker does to a visit.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium, firefox, open, until } from "./harness.mjs";
import { headersFor, host, NEXT, site, VERSION } from "./host.mjs";
import { load } from "./loading.mjs";
import { webkit } from "./webkit.mjs";

/** @type {Awaited<ReturnType<typeof chromium>>} */
let browser;
before(async () => {
  browser = await chromium({ webgpu: false });
});
after(() => browser?.close());

/** A page in a storage of its own, or in one that is shared. @param {string} address @param {any} [shared] */
async function visit(address, shared = undefined) {
  const context = shared ?? (await browser.newContext());
  const visited = await open(context, address);
  return { ...visited, context, close: () => context.close() };
}
const snapshot = (/** @type {any} */ page, /** @type {(s: any) => unknown} */ pick) => page.evaluate(`(${pick})(window.saddle.snapshot())`);
const iteration = (/** @type {any} */ page) => page.evaluate(() => Number(document.getElementById("opening-game")?.dataset["iteration"]));
// After a reload the browser goes back to where the reader was, and does so late; the game rests where nobody sees it.
const plays = (/** @type {any} */ page) => until("the game moves", async () => {
  await page.evaluate(() => { scrollTo(0, 0); });
  return (await iteration(page)) > 5;
});
const digits = (/** @type {any} */ page) => until("the digits are drawn", () => page.evaluate(() => !(/** @type {HTMLButtonElement} */ (document.getElementById("digits-more"))).disabled), 60);
const versionOf = (/** @type {any} */ page) => page.getAttribute('meta[name="saddle-version"]', "content");
const mounted = (/** @type {any} */ page) => until("the foot", async () => (await page.textContent("#foot-version")) !== "", 60);
const whole = async (/** @type {any} */ page) => {
  await plays(page);
  await digits(page);
  assert.ok((await page.textContent("#text")).length > 50_000);
  for (const fault of ["#part-fault", "#page-fault", "#boot-fault"]) assert.ok(await page.isHidden(fault), fault);
};
/** The service worker of this version is there, and has the page. */
const kept = (/** @type {any} */ page, version = VERSION) => until(`version ${version} is kept`, () => page.evaluate(async (/** @type {string} */ name) => {
  const active = (await navigator.serviceWorker.getRegistration())?.active;
  return active?.state === "activated" && (await caches.has(name));
}, `saddle-page-${version}`), 120);
/** The versions whose files were asked for. @param {{ path: string }[]} sent */
const versions = (sent) => new Set(sent.map(({ path }) => /^v\/([^/]+)/.exec(path)?.[1]).filter((version) => version !== undefined));

/** Fetches MNIST and plays `tiny`. @param {any} page */
async function trains(page) {
  await page.click("#data-fetch:not([disabled])", { timeout: 60_000 });
  await until("MNIST", () => snapshot(page, (s) => s.data.phase === "ready"), 90);
  await page.click("#train-play:not([disabled])", { timeout: 60_000 });
  await until("steps", () => snapshot(page, (s) => s.train.row?.step >= 2), 120);
}
const TINY = "#net=tiny&device=cpu";

// ------------------------------------------------------------------------------------ hosts

for (const [name, way, address = (/** @type {string} */ whole) => whole] of /** @type {[string, Parameters<typeof host>[0], ((address: string) => string)?][]} */ ([
  ["at the root", {}],
  ["under a prefix", { prefix: "/some/where/" }],
  ["under a prefix without its last slash", { prefix: "/some/where/" }, (whole) => whole.slice(0, -1)],
  ["with .br beside the files, and headers", { prefix: "/saddle/", encoding: "br", headers: true }],
  ["with gzip, and no headers", { prefix: "/saddle/", encoding: "gzip" }],
  ["at the root with .br beside the files", { encoding: "br" }],
  ["by the page's file", { prefix: "/saddle/" }, (whole) => `${whole}index.html`],
])) {
  test(`${name} it plays and draws digits, and every file that it asks for has the version in its address`, async () => {
    const served = await host(way);
    const { page, errors, foreign, close } = await visit(address(served.address));
    await whole(page);
    assert.deepEqual([errors, foreign], [[], []]);
    const inside = served.sent.filter(({ status }) => status !== 301).map(({ path }) => path);
    assert.deepEqual([...versions(served.sent)], [VERSION]);
    const bare = inside.filter((path) => !/^(v\/|pkg\/data\/|zh\/$|(index\.html)?$|icon\.svg|manifest\.webmanifest|favicon\.ico|sw\.js)/.test(path));
    assert.deepEqual(bare, []);
    await close();
    await served.close();
  });
}

test("the Chinese page has an address, a title and a language of its own, and plays", async () => {
  const served = await host({ prefix: "/saddle/" });
  for (const address of ["zh", "zh/"]) {
    const { page, errors, foreign, close } = await visit(served.address + address);
    await plays(page);
    assert.equal(new URL(page.url()).pathname, "/saddle/zh/");
    assert.equal(await page.evaluate(() => document.documentElement.lang), "zh-Hans");
    assert.match(await page.title(), /推导、证明/);
    assert.match(await page.textContent("h1"), /生成对抗网络/);
    assert.deepEqual([errors, foreign], [[], []]);
    await close();
  }
  await served.close();
});

test("a page that is opened as a file says that it needs a server and how to have one, in the reader's language", async () => {
  const address = pathToFileURL(join(site, "index.html")).href;
  const { page, close } = await visit(address);
  await page.waitForSelector("#file-fault", { state: "visible" });
  assert.match(await page.innerText("#file-fault"), /needs a server.*http\.server/s);
  assert.ok(await page.isVisible("#text h2"));
  assert.ok(await page.isHidden("#part-fault"));
  await close();
  const other = await firefox();
  const { page: second } = await open(other, address);
  await until("it says so", () => second.evaluate(() => !(/** @type {HTMLElement} */ (document.getElementById("file-fault"))).hidden));
  await other.close();
});

// ------------------------------------------------------------------------------------ policy

test("the page for wrong addresses keeps its style and its script under the headers", async () => {
  const rules = headersFor(await readFile(join(site, "_headers"), "utf8"), "/nowhere");
  const page = await readFile(join(site, "404.html"), "utf8");
  for (const tag of ["style", "script"]) {
    const block = page.split(`<${tag}>`)[1]?.split(`</${tag}>`)[0] ?? "";
    const digest = Buffer.from(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(block))).toString("base64");
    assert.ok(block.length > 50 && rules["Content-Security-Policy"]?.includes(`'sha256-${digest}'`), tag);
  }
});

test("from any wrong address, however deep, the page for wrong addresses leads to the start of the site", async () => {
  const served = await host({ prefix: "/some/where/", headers: true });
  for (const wrong of ["nowhere", "a/deep/address", "a/folder/"]) {
    const { page, foreign, close } = await visit(served.address + wrong);
    for (const link of await page.locator("a").all()) await until(wrong, async () => (await link.evaluate((a) => /** @type {HTMLAnchorElement} */ (a).href)) === served.address);
    assert.deepEqual(foreign, []);
    await page.locator("a").first().click();
    await plays(page);
    await close();
  }
  await served.close();
});

/** Runs in the page: puts a script, a style, an image, a connection and a worker into it, and says what came of them. */
async function inject() {
  /** @type {string[]} */
  const violated = [];
  document.addEventListener("securitypolicyviolation", (event) => violated.push(event.effectiveDirective));
  const attempt = (/** @type {() => unknown} */ act) => {
    try {
      act();
      return "allowed";
    } catch {
      return "refused";
    }
  };
  attempt(() => {
    const foreign = document.createElement("script");
    foreign.append("window.injected = true");
    document.head.append(foreign);
  });
  document.head.append(Object.assign(document.createElement("style"), { textContent: "body { outline: 9px solid red }" }));
  document.body.append(Object.assign(new Image(), { src: "https://example.org/a.png" }));
  const connection = await fetch("https://example.org/").then(() => "allowed", () => "refused");
  attempt(() => new Worker(URL.createObjectURL(new Blob(["postMessage(0)"], { type: "text/javascript" }))));
  const html = attempt(() => {
    document.createElement("div").innerHTML = "<b>x</b>";
  });
  const wanted = ["style-src", "img-src", "connect-src"];
  for (let i = 0; i < 50 && !wanted.every((name) => violated.some((found) => found.startsWith(name))); i += 1) await new Promise((resolve) => setTimeout(resolve, 100));
  return { violated, html, connection, trusted: "trustedTypes" in window, ran: "injected" in window, outline: getComputedStyle(document.body).outlineWidth };
}
/** How each engine opens a page: what runs a function there, and what ends it. */
const ENGINES = {
  Chromium: async (/** @type {string} */ address) => {
    const { page, close } = await visit(address);
    return { evaluate: (/** @type {any} */ act) => page.evaluate(act), close };
  },
  Firefox: async (/** @type {string} */ address) => {
    const other = await firefox();
    const { page } = await open(other, address);
    return { evaluate: (/** @type {any} */ act) => page.evaluate(act), close: () => other.close() };
  },
  WebKit: async (/** @type {string} */ address) => webkit(address),
};
for (const [name, engine] of Object.entries(ENGINES)) {
  for (const headers of [true, false]) {
    test(`what is put into the page is not run in ${name}, and nothing is asked of others, by ${headers ? "headers" : "the page's own policy"}`, async () => {
      const served = await host({ headers });
      const { evaluate, close } = await engine(served.address);
      await until("the game moves", () => evaluate(() => Number(document.getElementById("opening-game")?.dataset["iteration"]) > 5), 60);
      const { violated, html, connection, trusted, ran, outline } = await evaluate(inject);
      assert.equal(ran, false);
      assert.notEqual(outline, "9px");
      assert.equal(connection, "refused");
      if (trusted) assert.equal(html, "refused");
      for (const directive of ["style-src", "img-src", "connect-src", trusted ? "require-trusted-types-for" : "script-src"]) {
        assert.ok(violated.some((/** @type {string} */ found) => found.startsWith(directive)), `${directive}: ${violated}`);
      }
      await close();
      await served.close();
    });
  }
}

// ------------------------------------------------------------------------------------ without a network

test("without a network the whole page is there: game, digits, text", async () => {
  const served = await host();
  const { page, context, close } = await visit(`${served.address}?offline`);
  await plays(page);
  await kept(page);
  await served.close();
  const again = await visit(`${served.address}?offline`, context);
  await whole(again.page);
  await close();
});

test("of the whole page no more than a part is asked for before the game moves", async () => {
  const { requests, bytes, list } = (await load(browser)).moves;
  assert.ok(requests <= 22 && bytes <= 420_000, `${requests} files, ${bytes} bytes:\n${list.join("\n")}`);
});

test("with MNIST once fetched, it trains without a network too", async () => {
  const served = await host();
  const { page, context, close } = await visit(`${served.address}?offline${TINY}`);
  await page.click("#data-fetch:not([disabled])", { timeout: 60_000 });
  await until("MNIST", () => snapshot(page, (s) => s.data.phase === "ready" && s.data.kept), 90);
  await kept(page);
  await page.close();
  await served.close();
  const again = await visit(`${served.address}?offline${TINY}`, context);
  await trains(again.page);
  await close();
});

test("where there is no service worker, as in private windows, the page is whole, and offers to keep nothing", async () => {
  const served = await host();
  const context = await browser.newContext();
  await context.addInitScript(() => void delete (/** @type {any} */ (Navigator.prototype).serviceWorker));
  const { page, errors, close } = await visit(`${served.address}?offline`, context);
  await whole(page);
  await mounted(page);
  assert.equal(await page.evaluate(() => "serviceWorker" in navigator), false);
  assert.equal(await page.evaluate(() => (/** @type {HTMLElement} */ (document.getElementById("foot-offline-row"))).hidden), true);
  assert.deepEqual(errors, []);
  assert.ok(!served.sent.some(({ path }) => path === "sw.js"));
  await close();
  await served.close();
});

test("a service worker that is missing, or one of whose files is, leaves the page whole and nothing behind", async () => {
  for (const missing of ["sw.js", `v/${VERSION}/pretrained/compact.directions.json`]) {
    const served = await host();
    served.missing = (path) => path === missing;
    const { page, close } = await visit(`${served.address}?offline`);
    await whole(page);
    await until("it was asked for", () => served.sent.some(({ path, status }) => path === missing && status === 404), 60);
    await until("nothing is left", () => page.evaluate(async () => (await navigator.serviceWorker.getRegistration()) === undefined && (await caches.keys()).every((name) => !name.startsWith("saddle-page-"))), 60);
    await whole(page);
    await close();
    await served.close();
  }
});

test("a version that cannot be kept whole leaves the one before, which is shown without a network", async () => {
  const served = await host();
  const { page, context, close } = await visit(`${served.address}?offline`);
  await kept(page);
  await page.close();
  served.deploy({ keep: true });
  const missing = `v/${NEXT}/pretrained/tiny.safetensors`;
  served.missing = (path) => path === missing;
  const { page: second } = await visit(`${served.address}?offline`, context);
  await whole(second);
  assert.equal(await versionOf(second), NEXT);
  await until("it was asked for", () => served.sent.some(({ path }) => path === missing), 60);
  await until("it is given up", () => second.evaluate(async (/** @type {string} */ name) => !(await caches.has(name)), `saddle-page-${NEXT}`));
  await second.close();
  await served.close();
  const { page: third } = await visit(`${served.address}?offline`, context);
  await whole(third);
  assert.equal(await versionOf(third), VERSION);
  await close();
});

test("what a browser has cleared of the kept page is fetched again, and without a network its place says so", async () => {
  const served = await host();
  const { page, context, close } = await visit(`${served.address}?offline`);
  await kept(page);
  const clear = (/** @type {any} */ where, /** @type {string[]} */ ends) => where.evaluate(async (/** @type {string[]} */ ends) => {
    const cache = await caches.open((await caches.keys()).find((name) => name.startsWith("saddle-page-")) ?? "");
    let count = 0;
    for (const request of await cache.keys()) if (ends.some((end) => request.url.endsWith(end)) && (await cache.delete(request))) count += 1;
    return count;
  }, ends);
  assert.equal(await clear(page, ["game/saddle_bg.wasm", "/index.html", "www/main.js"]), 5);
  await page.close();
  const { page: second } = await visit(`${served.address}?offline`, context);
  await whole(second);
  await until("all is there", () => second.evaluate(async () => {
    const urls = (await (await caches.open((await caches.keys()).find((name) => name.startsWith("saddle-page-")) ?? "")).keys()).map(({ url }) => url);
    return ["game/saddle_bg.wasm", "zh/index.html", "www/main.js"].every((end) => urls.some((url) => url.endsWith(end)));
  }));
  assert.equal(await clear(second, ["cpu/saddle_bg.wasm"]), 1);
  await second.close();
  await served.close();
  const { page: third } = await visit(`${served.address}?offline`, context);
  await plays(third);
  await until("its place says so", async () => /did not load/.test((await third.textContent("#digits-status")) ?? ""), 60);
  assert.ok(await third.isVisible("#text h2"));
  await close();
});

// ------------------------------------------------------------------------------------ deploys

test("a deploy in the middle of a visit and of a training run: what is open goes on with its own version, and the run is there in the next", async () => {
  const served = await host();
  const { page, errors, context, close } = await visit(served.address + TINY);
  await plays(page);
  await trains(page);
  served.deploy({ keep: true });
  served.sent.length = 0;
  // What had not been loaded before.
  await page.evaluate(() => document.getElementById("fig-kl")?.scrollIntoView());
  await until("a figure", () => snapshot(page, (s) => s.theory.answers.kl !== undefined), 60);
  await page.evaluate(() => document.getElementById("lab-mnist")?.scrollIntoView());
  await until("an opinion", () => snapshot(page, (s) => s.judge.training !== null), 90);
  const step = await snapshot(page, (s) => s.train.row.step);
  await until("it trains on", async () => (await snapshot(page, (s) => s.train.row.step)) > step);
  await page.click("#train-play");
  await until("it is kept", () => snapshot(page, (s) => s.train.phase === "paused" && s.train.savedStep === s.train.row.step), 60);
  const last = await snapshot(page, (s) => s.train.row.step);
  assert.ok([...versions(served.sent)].every((version) => version === VERSION));
  assert.deepEqual(errors, []);
  await page.close();
  served.sent.length = 0;
  const { page: next } = await visit(served.address + TINY, context);
  await whole(next);
  assert.deepEqual([await versionOf(next), ...versions(served.sent)], [NEXT, NEXT]);
  await until("the run is offered", async () => new RegExp(last.toLocaleString("en").replace(/\D/g, ".")).test((await next.textContent("#train-saved")) ?? ""), 60);
  await close();
  await served.close();
});

test("a page whose version is gone says so where something is missing, and loads the next at a click", async () => {
  const served = await host();
  const { page, close } = await visit(served.address);
  await whole(page);
  await mounted(page);
  served.deploy({ keep: false });
  await page.evaluate(() => document.getElementById("train-charts")?.scrollIntoView());
  const again = "#train-chart-losses ~ .again:not([hidden])";
  await until("it says so", async () => /has been updated/.test((await page.textContent(again).catch(() => "")) ?? ""));
  await page.click(again);
  await until("the next version", async () => (await versionOf(page).catch(() => "")) === NEXT);
  await whole(page);
  await close();
  await served.close();
});

test("a deploy in the middle of a download: MNIST comes whole and trains, and a file that is gone has a button to the next version", async () => {
  const served = await host();
  const { page, close } = await visit(served.address + TINY);
  await whole(page);
  await mounted(page);
  served.missing = (path) => {
    if (path.includes("train-images") && served.published === VERSION) served.deploy({ keep: false });
    return false;
  };
  await trains(page);
  assert.equal(served.published, NEXT);
  await page.click("#train-play");
  await until("it is kept", () => snapshot(page, (s) => s.train.phase === "paused" && s.train.savedStep === s.train.row.step), 60);
  await page.selectOption("#latent-net", "article");
  const again = "#lab-latent .again:not([hidden])";
  await until("it says so", async () => /has been updated/.test((await page.textContent(again).catch(() => "")) ?? ""));
  await page.click(again);
  await until("the next version", async () => (await versionOf(page).catch(() => "")) === NEXT);
  await whole(page);
  await until("the run is offered", () => page.evaluate(() => document.querySelector("#train-saved .saved-run") !== null), 60);
  await close();
  await served.close();
});

test("a deploy between a page and its files: the text can be read, that is said, and trying again brings the next version", async () => {
  const served = await host();
  served.there = new Set([NEXT]);
  const { page, close } = await visit(served.address);
  await page.waitForSelector("#part-fault", { state: "visible" });
  assert.match(await page.innerText("#part-fault"), /of another version than the rest/);
  assert.ok(await page.isVisible("#text h2"));
  served.deploy({ keep: false });
  await page.click("#part-fault button");
  await until("the next version", async () => (await versionOf(page).catch(() => "")) === NEXT);
  await whole(page);
  await close();
  await served.close();
});

test("a deploy while the page is being kept: nothing of a mixture is kept, and the next visit keeps the next version", async () => {
  const served = await host();
  let begun = false;
  served.missing = (path) => {
    if (path === "sw.js") begun = true;
    else if (begun && path.startsWith("v/") && served.published === VERSION) served.deploy({ keep: true });
    return false;
  };
  const { page, context, close } = await visit(`${served.address}?offline`);
  await whole(page);
  await until("the deploy", () => served.published === NEXT, 60);
  await until("nothing is left", () => page.evaluate(async () => (await navigator.serviceWorker.getRegistration()) === undefined && (await caches.keys()).every((name) => !name.startsWith("saddle-page-"))), 120);
  await page.close();
  const { page: second } = await visit(`${served.address}?offline`, context);
  await kept(second, NEXT);
  await second.close();
  await served.close();
  const { page: third } = await visit(`${served.address}?offline`, context);
  await whole(third);
  assert.equal(await versionOf(third), NEXT);
  await close();
});

test("who comes back to a newer version has it and is not told of it; who has the one before open for the first time is told", async () => {
  const served = await host();
  const { page: first, context, close } = await visit(`${served.address}?offline`);
  await kept(first);
  const other = await visit(`${served.address}?offline`);
  await kept(other.page);
  await first.close();
  served.deploy({ keep: true });
  const { page } = await visit(`${served.address}?offline`, context);
  await mounted(page);
  await until("the newer one is kept", () => page.evaluate(async (/** @type {string} */ name) => (await caches.has(name)) && (await navigator.serviceWorker.getRegistration())?.waiting, `saddle-page-${NEXT}`), 120);
  assert.equal(await other.page.evaluate(() => navigator.serviceWorker.controller), null);
  await other.page.evaluate(async () => void (await (await navigator.serviceWorker.getRegistration())?.update()));
  await until("the other is told", () => other.page.isVisible("#foot-newer"), 120);
  assert.equal(await versionOf(page), NEXT);
  assert.equal(await page.isVisible("#foot-newer"), false);
  await close();
  await other.close();
  await served.close();
});

test("a newer version says so beside a running training, takes nothing from it, and is loaded at a click with the run kept", async () => {
  const served = await host();
  const { page: first, context, close } = await visit(`${served.address}?offline`);
  await kept(first);
  await first.close();
  const { page } = await visit(`${served.address}?offline${TINY}`, context);
  await trains(page);
  served.deploy({ keep: true });
  await page.evaluate(async () => void (await (await navigator.serviceWorker.getRegistration())?.update()));
  await until("it says so", () => page.isVisible("#foot-newer"), 120);
  const step = await snapshot(page, (s) => s.train.row.step);
  await until("it trains on", async () => (await snapshot(page, (s) => s.train.row.step)) > step);
  assert.equal(await versionOf(page), VERSION);
  await page.click("#foot-reload");
  await until("the next version", async () => (await versionOf(page).catch(() => "")) === NEXT, 60);
  await whole(page);
  await until("the run is offered", () => page.evaluate(() => document.querySelector("#train-saved .saved-run") !== null), 60);
  await close();
  await served.close();
});
