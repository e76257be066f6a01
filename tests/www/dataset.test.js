import assert from "node:assert/strict";
import { afterEach, mock, test } from "node:test";
import { gzipSync } from "node:zlib";
import { DataError, load } from "../../www/shell/dataset.js";

const IMAGES = "train-images-idx3-ubyte";
const LABELS = "train-labels-idx1-ubyte";
const raw = { [IMAGES]: new Uint8Array(5000).map((_, i) => i % 251), [LABELS]: new Uint8Array(60).map((_, i) => i % 10) };
const fetchBefore = globalThis.fetch;
afterEach(() => {
  globalThis.fetch = fetchBefore;
});

/**
 * A host with both files; `odd` answers for a file name before it does.
 * @param {Record<string, () => Response | Promise<Response>>} odd
 */
function serve(odd = {}) {
  const packed = Object.fromEntries(Object.entries(raw).map(([name, bytes]) => [`${name}.gz`, new Uint8Array(gzipSync(bytes))]));
  const manifest = Object.entries(raw).map(([name, bytes]) => ({
    name, bytes: bytes.length, gzipBytes: packed[`${name}.gz`]?.length ?? 0, md5: "",
  }));
  globalThis.fetch = async (address) => {
    const file = String(address).split("/").at(-1) ?? "";
    const answer = odd[file];
    if (answer) return answer();
    if (file === "manifest.json") return new Response(JSON.stringify(manifest));
    const bytes = packed[file];
    return bytes ? new Response(bytes) : new Response("", { status: 404, statusText: "Not Found" });
  };
  return packed;
}

const nothing = { cachedOnly: false, signal: new AbortController().signal, progress: () => undefined, check: () => undefined };

/** @param {{check?: (name: string, bytes: Uint8Array) => void}} [options] @returns {Promise<import("../../www/protocol.d.ts").DataFault>} */
async function faultOf(options = {}) {
  const error = await load({ ...nothing, ...options }).then(() => assert.fail("it loaded"), (reason) => reason);
  assert.ok(error instanceof DataError, String(error));
  return error.fault;
}

test("both files come unzipped, in order, with progress that ends at the whole", async () => {
  const packed = serve();
  const total = Object.values(packed).reduce((sum, bytes) => sum + bytes.length, 0);
  /** @type {number[]} */
  const seen = [];
  /** @type {string[]} */
  const checked = [];
  const found = await load({
    ...nothing,
    progress: (_, received, all) => {
      assert.equal(all, total);
      seen.push(received);
    },
    check: (name) => checked.push(name),
  });
  assert.deepEqual(found?.files, [raw[IMAGES], raw[LABELS]]);
  assert.deepEqual(checked, [IMAGES, LABELS]);
  assert.ok(seen.every((value, i) => i === 0 || value >= (seen[i - 1] ?? Infinity)));
  assert.equal(seen.at(-1), total);
});

test("a missing file is named, with what the host said", async () => {
  serve({ [`${IMAGES}.gz`]: () => new Response("", { status: 404, statusText: "Not Found" }) });
  assert.deepEqual(await faultOf(), { kind: "missing", file: `${IMAGES}.gz`, detail: "404 Not Found" });
});

test("a file that is cut off is named, with the count", async () => {
  const packed = serve({ [`${LABELS}.gz`]: () => new Response((packed[`${LABELS}.gz`] ?? new Uint8Array()).subarray(0, 20)) });
  const fault = await faultOf();
  assert.deepEqual([fault.kind, fault.file], ["truncated", `${LABELS}.gz`]);
  assert.match(fault.detail, /^20 bytes instead of \d+$/);
});

test("an altered file is caught by gzip's own sum, or by the check of what is in it", async () => {
  const packed = serve({
    [`${IMAGES}.gz`]: () => {
      const altered = (packed[`${IMAGES}.gz`] ?? new Uint8Array()).slice();
      altered[altered.length - 6] = ~(altered[altered.length - 6] ?? 0);
      return new Response(altered);
    },
  });
  assert.deepEqual([(await faultOf()).kind, (await faultOf()).file], ["damaged", `${IMAGES}.gz`]);

  serve();
  const check = (/** @type {string} */ name) => {
    if (name === LABELS) throw new Error("the digest is another");
  };
  assert.deepEqual(await faultOf({ check }), { kind: "damaged", file: `${LABELS}.gz`, detail: "the digest is another" });
});

test("no network is not a missing file", async () => {
  serve({ "manifest.json": () => Promise.reject(new TypeError("offline")) });
  assert.deepEqual(await faultOf(), { kind: "network", file: "manifest.json", detail: "TypeError: offline" });
});

test("a manifest that is no list is damaged", async () => {
  serve({ "manifest.json": () => new Response("{}") });
  assert.deepEqual([(await faultOf()).kind, (await faultOf()).file], ["damaged", "manifest.json"]);
});

test("a host that unzips on the way is fine", async () => {
  serve({ [`${IMAGES}.gz`]: () => new Response(raw[IMAGES]) });
  assert.deepEqual((await load(nothing))?.files[0], raw[IMAGES]);
});

test("without a cache nothing is found in the cache", async () => {
  serve();
  assert.equal(await load({ ...nothing, cachedOnly: true }), null);
});

test("a download that stalls is given up and named, however far it was", async () => {
  /** A body whose first part comes, and nothing after it. */
  const stalled = () => new Response(new ReadableStream({ start: (part) => part.enqueue(new Uint8Array(3)) }));
  for (const file of ["manifest.json", `${IMAGES}.gz`, `${LABELS}.gz`]) {
    for (const answer of [stalled, () => /** @type {Promise<Response>} */ (new Promise(() => undefined))]) {
      let asked = false;
      serve({ [file]: () => ((asked = true), answer()) });
      mock.timers.enable({ apis: ["setTimeout"] });
      const fault = faultOf();
      while (!asked) await new Promise((resolve) => setImmediate(resolve));
      for (let i = 0; i < 5; i += 1) await new Promise((resolve) => setImmediate(resolve));
      mock.timers.tick(20_000);
      mock.timers.reset();
      assert.deepEqual([(await fault).kind, (await fault).file], ["stalled", file]);
    }
  }
});

test("a download that nobody wants any more ends at once, and its request with it", async () => {
  const stop = new AbortController();
  /** @type {AbortSignal | null | undefined} */
  let signal;
  globalThis.fetch = async (_, how) => {
    ({ signal } = how ?? {});
    return new Promise(() => undefined);
  };
  const loading = load({ ...nothing, signal: stop.signal });
  while (!signal) await new Promise((resolve) => setImmediate(resolve));
  stop.abort();
  await assert.rejects(loading, { name: "AbortError" });
  assert.ok(signal.aborted);
});

test("files that the browser has no room for are said not to be kept", async () => {
  serve();
  const cache = { match: async () => undefined, put: async () => Promise.reject(new DOMException("full", "QuotaExceededError")), delete: async () => true };
  Object.assign(globalThis, { caches: { open: async () => cache } });
  try {
    const found = await load(nothing);
    assert.deepEqual([found?.cached, found?.kept], [false, false]);
    cache.put = /** @type {any} */ (async () => undefined);
    assert.equal((await load(nothing))?.kept, true);
  } finally {
    Reflect.deleteProperty(globalThis, "caches");
  }
});
