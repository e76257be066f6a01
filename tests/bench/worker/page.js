// The blank page of the contests: starts one worker per contestant and passes messages on.

const workers = new Map();
/** What ours started from, for the others of the same contest. */
let shared = {};

/** Resolves to the worker's answer; rejects with its error. */
function ask(id, message) {
  const worker = workers.get(id);
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => (data.error ? reject(new Error(data.error)) : resolve(data));
    worker.onerror = (event) => reject(new Error(event.message || "the worker did not load"));
    worker.postMessage(message);
  });
}

window.bench = {
  async open(id, spec) {
    // TF.js ships no ES module that a browser can load as it is; a classic worker can run its scripts.
    const type = spec.library === "tf" ? "classic" : "module";
    workers.set(id, new Worker("/worker/host.js", { type }));
    const { info } = await ask(id, { type: "open", spec: { ...spec, ...(spec.library === "ours" ? {} : shared) } });
    if (spec.library !== "ours") return {};
    const { settings, weights, flop } = info;
    shared = { settings, weights };
    return { settings, flop };
  },
  run: (id, steps) => ask(id, { type: "run", steps }),
  count: (id) => ask(id, { type: "count" }),
  close(id) {
    workers.get(id)?.terminate();
    workers.delete(id);
  },
  async adapter() {
    const adapter = await navigator.gpu?.requestAdapter();
    if (!adapter) return null;
    const { vendor, architecture, device, description } = adapter.info;
    return { vendor, architecture, device, description, fallback: adapter.info.isFallbackAdapter ?? false };
  },
};
