import { any, write } from "../shell/dom.js";
import { whole } from "../shell/format.js";
import { mayReplace } from "../shell/replace.js";
import { format } from "../shell/state.js";
import { defaultsOf } from "./choices.js";
import { patchOf } from "./state.js";
import { isKey } from "../shell/language.js";

/** @typedef {import("../shell/language.js").Key} Key */
/** @typedef {import("../types.d.ts").KnownRun} KnownRun */

/**
 * Runs that are known to fail, each beside the one that mends it: links that set everything and start.
 * @param {import("../shell/page.d.ts").Page} page
 * @returns {import("../shell/page.d.ts").Part}
 */
export function mountKnownRuns(page) {
  const { lab } = page;
  const [box, list] = [any("train-known"), any("train-known-list")];

  /** @param {KnownRun} run */
  const record = ({ settings }) => {
    const defaults = /** @type {any} */ (defaultsOf(lab.snapshot, settings.preset) ?? settings);
    return { ...patchOf(/** @type {any} */ (settings), defaults), trainStart: /** @type {const} */ ("scratch") };
  };

  /** @param {KnownRun} run */
  function make(run) {
    const [item, link, what] = [document.createElement("li"), document.createElement("a"), document.createElement("span")];
    link.dataset["run"] = run.name;
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
      event.preventDefault();
      if (!mayReplace(page)) return;
      lab.train.begin(/** @type {any} */ (record(run)));
      any("lab-mnist").scrollIntoView({ block: "start" });
    });
    const failure = run.mends ? list.querySelector(`[data-run="${run.mends}"]`)?.closest("li") : null;
    item.className = run.mends ? "mended" : "";
    item.append(link, " ", what);
    // Beside what it mends.
    if (failure?.parentElement) failure.parentElement.append(item);
    else {
      const pair = document.createElement("ul");
      pair.className = "pair";
      pair.append(item);
      const place = document.createElement("li");
      place.append(pair);
      list.append(place);
    }
    return { run, link, what, both: run.mends ? pair(run, item) : null };
  }

  /** Plays a failure, holds it, and plays what mends it beside it. @param {KnownRun} cure @param {HTMLElement} item */
  function pair(cure, item) {
    const failure = lab.snapshot.train.known.find(({ name }) => name === cure.mends);
    if (!failure) return null;
    const both = document.createElement("button");
    Object.assign(both, { type: "button", className: "plain" });
    both.dataset["both"] = cure.name;
    both.addEventListener("click", () => {
      if (!mayReplace(page)) return;
      lab.train.both(/** @type {any} */ (record(failure)), /** @type {any} */ (record(cure)), failure.steps);
      any("lab-mnist").scrollIntoView({ block: "start" });
    });
    item.append(" ", both);
    return both;
  }

  /** @type {ReturnType<typeof make>[]} */
  let items = [];
  return {
    draw({ train, record: chosen }, before) {
      if (before && before.train.known === train.known && before.record === chosen) return;
      box.hidden = train.known.length === 0;
      if (items.length !== train.known.length) {
        list.replaceChildren();
        items = train.known.map(make);
      }
      // A run without words yet still has its name.
      for (const { run, link, what, both } of items) {
        const key = `knownrun.${run.name}`;
        const told = isKey(key);
        write(link, told ? page.t(/** @type {Key} */ (key)) : run.name);
        const words = told ? page.t(/** @type {Key} */ (`${key}.what`)) : "";
        write(what, `${words} ${page.t("knownrun.steps", { steps: whole(run.steps) })}`.trim());
        if (both) write(both, page.t("held.both"));
        link.href = format(/** @type {any} */ ({ ...chosen, ...record(run), anchor: "lab-mnist" }));
      }
    },
  };
}
