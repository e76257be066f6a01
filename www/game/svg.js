/**
 * What the game's drawing uses of a canvas's context.
 * @typedef {Pick<CanvasRenderingContext2D, "beginPath" | "moveTo" | "lineTo" | "arc" | "rect" | "clip" | "stroke" | "fill"
 *   | "save" | "restore" | "translate" | "setLineDash" | "fillText" | "strokeText" | "strokeStyle" | "fillStyle" | "lineWidth"
 *   | "lineCap" | "lineJoin" | "globalAlpha" | "font" | "textAlign" | "textBaseline">} Pen
 */

const ANCHOR = Object.freeze({ center: "middle", left: "start", right: "end", start: "start", end: "end" });
const BASELINE = Object.freeze({ top: "hanging", hanging: "hanging", middle: "central", alphabetic: "auto", bottom: "text-after-edge", ideographic: "auto" });

/** Two decimals are a fiftieth of a printed point. @param {number} value */
const n = (value) => String(Math.round(value * 100) / 100);
/** @param {unknown} text */
const escape = (text) => String(text).replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c] ?? c);

/** A pen that writes SVG, so that what is drawn on the page is exported by the same code. @implements {Pen} */
export class SvgPen {
  strokeStyle = "#000";
  fillStyle = "#000";
  lineWidth = 1;
  /** @type {CanvasLineCap} */
  lineCap = "butt";
  /** @type {CanvasLineJoin} */
  lineJoin = "miter";
  globalAlpha = 1;
  font = "10px sans-serif";
  /** @type {CanvasTextAlign} */
  textAlign = "start";
  /** @type {CanvasTextBaseline} */
  textBaseline = "alphabetic";
  /** @type {string[]} */
  #out = [];
  #path = "";
  /** @type {Iterable<number>} */
  #dash = [];
  /** Groups opened since each save. @type {number[]} */
  #open = [];
  #clips = 0;

  beginPath() {
    this.#path = "";
  }
  /** @param {number} x @param {number} y */
  moveTo(x, y) {
    this.#path += `M${n(x)} ${n(y)}`;
  }
  /** @param {number} x @param {number} y */
  lineTo(x, y) {
    this.#path += `${this.#path === "" ? "M" : "L"}${n(x)} ${n(y)}`;
  }
  /** Whole circles only. @param {number} x @param {number} y @param {number} r */
  arc(x, y, r) {
    this.#path += `M${n(x - r)} ${n(y)}a${n(r)} ${n(r)} 0 1 0 ${n(2 * r)} 0a${n(r)} ${n(r)} 0 1 0 ${n(-2 * r)} 0`;
  }
  /** @param {number} x @param {number} y @param {number} w @param {number} h */
  rect(x, y, w, h) {
    this.#path += `M${n(x)} ${n(y)}h${n(w)}v${n(h)}h${n(-w)}Z`;
  }
  clip() {
    this.#clips += 1;
    this.#out.push(`<clipPath id="clip${this.#clips}"><path d="${this.#path}"/></clipPath>`);
    this.#group(`clip-path="url(#clip${this.#clips})"`);
  }
  /** @param {number} x @param {number} y */
  translate(x, y) {
    this.#group(`transform="translate(${n(x)} ${n(y)})"`);
  }
  save() {
    this.#open.push(0);
  }
  restore() {
    this.#out.push("</g>".repeat(this.#open.pop() ?? 0));
  }
  /** @param {Iterable<number>} dash */
  setLineDash(dash) {
    this.#dash = dash;
  }
  stroke() {
    if (this.#path !== "") this.#out.push(`<path d="${this.#path}" fill="none" ${this.#line()}/>`);
  }
  fill() {
    this.#out.push(`<path d="${this.#path}" fill="${escape(this.fillStyle)}"${this.#opacity()}/>`);
  }
  /** @param {string} text @param {number} x @param {number} y */
  fillText(text, x, y) {
    this.#text(text, x, y, `fill="${escape(this.fillStyle)}"${this.#opacity()}`);
  }
  /** @param {string} text @param {number} x @param {number} y */
  strokeText(text, x, y) {
    this.#text(text, x, y, `fill="none" ${this.#line()}`);
  }

  /**
   * @param {number} width @param {number} height @param {string} paper @param {string} title
   * @returns {string} a whole document
   */
  document(width, height, paper, title) {
    return `<svg xmlns="http://www.w3.org/2000/svg" width="${n(width)}" height="${n(height)}" viewBox="0 0 ${n(width)} ${n(height)}">`
      + `<title>${escape(title)}</title><rect width="100%" height="100%" fill="${escape(paper)}"/>${this.#out.join("\n")}</svg>\n`;
  }

  /** @param {string} attributes */
  #group(attributes) {
    this.#out.push(`<g ${attributes}>`);
    const depth = this.#open.length - 1;
    if (depth >= 0) this.#open[depth] = (this.#open[depth] ?? 0) + 1;
  }
  #opacity() {
    return this.globalAlpha === 1 ? "" : ` opacity="${n(this.globalAlpha)}"`;
  }
  #line() {
    const dash = [...this.#dash].map(n).join(" ");
    return `stroke="${escape(this.strokeStyle)}" stroke-width="${n(this.lineWidth)}" stroke-linecap="${this.lineCap}"`
      + ` stroke-linejoin="${this.lineJoin}"${dash === "" ? "" : ` stroke-dasharray="${dash}"`}${this.#opacity()}`;
  }
  /** @param {string} text @param {number} x @param {number} y @param {string} paint */
  #text(text, x, y, paint) {
    const [, italic, size, family] = /^(italic )?(?:\d+ )?([\d.]+)px (.+)$/.exec(this.font) ?? ["", "", "12", "sans-serif"];
    this.#out.push(
      `<text x="${n(x)}" y="${n(y)}" font-size="${size}" font-family="${escape(family)}"${italic ? ' font-style="italic"' : ""}`
      + ` text-anchor="${ANCHOR[this.textAlign]}" dominant-baseline="${BASELINE[this.textBaseline]}" ${paint}>${escape(text)}</text>`,
    );
  }
}
