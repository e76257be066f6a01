// Adapters that WebGPU allows and this machine does not have.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { environment, open } from "./harness.mjs";

const env = environment();
const adapterSource = await readFile(new URL("../../www/mnist/adapter.js", import.meta.url), "utf8");

test("an adapter without timestamp-query trains all the same", async () => {
  const { page } = await open(env.browser, `${env.server.origin}/licences.txt`);
  const { features, losses } = await page.evaluate(trainWithout, { adapterSource });
  assert.ok(!features.includes("timestamp-query"), "the device has what its adapter was to be without");
  for (const loss of losses) assert.ok(Number.isFinite(loss) && loss > 0, String(losses));
});

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
      adaptGpu(navigator.gpu);
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
