// Runs one contestant in a worker of its own. No static import: it is also run as a classic worker.

/** @type {{run: (steps: number) => Promise<ArrayLike<number>>} | null} */
let contestant = null;
let counter = null;

async function open(spec) {
  if (spec.threads === false) delete self.SharedArrayBuffer;
  // Before the library is there, so that it can keep no reference to the calls as they were.
  counter = (await import("/worker/count.js")).count();
  if (spec.library === "tf") {
    const dist = (name) => `/modules/@tensorflow/${name}/dist`;
    importScripts(
      `${dist("tfjs")}/tf.min.js`,
      `${dist("tfjs-backend-webgpu")}/tf-backend-webgpu.min.js`,
      `${dist("tfjs-backend-wasm")}/tf-backend-wasm.min.js`,
    );
  }
  const script = spec.library === "ours" ? "ours" : `${spec.library}_${spec.task}`;
  const { open } = await import(`/worker/${script}.js`);
  const { info, ...rest } = await open(spec);
  contestant = rest;
  return { info };
}

async function timed(steps) {
  const start = performance.now();
  const losses = await contestant.run(steps);
  const milliseconds = performance.now() - start;
  return { milliseconds, losses: Array.from(losses) };
}

async function obey({ type, spec, steps }) {
  if (type === "open") return open(spec);
  if (type === "run") return timed(steps);
  const before = counter();
  await contestant.run(1);
  const after = counter();
  const calls = Object.fromEntries(Object.keys(after).map((key) => [key, after[key] - before[key]]));
  return { ...calls, host: contestant.host?.() ?? null };
}

self.onmessage = ({ data }) => {
  obey(data).then(
    (answer) => self.postMessage(answer),
    (error) => self.postMessage({ error: String(error?.message ?? error) }),
  );
};
