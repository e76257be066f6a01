/**
 * Answers the text's live figures. A worker, since the page itself loads no module, and since the slower
 * answers (a folded G, two Gaussians on their grid) take a frame or more.
 */
import { serve } from "../shell/serve.js";
import { open } from "../shell/open.js";

/** @typedef {import("./theory.d.ts").TheoryModule} Module */
/** @typedef {import("./theory.d.ts").TheoryQuestions} Questions */
/** @typedef {import("./theory.d.ts").Name} Name */

/** @type {Module} */
let theory;
/** The module with the networks, once a round of digits has been asked for. @type {Module | null} */
let networks = null;

/** @param {"game" | "cpu"} which */
const reach = async (which) => /** @type {Module} */ (/** @type {unknown} */ (await open(which)));

/** @template {Name} N @param {N} name @returns {(args: Questions[N]["asks"]) => Questions[N]["answer"]} */
const ask = (name) => (args) => /** @type {(...args: any) => any} */ (theory[name])(...args);

/** @type {import("../shell/wire.d.ts").Handlers<Questions>} */
const handlers = {
  open: async () => {
    theory = await reach("game");
    return null;
  },
  theoryPair: ask("theoryPair"), theoryJudged: ask("theoryJudged"), theoryPoint: ask("theoryPoint"), theoryFold: ask("theoryFold"),
  theoryDescent: ask("theoryDescent"), theoryLosses: ask("theoryLosses"), theoryShift: ask("theoryShift"), theoryDirac: ask("theoryDirac"),
  theoryModes: ask("theoryModes"), theoryRuler: ask("theoryRuler"), theoryTemper: ask("theoryTemper"), theoryFigure1: ask("theoryFigure1"),
  trialTally: ask("trialTally"),
  trialRound: async (args) => (networks ??= await reach("cpu")).trialRound(...args),
};
serve(handlers);
