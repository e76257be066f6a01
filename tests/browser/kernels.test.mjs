// The kernels of src/mnist/kernels/ on WebGPU against f64: products on the shapes of the networks and on random ones, which
// divide nothing evenly, and what else a step does.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
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

let folder = "";
before(() => {
  folder = mkdtempSync(join(tmpdir(), "saddle-wgsl-"));
  execFileSync("rustc", ["--edition", "2024", "-O", join(root, "tests/browser/wgsl/main.rs"), "-o", join(folder, "kernels")]);
});
after(() => rmSync(folder, { recursive: true, force: true }));

/** What the program prints for each of these lines. */
const kernels = (lines) =>
  execFileSync(join(folder, "kernels"), { input: lines.join("\n"), maxBuffer: 2 ** 28 }).toString().trim().split("\n");

test("products on WebGPU are their sums, and what is given NaN gives NaN", async (t) => {
  const all = shapes();
  const lines = all.map(({ kind, n, large, small, k, s, p, bias }) => [kind, n, ...large, ...small, k, s, p, bias].join(" "));
  const texts = kernels(lines);
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

const sigmoid = (x) => 1 / (1 + Math.exp(-x));
/** An activation, and its derivative by x. */
const curves = [
  [(x) => x, () => 1],
  [(x) => (x < 0 ? 0 : x), (x) => (x <= 0 ? 0 : 1)],
  [(x) => (x < 0 ? 0.2 * x : x), (x) => (x < 0 ? 0.2 : 1)],
  [Math.tanh, (x) => 1 - Math.tanh(x) ** 2],
  [sigmoid, (x) => sigmoid(x) * (1 - sigmoid(x))],
];

/** Batch normalisation with an activation, and its gradients by autodiff's formulas in f64. */
function normed({ n, channels, pixels, by }, x, g, scale, shift) {
  const [f, slope] = curves[by];
  const all = { y: [], dx: [], mean: [], variance: [], unbiased: [], dscale: [], dshift: [] };
  for (let c = 0; c < channels; c++) {
    const places = [];
    for (let image = 0; image < n; image++) for (let i = 0; i < pixels; i++) places.push((image * channels + c) * pixels + i);
    const count = places.length;
    const sum = (of) => places.reduce((total, at) => total + of(at), 0);
    const mean = sum((at) => x[at]) / count;
    const variance = sum((at) => (x[at] - mean) ** 2) / count;
    const size = 1 / Math.sqrt(variance + 1e-5);
    const unit = (at) => (x[at] - mean) * size;
    const before = (at) => unit(at) * scale[c] + shift[c];
    const down = (at) => g[at] * slope(before(at));
    const [level, rise] = [sum(down), sum((at) => down(at) * unit(at))];
    for (const at of places) {
      all.y[at] = f(before(at));
      all.dx[at] = scale[c] * size * (down(at) - level / count - (unit(at) * rise) / count);
    }
    for (const [name, value] of Object.entries({ mean, variance, unbiased: (variance * count) / Math.max(count - 1, 1), dscale: rise, dshift: level }))
      all[name].push(value);
  }
  return all;
}

const softplus = (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

test("what else a step does on WebGPU is what it is in f64", async () => {
  const { page } = await open(env.browser, `${env.server.origin}/licences.txt`);
  await page.evaluate(prepare);
  const draw = random(5);
  const numbers = (length, from = -2, to = 2) => Float32Array.from({ length }, () => from + draw() * (to - from));
  const launch = async (kernel, inputs, by = []) =>
    page.evaluate(runStep, { kernel, inputs: Object.fromEntries(Object.entries(inputs).map(([k, v]) => [k, [...v]])), by });
  const near = (name, got, due, tolerance = 1e-5) => {
    assert.equal(got.length, due.length, name);
    got.forEach((value, i) => {
      const error = Math.abs(value - due[i]);
      assert.ok(error <= tolerance * (1 + Math.abs(due[i])), `${name}[${i}] is ${value}, not ${due[i]}`);
    });
  };
  const made = (line) => JSON.parse(kernels([line])[0]);

  for (const by of curves.keys()) {
    const [forth, back] = made(`curve 101 ${by}`);
    const [a, g] = [numbers(101, -30, 30), numbers(101)];
    const { y } = await launch(forth, { a });
    near(`curve ${by}`, y, [...a].map(curves[by][0]));
    // By the result: what is 1 in f32 has no slope left.
    near(`curve ${by} back`, (await launch(back, { y, g })).dx, [...a].map((x, i) => g[i] * curves[by][1](x)));
  }

  for (const [n, channels, pixels, by] of [[32, 70, 1, 2], [1, 3, 1, 0], [17, 5, 49, 1], [5, 12, 30, 4], [33, 2, 9, 3]]) {
    const [sums, apply, sumsBack, applyBack] = made(`norm ${n} ${channels} ${pixels} ${by}`);
    const [a, g] = [numbers(n * channels * pixels).map((v) => v + 20), numbers(n * channels * pixels)];
    const [scale, shift] = [numbers(channels), numbers(channels)];
    const due = normed({ n, channels, pixels, by }, a, g, scale, shift);
    const first = await launch(sums, { a });
    const { y, stats } = await launch(apply, { a, scale, shift, sums: first.sums });
    const name = `norm of ${n} x ${channels} x ${pixels}`;
    const row = stats.length / 3;
    near(`${name}: y`, y, due.y, 1e-4);
    ["mean", "variance", "unbiased"].forEach((key, i) => near(`${name}: ${key}`, stats.slice(i * row, i * row + channels), due[key]));
    // Where a relu has its kink a rounding decides.
    const kink = a.some((_, i) => by > 0 && by < 3 && Math.abs(due.y[i]) < 1e-4 && due.y[i] !== 0);
    if (kink) continue;
    const second = await launch(sumsBack, { g, a, y, stats });
    const { dx, dscale } = await launch(applyBack, { g, a, y, scale, stats, sums: second.sums });
    near(`${name}: dx`, dx, due.dx, 3e-4);
    near(`${name}: dscale`, dscale.slice(0, channels), due.dscale, 3e-4);
    near(`${name}: dshift`, dscale.slice(dscale.length / 2).slice(0, channels), due.dshift, 3e-4);
  }

  for (const [real, fake] of [[3, 3], [0, 7]]) {
    const [forth, back] = made(`loss ${real} ${fake}`);
    const logits = numbers(real + fake, -40, 40);
    const by = numbers(8);
    const value = (l, [a, b, c, target]) => a * softplus(-l) + b * softplus(l) + (c / 2) * (sigmoid(l) - target) ** 2;
    const slope = (l, [a, b, c, target]) => -a * sigmoid(-l) + b * sigmoid(l) + c * (sigmoid(l) - target) * sigmoid(l) * sigmoid(-l);
    const of = (i) => [...(i < real ? by.slice(0, 4) : by.slice(4))];
    const size = (i) => (i < real ? real : fake);
    const { y } = await launch(forth, { logits }, [...by]);
    near("loss", y, [logits.reduce((sum, l, i) => sum + value(l, of(i)) / size(i), 0)]);
    const back1 = await launch(back, { logits, g: [0.5] }, [...by]);
    near("loss back", back1.y, [...logits].map((l, i) => (0.5 * slope(l, of(i))) / size(i)));
  }

  const long = numbers(5000);
  const [parts, mean] = made("squares 5000");
  near("squares", (await launch(mean, { a: (await launch(parts, { a: long })).y })).y, [long.reduce((sum, v) => sum + v * v, 0) / 5000]);

  const joined = (await launch(made("gather 2 3 4 5 5 1 8")[0], { a0: [1, 2, 3], a1: [4, 5, 6, 7, 8], a2: [9] })).y;
  assert.deepEqual(joined.slice(2), [1, 2, 3, 0, 4, 5, 6, 7, 8, 9, 0, 0, 0, 0, 0, 0, 0]);

  const [p, g, m] = [numbers(70), numbers(70), numbers(70)];
  const s = numbers(70, 0, 2);
  const adam = await launch(made("adam 70")[0], { p, g, m, s, by: [0.9, 0.1, 0.999, 0.001, 0.02, 1e-8, 0, 0] });
  const [m1, s1] = [m.map((v, i) => 0.9 * v + 0.1 * g[i]), s.map((v, i) => 0.999 * v + 0.001 * g[i] ** 2)];
  near("mean", adam.m, m1);
  near("square", adam.s, s1);
  near("adam", adam.p, p.map((v, i) => v - (0.02 * m1[i]) / (Math.sqrt(s1[i]) + 1e-8)));
  const v1 = m.map((v, i) => 0.8 * v - 0.1 * g[i]);
  for (const [kind, due] of [["momentum", v1], ["nesterov", v1.map((v, i) => 0.8 * v - 0.1 * g[i])]]) {
    const found = await launch(made(`${kind} 70`)[0], { p, g, m, by: [0.1, 0.8, 0, 0, 0, 0, 0, 0] });
    near(`${kind}: velocity`, found.m, v1);
    near(kind, found.p, p.map((v, i) => v + due[i]));
  }
  const descent = await launch(made("sgd 70")[0], { p, g, by: [0.3, 0, 0, 0, 0, 0, 0, 0] });
  near("sgd", descent.p, p.map((v, i) => v - 0.3 * g[i]));
  const blend = await launch(made("blend 70")[0], { y: p, fresh: g, by: [0.75, 0.25, 0, 0, 0, 0, 0, 0] });
  near("blend", blend.y, p.map((v, i) => 0.75 * v + 0.25 * g[i]));
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

/** In the page: one launch; all that it writes, by name. */
async function runStep({ kernel: { text, threads, read, written }, inputs, by }) {
  const device = globalThis.device;
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  const buffer = (values, use) => {
    const all = Float32Array.from(values);
    const made = device.createBuffer({ size: all.byteLength, usage: use });
    device.queue.writeBuffer(made, 0, all);
    return made;
  };
  const buffers = [
    ...read.map(([name]) => buffer(inputs[name], usage)),
    // What a kernel neither changes nor writes stays something that no sum is.
    ...written.map(([name, length]) => buffer(inputs[name] ?? new Array(length).fill(12345), usage)),
    ...(by.length > 0 ? [buffer(by, GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST)] : []),
  ];
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
  const copies = written.map(([, length], i) => {
    const copy = device.createBuffer({ size: 4 * length, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
    encoder.copyBufferToBuffer(buffers[read.length + i], 0, copy, 0, 4 * length);
    return copy;
  });
  device.queue.submit([encoder.finish()]);
  const error = await device.popErrorScope();
  if (error) throw new Error(error.message);
  const found = {};
  for (const [i, copy] of copies.entries()) {
    await copy.mapAsync(GPUMapMode.READ);
    found[written[i][0]] = Array.from(new Float32Array(copy.getMappedRange()));
  }
  for (const made of [...buffers, ...copies]) made.destroy();
  return found;
}
