// Faults put in one by one: what the visitor reads, what still works, and that nothing kept is lost.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { digits, env, plays, reads, shown, site, TINY, train, under, visit, workerOf } from "./faults.mjs";
import { built, source, until } from "./harness.mjs";

/** @typedef {Awaited<ReturnType<typeof visit>>} Visited */

// ------------------------------------------------------------------------------------ workers and their modules

/** Where each worker's failure is read, and what has to work beside it. */
const PLACES = [
  { worker: "game/worker", place: "#opening-game .status", beside: digits, show: "top" },
  { worker: "latent/worker", place: "#digits-status", beside: plays, show: "top" },
  { worker: "mnist/worker", place: "#train-status", beside: plays, show: "lab-mnist" },
  { worker: "theory/worker", place: "#fig-kl .status", beside: plays, show: "fig-kl" },
];

for (const { worker, place, beside, show } of PLACES) {
  test(`without ${worker}.js its place says so, the rest works, and trying again brings it`, async () => {
    env.server.override(`/www/${worker}.js`, 404);
    const visited = await visit();
    await until("the parts", () => visited.page.evaluate(() => document.documentElement !== null && !document.getElementById("theme").hidden));
    await visited.page.evaluate((id) => document.getElementById(id).scrollIntoView(), show);
    await reads(visited, place, new RegExp(`${worker}\\.js`), 60);
    await visited.page.evaluate(() => scrollTo(0, 0));
    await beside(visited);
    env.server.override(`/www/${worker}.js`, null);
    await visited.page.evaluate((id) => document.getElementById(id).scrollIntoView(), show);
    await visited.page.evaluate((selector) => document.querySelector(selector).parentElement.querySelector(".again:not([hidden])").click(), place);
    await until("it is gone", async () => !new RegExp(`${worker}\\.js`).test((await visited.text(place)) ?? ""), 60);
    await visited.close();
  });
}

const wasm = async (/** @type {string} */ which) => readFile(join(site, `pkg/${which}/saddle_bg.wasm`));
const KINDS = {
  missing: async () => 404,
  cut: async (/** @type {string} */ which) => (await wasm(which)).subarray(0, 20_000),
  foreign: async () => Buffer.from([0, 97, 115, 109, 1, 0, 0, 0]),
  "no module at all": async () => Buffer.from("<!doctype html>"),
};
for (const [kind, make] of Object.entries(KINDS)) {
  test(`the game's module ${kind}: the game says so, digits are drawn, MNIST can be trained on`, async () => under({ "/pkg/game/saddle_bg.wasm": await make("game") }, async () => {
    const visited = await visit(TINY);
    await reads(visited, "#opening-game .status", /did not load or has stopped/);
    await digits(visited);
    await train(visited, 2);
    await visited.close();
  }));
  test(`the CPU module ${kind}: explorer and training say so, and the game and the text's figures work`, async () => under({ "/pkg/cpu/saddle_bg.wasm": await make("cpu") }, async () => {
    const visited = await visit();
    await plays(visited);
    await reads(visited, "#digits-status", /did not load/);
    await reads(visited, "#train-status", /cannot go on/);
    await visited.page.evaluate(() => document.getElementById("fig-kl").scrollIntoView());
    await until("a figure", () => visited.snapshot((s) => s.theory.answers.kl !== undefined));
    assert.ok(await visited.page.isHidden("#page-fault"));
    await visited.close();
  }));
}
for (const which of ["game", "cpu"]) {
  test(`without the script of the ${which} module its place says so`, () => under({ [`/pkg/${which}/saddle.js`]: 404 }, async () => {
    const visited = await visit();
    await reads(visited, which === "game" ? "#opening-game .status" : "#digits-status", /did not load/, 60);
    await (which === "game" ? digits(visited) : plays(visited));
    await visited.close();
  }));
}
test("the CPU module is there after trying again", async () => {
  env.server.override("/pkg/cpu/saddle_bg.wasm", 404);
  const visited = await visit();
  await reads(visited, "#digits-status", /did not load/);
  env.server.override("/pkg/cpu/saddle_bg.wasm", null);
  await visited.page.click(".opening-digits .again:not([hidden])");
  await digits(visited);
  await visited.close();
});

