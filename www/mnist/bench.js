import { mountData } from "./data.js";
import { mountTrain } from "./training.js";
import { keepAwake } from "./wake.js";

/**
 * The MNIST laboratory with its data.
 * @param {import("../shell/page.d.ts").Page} page
 * @returns {import("../shell/page.d.ts").Part}
 */
export function mountMnist(page) {
  keepAwake(page.lab);
  const parts = [mountData(page), mountTrain(page)];
  return { draw: (next, before) => parts.forEach((part) => part.draw(next, before)) };
}
