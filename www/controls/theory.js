/** The live figures of the text. */
import { descent } from "../theory/descent.js";
import { Desk } from "../theory/desk.js";
import { fold } from "../theory/fold.js";
import { judged } from "../theory/judged.js";
import { kl } from "../theory/kl.js";
import { losses } from "../theory/losses.js";
import { pair } from "../theory/pair.js";
import { point } from "../theory/point.js";
import { shift } from "../theory/shift.js";

/** In the order of the text. Each answers its own kind of question only; the list forgets which. */
export const FIGURES = /** @type {import("../theory.d.ts").Kind<import("../theory.d.ts").Name>[]} */ (
  /** @type {unknown} */ ([kl, fold, point, judged, pair, descent, losses, shift])
);

/** @param {import("../page.d.ts").Page} page @returns {import("../page.d.ts").Part} */
export function mountTheory(page) {
  const desks = FIGURES.map((kind) => new Desk(kind, page));
  return { draw: (next, before) => desks.forEach((desk) => desk.draw(next, before)) };
}
