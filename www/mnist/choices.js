/** What the visitor's choices amount to, given what the browser and the module can do: read from the snapshot alone. */
import { settingsOf } from "./state.js";

/** @typedef {import("../types.d.ts").TrainSettings} TrainSettings */
/** @typedef {Pick<import("../protocol.d.ts").Snapshot, "record" | "train">} Given */

/** @param {Given} given @returns {import("../protocol.d.ts").Device} the visitor's choice, else the probe's */
export const deviceOf = ({ record, train }) => (record.trainDevice === "auto" ? (train.probe?.choice ?? "cpu") : record.trainDevice);

/** @param {Given} given @returns {import("../types.d.ts").Preset} the visitor's choice, as far as the module knows it */
export function presetOf({ record, train }) {
  const { trainPreset } = record;
  const known = train.defaults.length === 0 || train.defaults.some(({ preset }) => preset === trainPreset);
  return known ? trainPreset : "compact";
}

/** @param {Given} given @returns {boolean} whether it can train on a GPU */
export const hasGpu = ({ train }) => train.probe?.gpu === "usable" || train.probe?.gpu === "software";

/** @param {Given} given @returns {number} samples in the grid */
export const gridOf = ({ record }) => Number(record.trainGrid) ** 2;

/** @param {Given} given @param {string} preset whether the page ships weights of it */
export const hasWeights = ({ train }, preset) => train.shipped.some((shipped) => shipped.preset === preset);

/** @param {Given} given @param {string} preset whether training can start from them: they hold both networks */
export const hasBoth = ({ train }, preset) => train.shipped.some((shipped) => shipped.preset === preset && !shipped.alone);

/**
 * @param {Given} given @param {string} [preset]
 * @returns {TrainSettings | null} what the preset recommends; null before the worker has said so
 */
export const defaultsOf = (given, preset = presetOf(given)) => given.train.defaults.find((settings) => settings.preset === preset) ?? null;

/** @param {Given} given @returns {TrainSettings | null} of the run that the present choices make */
export function chosenSettings(given) {
  const defaults = defaultsOf(given);
  return defaults && /** @type {TrainSettings} */ (/** @type {unknown} */ (settingsOf(given.record, /** @type {any} */ (defaults))));
}
