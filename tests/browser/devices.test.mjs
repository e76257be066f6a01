// The same step on the CPU and on WebGPU, from the same weights, noise and images.
import assert from "node:assert/strict";
import { test } from "node:test";
import { environment, open } from "./harness.mjs";

// Products are summed in other orders, and one step of Adam divides by the gradient's size: an element
// whose gradient is nearly 0 may take its full step of one rate either way. Weights may so differ by two
// rates (2e-3 for G); what the networks compute before the step may not.
const FORWARD = 1e-3;
const LOSS = 1e-4;
// Pixels of a plain background tie in the article's max pooling: a rounding decides which of them the gradient
// goes to.
const GRADIENT = 2e-3;

const env = environment();

const SETTINGS = {
  tiny: { preset: "tiny", batch: 4 },
  "everything on": {
    preset: "tiny", batch: 4, k: 2, smoothing: 0.1, spectralNorm: true, r1: 1, optimiserD: "nesterov", halfLife: 10,
    activationD: "tanh", activationG: "leaky-relu",
  },
  // Dropout and maxout; convolutions, pooling and doubling.
  paper: { preset: "paper", batch: 2 },
  article: { preset: "article", batch: 2 },
};

for (const [name, settings] of Object.entries(SETTINGS)) test(`one forward pass and one training step agree between CPU and WebGPU: ${name}`, async (t) => {
  const { page } = await open(env.browser, `${env.server.origin}/licences.txt`);
  const run = (device) => page.evaluate(trainOneStep, { device, settings });
  const cpu = await run("cpu");
  const gpu = await run("webgpu");
  const furthest = (a, b) => a.reduce((most, v, i) => Math.max(most, Math.abs(v - b[i])), 0);
  const after = furthest(cpu.after, gpu.after);
  t.diagnostic(`furthest grey bytes: forward ${furthest(cpu.before, gpu.before)}, after a step ${after}`);
  t.diagnostic(`losses: ${cpu.stats.lossD} ${gpu.stats.lossD}, ${cpu.stats.lossG} ${gpu.stats.lossG}`);
  // Grey bytes: 255 of them make the range of 2 of the images.
  const images = furthest(cpu.before, gpu.before) * (2 / 255);
  assert.ok(images <= FORWARD + 2 / 255, `forward pass differs by ${images}`);
  for (const key of ["lossD", "lossG", "dReal", "dFake"]) {
    const difference = Math.abs(cpu.stats[key] - gpu.stats[key]);
    assert.ok(difference <= LOSS, `${key}: ${cpu.stats[key]} and ${gpu.stats[key]}`);
  }
  for (const key of ["gradD", "gradG"]) {
    const difference = Math.abs(cpu.stats[key] - gpu.stats[key]);
    assert.ok(difference <= GRADIENT * cpu.stats[key], `${key}: ${cpu.stats[key]} and ${gpu.stats[key]}`);
  }
  // The averaged generator after the step draws nearly the same, and not what it drew before.
  assert.ok(after <= 4, `after the step the images differ by ${after} of 255`);
  // The large ones learn too slowly for that to show in grey bytes.
  if (settings.preset === "tiny") assert.ok(furthest(cpu.before, cpu.after) > 0, "the step changed nothing");
});

test("the same seed on the CPU gives the same numbers, bit for bit", async () => {
  const { page } = await open(env.browser, `${env.server.origin}/licences.txt`);
  const run = () => page.evaluate(trainOneStep, { device: "cpu", settings: SETTINGS.tiny });
  assert.deepEqual(await run(), await run());
});

/** Runs in the page: a worker of its own, one step. */
async function trainOneStep({ device, settings }) {
  const source = `
    const base = ${JSON.stringify(new URL("/", location.href).href)};
    const gunzip = async (name) => {
      const response = await fetch(base + "pkg/data/" + name + ".gz");
      const stream = response.body.pipeThrough(new DecompressionStream("gzip"));
      return new Uint8Array(await new Response(stream).arrayBuffer());
    };
    const run = async () => {
      const folder = ${JSON.stringify(device)} === "webgpu" ? "gpu" : "cpu";
      const saddle = await import(base + "pkg/" + folder + "/saddle.js");
      await saddle.default({ module_or_path: base + "pkg/" + folder + "/saddle_bg.wasm" });
      const wanted = ${JSON.stringify(settings)};
      const settings = { ...saddle.Trainer.defaults(wanted.preset), ...wanted };
      const trainer = await saddle.Trainer.create(settings, ${JSON.stringify(device)});
      trainer.setData(await gunzip("train-images-idx3-ubyte"), await gunzip("train-labels-idx1-ubyte"));
      const z = trainer.noise(7, 4);
      const before = Array.from(await trainer.sample(z));
      trainer.step(1);
      const stats = await trainer.stats();
      return { before, stats, after: Array.from(await trainer.sample(z)) };
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
