/** What the text does: its live figures, its contents, and the sentences that operate the page. */
import { descent } from "./descent.js";
import { dirac } from "./dirac.js";
import { Figure } from "./figure.js";
import { figure1 } from "./figure1.js";
import { fold } from "./fold.js";
import { judged } from "./judged.js";
import { kl } from "./kl.js";
import { losses } from "./losses.js";
import { modes } from "./modes.js";
import { pair } from "./pair.js";
import { point } from "./point.js";
import { ruler } from "./ruler.js";
import { shift } from "./shift.js";
import { temper } from "./temper.js";
import { mountTrial } from "./trial.js";
import { listenToProse } from "./operate.js";
import { mountContents } from "./toc.js";

/** In the order of the text. Each answers its own kind of question only; the list forgets which. */
export const FIGURES = /** @type {import("./theory.d.ts").Kind<import("./theory.d.ts").Name>[]} */ (
  /** @type {unknown} */ ([figure1, kl, modes, fold, point, judged, pair, ruler, descent, dirac, losses, temper, shift])
);

/** @param {import("../shell/page.d.ts").Page} page @returns {import("../shell/page.d.ts").Part} */
export function mountTheory(page) {
  listenToProse(page);
  const parts = [mountContents(page), mountTrial(page), ...FIGURES.map((kind) => new Figure(kind, page))];
  return { draw: (next, before) => parts.forEach((part) => part.draw(next, before)) };
}