/** What makes a worker say nothing more. */
const ENDS = {
  "ends with an error": () => void setTimeout(() => { throw new Error("made to fail"); }),
  "hangs in a loop": () => void setTimeout(() => { for (;;); }),
  "falls silent": () => { self.onmessage = () => undefined; },
};
/** How each worker is asked something, and how it is seen that the next one answers. */
const ASKS = {
  "game/worker": async (/** @type {Visited} */ { snapshot }) => {
    const at = await snapshot((s) => s.game.frame?.iteration ?? 0);
    return { ask: async () => undefined, answered: () => snapshot((s, n) => s.game.phase === "ready" && s.game.frame.iteration !== n, at) };
  },
  "latent/worker": async (/** @type {Visited} */ { page, snapshot }) => {
    await page.waitForSelector("#digits-more:enabled", { timeout: 60_000 });
    const before = await snapshot((s) => s.digits.images.join());
    return { ask: () => page.evaluate(() => document.getElementById("digits-more").click()), answered: () => snapshot((s, b) => s.latent.phase === "ready" && s.digits.images.join() !== b, before) };
  },
  "theory/worker": async (/** @type {Visited} */ { page, snapshot }) => {
    await page.evaluate(() => document.getElementById("fig-kl").scrollIntoView());
    await until("a figure", () => snapshot((s) => s.theory.answers.kl));
    const move = () => page.evaluate(() => {
      const slider = document.querySelector('#fig-kl input[type="range"]');
      slider.value = slider.max;
      slider.dispatchEvent(new Event("input", { bubbles: true }));
    });
    const values = await snapshot((s) => JSON.stringify(s.theory.answers.kl.values));
    return { ask: move, answered: () => snapshot((s, v) => JSON.stringify(s.theory.answers.kl.values) !== v, values) };
  },
};
for (const [how, fault] of Object.entries(ENDS)) {
  for (const [name, prepare] of Object.entries(ASKS)) {
    test(`the worker ${name}.js ${how}: another answers`, async () => {
      // A fifteenth of the time that it may be silent.
      const line = (await source("www/shell/line.js")).replace("this.rules.within / PARTS", "this.rules.within / PARTS / 15");
      await under({ "/www/shell/line.js": line }, async () => {
        const visited = await visit();
        await plays(visited);
        const { ask, answered } = await prepare(visited);
        const worker = await workerOf(visited, name);
        await worker.evaluate(fault).catch(() => undefined);
        await ask();
        await until("an answer", answered, 60);
        await visited.close();
      });
    });
  }
  test(`the training worker ${how}: the run goes on from where it was kept`, async () => {
    const line = (await source("www/shell/line.js")).replace("this.rules.within / PARTS", "this.rules.within / PARTS / 15");
    await under({ "/www/shell/line.js": line }, async () => {
      const visited = await visit(TINY);
      const step = await train(visited, 5);
      const worker = await workerOf(visited, "mnist/worker");
      await worker.evaluate(fault).catch(() => undefined);
      // What is asked of it is not answered.
      await visited.page.evaluate(() => document.getElementById("train-step").click());
      await reads(visited, "#train-lost", new RegExp(`step ${step}\\b`), 60);
      await visited.page.click("#train-continue:not([disabled], [aria-disabled])", { timeout: 60_000 });
      await until("it goes on", () => visited.snapshot((s, n) => s.train.row?.step > n, step), 60);
      await visited.close();
    });
  });
}

test("a worker that is told nothing of what it should open with says so", async () => {
  const visited = await visit();
  await plays(visited);
  const worker = await workerOf(visited, "game/worker");
  for (let i = 0; i < 3; i += 1) {
    const current = i === 0 ? worker : await until("the next", () => visited.page.workers().find((other) => other.url().endsWith("/game/worker.js")));
    await until("it plays", () => visited.snapshot((s) => s.game.phase !== "loading"));
    await current.evaluate(() => void setTimeout(() => { throw new Error("made to fail"); })).catch(() => undefined);
    await until("it has stopped", () => visited.snapshot((s) => s.game.message.includes("made to fail")));
  }
  await visited.close();
});

