/**
 * What stands between the browser's WebGPU and the module: an adapter is asked for with a deadline, and one that cannot
 * time its work trains all the same.
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
 * As far as it is asked here; TypeScript's own types do not have it everywhere.
 * @typedef {object} Adapter
 * @property {Iterable<string> & {has(name: string): boolean}} features
 * @property {{maxStorageBufferBindingSize: number}} limits
 * @property {{vendor?: string, architecture?: string, description?: string, isFallbackAdapter?: boolean}} [info]
 * @property {boolean} [isFallbackAdapter]
 * @property {(request?: DeviceRequest) => Promise<unknown>} requestDevice
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

/** Has the module ask by the above. Once for each worker, before the module opens a device. @param {Gpu} gpu */
export function adaptGpu(gpu) {
  const browser = { requestAdapter: gpu.requestAdapter.bind(gpu) };
  gpu.requestAdapter = async (options) => {
    const adapter = await requestAdapter(browser, options);
    if (adapter === "silent") return null;
    if (adapter !== null && !adapter.features.has(TIMESTAMPS)) withTimestamps(adapter);
    return adapter;
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
