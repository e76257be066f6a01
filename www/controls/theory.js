/** What the text does: its live figures, its contents, and the sentences that operate the page. */
import { descent } from "../theory/descent.js";
import { Figure } from "../theory/figure.js";
import { fold } from "../theory/fold.js";
import { judged } from "../theory/judged.js";
import { kl } from "../theory/kl.js";
import { losses } from "../theory/losses.js";
import { pair } from "../theory/pair.js";
import { point } from "../theory/point.js";
import { shift } from "../theory/shift.js";
import { mountTrial } from "./trial.js";
import { listenToProse } from "./operate.js";
import { mountContents } from "./toc.js";

/** In the order of the text. Each answers its own kind of question only; the list forgets which. */
export const FIGURES = /** @type {import("../theory.d.ts").Kind<import("../theory.d.ts").Name>[]} */ (
  /** @type {unknown} */ ([kl, fold, point, judged, pair, descent, losses, shift])
);

/** @param {import("../page.d.ts").Page} page @returns {import("../page.d.ts").Part} */
export function mountTheory(page) {
  listenToProse(page);
  const parts = [mountContents(page), mountTrial(page), ...FIGURES.map((kind) => new Figure(kind, page))];
  return { draw: (next, before) => parts.forEach((part) => part.draw(next, before)) };
}