// ------------------------------------------------------------------------------------ where runs are kept

test("where the browser keeps nothing, that is said, and training goes on", async () => {
  const changed = (await source("www/mnist/run_database.js")).replace("indexedDB.open(NAME, 1)", '(() => { throw new Error("storage is forbidden"); })()');
  await under({ "/www/mnist/run_database.js": changed }, async () => {
    const visited = await visit(TINY);
    await train(visited, 3);
    await reads(visited, "#train-keeping", /does not keep the run \(storage is forbidden\)/);
    await visited.close();
  });
});

test("a store that fails once is asked again, and the word of it goes", async () => {
  const changed = (await source("www/mnist/run_database.js")).replace("indexedDB.open(NAME, 1)", '(self.failed ? indexedDB.open(NAME, 1) : (() => { self.failed = true; throw new Error("once"); })())');
  await under({ "/www/mnist/run_database.js": changed }, async () => {
    const visited = await visit(TINY);
    await train(visited, 3);
    await visited.page.click("#train-step");
    await reads(visited, "#train-keeping", /Kept in this browser up to step \d+\./);
    await visited.close();
  });
});

test("a browser that becomes full says so with the step, and what was kept is offered", async () => {
  // Browsers look at what room there is only now and then: here it is full from the second time on.
  const full = 'if (self.full) throw new DOMException("no room", "QuotaExceededError"); self.full = true; $&';
  const changed = (await source("www/mnist/run_database.js")).replace("const gone = stale", full);
  assert.match(changed, /QuotaExceededError/);
  await under({ "/www/mnist/run_database.js": changed }, async () => {
    const visited = await visit(TINY);
    await visited.page.click("#data-fetch:not([disabled])", { timeout: 60_000 });
    await visited.page.click("#train-step:not([disabled])", { timeout: 60_000 });
    await until("it is kept", () => visited.snapshot((s) => s.train.savedStep === 1 && s.train.phase === "paused"), 60);
    await visited.page.click("#train-step:not([disabled], [aria-disabled])");
    await reads(visited, "#train-keeping", /Keeping has stopped at step 1, because the browser is full/);
    await visited.page.reload();
    await reads(visited, "#train-saved", /tiny.*step 1\b/, 60);
    await visited.close();
  });
});

test("a browser without room from the beginning says so, and training goes on", async () => {
  const visited = await visit(TINY);
  const session = await visited.context.newCDPSession(visited.page);
  await session.send("Storage.overrideQuotaForOrigin", { origin: env.server.origin, quotaSize: 1000 });
  await train(visited, 3);
  await reads(visited, "#train-keeping", /no room to keep the run|Keeping has stopped|does not keep/);
  await visited.close();
});

test("a later version of the page is let in, and this one says that it keeps nothing any more", async () => {
  const visited = await visit(TINY);
  await train(visited, 3);
  // The later version opens the store as its own.
  const version = await visited.page.evaluate(() => new Promise((resolve) => {
    const request = indexedDB.open("saddle-runs-1", 2);
    request.onsuccess = () => resolve(request.result.version);
    request.onblocked = () => resolve("blocked");
  }));
  assert.equal(version, 2);
  await visited.page.click("#train-step");
  await reads(visited, "#train-keeping", /Keeping has stopped at step/);
  await visited.close();
});

test("two tabs cannot write one run, and the second is told", async () => {
  const one = await visit(TINY);
  const step = await train(one, 4);
  const two = await visit(TINY, one.context);
  await reads(two, "#train-saved", /Another tab has it open/, 60);
  assert.ok(await two.page.isDisabled("#train-saved .resume"));
  assert.ok(await two.page.isDisabled("#train-saved .discard"));
  // When the first is closed the second may have it.
  await one.page.close();
  await until("it is free", async () => {
    // As when somebody comes back to this tab.
    await two.page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
    return two.page.isEnabled("#train-saved .resume");
  });
  await two.page.click("#train-saved .resume");
  await until("it goes on", () => two.snapshot((s, n) => s.train.row?.step > n, step), 90);
  await two.context.close();
});

