/**
 * The latent explorer's worker: draws images for given z on the CPU, from the pretrained generator or from the
 * last weights of the one in training, and answers what can be asked about them. A worker of its own, so that
 * a slider never waits behind a training step.
 */
import { load } from "./dataset.js";
import { answer } from "./explorer/answers.js";
import { Desk } from "./explorer/desk.js";
import { failure, listenForPanics, open } from "./open.js";

/** @typedef {import("../latent.d.ts").SamplerCommand} Command */
/** @typedef {import("../latent.d.ts").SamplerEvent} Event */

const scope = /** @type {import("../protocol.d.ts").WorkerScope<Command, Event>} */ (
  /** @type {unknown} */ (self)
);
const fail = (/** @type {unknown} */ error) => scope.postMessage(failure(error));
/** @type {Desk | null} */
let desk = null;

/** Commands wait for each other: loading the module takes a while. @type {Promise<void>} */
let queue = Promise.resolve();

listenForPanics();
scope.onmessage = (/** @type {MessageEvent<Command>} */ { data: command }) => {
  queue = queue.then(() => obey(command)).catch(fail);
};

/** @param {Command} command */
async function obey(command) {
  if (command.type === "open") {
    const saddle = /** @type {unknown} */ (await open("cpu", command.module));
    const module = /** @type {import("../latent.d.ts").ExplorerModule} */ (saddle);
    desk = new Desk(module, (event) => scope.postMessage(event), fail);
    scope.postMessage({ type: "opened" });
  } else if (desk === null) return;
  else if (command.type === "weights") weights(desk, command);
  else if (command.type === "classifier") {
    desk.reference?.free();
    desk.reference = new desk.module.Reference(command.bytes);
    scope.postMessage({ type: "classifier" });
  } else if (command.type === "real") void real(desk, command.cachedOnly);
  else if (command.type === "cancel") desk.cancel(command.name);
  else if (command.type === "task") desk.begin(command.id, command.task);
  else if (command.type === "ask" && desk.sampler !== null) {
    const reply = answer(desk, desk.sampler, command.id, command.ask);
    scope.postMessage(reply, [reply.images.buffer]);
  }
}

/**
 * Takes up weights. Directions stay as they are while one generator goes on training, so that a walk along
 * them stays where it is.
 * @param {Desk} desk @param {Extract<Command, {type: "weights"}>} command
 */
function weights(desk, { bytes, origin, directions }) {
  const next = new desk.module.Sampler(bytes);
  const source = `${origin.source} ${origin.preset}`;
  const same = desk.source === source && desk.sampler?.latent === next.latent;
  desk.take(next);
  desk.source = source;
  let refused = "";
  if (!same) {
    // Those of the other generator, or of a z of another length, mean nothing here.
    desk.cancel("directions");
    desk.directions = null;
    try {
      if (directions !== "") desk.directions = next.readDirections(directions);
    } catch (error) {
      refused = error instanceof Error ? error.message : String(error);
    }
  }
  const [radius = 0, scatter = 0] = next.shell();
  scope.postMessage({ type: "loaded", latent: next.latent, radius, scatter, origin, directions: desk.directions, refused });
}

/** Loading does not hold up what is asked meanwhile. @param {Desk} desk @param {boolean} cachedOnly */
async function real(desk, cachedOnly) {
  try {
    const found = await load({ cachedOnly, progress: () => undefined, check: desk.module.checkIdx });
    if (found === null) return scope.postMessage({ type: "real", state: "absent", message: "" });
    const [images, labels] = found.files;
    if (!images || !labels || desk.reference === null) throw new Error("the classifier is not loaded");
    desk.reference.setReal(images, labels);
    scope.postMessage({ type: "real", state: "ready", message: "" });
  } catch (error) {
    const { message, panic } = failure(error);
    if (panic) fail(error);
    else scope.postMessage({ type: "real", state: "failed", message });
  }
}
