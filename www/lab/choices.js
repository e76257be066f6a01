import { settingsOf } from "../state/train.js";

/** @typedef {import("../types.d.ts").TrainSettings} TrainSettings */

/** What the visitor's choices amount to, given what the browser and the module can do. */
export class Choices {
  /** @param {import("../state.js").Store} store @param {import("../lab.js").Lab} lab */
  constructor(store, lab) {
    this.store = store;
    this.lab = lab;
  }

  /** @returns {import("../protocol.d.ts").Device} the visitor's choice, else the probe's */
  get device() {
    const { trainDevice } = this.store.state;
    return trainDevice === "auto" ? (this.lab.snapshot.train.probe?.choice ?? "cpu") : trainDevice;
  }

  /** @returns {import("../types.d.ts").Preset} the visitor's choice, as far as the module knows it */
  get preset() {
    const { defaults } = this.lab.snapshot.train;
    const { trainPreset } = this.store.state;
    const known = defaults.length === 0 || defaults.some(({ preset }) => preset === trainPreset);
    return known ? trainPreset : "compact";
  }

  /** @param {string} preset whether the page ships weights of it */
  hasWeights(preset) {
    return this.lab.snapshot.train.shipped.some((shipped) => shipped.preset === preset);
  }

  /** @param {string} preset whether training can start from them: they hold both networks */
  hasBoth(preset) {
    return this.lab.snapshot.train.shipped.some((shipped) => shipped.preset === preset && !shipped.alone);
  }

  get gridSize() {
    return Number(this.store.state.trainGrid) ** 2;
  }

  /** @param {string} [preset] @returns {TrainSettings | null} what the preset recommends; null before the worker has said so */
  defaults(preset = this.preset) {
    return this.lab.snapshot.train.defaults.find((settings) => settings.preset === preset) ?? null;
  }

  /** @returns {TrainSettings | null} of the run that the present choices make */
  get settings() {
    const defaults = this.defaults();
    return defaults && /** @type {TrainSettings} */ (/** @type {unknown} */ (settingsOf(this.store.state, /** @type {any} */ (defaults))));
  }
}
