/** Everything but the first screen, mounted once the page is parsed to its end. */
import { mountData } from "./controls/data.js";
import { mountGame } from "./controls/game.js";
import { mountHeader } from "./controls/header.js";
import { mountLatent } from "./controls/latent.js";
import { mountTheory } from "./controls/theory.js";
import { mountTrain } from "./controls/train.js";
import { watchEquations } from "./equations.js";

/**
 * @param {import("./page.d.ts").Page} page
 * @param {string[]} rejected parts of the link that were nonsense
 * @param {() => void} repaint
 * @returns {import("./page.d.ts").Part[]}
 */
export function mountBelow(page, rejected, repaint) {
  watchEquations();
  return [
    mountHeader(page, rejected, repaint), mountGame(page), mountData(page), mountTrain(page), mountLatent(page), mountTheory(page),
  ];
}
