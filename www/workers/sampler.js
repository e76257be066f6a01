/**
 * Draws images for given z on the CPU, from the pretrained generator or from the last weights of the one in
 * training. A worker of its own, so that a slider never waits behind a training step.
 */
import { failure, listenForPanics, open } from "./open.js";

/** @typedef {import("../protocol.d.ts").SamplerCommand} Command */
/** @typedef {import("../protocol.d.ts").SamplerEvent} Event */
/** @typedef {import("../protocol.d.ts").Saddle} Saddle */

const scope = /** @type {import("../protocol.d.ts").WorkerScope<Command, Event>} */ (
  /** @type {unknown} */ (self)
);
/** @type {Saddle | null} */
let saddle = null;
/** @type {import("../types.d.ts").Sampler | null} */
let sampler = null;

/** Commands wait for each other: loading the module takes a while. @type {Promise<void>} */
let queue = Promise.resolve();

listenForPanics();
scope.onmessage = (/** @type {MessageEvent<Command>} */ { data: command }) => {
  queue = queue.then(() => obey(command)).catch((error) => scope.postMessage(failure(error)));
};

/** @param {Command} command */
async function obey(command) {
  if (command.type === "open") {
    saddle = await open("cpu", command.module);
    scope.postMessage({ type: "opened" });
  } else if (saddle !== null && command.type === "weights") {
    const next = new saddle.Sampler(command.bytes);
    sampler?.free();
    sampler = next;
    scope.postMessage({ type: "loaded", latent: sampler.latent, origin: command.origin });
  } else if (saddle !== null && sampler !== null && command.type === "sample") {
    const start = performance.now();
    const z = place(saddle, sampler, command.spot);
    const images = sampler.sample(z);
    const milliseconds = performance.now() - start;
    scope.postMessage({ type: "images", id: command.id, images, z, milliseconds }, [images.buffer, z.buffer]);
  }
}

/**
 * @param {Saddle} saddle
 * @param {import("../types.d.ts").Sampler} sampler
 * @param {import("../protocol.d.ts").Spot} spot
 * @returns {Float32Array} row-major `[n, latent]`
 */
function place({ slerp }, sampler, spot) {
  if (spot.kind === "noise") return sampler.noise(spot.seed, spot.n);
  const [from, to] = [sampler.noise(spot.from, 1), sampler.noise(spot.to, 1)];
  if (spot.kind === "ends") return Float32Array.of(...from, ...to);
  const z = slerp(from, to, spot.t);
  spot.nudge.forEach((by, i) => {
    if (i < z.length) z[i] = (z[i] ?? 0) + by;
  });
  return z;
}
