// The benchmark: Saddle against TensorFlow.js and jax-js, in one run of one browser. `--help` says the rest.
import { access, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { built, chromium } from "../browser/harness.mjs";
import { play } from "./contest.mjs";
import { contests } from "./contests.mjs";
import { latentText, measureLatent } from "./latent.mjs";
import { measureLoading, measurePage } from "./page.mjs";
import { serve } from "./server.mjs";
import { contestTable, number } from "./table.mjs";

const help = `cargo xtask bench [options]
  --json FILE    also write the numbers to FILE
  --only KEYS    mnist-cpu, mnist-webgpu, mnist-webgpu-small, game, latent, page,
                 loading; separated by commas
  --rounds N     alternating rounds, 5 unless told (2 for steps of over 4 s)
  --hardware     the machine's own GPU instead of SwiftShader`;

const { values: options } = parseArgs({
  options: {
    json: { type: "string" },
    only: { type: "string" },
    rounds: { type: "string", default: "5" },
    hardware: { type: "boolean", default: false },
    help: { type: "boolean", short: "h", default: false },
  },
});
if (options.help) {
  console.log(help);
  process.exit(0);
}

const say = (text) => process.stderr.write(`  ${text}\n`);
const wanted = (key) => !options.only || options.only.split(",").includes(key);
const has = (module) => built(`pkg/${module}/saddle.js`).then((file) => access(file)).then(() => true, () => false);

const missing = [];
if (!(await has("cpu"))) missing.push("pkg/site holds no CPU module: run `cargo xtask build` first");
const module = await has("gpu");
if (!module) missing.push("pkg/site holds no GPU module: WebGPU was not measured");

// A software GPU may compile for longer than the watchdog of the GPU process allows.
const args = ["--disable-gpu-watchdog", ...(options.hardware ? ["--use-webgpu-adapter=default"] : [])];
const browser = await chromium({ args });
const server = await serve();
const results = [];
let adapter = null;
let software = false;
let pageResult = null;
let loadingResult = null;
let latentResult = null;
try {
  const page = await browser.newPage();
  await page.goto(server.origin);
  await page.waitForFunction(() => "bench" in window);
  adapter = await page.evaluate(() => window.bench.adapter());
  if (!adapter) missing.push("no WebGPU adapter answered: WebGPU was not measured");
  software = adapter !== null && /swiftshader|llvmpipe|lavapipe|basic render/i.test(JSON.stringify(adapter));
  for (const contest of contests({ gpu: adapter !== null, software })) {
    if (!wanted(contest.key)) continue;
    if (contest.needsGpu && !(module && adapter)) continue;
    const result = await play(page, contest, Number(options.rounds), say);
    results.push(result);
    console.log(`\n${contestTable(result)}`);
  }
  await page.close();
  if (wanted("latent")) {
    latentResult = await measureLatent(browser, say).catch((error) => ({ failure: error.message }));
    console.log(`\n${latentText(latentResult, number)}`);
  }
  if (wanted("page")) {
    pageResult = await measurePage(browser, say).catch((error) => ({ failure: error.message }));
    console.log(`\n${pageText(pageResult)}`);
  }
  if (wanted("loading")) {
    loadingResult = await measureLoading(browser, say).catch((error) => ({ failure: error.message }));
    console.log(`\n${loadingText(loadingResult)}`);
  }
} finally {
  await browser.close();
  server.close();
}

const machine = `${cpus().length} x ${cpus()[0]?.model ?? "unknown CPU"}`;
console.log(`\nOn ${machine}, ${browser.version()}.`);
if (adapter) console.log(`WebGPU on ${[adapter.vendor, adapter.architecture, adapter.description].filter(Boolean).join(", ")}.`);
if (software) console.log("SOFTWARE ADAPTER: the WebGPU figures are SwiftShader's on the CPU's cores, no GPU's.");
for (const text of missing) console.log(`MISSING: ${text}`);
console.log(notes());

if (options.json) {
  const all = { machine, browser: browser.version(), adapter, software, missing, contests: results, latent: latentResult, page: pageResult, loading: loadingResult };
  await writeFile(options.json, `${JSON.stringify(all, null, 2)}\n`);
}
const broken = results.some(({ rows }) => rows.some((row) => row.failure || row.training !== "ok"));
process.exitCode = broken || missing.length > 0 || latentResult?.failure || pageResult?.failure || pageResult?.mnist.failure || loadingResult?.failure ? 1 : 0;

function pageText({ failure, firstFrame, firstDrawn, loads, game, mnist }) {
  if (failure) return `The page: NOT MEASURED: ${failure}`;
  const smooth = (text, s) =>
    s.failure
      ? `${text}: NOT MEASURED: ${s.failure}`
      : `${text}: ${number(s.framesPerSecond)} frames/s, longest main-thread task ${number(s.longestTask)} ms (0: none above 50), longest silence of a timer ${number(s.longestGap)} ms`;
  return [
    `The page: first frame of the game computed after ${number(firstFrame)} ms, drawn after ${number(firstDrawn)} ms (median of ${loads.length} loads with empty caches)`,
    smooth("  while the game plays", game),
    smooth(`  while MNIST trains on the CPU (${mnist.steps} steps)`, mnist),
  ].join("\n");
}

function loadingText({ failure, ...moments }) {
  const names = { moves: "the game moves", digits: "digits are drawn", trains: "training can be begun" };
  if (failure) return `Loading: NOT MEASURED: ${failure}`;
  const lines = Object.entries(moments).map(([key, { ms, requests, bytes }]) =>
    `  ${names[key]} after ${number(ms / 1000)} s; asked for by then: ${requests} files, ${Math.round(bytes / 1000)} kB`);
  return ["Loading from an empty cache, 1.6 Mbit/s, 150 ms, brotli:", ...lines].join("\n");
}

function notes() {
  return `
"Ours is faster": their median time over ours, from alternating rounds of the same run.
Everybody starts from our initial weights (half precision), with the same batch, losses and Adam; the game starts
from draws of the same law. Ours also draws its noise and batches and keeps a moving average of G, which the others
are spared. Their parameters lie in one flat vector where that is faster for them. R1 is the square of a slope that
is carried forward by hand, so nobody needs second derivatives. jax-js gets its threads (a page isolated from other
origins), TF.js runs its wasm backend on one. TF.js trains no convolution on wasm: Conv2DBackpropFilter is missing.
"Trains" is ok when losses stay finite, change, and start within a factor of 1.5 of ours. Calls and bytes are those
of one step, its losses read.`;
}
