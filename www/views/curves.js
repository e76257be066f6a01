/**
 * A time series by uPlot, which draws at most four times a second: a chart of 2,000 points costs a few
 * milliseconds, and nobody reads it faster.
 */

/** @typedef {import("./uplot.d.ts").default} Plot */
/** @typedef {import("./uplot.d.ts").Series} Series */

const EVERY = 250;
const HEIGHT = 170;

export class Chart {
  /** @type {Plot | null} made with the first data: uPlot cannot lay out axes for none */
  #plot = null;
  #drawn = 0;
  #timer = 0;
  /** @type {number[][]} */
  #data = [];

  /**
   * @param {typeof import("./uplot.d.ts").default} Plot
   * @param {HTMLElement} root
   * @param {{token: string, width: number, dash?: number[]}[]} lines colour by its token's name
   * @param {[number, number]} [range] of y; as the data want without it
   */
  constructor(Plot, root, lines, range) {
    this.Plot = Plot;
    this.root = root;
    this.options = options(root, lines, range);
    new ResizeObserver(() => {
      if (root.clientWidth > 0) this.#plot?.setSize({ width: root.clientWidth, height: HEIGHT });
    }).observe(root);
  }

  /** @param {number[][]} data x first, all of one length */
  show(data) {
    this.#data = data;
    if (this.#timer !== 0) return;
    const wait = Math.max(0, this.#drawn + EVERY - performance.now());
    this.#timer = window.setTimeout(() => this.#draw(), wait);
  }

  /** The colours changed. */
  repaint() {
    this.#plot?.redraw(false);
  }

  #draw() {
    this.#timer = 0;
    this.#drawn = performance.now();
    if ((this.#data[0]?.length ?? 0) === 0) {
      this.#plot?.destroy();
      this.#plot = null;
    } else if (this.#plot === null) {
      const size = { width: this.root.clientWidth || 320, height: HEIGHT };
      this.#plot = new this.Plot({ ...this.options, ...size }, this.#data, this.root);
    } else {
      this.#plot.setData(this.#data);
    }
  }
}

/**
 * @param {HTMLElement} root
 * @param {{token: string, width: number, dash?: number[]}[]} lines
 * @param {[number, number]} [range]
 */
function options(root, lines, range) {
  const style = getComputedStyle(root);
  // Read at each drawing, since the theme may have changed.
  const colour = (/** @type {string} */ token) => () => style.getPropertyValue(`--${token}`).trim();
  const hair = { stroke: colour("hair"), width: 1 };
  const axis = {
    stroke: colour("ink-soft"), grid: hair, ticks: { ...hair, size: 4 },
    font: `12px ${style.getPropertyValue("--sans")}`,
  };
  const series = lines.map(({ token, width, dash = [] }) => ({ stroke: colour(token), width, dash, points: { show: false } }));
  return {
    series: [{}, ...series],
    axes: [{ ...axis, size: 28, space: 70 }, { ...axis, size: 40, space: 36 }],
    scales: { x: { time: false }, y: range ? { range } : {} },
    legend: { show: false },
    cursor: { show: false },
  };
}
