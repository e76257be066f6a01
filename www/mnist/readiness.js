import { any, button, write } from "../shell/dom.js";
import { fixed, NONE, whole } from "../shell/format.js";
import { defaultsOf } from "./choices.js";
import { Follower } from "./forecast.js";
import { NAMES, prefixed } from "./state.js";
import { SCORE } from "./readable.js";
import { keep, kept } from "./speeds.js";

/** @typedef {import("../protocol.d.ts").Snapshot} Snapshot */
/** @typedef {import("./forecast.js").Estimate} Estimate */

/** Seconds in what is said are rounded to so many. @param {number} seconds */
const coarse = (seconds) => (seconds < 20 ? 1 : seconds < 120 ? 5 : 30);

/** @param {number} seconds */
const said = (seconds) => whole(Math.round(seconds / coarse(seconds)) * coarse(seconds));

/**
 * One line beside the state of a run: when its digits will be readable, and how right that was.
 * @param {import("../shell/page.d.ts").Page} page
 * @returns {import("../shell/page.d.ts").Part}
 */
export function mountReadiness(page) {
  const { store, lab } = page;
  const line = any("train-forecast");
  const faster = button("train-faster");
  const follower = new Follower();
  faster.addEventListener("click", () => {
    store.set({ ...Object.fromEntries(NAMES.map((name) => [prefixed(name), null])), trainPreset: "tiny" });
    lab.train.go();
  });

  /** @param {Snapshot} snapshot @returns {string} */
  function words(snapshot) {
    const { train } = snapshot;
    const device = train.device ?? "cpu";
    const other = device === "cpu" ? "webgpu" : "cpu";
    const preset = train.settings?.preset ?? "";
    const { t } = page;
    if (train.phase === "playing" && (train.row?.step ?? 0) > 20) keep(device, preset, train.stepsPerSecond);
    const forecast = follower.follow(snapshot, performance.now(), isPlain(snapshot), kept(other, preset));
    faster.hidden = forecast?.kind !== "ahead" || forecast.faster === null;
    if (forecast === null) return "";
    if (forecast.kind === "late") return t("forecast.late", { goal: SCORE, step: whole(forecast.step), score: Number.isNaN(forecast.score) ? NONE : fixed(forecast.score, 1) });
    if (forecast.kind === "reached") {
      const { step, seconds, made } = forecast;
      return t("forecast.reached", { goal: SCORE, step: whole(step), seconds: whole(seconds), made: whole(made.seconds), error: whole(Math.max(1, made.error)) });
    }
    const ahead = t("forecast.ahead", { goal: SCORE, seconds: said(forecast.now.seconds), error: said(Math.max(1, forecast.now.error)), device: t(`train.${device}`) });
    const beside = forecast.other ? t("forecast.other", { device: t(`train.${other}`), seconds: said(forecast.other.seconds) }) : "";
    if (forecast.faster) write(faster, t("forecast.faster", { seconds: said(forecast.faster.seconds) }));
    return [ahead, beside].filter(Boolean).join(" ");
  }

  return {
    draw(next, before) {
      if (before && next.train === before.train && next.judge === before.judge) return;
      write(line, words(next));
    },
  };
}

/** Whether this run is one of those that were measured. @param {Snapshot} snapshot */
function isPlain({ train, record }) {
  const { settings } = train;
  const defaults = settings && defaultsOf({ train, record }, settings.preset);
  if (!settings || !defaults || record.trainStart !== "scratch") return false;
  return Object.entries(defaults).every(([name, value]) => name === "seed" || Reflect.get(settings, name) === value);
}
