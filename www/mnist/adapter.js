/**
 * What stands between the browser's WebGPU and the module: an adapter is asked for with a deadline, one that cannot
 * time its work trains all the same, and what a device says of itself later is heard.
 *
 * The module's runtime (cubecl 0.11) panics when it makes a device on an adapter without "timestamp-query", since it
 * could not profile there; we never profile. So such an adapter is shown to the module with that one feature, and what
 * the module then asks of the browser leaves it out again. Nothing that the runtime does without profiling needs it:
 * its queries are made when the first profile begins.
 */

/** Milliseconds that the browser may take to name an adapter: some never answer. */
const PATIENCE = 5000;
const TIMESTAMPS = "timestamp-query";

/** @typedef {{requiredFeatures?: Iterable<string>}} DeviceRequest */
/**
 * @typedef {object} GpuDevice
 * @property {Promise<{reason: string, message: string}>} lost
 * @property {(type: "uncapturederror", listener: (event: {error: Error}) => void) => void} addEventListener
 */
/** @typedef {(code: "gpu-lost" | "gpu-memory" | "gpu-refused", message: string) => void} Fault */
/**
 * As far as it is asked here; TypeScript's own types do not have it everywhere.
 * @typedef {object} Adapter
 * @property {Iterable<string> & {has(name: string): boolean}} features
 * @property {{maxStorageBufferBindingSize: number}} limits
 * @property {{vendor?: string, architecture?: string, description?: string, isFallbackAdapter?: boolean}} [info]
 * @property {boolean} [isFallbackAdapter]
 * @property {(request?: DeviceRequest) => Promise<GpuDevice>} requestDevice
 */
/** @typedef {{requestAdapter(options?: object): Promise<Adapter | null>}} Gpu */

/** @returns {Gpu | undefined} what the browser has of WebGPU */
export const browserGpu = () => /** @type {{gpu?: Gpu}} */ (/** @type {unknown} */ (navigator)).gpu;

/**
 * @param {Gpu} gpu
 * @param {object} [options] of `requestAdapter`
 * @param {number} [patience] ms
 * @returns {Promise<Adapter | null | "silent">} null where there is none, or it fails; "silent" if none comes in time
 */
export async function requestAdapter(gpu, options, patience = PATIENCE) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {Promise<"silent">} */
  const late = new Promise((resolve) => {
    timer = setTimeout(() => resolve("silent"), patience);
  });
  try {
    return await Promise.race([gpu.requestAdapter(options), late]);
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Has the module ask by the above. Once for each worker, before the module opens a device.
 * @param {Gpu} gpu
 * @param {Fault} fault called when a device of it is gone or has refused something: nothing that it was given since counts
 */
export function adaptGpu(gpu, fault) {
  const browser = { requestAdapter: gpu.requestAdapter.bind(gpu) };
  gpu.requestAdapter = async (options) => {
    const adapter = await requestAdapter(browser, options);
    if (adapter === "silent" || adapter === null) return null;
    heard(adapter, fault);
    if (!adapter.features.has(TIMESTAMPS)) withTimestamps(adapter);
    return adapter;
  };
}

/** @param {Adapter} adapter @param {Fault} fault */
function heard(adapter, fault) {
  const requestDevice = adapter.requestDevice.bind(adapter);
  adapter.requestDevice = async (request) => {
    const device = await requestDevice(request);
    void device.lost.then(({ reason, message }) => fault("gpu-lost", message || reason));
    device.addEventListener("uncapturederror", ({ error }) => {
      fault(error.constructor.name === "GPUOutOfMemoryError" ? "gpu-memory" : "gpu-refused", error.message);
    });
    return device;
  };
}

/** @param {Adapter} adapter one without them */
function withTimestamps(adapter) {
  const requestDevice = adapter.requestDevice.bind(adapter);
  Object.defineProperties(adapter, {
    features: { value: new Set([...adapter.features, TIMESTAMPS]) },
    requestDevice: {
      value: (/** @type {DeviceRequest} */ request = {}) => {
        const requiredFeatures = [...(request.requiredFeatures ?? [])].filter((name) => name !== TIMESTAMPS);
        return requestDevice({ ...request, requiredFeatures });
      },
    },
  });
}
