/**
 * Holds the 1-D game. Does what it is asked to and answers with one moment; it does nothing by itself.
 */
import { gameOf, parse, viewOf } from "../state.js";
import { failure, listenForPanics, open } from "./open.js";
import { SlowMotion } from "./lines.js";
import { Run } from "./run.js";

/** @typedef {import("../protocol.d.ts").GameCommand} Command */
/** @typedef {import("../protocol.d.ts").GameEvent} Event */
/** @typedef {import("../protocol.d.ts").GameView} View */
/** @typedef {Partial<Pick<import("../protocol.d.ts").GameMet, "line" | "turn" | "round" | "optimum" | "sought" | "branched">>} More */

/** Samples that show their gradients. */
const SAMPLES = 28;
/** Panels (b) and (c): most steps of D, most steps of G, and the share of the JSD that is to go. */
const MOST_D = 6000;
const MOST_G = 600;
const SHARE = 0.3;

const scope = /** @type {import("../protocol.d.ts").WorkerScope<Command, Event>} */ (
  /** @type {unknown} */ (self)
);
/** @type {typeof import("../types.d.ts").Game | null} */
let Game = null;
/** @type {Run | null} */
let run = null;
/** @type {SlowMotion | null} an iteration that is being played line by line */
let slow = null;

/** Commands wait for each other: loading the module takes a while. @type {Promise<void>} */
let queue = Promise.resolve();

listenForPanics();
/** Asked for before anything else, and compiled beside the page. */
const saddle = open("game");
// Whoever waits for it hears of a failure.
saddle.catch(() => undefined);
scope.onmessage = (/** @type {MessageEvent<Command>} */ { data: command }) => {
  queue = queue.then(() => handle(command)).catch((error) => scope.postMessage(failure(error)));
};

/** @param {Command} command */
async function handle(command) {
  if (command.type === "open") {
    ({ Game } = await saddle);
    const first = command.hash === null ? null : beginLink(Game, command.hash);
    scope.postMessage({ type: "opened", presets: Game.presets(), first }, first ? buffers(first) : []);
    return;
  }
  if (command.type === "begin") {
    if (Game === null) return;
    const first = begin(Game, command);
    scope.postMessage(first, buffers(first));
    return;
  }
  if (run === null) return;
  const going = slow !== null && slow.at === command.at ? slow : null;
  slow = null;
  run.seek(command.at);
  const branched = run.at < run.total;
  if (command.type === "panels") panels(run);
  else if (command.type === "seek") {
    slow = going;
    answer(run, command.view, { sought: true });
  } else if (command.type === "change") {
    run.change(command.moves);
    answer(run, command.view, { branched });
  } else if (command.type === "line") {
    run.cut();
    slow = going ?? new SlowMotion(run);
    const line = slow.next();
    answer(run, command.view, { ...line, branched });
    if (slow.done) slow = null;
  } else {
    let { n } = command;
    // A game that was stopped between two lines ends its iteration first.
    if (command.act === "i" && going) {
      going.finish();
      n -= 1;
    }
    const optimum = n > 0 ? run.go(command.act, n) : null;
    answer(run, command.view, { optimum, branched });
  }
}

/** @param {typeof import("../types.d.ts").Game} kind @param {string} hash */
function beginLink(kind, hash) {
  const { state } = parse(hash);
  return begin(kind, { settings: gameOf(state), view: viewOf(state) });
}

/** @param {typeof import("../types.d.ts").Game} kind @param {{settings: import("../state/game.js").Flat, view: View}} from */
function begin(kind, { settings, view }) {
  const next = new Run(kind, settings);
  run?.free();
  run = next;
  slow = null;
  return moment(run, view, {});
}

/** @param {Run} shown @param {View} view @param {More} more */
function answer(shown, view, more) {
  const met = moment(shown, view, more);
  scope.postMessage(met, buffers(met));
}

/** @param {Run} shown @param {View} view @param {More} more @returns {import("../protocol.d.ts").GameMet} */
function moment(shown, view, more) {
  const frame = shown.game.frame(view.average);
  const samples = view.arrows ? shown.game.samples(SAMPLES) : null;
  const { at, start, moves, total, settings } = shown;
  return {
    type: "moment", moment: { at, frame }, samples, course: { start, moves, total }, settings,
    line: null, turn: 0, round: 0, optimum: null, sought: false, branched: false, ...more,
  };
}

/** (b): D trained to its optimum; (c): G moved against that D. @param {Run} shown */
function panels(shown) {
  const branch = shown.game.fork();
  const { steps, reached } = branch.optimum(MOST_D);
  const optimal = branch.frame(false);
  const aim = (1 - SHARE) * optimal.numbers.jsd;
  let gSteps = 0;
  let moved = optimal;
  while (gSteps < MOST_G && moved.numbers.jsd > aim) {
    branch.stepG(2);
    gSteps += 2;
    moved = branch.frame(false);
  }
  branch.free();
  scope.postMessage({ type: "panels", optimal, moved, steps, gSteps, reached });
}

/** What is transferred, not copied. @param {import("../protocol.d.ts").GameMet} met */
function buffers({ moment: { frame }, samples }) {
  const { x, pData, pG, d, dStar, z, gz } = frame;
  const more = samples ? [samples.x, samples.d, samples.slope] : [];
  return [x, pData, pG, d, dStar, z, gz, ...more].map((array) => array.buffer);
}
