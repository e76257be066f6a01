/**
 * Holds the 1-D game. Runs as many iterations as it is asked for and answers with one frame; it does
 * nothing by itself.
 */
import { failure, listenForPanics, open } from "./open.js";

/** @typedef {import("../protocol.d.ts").GameCommand} Command */
/** @typedef {import("../protocol.d.ts").GameEvent} Event */

const scope = /** @type {import("../protocol.d.ts").WorkerScope<Command, Event>} */ (
  /** @type {unknown} */ (self)
);
/** @type {import("../types.d.ts").Game | null} */
let game = null;

/** Commands wait for each other: loading the module takes a while. @type {Promise<void>} */
let queue = Promise.resolve();

listenForPanics();
scope.onmessage = (/** @type {MessageEvent<Command>} */ { data: command }) => {
  queue = queue.then(() => obey(command)).catch((error) => scope.postMessage(failure(error)));
};

/** @param {Command} command */
async function obey(command) {
  if (command.type === "open") {
    const { Game } = await open("cpu", command.module);
    game = new Game({ ...Game.defaults(), seed: command.seed });
    const frame = game.frame(false);
    scope.postMessage({ type: "opened", settings: game.settings(), frame }, buffers(frame));
    return;
  }
  if (game === null) return;
  if (command.type === "reset") game.reset(command.seed);
  else if (command.iterations > 0) game.step(command.iterations);
  const frame = game.frame(false);
  scope.postMessage({ type: "frame", frame }, buffers(frame));
}

/** @param {import("../types.d.ts").GameFrame} frame */
function buffers(frame) {
  const { x, pData, pG, d, dStar, z, gz } = frame;
  return [x, pData, pG, d, dStar, z, gz].map((array) => array.buffer);
}
