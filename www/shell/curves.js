/**
 * A time series by uPlot that can be read: pointer or arrow keys show the values at a place, dragging shows a part of it
 * larger. It draws at most four times a second: a chart of 2,000 points costs a few milliseconds, and nobody reads it
 * faster.
 */
import { inHand, write } from "./dom.js";
import { whole } from "./format.js";

/** @typedef {import("./uplot.d.ts").default} Plot */
/** @typedef {{token: string, width: number, dash?: number[], alpha?: number, name: () => string, digits?: number}} Line  colour by its token's name */
/**
 * @typedef {object} Look
 * @property {readonly Line[]} lines
 * @property {[number, number]} [range] of y; as the data want without it
 * @property {boolean} [log] whether y can be logarithmic
 * @property {boolean} [hint] whether it says how it is read, as the first of several does
 * @property {() => string} label what the chart shows
 * @property {(x: number) => string} place a place, in words
 */
/** @typedef {{readonly at: number, readonly words: string}} Mark  something that happened at a place */

const EVERY = 250;
const HEIGHT = 170;

/**
 * What is read at a place: its name, the value of each line there, and what happened there.
 * @param {number[][]} data x first @param {number} index @param {Look} look @param {readonly Mark[]} marks
 */
export function reading(data, index, { lines, place }, marks) {
  const [xs = []] = data;
  const x = xs[index] ?? NaN;
  const values = lines.map(({ name, digits = 3 }, i) => {
    const value = data[i + 1]?.[index] ?? NaN;
    return `${name()} ${Number.isFinite(value) ? value.toFixed(digits).replace("-", "\u2212") : "\u2013"}`;
  });
  // What happened between this place and the next.
  const next = xs[index + 1] ?? Infinity;
  const here = marks.filter(({ at }) => at >= x && at < next).map(({ words }) => words);
  return [`${place(x)}: ${values.join(", ")}`, ...here].join(". ");
}

/** Numbers beside an axis, as the page writes them elsewhere; on a logarithmic one some have no room. @param {(value: number) => string} write @returns {(plot: Plot, values: (number | null)[]) => string[]} */
const written = (write) => (_, values) => values.map((value) => (value === null ? "" : write(value)));
const plain = (/** @type {number} */ value) => String(Number(value.toPrecision(6))).replace("-", "\u2212");

/** What uPlot draws of a number: no point where there is none, nor, on a logarithmic scale, where there can be none. @param {number} value @param {boolean} log */
const drawable = (value, log) => (Number.isFinite(value) && (!log || value > 0) ? value : null);

/**
 * Two runs over one axis: the places of the first and, behind them, those of the other.
 * @param {number[][]} data @param {number[][]} held
 * @returns {number[][]} the first's columns and the other's, whose values between two of its places are in proportion
 */
export function joined([xs = [], ...columns], [others = [], ...heldColumns]) {
  const end = xs.at(-1) ?? -Infinity;
  const all = [...xs, ...others.filter((x) => x > end)];
  let i = 0;
  const places = all.map((x) => {
    while (i + 1 < others.length && /** @type {number} */ (others[i + 1]) <= x) i += 1;
    const [left = NaN, right = NaN] = [others[i], others[i + 1]];
    return { i, part: x === left ? 0 : (x - left) / (right - left) };
  });
  const between = (/** @type {number[]} */ values) => places.map(({ i: at, part }) => {
    const left = values[at] ?? NaN;
    return part === 0 ? left : part > 0 ? left + part * ((values[at + 1] ?? NaN) - left) : NaN;
  });
  return [all, ...columns.map((column) => all.map((_, at) => column[at] ?? NaN)), ...heldColumns.map(between)];
}

export class Chart {
  /** @type {Plot | null} made with the first data: uPlot cannot lay out axes for none */
  #plot = null;
  #drawn = 0;
  #timer = 0;
  /** Those of the held run behind those of the run. @type {number[][]} */
  #data = [];
  #holds = false;
  /** @type {readonly Mark[]} */
  #marks = [];
  /** The place that is read. @type {number | null} */
  #index = null;
  /** The part that is shown; null: all of it. @type {{min: number, max: number} | null} */
  #part = null;

