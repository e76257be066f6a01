// Adapters that WebGPU allows and this machine does not have.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { environment, open, until } from "./harness.mjs";

const env = environment();
const adapterSource = await readFile(new URL("../../www/mnist/adapter.js", import.meta.url), "utf8");

test("an adapter without timestamp-query trains all the same", async () => {
  const { page } = await open(env.browser, `${env.server.origin}/licences.txt`);
  const { features, losses } = await page.evaluate(trainWithout, { adapterSource });
  assert.ok(!features.includes("timestamp-query"), "the device has what its adapter was to be without");
  for (const loss of losses) assert.ok(Number.isFinite(loss) && loss > 0, String(losses));
});

/** What a device does in the middle of training, and what the visitor then reads. */
const FAULTS = {
  "is lost": ["device.destroy()", /GPU was taken away/],
  "has no memory left": ['device.dispatchEvent(new GPUUncapturedErrorEvent("uncapturederror", { error: new GPUOutOfMemoryError("no room") }))', /GPU has no memory left/],
  "refuses a kernel": ['device.createShaderModule({ code: "no kernel" })', /driver refused a computation/],
};
for (const [how, [fault, words]] of Object.entries(FAULTS)) {
  test(`a device that ${how} while it trains: that is said, and the run goes on on the CPU from where it was kept`, async () => {
    // The worker's own device, for what is done to it here.
    const hold = `
      const request = GPUAdapter.prototype.requestDevice;
      GPUAdapter.prototype.requestDevice = async function (...wanted) { return (self.device = await request.apply(this, wanted)); };
    `;
    env.server.override("/www/mnist/adapter.js", adapterSource + hold);
    try {
      const { page } = await open(await env.browser.newContext(), `${env.server.origin}/#net=tiny&device=webgpu`);
      const state = (/** @type {string} */ name) => page.evaluate(`window.saddle.snapshot().train.${name}`);
      await page.click("#data-fetch:not([disabled])", { timeout: 60_000 });
      await page.click("#train-play:not([disabled])", { timeout: 120_000 });
      await until("a run that is kept", async () => (await state("savedStep")) > 0, 180);
      const worker = await until("its worker", () => page.workers().find((each) => each.url().endsWith("/mnist/worker.js")));
      await worker.evaluate(fault).catch(() => undefined);
      await until("the sentence", async () => words.test((await page.textContent("#train-lost")) ?? ""), 60);
      const kept = /step (\d+)/.exec((await page.textContent("#train-lost")) ?? "")?.[1];
      assert.ok(Number(kept) > 0, "it says from which step it goes on");
      await page.click("#train-leave-gpu:not([disabled])", { timeout: 120_000 });
      await until("steps on the CPU", async () => (await state("device")) === "cpu" && (await state("row?.step")) > Number(kept), 60);
      assert.equal(await page.isHidden("#train-lost"), true);
      await page.context().close();
    } finally {
      env.server.override("/www/mnist/adapter.js", null);
    }
  });
}

/** Runs in the page: a worker whose adapters have no timestamps, and two steps in it. */
async function trainWithout({ adapterSource }) {
  const source = `
    const base = ${JSON.stringify(new URL("/", location.href).href)};
    const gunzip = async (name) => {
      const response = await fetch(base + "pkg/data/" + name + ".gz");
      const stream = response.body.pipeThrough(new DecompressionStream("gzip"));
      return new Uint8Array(await new Response(stream).arrayBuffer());
    };
    const { get } = Object.getOwnPropertyDescriptor(GPUAdapter.prototype, "features");
    Object.defineProperty(GPUAdapter.prototype, "features", {
      get() { return new Set([...get.call(this)].filter((name) => name !== "timestamp-query")); },
    });
    const browsers = GPUAdapter.prototype.requestDevice;
    let features = null;
    GPUAdapter.prototype.requestDevice = async function (request = {}) {
      const wanted = [...(request.requiredFeatures ?? [])];
      if (wanted.includes("timestamp-query")) throw new TypeError("unsupported feature: timestamp-query");
      const device = await browsers.call(this, request);
      features = [...device.features];
      return device;
    };
    const run = async () => {
      const script = new Blob([${JSON.stringify(adapterSource)}], { type: "text/javascript" });
      const { adaptGpu } = await import(URL.createObjectURL(script));
      adaptGpu(navigator.gpu, (code, message) => console.error(code, message));
      const saddle = await import(base + "pkg/gpu/saddle.js");
      await saddle.default({ module_or_path: base + "pkg/gpu/saddle_bg.wasm" });
      const settings = { ...saddle.Trainer.defaults("tiny"), batch: 4 };
      const trainer = await saddle.Trainer.create(settings, "webgpu");
      trainer.setData(await gunzip("train-images-idx3-ubyte"), await gunzip("train-labels-idx1-ubyte"));
      trainer.step(2);
      const { lossD, lossG } = await trainer.stats();
      return { features, losses: [lossD, lossG] };
    };
    run().then((result) => postMessage({ result }), (error) => postMessage({ error: String(error) }));
  `;
  const worker = new Worker(URL.createObjectURL(new Blob([source], { type: "text/javascript" })), { type: "module" });
  const { result, error } = await new Promise((resolve, reject) => {
    worker.onmessage = (event) => resolve(event.data);
    worker.onerror = (event) => reject(new Error(event.message));
  });
  worker.terminate();
  if (error) throw new Error(error);
  return result;
}
