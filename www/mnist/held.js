/** The run that is held: its button, in what it differs from the one that is trained, and a link's offer to train both. */
import { any, button, write } from "../shell/dom.js";
import { whole } from "../shell/format.js";
import { mayReplace } from "../shell/replace.js";
import { called } from "./charts.js";
import { chosenSettings } from "./choices.js";
import { differing, heldPatch, kept, shown } from "./state.js";

/** @typedef {import("../shell/language.js").Key} Key */
/** @typedef {import("./state.js").Settings} Settings */

/** @param {import("../shell/page.d.ts").Page} page @param {string} name @param {Settings} settings */
function valued({ t }, name, settings) {
  if (name === "preset") return t(/** @type {Key} */ (`train.${settings[name]}`));
  const value = shown(/** @type {import("./state.js").Name} */ (name), /** @type {string | number} */ (settings[name]));
  return typeof value === "number" ? String(value) : t(/** @type {Key} */ (`trainset.${name.replace(/(?<=[a-z])[DG]$/, "")}.${value}`));
}

/** @param {import("../shell/page.d.ts").Page} page @param {import("../types.d.ts").TrainSettings} one @param {import("../types.d.ts").TrainSettings} other */
function differences(page, one, other) {
  const [held, now] = /** @type {[Settings, Settings]} */ (/** @type {unknown} */ ([one, other]));
  const label = (/** @type {string} */ name) => (name === "preset" ? page.t("train.net") : name === "seed" ? page.t("seed") : called(page, name));
  return differing(held, now).map((name) => page.t("held.setting", { name: label(name), held: valued(page, name, held), now: valued(page, name, now) })).join(page.t("held.and"));
}

/**
 * @param {import("../shell/page.d.ts").Page} page
 * @returns {import("../shell/page.d.ts").Part}
 */
export function mountHeldRun(page) {
  const { lab, store } = page;
  const [hold, both, words] = [button("train-hold"), button("train-both"), any("train-held-words")];
  hold.addEventListener("click", () => lab.train.hold(lab.snapshot.train.held === null));
  both.addEventListener("click", () => {
    const { state } = store;
    if (state.trainHeld && mayReplace(page)) lab.train.both({ ...kept(state), ...heldPatch(state.trainHeld) }, kept(state), state.trainHeldSteps);
  });
  return {
    draw(next) {
      const { train, record } = next;
      const { held, heldAt } = train;
      const now = chosenSettings(next);
      hold.disabled = held === null && (train.row === null || heldAt !== null);
      write(hold, page.t(held ? "held.drop" : "held.hold"));
      const offered = held === null && heldAt === null && record.trainHeld && now ? chosenSettings({ ...next, record: { ...record, ...heldPatch(record.trainHeld) } }) : null;
      both.hidden = offered === null;
      both.disabled = train.phase === "loading" || train.phase === "creating" || train.phase === "failed";
      let told = heldAt === null ? "" : page.t("held.first", { steps: whole(heldAt) });
      if (held && now) {
        const settings = differences(page, held.settings, now);
        told = settings === "" ? page.t("held.sameRun", { step: whole(held.step) }) : page.t("held.differs", { settings });
      } else if (offered && now) told = page.t("held.offered", { settings: differences(page, offered, now), steps: whole(record.trainHeldSteps) });
      words.hidden = told === "";
      write(words, told);
    },
  };
}
