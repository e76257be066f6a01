// The products of src/mnist/kernels/wgsl.rs on WebGPU against sums in f64, on the shapes of the networks and on random
// ones, which divide nothing evenly.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { environment, open, root } from "./harness.mjs";

const env = environment();

const random = (seed) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
};

/** kind, n, large [channels, height, width], small, kernel, stride, padding, bias */
const conv = (kind, n, ci, co, h, w, k, s, p, bias) => {
  const side = (v) => Math.floor((v + 2 * p - k) / s) + 1;
  return { kind, n, large: [ci, h, w], small: [co, side(h), side(w)], k, s, p, bias };
};
const dense = (n, inputs, outputs, bias) => ({ kind: "dense", n, large: [inputs, 1, 1], small: [outputs, 1, 1], k: 1, s: 1, p: 0, bias });

function shapes() {
  const draw = random(12);
  const one = (from, to) => from + Math.floor(draw() * (to - from + 1));
  const all = [
    conv("conv", 3, 1, 12, 28, 28, 4, 2, 1, 1), conv("conv", 2, 12, 16, 14, 14, 4, 2, 1, 1),
    conv("transposed", 2, 12, 16, 14, 14, 4, 2, 1, 0), conv("transposed", 3, 1, 12, 28, 28, 4, 2, 1, 1),
    conv("conv", 2, 16, 16, 7, 7, 3, 1, 1, 0), conv("conv", 2, 1, 16, 28, 28, 5, 1, 2, 1),
    conv("conv", 1, 8, 16, 14, 14, 5, 1, 0, 1), conv("transposed", 1, 8, 16, 14, 14, 6, 2, 2, 1),
    dense(32, 64, 256, 0), dense(64, 588, 128, 1), dense(17, 256, 1, 1), dense(1, 5, 3, 1), dense(16, 1, 9, 1),
  ];
  while (all.length < 40) {
    const kind = ["conv", "transposed", "dense"][one(0, 2)];
    if (kind === "dense") all.push(dense(one(1, 70), one(1, 150), one(1, 80), one(0, 1)));
    else {
      const s = one(1, 3);
      const k = s * one(1, s === 3 ? 2 : 4);
      const p = one(0, k - 1);
      const least = Math.max(1, k - 2 * p);
      // The adjoint has the side that its stride gives.
      const side = () => (kind === "conv" ? one(least, least + 15) : least + s * one(0, 5));
      all.push(conv(kind, one(1, 19), one(1, 9), one(1, 9), side(), side(), k, s, p, one(0, 1)));
    }
  }
  return all;
}

/** Outputs, and gradients by inputs, weight and bias, summed in f64. */
function sums({ kind, n, large, small, k, s, p, bias }, x, w, b, g) {
  const [ci, h, width] = large;
  const [co, oh, ow] = small;
  const size = (shape) => n * shape.reduce((a, c) => a * c, 1);
  const up = kind === "transposed";
  const y = new Float64Array(size(up ? large : small));
  const dx = new Float64Array(size(up ? small : large));
  const dw = new Float64Array(w.length);
  const db = new Float64Array(up ? ci : co);
  const channel = (i) => (up ? Math.floor(i / (h * width)) % ci : Math.floor(i / (oh * ow)) % co);
  y.forEach((_, i) => { db[channel(i)] += g[i]; if (bias) y[i] = b[channel(i)]; });
  for (let image = 0; image < n; image++) for (let o = 0; o < co; o++) for (let c = 0; c < ci; c++)
    for (let oy = 0; oy < oh; oy++) for (let ky = 0; ky < k; ky++) {
      const iy = oy * s - p + ky;
      if (iy < 0 || iy >= h) continue;
      for (let ox = 0; ox < ow; ox++) for (let kx = 0; kx < k; kx++) {
        const ix = ox * s - p + kx;
        if (ix < 0 || ix >= width) continue;
        const wide = ((image * ci + c) * h + iy) * width + ix;
        const narrow = ((image * co + o) * oh + oy) * ow + ox;
        const at = kind === "dense" ? c * co + o : ((o * ci + c) * k + ky) * k + kx;
        const [from, to] = up ? [narrow, wide] : [wide, narrow];
        y[to] += x[from] * w[at];
        dx[from] += g[to] * w[at];
        dw[at] += x[from] * g[to];
      }
    }
  return { y, dx, dw, db };
}

