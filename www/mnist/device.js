import { any, button, write } from "../shell/dom.js";
import { bytes } from "../shell/format.js";
import { deviceOf, hasBoth, hasGpu, hasWeights } from "./choices.js";

/** @typedef {import("../protocol.d.ts").Snapshot["train"]} Train */

/**
 * Where a run trains and what it starts from.
 * @param {import("../shell/page.d.ts").Page} page
 * @returns {(next: import("../protocol.d.ts").Snapshot) => void} draws
 */
export function mountDevice(page) {
  const { store } = page;
  const devices = radios("train-device", (value) => store.set({ trainDevice: /** @type {"cpu" | "webgpu"} */ (value) }));
  const starts = radios("train-start", (value) => store.set({ trainStart: /** @type {"scratch" | "pretrained"} */ (value) }));
  const automatic = button("train-device-default");
  const [why, startWhy] = [any("device-why"), any("start-why")];
  automatic.addEventListener("click", () => store.set({ trainDevice: "auto" }));

  /** @param {Train["probe"]} probe @param {import("../shell/state.js").State} record */
  function reason(probe, { trainDevice }) {
    const { t } = page;
    if (probe === null) return t("train.why.probing");
    const found = t(`train.why.${probe.gpu}`, { adapter: probe.adapter });
    const limits = probe.bufferBytes > 0 && probe.gpu === "usable"
      ? t("train.limits", { bytes: bytes(probe.bufferBytes), timestamps: t(probe.timestamps ? "train.yes" : "train.no") })
      : "";
    const chosen = trainDevice === "auto" ? "" : t(`train.why.chosen.${trainDevice}`);
    // Only Chromium knows of it.
    const { saveData } = /** @type {{connection?: {saveData?: boolean}}} */ (navigator).connection ?? {};
    const size = saveData && (probe.gpu === "usable" || probe.gpu === "software") ? t("train.why.saveData") : "";
    return [chosen, found, limits, size].filter(Boolean).join(" ");
  }

  return (next) => {
    const { record, train } = next;
    const { trainDevice, trainStart, trainPreset } = record;
    for (const radio of devices) {
      radio.checked = radio.value === deviceOf(next);
      radio.disabled = radio.value === "webgpu" && !hasGpu(next);
    }
    automatic.disabled = trainDevice === "auto";
    write(why, reason(train.probe, record));
    const available = hasBoth(next, trainPreset);
    for (const radio of starts) {
      radio.checked = radio.value === (available ? trainStart : "scratch");
      radio.disabled = radio.value === "pretrained" && !available;
    }
    startWhy.hidden = available;
    write(startWhy, page.t(hasWeights(next, trainPreset) ? "train.pretrainedAlone" : "train.pretrainedNone"));
  };
}

/**
 * @param {string} name @param {(value: string) => void} choose
 * @returns {HTMLInputElement[]}
 */
export function radios(name, choose) {
  const all = /** @type {HTMLInputElement[]} */ ([...document.querySelectorAll(`input[name="${name}"]`)]);
  for (const radio of all) radio.addEventListener("change", () => choose(radio.value));
  return all;
}
