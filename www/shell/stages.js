/**
 * What can stand alone in the window, by its id: a laboratory or a figure of the text. All that such a stage loads is
 * named here, and so is what its keys press.
 */

/** @typedef {"game" | "sampler" | "theory" | "judge" | "train"} LabName */
/**
 * @typedef {object} Stage
 * @property {string} part     of the page, as the boot names it
 * @property {readonly LabName[]} labs  laboratories that it asks
 * @property {string} fields   how those fields of the record begin that it is set by
 * @property {string} play     selector of the button that plays and pauses; "": none
 * @property {string} step     selector of the button that takes one step; "": none
 * @property {number} height   of a frame around it, CSS pixels, where nobody listens to the height that it tells
 */

/** Live figures of the text, in its order. */
const FIGURES = /** @type {const} */ ([
  "trial", "figure1", "kl", "modes", "fold", "point", "judged", "pair", "ruler", "descent", "dirac", "losses", "temper", "shift",
]);

/** Of those that play by themselves, the button. @type {Readonly<Record<string, string>>} */
const PLAYS = Object.freeze({ trial: "#trial-begin", descent: "#fig-descent .theory-panel > .toolbar > button", dirac: "#fig-dirac .theory-panel > .toolbar > button" });

/** @param {string} name @returns {[string, Stage]} */
const figure = (name) => [`fig-${name}`, { part: "#text", labs: ["theory"], fields: "figures", play: PLAYS[name] ?? "", step: "", height: 560 }];

/** @type {Readonly<Record<string, Stage>>} */
export const STAGES = Object.freeze({
  "lab-game": { part: "#lab-game", labs: ["game"], fields: "game", play: "#game-play", step: "#game-step", height: 860 },
  "lab-mnist": { part: "#lab-mnist", labs: ["sampler", "judge", "train"], fields: "train", play: "#train-play", step: "#train-step", height: 1100 },
  "lab-latent": { part: "#lab-latent", labs: ["sampler"], fields: "latent", play: "#latent-play", step: "#latent-new-b", height: 1000 },
  ...Object.fromEntries(FIGURES.map(figure)),
});

/** Ids, and "": the whole page. */
export const STAGE_NAMES = Object.freeze(["", ...Object.keys(STAGES)]);

/** Whether this document is made for one part alone: it has no text. */
export const onStage = globalThis.document?.documentElement.dataset["stage"] !== undefined;

/** The folder of the site that all its pages are below, with a slash at its end. */
export function root() {
  const up = document.querySelector('meta[name="saddle-root"]')?.getAttribute("content") ?? "./";
  return new URL(up, location.href.replace(/[?#].*/, ""));
}
