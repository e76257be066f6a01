import { any } from "../dom.js";
import { loadPlot } from "../shell/modules.js";
import { Chart } from "../views/curves.js";

/** @typedef {import("../protocol.d.ts").Curves} Curves */

/**
 * The charts of the training run; uPlot is loaded when they come near the screen.
 * @param {import("../page.d.ts").Page} page
 * @returns {(curves: Curves, anew: boolean) => void}
 */
export function mountCharts(page) {
  const [losses, scores, gradients] = [any("train-chart-losses"), any("train-chart-scores"), any("train-chart-gradients")];
  const measured = any("train-gradients");
  /** @type {{losses: Chart, scores: Chart, gradients: Chart} | null} */
  let charts = null;
  /** @type {Curves | null} */
  let shown = null;

  const near = new IntersectionObserver(
    async (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      near.disconnect();
      const Plot = await loadPlot();
      const both = [{ token: "judge", width: 1.5, dash: [6, 4] }, { token: "generated", width: 1.5 }];
      charts = {
        losses: new Chart(Plot, losses, both),
        scores: new Chart(Plot, scores, [{ token: "data", width: 1.75, dash: [2, 3] }, { token: "generated", width: 1.5 }], [0, 1]),
        gradients: new Chart(Plot, gradients, both),
      };
      draw(page.lab.snapshot.train.curves, true);
    },
    { rootMargin: "400px" },
  );
  near.observe(losses);

  /** @param {Curves} curves @param {boolean} anew */
  function draw(curves, anew) {
    if (charts === null) return;
    if (anew) for (const chart of Object.values(charts)) chart.repaint();
    if (curves === shown) return;
    shown = curves;
    charts.losses.show([curves.step, curves.lossD, curves.lossG]);
    charts.scores.show([curves.step, curves.dReal, curves.dFake]);
    const there = curves.gradG.some((norm) => !Number.isNaN(norm));
    measured.hidden = !there;
    charts.gradients.show(there ? [curves.step, curves.gradD, curves.gradG] : [[], [], []]);
  }
  return draw;
}
