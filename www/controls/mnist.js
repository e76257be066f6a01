import { mountData } from "./data.js";
import { mountTrain } from "./train.js";

/**
 * The MNIST laboratory with its data.
 * @param {import("../page.d.ts").Page} page
 * @returns {import("../page.d.ts").Part}
 */
export function mountMnist(page) {
  const parts = [mountData(page), mountTrain(page)];
  return { draw: (next, before) => parts.forEach((part) => part.draw(next, before)) };
}