test("two tabs that take up one run at one moment: one has it, the other begins another and says why", async () => {
  const one = await visit(TINY);
  const step = await train(one, 4);
  const id = await one.snapshot((s) => s.train.savedRuns.length);
  assert.equal(id, 0);
  await one.page.close();
  const [two, three] = [await visit(TINY, one.context), await visit(TINY, one.context)];
  for (const visited of [two, three]) await visited.page.waitForSelector("#train-saved .resume:not([disabled])", { timeout: 60_000 });
  await two.page.click("#train-saved .resume");
  await until("the first goes on", () => two.snapshot((s, n) => s.train.row?.step > n, step), 90);
  // The other has not looked again since.
  await three.page.click("#train-saved .resume");
  await reads(three, "#file-status", /Another tab has it open/, 60);
  await until("another run", () => three.snapshot((s) => s.train.phase === "paused" && s.train.row === null), 60);
  await one.context.close();
});

test("a tab that is thrown away while it trains has kept its run up to a few steps ago", async () => {
  const one = await visit(TINY);
  await train(one, 4);
  await one.page.click("#train-play");
  await until("more steps", () => one.snapshot((s) => s.train.row.step >= 40), 60);
  // What the browser does before it freezes a hidden tab.
  await one.page.evaluate(() => {
    Object.defineProperty(document, "visibilityState", { value: "hidden" });
    document.dispatchEvent(new Event("visibilitychange"));
  });
  await until("it is kept", () => one.snapshot((s) => s.train.savedStep >= 40), 20);
  const kept = await one.snapshot((s) => s.train.savedStep);
  await one.page.close();
  const two = await visit(TINY, one.context);
  await until("the offer", () => two.snapshot((s, n) => s.train.savedRuns[0]?.step >= n, kept), 60);
  await one.context.close();
});

test("a tab that was frozen goes on, and nobody calls its workers silent", async () => {
  const visited = await visit(TINY);
  await train(visited, 3);
  const session = await visited.context.newCDPSession(visited.page);
  await session.send("Page.setWebLifecycleState", { state: "frozen" });
  await new Promise((resolve) => setTimeout(resolve, 3000));
  await session.send("Page.setWebLifecycleState", { state: "active" });
  const step = await visited.snapshot((s) => s.train.row.step);
  await visited.page.click("#train-step");
  await until("a step", () => visited.snapshot((s, n) => s.train.row.step > n, step));
  assert.equal(await visited.snapshot((s) => s.train.lost), null);
  await visited.close();
});

test("an hour's run is there after many short ones", async () => {
  const visited = await visit(TINY);
  const { page, snapshot } = visited;
  await train(visited, 3);
  const id = await page.evaluate(async () => {
    const base = await new Promise((resolve) => { const request = indexedDB.open("saddle-runs-1"); request.onsuccess = () => resolve(request.result); });
    const runs = await new Promise((resolve) => { const request = base.transaction("runs").objectStore("runs").getAll(); request.onsuccess = () => resolve(request.result); });
    const [run] = runs;
    const write = base.transaction("runs", "readwrite");
    write.objectStore("runs").put({ ...run, seconds: 3600 }, run.id);
    await new Promise((resolve) => { write.oncomplete = resolve; });
    base.close();
    return run.id;
  });
  for (const seed of ["11", "12", "13"]) {
    await page.fill("#train-seed", seed);
    await page.keyboard.press("Enter");
    await until("another run", () => snapshot((s, n) => s.train.settings.seed === n && s.train.phase === "paused", Number(seed)), 60);
    await page.click("#train-step");
    await until("a step", () => snapshot((s) => s.train.savedStep > 0), 60);
  }
  assert.ok(await snapshot((s, name) => s.train.savedRuns.some((run) => run.id === name), id));
  await visited.close();
});

// ------------------------------------------------------------------------------------ the network

