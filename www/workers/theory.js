/**
 * Answers the text's live figures. A worker, since the page itself loads no module, and since the slower
 * answers (a folded G, two Gaussians on their grid) take a frame or more.
 */
import { failure, listenForPanics, open } from "./open.js";

/** @typedef {import("../theory.d.ts").TheoryCommand} Command */
/** @typedef {import("../theory.d.ts").TheoryEvent | import("../protocol.d.ts").Failure} Event */

const scope = /** @type {import("../protocol.d.ts").WorkerScope<Command, Event>} */ (
  /** @type {unknown} */ (self)
);
/** @type {import("../theory.d.ts").TheoryModule | null} */
let theory = null;
/** The module with the networks, once a round of digits has been asked for. @type {import("../theory.d.ts").TheoryModule | null} */
let networks = null;
/** Commands wait for each other: loading the module takes a while. @type {Promise<void>} */
let queue = Promise.resolve();

listenForPanics();
scope.onmessage = (/** @type {MessageEvent<Command>} */ { data: command }) => {
  queue = queue.then(() => handle(command)).catch((error) => scope.postMessage(failure(error)));
};

/** @param {Command} command */
async function handle(command) {
  if (command.type === "open") {
    theory = await reach("game");
    scope.postMessage({ type: "opened" });
  } else if (theory !== null) {
    const { id, name, args, values } = command;
    const module = name === "trialRound" ? (networks ??= await reach("cpu")) : theory;
    const ask = /** @type {(...args: unknown[]) => import("../theory.d.ts").Answer} */ (module[name]);
    scope.postMessage({ type: "answer", id, answer: ask(...args), values });
  }
}

/** @param {"game" | "cpu"} which */
async function reach(which) {
  return /** @type {import("../theory.d.ts").TheoryModule} */ (/** @type {unknown} */ (await open(which)));
}
