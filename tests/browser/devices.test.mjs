// The same run on the CPU and on WebGPU, from the same weights, noise and images: each step by itself, and as it is
// recorded once and replayed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { environment, open } from "./harness.mjs";

// Products are summed in other orders. Where a rounding decides, at a relu's kink or between pixels of a plain background
// that tie in the article's max pooling, a gradient goes another way; and Adam divides by the gradient's size, so that a
// weight whose gradient is nearly 0 may take its full first step either way: the large ones are compared without it.
const FORWARD = 1e-3;
const LOSS = 1e-4;
const GRADIENT = 2e-3;
/** Distance between the parameters of both devices, by the way that they have come; after one step and after six. */
const WAY = { 1: 1e-3, 6: 2e-2 };
const STEPS = 6;

const env = environment();

const SETTINGS = {
  tiny: { preset: "tiny", batch: 4 },
  "everything on": {
    preset: "tiny", batch: 4, k: 2, smoothing: 0.1, spectralNorm: true, r1: 1, optimiserD: "nesterov", halfLife: 10,
    activationD: "tanh", activationG: "leaky-relu",
  },
  "both at once, least squares": {
    preset: "tiny", batch: 17, order: "at-once", loss: "least-squares", optimiserD: "momentum", optimiserG: "sgd", rateG: 0.05, ema: 0,
  },
  "minimax, a batch of one": { preset: "tiny", batch: 1, loss: "minimax", optimiserG: "momentum", activationD: "sigmoid", activationG: "relu" },
  compact: { preset: "compact", batch: 16, optimiserD: "sgd", optimiserG: "sgd", rateD: 0.01, rateG: 0.01 },
  // Dropout and maxout; convolutions, pooling and doubling.
  paper: { preset: "paper", batch: 2 },
  article: { preset: "article", batch: 2, optimiserD: "sgd", optimiserG: "sgd", rateD: 0.01, rateG: 0.01 },
};

for (const [name, settings] of Object.entries(SETTINGS)) test(`a run of six steps agrees between CPU and WebGPU: ${name}`, async (t) => {
  const { page } = await open(env.browser, `${env.server.origin}/licences.txt`);
  await page.evaluate(`window.train = ${train}`);
  const { cpu, gpu, ways } = await page.evaluate(compare, { settings, steps: STEPS });
  const images = furthest(cpu.before, gpu.before) * (2 / 255);
  assert.ok(images <= FORWARD + 2 / 255, `forward pass differs by ${images}`);
  const [first, on] = [cpu.rows[0], gpu.rows[0]];
  for (const key of ["lossD", "lossG", "dReal", "dFake"]) {
    const difference = Math.abs(first[key] - on[key]);
    assert.ok(difference <= LOSS, `${key}: ${first[key]} and ${on[key]}`);
  }
  for (const key of ["gradD", "gradG"]) {
    const difference = Math.abs(first[key] - on[key]);
    assert.ok(difference <= GRADIENT * first[key], `${key}: ${first[key]} and ${on[key]}`);
  }
  assert.deepEqual(Object.keys(ways), Object.keys(WAY));
  for (const [step, parts] of Object.entries(ways)) {
    t.diagnostic(`after ${step}: ${parts.map(([part, way]) => `${part} ${way.toExponential(1)}`).join(", ")}`);
    // What batch normalisation of one example leaves without a gradient has not moved.
    assert.ok(parts.length > 6, `only ${parts.length} parts have moved`);
    for (const [part, way] of parts) assert.ok(way <= WAY[step], `${part} after ${step}: ${way} of the way`);
  }
  // All that a replayed step still binds is the copy of its figures.
  assert.ok(gpu.bound[0] > 40 && gpu.bound[1] < 8, `bind groups of the first and of the last step: ${gpu.bound}`);
});

for (const device of ["cpu", "webgpu"]) test(`the same seed gives the same numbers, bit for bit: ${device}`, async () => {
  const { page } = await open(env.browser, `${env.server.origin}/licences.txt`);
  await page.evaluate(`window.train = ${train}`);
  const rows = await page.evaluate(async (wanted) => (await window.train(wanted)).rows, { device, settings: SETTINGS.tiny, steps: STEPS, others: ["again"] });
  const [first, second] = [rows.slice(0, STEPS), rows.slice(STEPS)];
  assert.deepEqual(second, first);
});