  /**
   * @param {typeof import("./uplot.d.ts").default} Plot
   * @param {HTMLElement} root
   * @param {Look} look
   * @param {import("./page.d.ts").Page} page
   */
  constructor(Plot, root, look, page) {
    this.Plot = Plot;
    this.root = root;
    this.look = look;
    this.page = page;
    Object.assign(root, { tabIndex: 0, role: "slider", ariaValueMin: "0", ariaValueMax: "0", ariaValueNow: "0" });
    this.readout = document.createElement("p");
    this.readout.className = "chart-readout";
    this.whole = document.createElement("button");
    Object.assign(this.whole, { type: "button", className: "plain", hidden: true });
    this.whole.addEventListener("click", () => this.#show(null));
    this.log = document.createElement("input");
    this.log.type = "checkbox";
    this.logWords = document.createElement("span");
    const [bar, label] = [document.createElement("div"), document.createElement("label")];
    bar.className = "chart-bar";
    label.append(this.log, this.logWords);
    label.hidden = look.log !== true;
    this.log.addEventListener("change", () => this.#again());
    bar.append(this.readout, this.whole, label);
    root.after(bar);
    root.addEventListener("keydown", (event) => this.#key(event));
    root.addEventListener("blur", () => this.#read(null));
    new ResizeObserver(() => {
      if (root.clientWidth > 0) this.#plot?.setSize({ width: root.clientWidth, height: HEIGHT });
    }).observe(root);
    this.repaint();
  }

  /**
   * @param {number[][]} data x first, all of one length @param {readonly Mark[]} [marks]
   * @param {number[][] | null} [held] the same of a run that is held beside it, at places of its own: thin lines
   */
  show(data, marks = [], held = null) {
    if (this.#holds !== (held !== null)) {
      this.#plot?.destroy();
      this.#plot = null;
    }
    this.#holds = held !== null;
    this.#data = held ? joined(data, held) : data;
    this.#marks = marks;
    if (this.#timer !== 0) return;
    const wait = Math.max(0, this.#drawn + EVERY - performance.now());
    this.#timer = window.setTimeout(() => this.#draw(), wait);
  }

  /** The colours, or the language, changed. */
  repaint() {
    const { t } = this.page;
    write(this.whole, t("chart.whole"));
    write(this.logWords, t("chart.log"));
    this.root.ariaLabel = this.look.label();
    this.#read(this.#index);
    this.#plot?.redraw(false);
  }

  /** With thin lines of the held run, where one is held. */
  get #look() {
    const { look, page } = this;
    const thin = look.lines.map((line) => ({ ...line, width: 0.75, alpha: 0.75, name: () => page.t("held.line", { name: line.name() }) }));
    return this.#holds ? { ...look, lines: [...look.lines, ...thin] } : look;
  }

  #draw() {
    this.#timer = 0;
    this.#drawn = performance.now();
    const length = this.#data[0]?.length ?? 0;
    if (this.#index !== null && this.#index >= length) this.#index = null;
    if (length === 0) {
      this.#plot?.destroy();
      this.#plot = this.#part = null;
      this.whole.hidden = true;
    } else if (this.#plot === null) {
      const size = { width: this.root.clientWidth || 320, height: HEIGHT };
      this.#plot = new this.Plot({ ...this.#options(), ...size }, this.#drawable(), this.root);
      if (this.#part) this.#show(this.#part);
    } else {
      const [plot, part] = [this.#plot, this.#part];
      plot.batch(() => {
        plot.setData(this.#drawable(), part === null);
        if (part) plot.setScale("x", part);
      });
    }
    this.root.ariaValueMax = String(Math.max(0, length - 1));
    if (this.#index === null) this.#read(null);
  }

  #drawable() {
    return this.#data.map((column, i) => (i === 0 ? column : column.map((value) => drawable(value, this.log.checked))));
  }

  /** Another scale is another plot. */
  #again() {
    this.#plot?.destroy();
    this.#plot = null;
    this.#draw();
  }

  /** @param {{min: number, max: number} | null} part */
  #show(part) {
    this.#part = part;
    this.whole.hidden = part === null;
    if (part) this.#plot?.setScale("x", part);
    else this.#plot?.setData(this.#drawable(), true);
  }

  /** @param {number | null} index null: of the newest, for whoever cannot see it */
  #read(index) {
    this.#index = index;
    const last = (this.#data[0]?.length ?? 0) - 1;
    const words = index === null ? "" : reading(this.#data, index, this.#look, this.#marks);
    write(this.readout, index === null && last >= 0 && this.look.hint ? this.page.t("chart.hint") : words);
    this.readout.classList.toggle("hint", index === null);
    this.root.ariaValueNow = String(Math.max(0, index ?? last));
    // While it grows under the focus it would be read out without end.
    if (index === null && inHand(this.root)) return;
    this.root.ariaValueText = last < 0 ? this.page.t("chart.empty") : index === null ? reading(this.#data, last, this.#look, []) : words;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const last = (this.#data[0]?.length ?? 0) - 1;
    if (event.key === "Escape") {
      this.#read(null);
      this.#show(null);
      return;
    }
    const page = Math.max(1, Math.round(last / 20));
    const by = { ArrowLeft: -1, ArrowRight: 1, ArrowDown: -1, ArrowUp: 1, PageDown: -page, PageUp: page, Home: -Infinity, End: Infinity }[event.key];
    const plot = this.#plot;
    if (by === undefined || last < 0 || plot === null) return;
    event.preventDefault();
    const index = Math.max(0, Math.min(last, (this.#index ?? last) + (this.#index === null ? 0 : by)));
    plot.setCursor({ left: plot.valToPos(this.#data[0]?.[index] ?? 0, "x"), top: 10 });
    this.#read(index);
  }

  /** @returns {Omit<import("./uplot.d.ts").Options, "width" | "height">} */
  #options() {
    const { lines, range } = this.#look;
    const style = getComputedStyle(this.root);
    // Read at each drawing, since the theme may have changed.
    const colour = (/** @type {string} */ token) => () => style.getPropertyValue(`--${token}`).trim();
    const hair = { stroke: colour("hair"), width: 1 };
    const axis = { stroke: colour("ink-soft"), grid: hair, ticks: { ...hair, size: 4 }, font: `12px ${style.getPropertyValue("--sans")}` };
    const series = lines.map(({ token, width, dash = [], alpha = 1 }) => ({ stroke: colour(token), width, dash, alpha, points: { show: false } }));
    const y = this.log.checked ? { distr: /** @type {const} */ (3) } : range ? { range } : {};
    return {
      series: [{}, ...series],
      axes: [{ ...axis, size: 28, space: 70, values: written(whole) }, { ...axis, size: 46, space: 36, values: written(plain) }],
      scales: { x: { time: false }, y },
      legend: { show: false },
      cursor: { show: true, x: true, y: false, points: { size: 6 }, drag: { x: true, y: false, setScale: false } },
      hooks: {
        setCursor: [({ cursor }) => {
          // The pointer has left it; what the keyboard reads stays.
          if (cursor.left < 0 || cursor.idx === null) {
            if (!inHand(this.root)) this.#read(null);
          } else this.#read(cursor.idx);
        }],
        setSelect: [(plot) => {
          const { left, width } = plot.select;
          if (width > 4) this.#show({ min: plot.posToVal(left, "x"), max: plot.posToVal(left + width, "x") });
        }],
        draw: [(plot) => this.#mark(plot, colour("ink-soft")())],
      },
    };
  }

  /** A line where something happened. @param {Plot} plot @param {string} colour */
  #mark(plot, colour) {
    const { ctx, bbox, scales } = plot;
    const { min = 0, max = 0 } = scales["x"] ?? {};
    ctx.save();
    ctx.strokeStyle = colour;
    ctx.lineWidth = window.devicePixelRatio || 1;
    ctx.setLineDash([2 * ctx.lineWidth, 4 * ctx.lineWidth]);
    for (const { at } of this.#marks) {
      if (at < min || at > max) continue;
      const x = Math.round(plot.valToPos(at, "x", true));
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
    }
    ctx.restore();
  }
}
