/**
 * Asks what the browser can train on. Runs in the training worker, since that is where it counts.
 */
import { browserGpu, requestAdapter } from "./adapter.js";

/** @typedef {import("../protocol.d.ts").Probe} Probe */
/** @typedef {import("./adapter.js").Adapter} Adapter */

/** @returns {Promise<Probe>} */
export async function probe() {
  /** @type {Probe} */
  const none = { gpu: "no-api", adapter: "", timestamps: false, bufferBytes: 0, choice: "cpu" };
  const gpu = browserGpu();
  if (!gpu) return none;
  const adapter = await requestAdapter(gpu);
  if (adapter === "silent") return { ...none, gpu: "silent" };
  if (!adapter) return { ...none, gpu: "no-adapter" };
  const found = {
    ...none,
    adapter: describe(adapter),
    timestamps: adapter.features.has("timestamp-query"),
    bufferBytes: adapter.limits.maxStorageBufferBindingSize,
  };
  const module = await moduleState();
  if (module !== "ready") return { ...found, gpu: module };
  // A software adapter shares the processor with everything else, and the CPU path is faster there.
  if (isSoftware(adapter)) return { ...found, gpu: "software" };
  return { ...found, gpu: "usable", choice: "webgpu" };
}

/** @param {Adapter} adapter */
function describe({ info }) {
  const { description, vendor, architecture } = info ?? {};
  return description || [vendor, architecture].filter(Boolean).join(" ");
}

/** @param {Adapter} adapter */
function isSoftware(adapter) {
  const fallback = adapter.info?.isFallbackAdapter ?? adapter.isFallbackAdapter ?? false;
  return fallback || /swiftshader|llvmpipe|lavapipe|basic render/i.test(describe(adapter) + (adapter.info?.architecture ?? ""));
}

/**
 * The build writes `status.json` before the module, so that asking for it is no error.
 * @returns {Promise<"ready" | "building" | "no-module">}
 */
async function moduleState() {
  try {
    const response = await fetch(new URL("../../pkg/gpu/status.json", import.meta.url), { cache: "no-store" });
    const { state } = await response.json();
    return state === "ready" || state === "building" ? state : "no-module";
  } catch {
    return "no-module";
  }
}
