import assert from "node:assert/strict";
import { test } from "node:test";
import { adaptGpu, requestAdapter } from "../../www/mnist/adapter.js";

/** What a device tells of itself, told here. */
class Device {
  /** @type {((lost: {reason: string, message: string}) => void)} */
  lose = () => undefined;
  lost = new Promise((resolve) => {
    this.lose = resolve;
  });
  /** @type {((event: {error: Error}) => void)[]} */
  listeners = [];
  addEventListener(/** @type {string} */ type, /** @type {(event: {error: Error}) => void} */ listener) {
    if (type === "uncapturederror") this.listeners.push(listener);
  }
}

/** As browsers have it: features and methods on a prototype, and a device only with features that are there. */
class Adapter {
  /** @type {Set<string>} */
  #features;
  /** @type {string[][]} */
  requested = [];
  limits = { maxStorageBufferBindingSize: 1 };
  device = new Device();

  /** @param {string[]} features */
  constructor(features) {
    this.#features = new Set(features);
  }

  get features() {
    return this.#features;
  }

  async requestDevice({ requiredFeatures = /** @type {Iterable<string>} */ ([]) } = {}) {
    const wanted = [...requiredFeatures];
    this.requested.push(wanted);
    if (!wanted.every((name) => this.#features.has(name))) throw new TypeError("unsupported feature");
    return this.device;
  }
}

/** Opens a device as the module does: with all features that the adapter is said to have. @param {Adapter} adapter */
async function openByModule(adapter) {
  const gpu = { requestAdapter: async () => /** @type {Adapter | null} */ (adapter) };
  /** @type {string[]} */
  const faults = [];
  adaptGpu(gpu, (code, message) => faults.push(`${code}: ${message}`));
  const found = await gpu.requestAdapter();
  assert.equal(found, adapter);
  const seen = [...adapter.features];
  const device = await adapter.requestDevice({ requiredFeatures: adapter.features });
  return { seen, device, requested: adapter.requested, faults };
}

test("an adapter without timestamps is seen with them, and they are not asked of the browser", async () => {
  const adapter = new Adapter(["shader-f16"]);
  const { seen, device, requested } = await openByModule(adapter);
  assert.deepEqual(seen, ["shader-f16", "timestamp-query"]);
  assert.equal(device, adapter.device);
  assert.deepEqual(requested, [["shader-f16"]]);
});

test("an adapter with timestamps is left as it is", async () => {
  const adapter = new Adapter(["timestamp-query"]);
  const { device, requested } = await openByModule(adapter);
  assert.equal(device, adapter.device);
  assert.deepEqual(requested, [["timestamp-query"]]);
  assert.ok(!Object.hasOwn(adapter, "features"));
});

test("what a device says of itself is heard: that it is gone, has no memory, refuses", async () => {
  class GPUOutOfMemoryError extends Error {}
  const adapter = new Adapter(["timestamp-query"]);
  const { faults } = await openByModule(adapter);
  const { device } = adapter;
  for (const error of [new GPUOutOfMemoryError("no room"), new Error("no such format")]) device.listeners.forEach((listener) => listener({ error }));
  device.lose({ reason: "unknown", message: "" });
  await device.lost;
  assert.deepEqual(faults, ["gpu-memory: no room", "gpu-refused: no such format", "gpu-lost: unknown"]);
});

test("an adapter that does not come in time is silent, and one that fails is none", async () => {
  assert.equal(await requestAdapter({ requestAdapter: () => new Promise(() => undefined) }, {}, 5), "silent");
  assert.equal(await requestAdapter({ requestAdapter: () => Promise.reject(new Error("no")) }, {}, 5000), null);
  const adapter = new Adapter([]);
  assert.equal(await requestAdapter({ requestAdapter: async () => adapter }, {}, 5000), adapter);
});