test("products on WebGPU are their sums, and what is given NaN gives NaN", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "saddle-wgsl-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const program = join(folder, "kernels");
  execFileSync("rustc", ["--edition", "2024", "-O", join(root, "tests/browser/wgsl/main.rs"), "-o", program]);
  const all = shapes();
  const lines = all.map(({ kind, n, large, small, k, s, p, bias }) => [kind, n, ...large, ...small, k, s, p, bias].join(" "));
  const texts = execFileSync(program, { input: lines.join("\n"), maxBuffer: 2 ** 28 }).toString().trim().split("\n");
  const { page } = await open(env.browser, `${env.server.origin}/licences.txt`);
  await page.evaluate(prepare);
  const draw = random(7);
  let furthest = 0;
  for (const [index, shape] of all.entries()) {
    const made = JSON.parse(texts[index]);
    assert.ok(made.fits, lines[index]);
    const numbers = (length) => Float32Array.from({ length }, () => draw() * 2 - 1);
    const up = shape.kind === "transposed";
    const count = ([c, h, w]) => shape.n * c * h * w;
    const x = numbers(count(up ? shape.small : shape.large));
    const g = numbers(count(up ? shape.large : shape.small));
    const w = numbers(shape.large[0] * shape.small[0] * shape.k ** 2);
    const b = numbers((up ? shape.large : shape.small)[0]);
    for (const whole of [true, false]) {
      if (!whole) for (const given of [x, w, g]) given[Math.floor(draw() * given.length)] = NaN;
      const due = sums(shape, x, w, b, g);
      const got = await page.evaluate(run, { made, kind: shape.kind, bias: shape.bias, x: [...x], w: [...w], b: [...b], g: [...g] });
      for (const [name, values] of Object.entries(got)) {
        assert.equal(values.length, due[name].length, `${lines[index]}: ${name}`);
        const terms = { y: w.length / b.length, dx: w.length, dw: shape.n * 784, db: shape.n * 784 }[name];
        for (const [i, value] of values.entries()) {
          const right = due[name][i];
          if (Number.isNaN(right) || value === null) {
            // A weight's place that is over the edge is multiplied with 0, which keeps a NaN.
            const fair = value === null && (Number.isNaN(right) || (name === "dw" && !whole));
            assert.ok(fair, `${lines[index]}: ${name}[${i}] is ${value}, not ${right}`);
            continue;
          }
          const error = Math.abs(value - right);
          furthest = Math.max(furthest, error);
          assert.ok(error <= 2e-6 * Math.sqrt(terms) + 4e-6 * Math.abs(right), `${lines[index]}: ${name}[${i}] is ${value}, not ${right}`);
        }
      }
    }
  }
  t.diagnostic(`${all.length} products, furthest ${furthest}`);
});

/** In the page: a device. */
async function prepare() {
  const adapter = await navigator.gpu.requestAdapter();
  globalThis.device = await adapter.requestDevice();
}

/** In the page: all that a product is asked for; NaN comes as null. */
async function run({ made, kind, x, w, b, g }) {
  const device = globalThis.device;
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  const buffer = (values) => {
    const all = Float32Array.from(values, (v) => v ?? NaN);
    const made = device.createBuffer({ size: all.byteLength, usage });
    device.queue.writeBuffer(made, 0, all);
    return made;
  };
  // What a kernel does not write stays something that no sum is.
  const empty = (length) => buffer(new Array(length).fill(12345));
  const launch = async ({ text, threads, bindings }, inputs) => {
    const buffers = bindings.map(([name, length]) => inputs[name] ?? empty(length));
    device.pushErrorScope("validation");
    const module = device.createShaderModule({ code: text });
    const pipeline = await device.createComputePipelineAsync({ layout: "auto", compute: { module, entryPoint: "main" } });
    const entries = buffers.map((buffer, binding) => ({ binding, resource: { buffer } }));
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
    pass.dispatchWorkgroups(Math.ceil(threads / 64));
    pass.end();
    device.queue.submit([encoder.finish()]);
    const error = await device.popErrorScope();
    if (error) throw new Error(error.message);
    return Object.fromEntries(bindings.map(([name], i) => [name, buffers[i]]));
  };
  const read = async (buffer) => {
    const copy = device.createBuffer({ size: buffer.size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
    const encoder = device.createCommandEncoder();
    encoder.copyBufferToBuffer(buffer, 0, copy, 0, buffer.size);
    device.queue.submit([encoder.finish()]);
    await copy.mapAsync(GPUMapMode.READ);
    const values = Array.from(new Float32Array(copy.getMappedRange()), (v) => (Number.isNaN(v) ? null : v));
    copy.destroy();
    return values;
  };
  const [X, W, B, G] = [x, w, b, g].map(buffer);
  const dense = kind === "dense";
  const up = kind === "transposed";
  const forward = await launch(made.forward, dense ? { a: X, b: W, bias: B } : { x: X, g: X, w: W, bias: B });
  const back = await launch(made.toInputs, dense ? { a: G, b: W } : { g: G, x: G, w: W });
  const taps = await launch(made.toWeight, dense ? { a: X, b: G } : up ? { x: G, g: X } : { x: X, g: G });
  const outputs = up ? (await launch(made.planes, { x: G })).y : taps.bias;
  const all = { y: await read(forward.y), dx: await read(back.y) };
  const sum = { ...made.sum };
  if (!outputs) {
    all.dw = made.parts === 1 ? await read(taps.y) : (await launch(sum.weight, { a: taps.y })).y;
    if (made.parts > 1) all.dw = await read(all.dw);
  } else {
    const added = await launch(sum.both, { a: taps.y, b: outputs });
    Object.assign(all, { dw: await read(added.y), db: await read(added.z) });
  }
  for (const buffer of [X, W, B, G]) buffer.destroy();
  return all;
}
