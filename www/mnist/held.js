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

/** @param {import("../shell/page.d.ts").Page} page @param {Settings} held @param {Settings} now */
function differences(page, held, now) {
  const name = (/** @type {string} */ one) => (one === "preset" ? page.t("train.net") : one === "seed" ? page.t("seed") : called(page, one));
  return differing(held, now).map((one) => page.t("held.setting", { name: name(one), held: valued(page, one, held), now: valued(page, one, now) })).join(page.t("held.and"));
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
    draw(next, before) {
      const { train, record } = next;
      if (before && before.record === record && before.train.held === train.held && before.train.settings === train.settings
        && (before.train.row === null) === (train.row === null) && before.train.phase === train.phase && before.train.defaults === train.defaults) return;
      const { held } = train;
      const now = /** @type {Settings | null} */ (/** @type {unknown} */ (chosenSettings(next)));
      hold.disabled = held === null && train.row === null;
      write(hold, page.t(held ? "held.drop" : "held.hold"));
      const offered = held === null && record.trainHeld !== null && now !== null;
      both.hidden = !offered;
      both.disabled = train.phase === "loading" || train.phase === "creating" || train.phase === "failed";
      words.hidden = held === null && !offered;
      if (held && now) {
        const settings = differences(page, /** @type {any} */ (held.settings), now);
        write(words, settings === "" ? page.t("held.sameRun", { step: whole(held.step) }) : page.t("held.differs", { settings }));
      } else if (offered) {
        const chosen = chosenSettings({ ...next, record: /** @type {any} */ ({ ...record, ...heldPatch(record.trainHeld ?? []) }) });
        write(words, page.t("held.offered", { settings: chosen && now ? differences(page, /** @type {any} */ (chosen), now) : "", steps: whole(record.trainHeldSteps) }));
      }
    },
  };
}
