/**
 * One live figure on the page: its canvases, fields, numbers and buttons, made from a description. It
 * answers the pointer, asks for what it shows, and draws the last answer.
 */
import { any, numbers, showAgain, write } from "../shell/dom.js";
import { ofFigure, withFigure } from "./state.js";
import { enable, fieldRow } from "./row.js";
import { clamped, defaults } from "./values.js";

/** @typedef {import("./theory.d.ts").Name} Name */
/** @typedef {import("./theory.d.ts").Values} Values */
/** @typedef {import("./theory.d.ts").Field} Field */
/** @typedef {import("../shell/language.js").Key} Key */
/** @typedef {import("../shell/page.d.ts").Page} Page */

/** Milliseconds between two steps of a figure that plays, and from the last change until the record has it. */
const PACE = 60;
const CALM = 300;

export class Figure {
  /** @type {Values} */
  #values;
  #asked = false;
  /** On the screen or close to it; elsewhere nothing is drawn, since its size would have to be laid out. */
  #near = false;
  /** Something changed since it was drawn. */
  #stale = true;
  /** @type {import("../protocol.d.ts").Snapshot["theory"] | null} */
  #latest = null;
  #timer = 0;
  #calm = 0;
  /** @type {Map<string, (value: number) => void>} shows a field's value in its inputs */
  #rows = new Map();
  /** @type {{field: Field, node: HTMLElement}[]} */
  #nodes = [];
  /** @type {HTMLButtonElement | null} */
  #play = null;

