import { any, button, write } from "../shell/dom.js";
import { fixed, whole } from "../shell/format.js";
import { NAMES, prefixed } from "./state.js";
import { defaultsOf, hasGpu } from "./choices.js";
import { estimate, Follower } from "./forecast.js";
import { SCORE } from "./readable.js";
import { keep, kept } from "./speeds.js";

/** @typedef {import("../protocol.d.ts").Snapshot} Snapshot */

/** The preset for slow devices, and the seconds from which it is recommended. */
const FASTER = "tiny";
const LONG = 120;
/** Its own settings, not those that were chosen for another network. */
const FASTER_RUN = Object.freeze({ ...Object.fromEntries(NAMES.map((name) => [prefixed(name), null])), trainPreset: FASTER });

/** To how many seconds a time is told. @param {number} seconds */
const unit = (seconds) => (seconds < 60 ? 5 : seconds < LONG ? 10 : 60);

/** A time that is told while it changes: another one only when it is off by a whole unit. @returns {(seconds: number) => number} */
function steady() {
  let told = NaN;
  return (seconds) => {
    const step = unit(seconds);
    // Not below one unit: no time at all is not what is left.
    if (!(Math.abs(seconds - told) < step)) told = Math.max(step, Math.round(seconds / step) * step);
    return told;
  };
}

/**
 * One sentence beside the state of a run: when its digits will be readable, and how right that was.
 * @param {import("../shell/page.d.ts").Page} page
 * @returns {import("../shell/page.d.ts").Part}
 */
export function mountReadiness(page) {
  const { store, lab } = page;
  const [line, faster] = [any("train-forecast"), button("train-faster")];
  const follower = new Follower();
  const [left, error, elsewhere] = [steady(), steady(), steady()];
  faster.addEventListener("click", () => {
    store.set(FASTER_RUN);
    lab.train.go();
  });

  /** @param {number} seconds */
  const time = (seconds) => (seconds < LONG ? page.t("forecast.seconds", { n: whole(seconds) }) : page.t("forecast.minutes", { n: whole(seconds / 60) }));

  /** @param {Snapshot} snapshot @param {import("./forecast.js").Forecast | null} forecast */
  function words(snapshot, forecast) {
    const { t } = page;
    if (forecast === null) return "";
    if (forecast.kind === "due") return t("forecast.due", { goal: SCORE });
    if (forecast.kind === "ahead") {
      const { seconds, error: spread } = forecast.left;
      return [t("forecast.ahead", { goal: SCORE, time: time(left(seconds)), error: time(error(spread)) }), other(snapshot)].filter(Boolean).join(" ");
    }
    const values = { goal: SCORE, seconds: whole(forecast.seconds), made: whole(forecast.made.seconds), error: whole(forecast.made.error) };
    return forecast.kind === "late"
      ? t("forecast.late", { ...values, score: fixed(forecast.score, 1) })
      : t("forecast.reached", { ...values, step: whole(forecast.step) });
  }

  /** What the other device would take, where its speed has been measured in this browser. @param {Snapshot} snapshot */
  function other(snapshot) {
    const { device, settings } = snapshot.train;
    const name = device === "cpu" ? "webgpu" : "cpu";
    if (settings === null || (name === "webgpu" && !hasGpu(snapshot))) return "";
    const all = estimate(settings.preset, kept(name, settings.preset));
    return all === null ? "" : page.t(`forecast.other.${name}`, { time: time(elsewhere(all.seconds)) });
  }

  return {
    draw(next, before) {
      const { train, judge } = next;
      if (before && train === before.train && judge === before.judge) return;
      const forecast = follower.follow(next, isPlain(next));
      if (train.device && train.settings && follower.rate > 0) keep(train.device, train.settings.preset, follower.rate);
      write(line, words(next, forecast));
      faster.hidden = forecast?.kind !== "ahead" || forecast.left.seconds < LONG || train.settings?.preset === FASTER;
    },
  };
}

/** Whether this run is like those that are known: from random weights, with the preset's own settings all along. @param {Snapshot} snapshot */
function isPlain({ train, record }) {
  const { settings, scratch, changes } = train;
  const defaults = settings && defaultsOf({ train, record }, settings.preset);
  if (!settings || !defaults || !scratch || changes.length > 0) return false;
  return Object.entries(defaults).every(([name, value]) => name === "seed" || Reflect.get(settings, name) === value);
}