test("a recorded run is asked for images, given other settings, saved and taken up, and stays that of the CPU", async () => {
  const { page } = await open(env.browser, `${env.server.origin}/licences.txt`);
  const settings = { preset: "tiny", batch: 4 };
  const others = [{ rateD: 1e-4, momentumG: 0.7 }, { batch: 9, ema: 0.5, r1: 0.5 }, "file", { loss: "minimax", k: 2 }];
  await page.evaluate(`window.train = ${train}`);
  const { cpu, gpu } = await page.evaluate(compare, { settings, steps: STEPS, others });
  assert.equal(gpu.rows.length, STEPS * (1 + others.length));
  gpu.rows.forEach((row, i) => {
    const difference = Math.abs(row.lossD - cpu.rows[i].lossD);
    assert.ok(difference <= 2e-3, `lossD of step ${row.step}: ${row.lossD}, on the CPU ${cpu.rows[i].lossD}`);
  });
  gpu.images.forEach((images, i) => assert.ok(furthest(images, cpu.images[i]) <= 4, `images ${i}: ${furthest(images, cpu.images[i])} of 255`));
});

const furthest = (a, b) => a.reduce((most, v, i) => Math.max(most, Math.abs(v - b[i])), 0);

/**
 * Runs in the page: the same on the CPU and on WebGPU; and of each network's parameters and averages how far they are apart by
 * how far they have come, after each step that was kept.
 */
async function compare(wanted) {
  const run = (device) => window.train({ ...wanted, device });
  const [cpu, gpu] = [await run("cpu"), await run("webgpu")];
  const ways = {};
  const start = cpu.saved[0];
  for (const step of Object.keys(cpu.saved).filter((step) => step > 0)) {
    const squares = {};
    for (const name of Object.keys(start)) {
      const sums = (squares[name.split(".").slice(0, 2).join(" ")] ??= [0, 0]);
      const [there, here] = [cpu.saved[step][name], gpu.saved[step][name]];
      start[name].forEach((from, i) => {
        sums[0] += (there[i] - here[i]) ** 2;
        sums[1] += (there[i] - from) ** 2;
      });
    }
    ways[step] = Object.entries(squares).filter(([, [, way]]) => way !== 0).map(([part, [off, way]]) => [part, Math.sqrt(off / way)]);
  }
  return { cpu: { ...cpu, saved: null }, gpu: { ...gpu, saved: null }, ways };
}

/** Runs in the page: a worker of its own, and in it `steps` steps, then as many with each of `others`. */
async function train({ device, settings, steps, others = [] }) {
  const source = `
    const base = ${JSON.stringify(new URL("/", location.href).href)};
    const gunzip = async (name) => {
      const response = await fetch(base + "pkg/data/" + name + ".gz");
      const stream = response.body.pipeThrough(new DecompressionStream("gzip"));
      return new Uint8Array(await new Response(stream).arrayBuffer());
    };
    // Weights of a saved run, by name.
    const weights = (bytes) => {
      const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
      const head = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
      const all = {};
      for (const [name, { data_offsets: [from, to] }] of Object.entries(head).filter(([name]) => name !== "__metadata__"))
        if (name.startsWith("generator.") || name.startsWith("discriminator."))
          all[name] = new Float32Array(bytes.slice(8 + length + from, 8 + length + to).buffer);
      return all;
    };
    const run = async () => {
      const folder = ${JSON.stringify(device)} === "webgpu" ? "gpu" : "cpu";
      const saddle = await import(base + "pkg/" + folder + "/saddle.js");
      await saddle.default({ module_or_path: base + "pkg/" + folder + "/saddle_bg.wasm" });
      const [wanted, steps, others] = ${JSON.stringify([settings, steps, others])};
      let settings = { ...saddle.Trainer.defaults(wanted.preset), ...wanted };
      let bound = 0;
      const create = self.GPUDevice?.prototype.createBindGroup;
      if (create) GPUDevice.prototype.createBindGroup = function (...all) { bound++; return create.apply(this, all); };
      const trainer = await saddle.Trainer.create(settings, ${JSON.stringify(device)});
      trainer.setData(await gunzip("train-images-idx3-ubyte"), await gunzip("train-labels-idx1-ubyte"));
      const z = trainer.noise(7, 4);
      const before = Array.from(await trainer.sample(z));
      const saved = { 0: weights(await trainer.save()) };
      const count = async (n) => { bound = 0; return trainer.advance(n); };
      const rows = await count(1);
      const first = bound;
      saved[1] = weights(await trainer.save());
      rows.push(...(await trainer.advance(steps - 2)), ...(await count(1)));
      const last = bound;
      saved[steps] = weights(await trainer.save());
      const images = [];
      for (const other of others) {
        images.push(Array.from(await trainer.sample(z)));
        if (other === "file") trainer.restore(await trainer.save());
        else if (other === "again") trainer.reset(settings);
        else if (trainer.configure((settings = { ...settings, ...other }))) throw new Error("began again");
        rows.push(...(await trainer.advance(steps)));
      }
      return { before, rows, saved, images, bound: [first, last] };
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