  /**
   * @param {import("./theory.d.ts").Kind<Name>} kind
   * @param {Page} page
   */
  constructor(kind, page) {
    this.kind = kind;
    this.page = page;
    this.#values = this.#recorded();
    this.root = any(`fig-${kind.id}`);
    const all = kind.heights.map((height, i) => this.#canvas(height, i));
    this.canvases = /** @type {import("./theory.d.ts").Canvases} */ (all.length > 1 ? all : [all[0], all[0]]);
    const stage = element("div", "theory-stage");
    stage.append(...all);
    if (kind.columns) stage.dataset["columns"] = String(kind.columns);
    this.status = { words: element("p", "status"), again: this.#button("retry", () => page.lab.theory.retry()) };
    this.status.words.setAttribute("role", "status");
    Object.assign(this.status.again, { className: "again", hidden: true });
    this.root.prepend(stage, this.#panel());
    this.root.append(this.status.words, this.status.again);
    this.write = numbers(this.root);
    if (kind.grab) this.#listen(this.canvases[0]);
    page.store.listen((_, changed) => {
      if (changed.has("figures") && this.#calm === 0) this.#set(this.#recorded());
    });
    new IntersectionObserver((entries) => {
      this.#near = entries.at(-1)?.isIntersecting ?? false;
      if (this.#near && !this.#asked) this.#ask();
      this.#show();
    }, { rootMargin: "400px" }).observe(this.root);
  }

  /** @param {import("../protocol.d.ts").Snapshot} next @param {import("../protocol.d.ts").Snapshot | null} before */
  draw(next, before) {
    this.#stale ||= before === null || next.theory !== before.theory;
    this.#latest = next.theory;
    this.#show();
  }

  #show() {
    if (!this.#near || !this.#stale || this.#latest === null) return;
    const { answers, faults } = this.#latest;
    const message = faults[this.kind.id] ?? "";
    write(this.status.words, message && this.page.t("theory.failed", { message }));
    showAgain(this.status.again, message !== "");
    const found = answers[this.kind.id];
    if (!found) return;
    this.#stale = false;
    const scene = { canvases: this.canvases, palette: this.page.palette, t: this.page.t };
    this.kind.draw(scene, found.answer, found.values);
    for (const [name, text] of Object.entries(this.kind.numbers(found.answer, found.values, scene))) {
      const cell = this.root.querySelector(`[data-number="${name}"]`);
      cell?.closest("tr")?.toggleAttribute("hidden", text === null);
      this.write(name, text ?? "");
    }
    this.root.dataset["answers"] = String(Number(this.root.dataset["answers"] ?? 0) + 1);
  }

  /** @param {Record<string, number>} patch */
  #set(patch) {
    const next = clamped(this.kind.fields, this.#values, patch);
    if (next === this.#values) return;
    this.#values = next;
    for (const name of Object.keys(patch)) this.#rows.get(name)?.(next[name] ?? NaN);
    for (const { field, node } of this.#nodes) enable(node, field, next);
    this.#ask();
    this.#record();
  }

  /** @returns {Values} as the record has them */
  #recorded() {
    const { id, fields } = this.kind;
    return clamped(fields, defaults(fields), ofFigure(this.page.store.state.figures, id));
  }

  /** A change of the record draws the whole page anew, so it waits for the hand to rest. */
  #record() {
    window.clearTimeout(this.#calm);
    this.#calm = window.setTimeout(() => {
      const { store } = this.page;
      store.set({ figures: withFigure(store.state.figures, this.kind.id, this.kind.fields, this.#values) });
      this.#calm = 0;
    }, CALM);
  }

  #ask() {
    this.#asked = true;
    const { id, name } = this.kind;
    this.page.lab.theory.show({ id, name, args: this.kind.args(this.#values), values: this.#values });
  }

  /** @param {number} height in rem @param {number} i */
  #canvas(height, i) {
    const canvas = document.createElement("canvas");
    canvas.style.height = `${height}rem`;
    canvas.setAttribute("role", "img");
    this.#speak(canvas, i === 0 ? "canvas" : `canvas${i + 1}`, true);
    if (i === 0 && this.kind.grab) canvas.style.touchAction = "pan-y";
    return canvas;
  }

  #panel() {
    const panel = element("div", "theory-panel");
    const rows = this.kind.fields.map((field) => {
      const row = fieldRow(this.kind.id, field, (value) => this.#set({ [field.name]: value }), (node, name) => this.#speak(node, name));
      this.#rows.set(field.name, row.show);
      row.show(this.#values[field.name] ?? field.value);
      enable(row.node, field, this.#values);
      return { field, node: row.node };
    });
    this.#nodes = rows;
    panel.append(...rows.filter(({ field }) => !field.apart).map(({ node }) => node));
    const apart = rows.filter(({ field }) => field.apart);
    if (apart.length > 0) {
      const details = document.createElement("details");
      const summary = document.createElement("summary");
      this.#speak(summary, "apart");
      details.append(summary, ...apart.map(({ node }) => node));
      panel.append(details);
    }
    panel.append(this.#toolbar(), this.#table());
    return panel;
  }

  #toolbar() {
    const bar = element("div", "toolbar");
    const { plays, fields } = this.kind;
    if (plays !== undefined) {
      this.#play = this.#button("play", () => this.#toggle(plays));
      bar.append(this.#play);
    }
    bar.append(this.#button("default", () => {
      this.#stop();
      this.#set(defaults(fields));
    }));
    const embed = this.#button("embed", () => undefined);
    embed.className = "plain";
    embed.dataset["embed"] = `fig-${this.kind.id}`;
    bar.append(embed);
    return bar;
  }

  /** @param {Key} key @param {() => void} act */
  #button(key, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset["t"] = key;
    button.textContent = this.page.t(key);
    button.addEventListener("click", act);
    return button;
  }

  #table() {
    const table = /** @type {HTMLTableElement} */ (element("table", "numbers"));
    const caption = table.createCaption();
    caption.className = "hidden";
    this.#speak(caption, "canvas");
    const body = table.createTBody();
    for (const [name, unit] of this.kind.rows) {
      const row = body.insertRow();
      const head = document.createElement("th");
      head.scope = "row";
      this.#speak(head, name);
      row.append(head);
      row.insertCell().dataset["number"] = name;
      const cell = row.insertCell();
      if (unit) {
        cell.dataset["t"] = unit;
        cell.textContent = this.page.t(unit);
      }
    }
    return table;
  }

  /** Gives an element a string of this figure's, now and after each change of the language. @param {Element} node @param {string} name @param {boolean} [label] */
  #speak(node, name, label = false) {
    const key = /** @type {Key} */ (`theory.${this.kind.id}.${name}`);
    node.setAttribute(label ? "data-t-label" : "data-t", key);
    if (label) node.setAttribute("aria-label", this.page.t(key));
    else node.textContent = this.page.t(key);
  }

  /** @param {HTMLCanvasElement} canvas */
  #listen(canvas) {
    const { grab, drag, near } = this.kind;
    let grabbed = -1;
    const move = (/** @type {PointerEvent} */ event) => {
      if (grabbed < 0 || !drag) return;
      this.#set(drag(canvas, grabbed, { x: event.offsetX, y: event.offsetY }, this.#values));
    };
    const at = (/** @type {{clientX: number, clientY: number}} */ { clientX, clientY }) => {
      const box = canvas.getBoundingClientRect();
      return { x: clientX - box.left, y: clientY - box.top };
    };
    // A finger scrolls the page, unless it is at what it can drag up and down.
    canvas.addEventListener("touchstart", (event) => {
      const [finger] = event.touches;
      if (finger && near?.(canvas, at(finger), this.#values)) event.preventDefault();
    }, { passive: false });
    canvas.addEventListener("pointerdown", (event) => {
      if (event.pointerType === "touch" && near && !near(canvas, at(event), this.#values)) return;
      grabbed = grab?.(canvas, { x: event.offsetX, y: event.offsetY }, this.#values) ?? -1;
      if (grabbed < 0) return;
      canvas.setPointerCapture(event.pointerId);
      move(event);
    });
    canvas.addEventListener("pointermove", move);
    for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => { grabbed = -1; });
  }

  /** @param {string} name of the field that plays */
  #toggle(name) {
    if (this.#timer !== 0) return this.#stop();
    const { min, max, step, value } = /** @type {Field} */ (this.kind.fields.find((field) => field.name === name));
    const now = () => this.#values[name] ?? value;
    if (now() >= max) this.#set({ [name]: min });
    this.#timer = window.setInterval(() => {
      this.#set({ [name]: now() + step });
      if (now() >= max) this.#stop();
    }, PACE);
    this.#label("pause");
  }

  #stop() {
    window.clearInterval(this.#timer);
    this.#timer = 0;
    this.#label("play");
  }

  /** @param {"play" | "pause"} key */
  #label(key) {
    if (this.#play === null) return;
    this.#play.dataset["t"] = key;
    write(this.#play, this.page.t(key));
  }
}

/** @param {string} tag @param {string} name of its class */
function element(tag, name) {
  const made = document.createElement(tag);
  made.className = name;
  return made;
}
