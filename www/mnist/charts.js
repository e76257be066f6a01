import { any, retryButton, write } from "../shell/dom.js";
import { whole } from "../shell/format.js";
import { loadPlot } from "../shell/modules.js";
import { Chart } from "../shell/curves.js";
import { messageOf } from "../shell/line.js";

/** @typedef {import("../protocol.d.ts").Snapshot["train"]} Train */
/** @typedef {import("../shell/language.js").Key} Key */

/**
 * The charts of the training run; uPlot is loaded when they come near the screen.
 * @param {import("../shell/page.d.ts").Page} page
 * @returns {(train: Train, anew: boolean) => void}
 */
export function mountCharts(page) {
  const { t } = { t: (/** @type {Parameters<typeof page.t>} */ ...key) => page.t(...key) };
  const [losses, scores, gradients] = [any("train-chart-losses"), any("train-chart-scores"), any("train-chart-gradients")];
  const measured = any("train-gradients");
  const status = document.createElement("p");
  status.className = "status wrong";
  losses.after(status);
  const again = retryButton(page, status, () => void load());
  /** @type {{losses: Chart, scores: Chart, gradients: Chart} | null} */
  let charts = null;
  /** @type {Train | null} */
  let shown = null;

  const near = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    near.disconnect();
    void load();
  }, { rootMargin: "400px" });
  near.observe(any("train-charts"));

  async function load() {
    try {
      make(await loadPlot());
      write(status, "");
      again(false);
      draw(page.lab.snapshot.train, true);
    } catch (error) {
      write(status, t("fault.module", { detail: messageOf(error) }));
      again(true);
    }
  }

  /** @param {typeof import("../shell/uplot.d.ts").default} Plot */
  function make(Plot) {
    const place = (/** @type {number} */ step) => t("chart.step", { step: whole(step) });
    const line = (/** @type {string} */ token, /** @type {Key} */ name, dash = /** @type {number[]} */ ([])) => ({ token, width: 1.5, dash, name: () => t(name) });
    charts = {
      losses: new Chart(Plot, losses, { lines: [line("discriminator", "train.lossD", [6, 4]), line("generated", "train.lossG")], log: true, hint: true, label: () => t("train.losses"), place }, page),
      scores: new Chart(Plot, scores, {
        lines: [{ ...line("data", "train.dReal", [2, 3]), width: 1.75 }, line("generated", "train.dFake")], range: [0, 1], label: () => t("train.scores"), place,
      }, page),
      gradients: new Chart(Plot, gradients, { lines: [line("discriminator", "train.gradD", [6, 4]), line("generated", "train.gradG")], log: true, label: () => t("train.gradients"), place }, page),
    };
  }

  /** @param {Train} train @param {boolean} anew */
  function draw(train, anew) {
    if (charts === null) return;
    if (anew) for (const chart of Object.values(charts)) chart.repaint();
    const { curves, changes, held } = train;
    if (!anew && curves === shown?.curves && changes === shown.changes && held === shown.held) return;
    shown = train;
    const marks = changes.map(({ step, names }) => ({ at: step, words: t("train.changed", { step: whole(step), names: names.map((name) => called(page, name)).join(", ") }) }));
    const beside = (/** @type {"lossD" | "dReal" | "gradD"} */ one, /** @type {"lossG" | "dFake" | "gradG"} */ other) =>
      held ? [held.curves.step, held.curves[one], held.curves[other]] : null;
    charts.losses.show([curves.step, curves.lossD, curves.lossG], marks, beside("lossD", "lossG"));
    charts.scores.show([curves.step, curves.dReal, curves.dFake], marks, beside("dReal", "dFake"));
    const there = curves.gradG.some((norm) => !Number.isNaN(norm));
    measured.hidden = !there;
    charts.gradients.show(there ? [curves.step, curves.gradD, curves.gradG] : [[], [], []], marks, there ? beside("gradD", "gradG") : null);
  }
  return draw;
}

/** What the visitor calls a setting. @param {import("../shell/page.d.ts").Page} page @param {string} name */
export function called({ t }, name) {
  const player = /(?<=[a-z])[DG]$/.exec(name)?.[0] ?? "";
  const label = player === "" ? name : name.slice(0, -1);
  return `${t(/** @type {Key} */ (`trainset.${label}`))}${player && ` (${player})`}`;
}