const IMAGES = "/pkg/data/train-images-idx3-ubyte.gz";
const DOWNLOADS = { "the list of files": "/pkg/data/manifest.json", "the images": IMAGES, "the labels": "/pkg/data/train-labels-idx1-ubyte.gz" };
for (const [what, path] of Object.entries(DOWNLOADS)) {
  test(`${what} missing: that is said, and trying again brings them`, async () => {
    env.server.override(path, 404);
    const visited = await visit(TINY);
    await visited.page.click("#data-fetch:not([disabled])", { timeout: 60_000 });
    await reads(visited, "#data-status", /is not where it should be \(404/);
    env.server.override(path, null);
    await visited.page.click("#data-retry");
    await until("MNIST", () => visited.snapshot((s) => s.data.phase === "ready"), 60);
    await visited.close();
  });
  test(`${what} stalled: it can be stopped and asked for again`, async () => {
    env.server.override(path, (request, response) => response.writeHead(200, { "Content-Length": 1000 }).write("["));
    const visited = await visit(TINY);
    await visited.page.click("#data-fetch:not([disabled])", { timeout: 60_000 });
    await visited.page.click("#data-stop");
    await until("it has stopped", () => visited.snapshot((s) => s.data.phase === "absent"));
    env.server.override(path, null);
    await visited.page.click("#data-fetch:not([disabled])");
    await until("MNIST", () => visited.snapshot((s) => s.data.phase === "ready"), 60);
    await visited.close();
  });
}
test("a download that stalls is given up by itself, and that is said", async () => {
  const changed = (await source("www/shell/download.js")).replace("STALL = 20_000", "STALL = 2000");
  await under({ "/www/shell/download.js": changed, [IMAGES]: (request, response) => response.writeHead(200, { "Content-Length": 1000 }).write("x") }, async () => {
    const visited = await visit(TINY);
    await visited.page.click("#data-fetch:not([disabled])", { timeout: 60_000 });
    await reads(visited, "#data-status", /stopped coming/);
    assert.ok(await visited.page.isVisible("#data-retry"));
    await visited.close();
  });
});
test("a network that is gone is said to be so, and what is there goes on", async () => {
  const visited = await visit(TINY);
  await plays(visited);
  await digits(visited);
  await visited.page.waitForSelector("#data-fetch:not([disabled])", { timeout: 60_000 });
  await visited.context.setOffline(true);
  await visited.page.click("#data-fetch");
  await reads(visited, "#data-status", /could not be fetched/);
  await plays(visited);
  await visited.context.setOffline(false);
  await visited.page.click("#data-retry");
  await until("MNIST", () => visited.snapshot((s) => s.data.phase === "ready"), 60);
  // After that it is not needed for training.
  await visited.context.setOffline(true);
  await visited.page.click("#train-step:not([disabled])", { timeout: 60_000 });
  await until("a step", () => visited.snapshot((s) => s.train.row?.step === 1), 60);
  await visited.close();
});
for (const [what, body] of Object.entries({ "cut off": async () => (await readFile(await built(IMAGES))).subarray(0, 5000), altered: async () => Buffer.alloc((await readFile(await built(IMAGES))).length, 7) })) {
  test(`images that are ${what} are thrown away, and that is said`, async () => {
    env.server.override(IMAGES, await body());
    const visited = await visit(TINY);
    await visited.page.click("#data-fetch:not([disabled])", { timeout: 60_000 });
    await reads(visited, "#data-status", /incomplete|not the file it should be/);
    env.server.override(IMAGES, null);
    await visited.page.click("#data-retry");
    await until("MNIST", () => visited.snapshot((s) => s.data.phase === "ready"), 60);
    await visited.close();
  });
}
for (const [file, place] of [["compact.safetensors", "#digits-status"], ["index.json", "#digits-status"]]) {
  test(`without pretrained/${file} the explorer says so, and the game plays`, () => under({ [`/pretrained/${file}`]: 404 }, async () => {
    const visited = await visit();
    await reads(visited, place, new RegExp(file.replace(".", "\\.")));
    await plays(visited);
    await visited.close();
  }));
}
test("without the classifier the judge says so, and training goes on", () => under({ "/pretrained/classifier.safetensors": 404 }, async () => {
  const visited = await visit(TINY);
  const step = await train(visited, 5);
  await reads(visited, "#judge-status", /classifier\.safetensors/, 60);
  await visited.page.click("#train-step");
  await until("a step", () => visited.snapshot((s, n) => s.train.row.step > n, step));
  await visited.close();
}));
test("pretrained networks that do not arrive are said to be so, and the run begins from random weights", () => under({ "/pretrained/tiny.safetensors": 404 }, async () => {
  const visited = await visit(`${TINY}&from=pretrained`);
  await visited.page.click("#data-fetch:not([disabled])", { timeout: 60_000 });
  await reads(visited, "#file-status", /pretrained network could not be used/, 60);
  await visited.page.click("#train-step:not([disabled])");
  await until("a step", () => visited.snapshot((s) => s.train.row?.step === 1), 60);
  await visited.close();
}));

// ------------------------------------------------------------------------------------ adapters

const ADAPTERS = {
  "never answers": ["new Promise(() => undefined)", "silent", /does not answer/],
  "is refused": ['Promise.reject(new Error("no"))', "no-adapter", /finds no adapter/],
  "is none": ["Promise.resolve(null)", "no-adapter", /finds no adapter/],
};
for (const [how, [answer, gpu, words]] of Object.entries(ADAPTERS)) {
  test(`an adapter that ${how}: the CPU trains, and the page says why`, async () => {
    const changed = `Object.defineProperty(navigator, "gpu", { value: { requestAdapter: () => ${answer} } });\n${await source("www/mnist/probe.js")}`;
    await under({ "/www/mnist/probe.js": changed, "/pkg/gpu/status.json": '{"state":"ready"}' }, async () => {
      const visited = await visit("#net=tiny");
      await until("the probe", () => visited.snapshot((s, kind) => s.train.probe?.gpu === kind, gpu), 60);
      await reads(visited, "#device-why", words);
      await train(visited, 2);
      assert.equal(await visited.snapshot((s) => s.train.device), "cpu");
      await visited.close();
    });
  });
}
test("over a connection that asks to save data, the size of the GPU part is said beside the choice", async () => {
  const adapter = '{ features: new Set(), limits: { maxStorageBufferBindingSize: 1e9 }, info: { description: "some card" } }';
  const changed = `Object.defineProperty(navigator, "gpu", { value: { requestAdapter: async () => (${adapter}) } });\n${await source("www/mnist/probe.js")}`;
  await under({ "/www/mnist/probe.js": changed, "/pkg/gpu/status.json": '{"state":"ready"}' }, async () => {
    for (const saves of [true, false]) {
      const context = await env.browser.newContext();
      await context.addInitScript((saveData) => Object.defineProperty(navigator, "connection", { value: { saveData } }), saves);
      const visited = await visit("", context);
      await reads(visited, "#device-why", /some card/, 60);
      assert.equal(/asks to save data.*2 to 3 MB/.test(await visited.text("#device-why")), saves);
      await context.close();
    }
  });
});
test("a GPU whose module does not load is left for the CPU, and that is said", async () => {
  const adapter = '{ features: new Set(["timestamp-query"]), limits: { maxStorageBufferBindingSize: 1e9 }, info: { description: "some card" } }';
  const changed = `Object.defineProperty(navigator, "gpu", { value: { requestAdapter: async () => (${adapter}) } });\n${await source("www/mnist/probe.js")}`;
  // As a module that panics when it makes its device.
  const glue = 'export default async () => ({ memory: { buffer: new ArrayBuffer(8) } });\nexport const Trainer = { create: async () => { throw new WebAssembly.RuntimeError("unreachable"); } };\n';
  await under({ "/www/mnist/probe.js": changed, "/pkg/gpu/status.json": '{"state":"ready"}', "/pkg/gpu/saddle.js": glue }, async () => {
    const visited = await visit("#net=tiny");
    await train(visited, 2);
    assert.equal(await visited.snapshot((s) => s.train.device), "cpu");
    await reads(visited, "#device-why", /WebGPU was tried \(some card\)/);
    await visited.close();
  });
});

// ------------------------------------------------------------------------------------ files and links

const FILES = {
  damaged: [Buffer.from("this is no safetensors file"), /was not opened, and nothing has changed/],
  empty: [Buffer.alloc(0), /was not opened, and nothing has changed/],
  foreign: [Buffer.concat([Buffer.from([2, 0, 0, 0, 0, 0, 0, 0]), Buffer.from("{}")]), /was not opened, and nothing has changed/],
};
for (const [kind, [bytes, words]] of Object.entries(FILES)) {
  test(`a file that is ${kind} is not opened, that is said, and the run is untouched`, async () => {
    const visited = await visit(TINY);
    const step = await train(visited, 3);
    await visited.page.setInputFiles("#file-input", { name: `${kind}.safetensors`, mimeType: "application/octet-stream", buffer: bytes });
    await reads(visited, "#file-status", words);
    await visited.page.click("#train-step:not([disabled])");
    await until("it goes on", () => visited.snapshot((s, n) => s.train.row.step > n, step));
    await visited.close();
  });
}
test("a file of a later version is said to be too new", async () => {
  const visited = await visit(TINY);
  await train(visited, 2);
  const [, download] = await Promise.all([visited.page.click("#file-session"), visited.page.waitForEvent("download")]);
  const bytes = await readFile(await download.path());
  const length = Number(bytes.readBigUInt64LE(0));
  const header = bytes.subarray(8, 8 + length).toString().replace(/"version":"(\d+)"/, (whole, n) => whole.replace(n, "9".repeat(n.length)));
  await visited.page.setInputFiles("#file-input", { name: "later.safetensors", mimeType: "", buffer: Buffer.concat([bytes.subarray(0, 8), Buffer.from(header), bytes.subarray(8 + length)]) });
  await reads(visited, "#file-status", /later\.safetensors was not opened.*too new/s);
  await visited.close();
});

test("a link of 200 kB opens at once, and says what it left out", async () => {
  const visited = await visit(`#run=${Array.from({ length: 40_000 }, (_, i) => (i % 2 === 0 ? "1d" : "1g")).join("_")}&pace=400`);
  await shown(visited, "#link-fault");
  await plays(visited);
  await visited.close();
});
for (const [kind, hash] of Object.entries({ damaged: "#net=%E0%A4%A&seed=x&=&&k-d", "of a later version": "#quantum=on&net=tiny", "with scripts in it": "#net=<img src=x onerror=alert(1)>" })) {
  test(`a link ${kind} falls back, and says so`, async () => {
    const visited = await visit(hash);
    await shown(visited, "#link-fault");
    await plays(visited);
    assert.deepEqual(visited.errors, []);
    await visited.close();
  });
}
test("a link that is pasted later is criticised, too", async () => {
  const visited = await visit();
  await plays(visited);
  await until("the parts", () => visited.page.evaluate(() => !document.getElementById("theme").hidden));
  await visited.page.evaluate(() => { location.hash = "#net=nonsense"; });
  await reads(visited, "#link-fault", /net=nonsense/);
  // The page writes its own record into the address before it has heard of the link.
  await visited.page.evaluate(() => {
    location.hash = "#net=absurd";
    history.replaceState(null, "", "#pace=300");
  });
  await reads(visited, "#link-fault", /net=absurd/);
  await visited.close();
});
test("Back does not replace a run without asking", async () => {
  const visited = await visit(`${TINY}&train-seed=5`);
  const { page, snapshot } = visited;
  await train(visited, 3);
  const step = await snapshot((s) => s.train.row.step);
  await page.evaluate(() => history.pushState(null, "", location.hash));
  /** @type {string[]} */
  const asked = [];
  page.on("dialog", (dialog) => {
    asked.push(dialog.message());
    return dialog.dismiss();
  });
  await page.evaluate(() => { location.hash = "#net=tiny&device=cpu&train-seed=6&pace=300"; });
  await until("what is looked at follows", () => snapshot((s) => s.record.gamePace === 300));
  assert.equal(asked.length, 1);
  assert.match(asked[0] ?? "", new RegExp(`${step} steps`));
  assert.deepEqual(await snapshot((s) => [s.record.trainSeed, s.train.settings.seed, s.train.row.step]), [5, 5, step]);
  await visited.close();
});
