/**
 * Holds the game, on the line or in the plane. Does what it is asked to and answers with one moment; it does nothing by itself.
 */
import { gameOf, parse, viewOf } from "../shell/state.js";
import { handed, serve } from "../shell/serve.js";
import { open } from "../shell/open.js";
import { HeldRun } from "./held_run.js";
import { SlowMotion } from "./slow_motion.js";
import { heldOf } from "./state.js";
import { Run } from "./run.js";

/** @typedef {import("../protocol.d.ts").GameQuestions} Questions */
/** @typedef {import("../protocol.d.ts").GameView} View */
/** @typedef {Partial<Pick<import("../protocol.d.ts").GameMet, "line" | "turn" | "round" | "optimum" | "sought" | "branched">>} More */

/** Samples that show their gradients. */
const SAMPLES = 28;
/** And in the plane, where they are dots too. */
const DOTS = 256;
const NONE = new Float32Array(0);
/** Panels (b) and (c): most steps of D, most steps of G, and the share of the JSD that is to go. */
const MOST_D = 6000;
const MOST_G = 600;
const SHARE = 0.3;

/** @type {typeof import("../types.d.ts").Game} */
let Game;
/** @type {Run | null} */
let run = null;
/** @type {SlowMotion | null} an iteration that is being played line by line */
let slow = null;

/** The game that is held beside it, and what it was made for. @type {{run: HeldRun, words: string} | null} */
let held = null;

/** Asked for before anything else, and compiled beside the page. */
const saddle = open("game");
// Whoever waits for it hears of a failure.
saddle.catch(() => undefined);

/** @type {import("../shell/wire.d.ts").Handlers<Questions>} */
const handlers = {
  async open({ hash }) {
    ({ Game } = await saddle);
    const first = hash === null ? null : beginLink(Game, hash);
    return handed({ presets: [...Game.presets(), ...Game.planePresets()], first }, first ? buffers(first) : []);
  },
  begin(asks) {
    const first = begin(Game, asks);
    return handed(first, buffers(first));
  },
  play({ at, act, n, view }) {
    const { shown, going, branched } = from(at);
    let left = n;
    // A game that was stopped between two lines ends its iteration first.
    if (act === "i" && going) {
      going.finish();
      left -= 1;
    }
    const optimum = left > 0 ? shown.go(act, left) : null;
    return answer(shown, view, { optimum, branched });
  },
  line({ at, view }) {
    const { shown, going, branched } = from(at);
    shown.cut();
    slow = going ?? new SlowMotion(shown);
    const line = slow.next();
    const met = answer(shown, view, { ...line, branched });
    if (slow.done) slow = null;
    return met;
  },
  change({ at, moves, view }) {
    const { shown, branched } = from(at);
    shown.change(moves);
    return answer(shown, view, { branched });
  },
  seek({ at, view }) {
    const { shown, going } = from(at);
    slow = going;
    return answer(shown, view, { sought: true });
  },
  panels: ({ at }) => panels(from(at).shown),
};
serve(handlers);

/** @param {number} at goes there; an iteration that is being played line by line goes on only from where it is */
function from(at) {
  if (run === null) throw new Error("no game has begun");
  const going = slow !== null && slow.at === at ? slow : null;
  slow = null;
  run.seek(at);
  return { shown: run, going, branched: run.at < run.total };
}

/** @param {typeof import("../types.d.ts").Game} kind @param {string} hash */
function beginLink(kind, hash) {
  const { state } = parse(hash);
  return begin(kind, { settings: gameOf(state), view: viewOf(state) });
}

/** @param {typeof import("../types.d.ts").Game} kind @param {{settings: import("./state.js").Flat, view: View}} from */
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
  return handed(met, buffers(met));
}

/** @param {Run} shown @param {View} view @param {More} more @returns {import("../protocol.d.ts").GameMet} */
function moment(shown, view, more) {
  const inPlane = shown.settings.dimension === "2";
  const frame = inPlane ? planeFrame(shown.game, view) : shown.game.frame(view.average);
  const samples = inPlane
    ? (view.arrows || view.dots ? shown.game.planeSamples(DOTS) : null)
    : (view.arrows ? shown.game.samples(SAMPLES) : null);
  const { at, start, moves, total, settings } = shown;
  return {
    moment: { at, frame }, held: heldFrame(shown, view), samples, course: { start, moves, total }, settings,
    line: null, turn: 0, round: 0, optimum: null, sought: false, branched: false, ...more,
  };
}

/** The held game at the same place. @param {Run} shown @param {View} view @returns {import("../types.d.ts").GameFrame | null} null too where its weights have become infinite */
function heldFrame({ start, moves, at }, view) {
  const words = view.held && JSON.stringify([start, view.held]);
  if (held?.words !== words) {
    held?.run.free();
    held = null;
  }
  if (!view.held || !words) return null;
  held ??= { run: new HeldRun(Game, heldOf(start, view.held), view.held), words };
  held.run.follow(moves, at);
  try {
    return start.dimension === "2" ? planeFrame(held.run.game, view) : held.run.game.frame(view.average);
  } catch {
    return null;
  }
}

/** @param {import("../types.d.ts").Game} game @param {View} view @returns {import("../types.d.ts").GameFrame} */
function planeFrame(game, { average }) {
  const { iteration, dSteps, gSteps, numbers, ...plane } = game.plane(average);
  return { iteration, dSteps, gSteps, numbers, x: NONE, pData: NONE, pG: NONE, d: NONE, dStar: NONE, z: NONE, gz: NONE, plane };
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
  return { optimal, moved, steps, gSteps, reached };
}

/** What is transferred, not copied. @param {import("../protocol.d.ts").GameMet} met */
function buffers({ moment: { frame }, held: beside, samples }) {
  const more = samples ? Object.values(samples) : [];
  return [...arrays(frame), ...(beside ? arrays(beside) : []), ...more].map((array) => array.buffer);
}

/** @param {import("../types.d.ts").GameFrame} frame */
function arrays(frame) {
  const { pData, pG, d, dStar } = frame.plane ?? frame;
  return [pData, pG, d, dStar, ...(frame.plane ? [frame.plane.mesh] : [frame.x, frame.z, frame.gz])];
}
