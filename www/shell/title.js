/** The page's title: while a run is played in a tab that nobody looks at, how far it is. */
import { clock, short, whole } from "./format.js";

/** Images in an epoch. */
const EPOCH = 60_000;

/**
 * @param {Pick<import("../protocol.d.ts").Snapshot, "train">} snapshot @param {import("./language.js").Translate} t
 * @param {boolean} [hidden] nobody looks at the page
 */
export function titleOf({ train }, t, hidden = document.hidden) {
  const { phase, row, stepsPerSecond, settings, memory } = train;
  if (!hidden || row === null || settings === null) return t("page.title");
  const step = whole(row.step);
  if (phase !== "playing") return t("page.title.paused", { step });
  const left = clock(((1 - (row.epoch % 1)) * EPOCH) / (stepsPerSecond * settings.batch));
  return t("page.title.training", { step, rate: short(stepsPerSecond), left, memory: whole(memory / 1e6) });
}
