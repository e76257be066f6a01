/**
 * The latent explorer's worker: draws images for given z on the CPU, from the pretrained generator or from the
 * last weights of the one in training, and answers what can be asked about them. A worker of its own, so that
 * a slider never waits behind a training step.
 */
import { load } from "./dataset.js";
import { answer } from "./explorer/answers.js";
import { ExplorerHost } from "./explorer/host.js";
import { failure, listenForPanics, open } from "./open.js";

/** @typedef {import("../latent.d.ts").SamplerCommand} Command */
/** @typedef {import("../latent.d.ts").SamplerEvent} Event */

const scope = /** @type {import("../protocol.d.ts").WorkerScope<Command, Event>} */ (
  /** @type {unknown} */ (self)
);
const fail = (/** @type {unknown} */ error) => scope.postMessage(failure(error));
/** @type {ExplorerHost | null} */
let host = null;

/** Commands wait for each other: loading the module takes a while. @type {Promise<void>} */
let queue = Promise.resolve();

listenForPanics();
scope.onmessage = (/** @type {MessageEvent<Command>} */ { data: command }) => {
  queue = queue.then(() => handle(command)).catch(fail);
};

/** @param {Command} command */
async function handle(command) {
  if (command.type === "open") {
    const saddle = /** @type {unknown} */ (await open("cpu", command.module));
    const module = /** @type {import("../latent.d.ts").ExplorerModule} */ (saddle);
    host = new ExplorerHost(module, (event) => scope.postMessage(event), fail);
    scope.postMessage({ type: "opened" });
  } else if (host === null) return;
  else if (command.type === "weights") weights(host, command);
  else if (command.type === "classifier") {
    host.reference?.free();
    host.reference = new host.module.Reference(command.bytes);
    scope.postMessage({ type: "classifier" });
  } else if (command.type === "real") void real(host, command.cachedOnly);
  else if (command.type === "cancel") host.cancel(command.name);
  else if (command.type === "task") host.begin(command.id, command.task);
  else if (command.type === "ask" && host.sampler !== null) {
    const reply = answer(host, host.sampler, command.id, command.ask);
    scope.postMessage(reply, [reply.images.buffer]);
  }
}

/**
 * Takes up weights. Directions stay as they are while one generator goes on training, so that a walk along
 * them stays where it is.
 * @param {ExplorerHost} host @param {Extract<Command, {type: "weights"}>} command
 */
function weights(host, { bytes, origin, directions }) {
  const next = new host.module.Sampler(bytes);
  const source = `${origin.source} ${origin.preset}`;
  const same = host.source === source && host.sampler?.latent === next.latent;
  host.take(next);
  host.source = source;
  let refused = "";
  if (!same) {
    // Those of the other generator, or of a z of another length, mean nothing here.
    host.cancel("directions");
    host.directions = null;
    try {
      if (directions !== "") host.directions = next.readDirections(directions);
    } catch (error) {
      refused = error instanceof Error ? error.message : String(error);
    }
  }
  const [radius = 0, scatter = 0] = next.shell();
  scope.postMessage({ type: "loaded", latent: next.latent, radius, scatter, origin, directions: host.directions, refused });
}

/** Loading does not hold up what is asked meanwhile. @param {ExplorerHost} host @param {boolean} cachedOnly */
async function real(host, cachedOnly) {
  try {
    const found = await load({ cachedOnly, progress: () => undefined, check: host.module.checkIdx });
    if (found === null) return scope.postMessage({ type: "real", state: "absent", message: "" });
    const [images, labels] = found.files;
    if (!images || !labels || host.reference === null) throw new Error("the classifier is not loaded");
    host.reference.setReal(images, labels);
    scope.postMessage({ type: "real", state: "ready", message: "" });
  } catch (error) {
    const { message, panic } = failure(error);
    if (panic) fail(error);
    else scope.postMessage({ type: "real", state: "failed", message });
  }
}
