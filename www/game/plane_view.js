/** The picture of the game in the plane: two squares, the second D* or the game that is held, their layers, what is read off them, and the same in tables. */
import { any, make, write } from "../shell/dom.js";
import { fit } from "../shell/canvas.js";
import { fixed } from "../shell/format.js";
import { FIELDS } from "../shell/state.js";
import { valuesAt } from "./plane.js";
import { POINTS, POINTS_EDGE } from "./state.js";
import { layout, paint, ramp, range } from "./draw_plane.js";

/** @typedef {import("../protocol.d.ts").Snapshot} Snapshot */
/** @typedef {import("../types.d.ts").PlaneLook} PlaneLook */
/** @typedef {import("../shell/language.js").Key} Key */

/** Places along either axis of the table. */
const PLACES = 5;
/** Milliseconds between two fillings of the tables. */
const REST = 1000;
const SHADES = FIELDS.gameShade.values;
const READ = /** @type {const} */ (["pData", "pG", "d", "dStar"]);
const SPOKEN = Object.freeze({ pData: "p data", pG: "p g", d: "D", dStar: "D star" });

/**
 * Builds it into its figure; it is loaded when a game is first in the plane.
 * @param {import("../shell/page.d.ts").Page} page
 * @returns {(next: Snapshot, anew: boolean) => void}
 */
export function mountPlane(page) {
  const { lab, store } = page;
  const figure = any("plane-figure");
  const said = (/** @type {string} */ tag, /** @type {Key} */ key) => {
    const element = document.createElement(tag);
    element.dataset["t"] = key;
    write(element, page.t(key));
    return element;
  };
  const square = make("canvas", { id: "plane-canvas", role: "application", tabindex: 0, "aria-describedby": "plane-readout" });
  const beside = make("canvas", { id: "plane-best", role: "img" });
  const names = [make("p", {}), make("p", {})];
  const pair = make("div", { class: "plane-pair" }, make("div", {}, /** @type {HTMLElement} */ (names[0]), square), make("div", {}, /** @type {HTMLElement} */ (names[1]), beside));
  const shade = make("select", { id: "plane-shade" }, ...SHADES.map((value) => {
    const option = /** @type {HTMLOptionElement} */ (said("option", `plane.shade.${value}`));
    option.value = value;
    return option;
  }));
  shade.addEventListener("change", () => store.set({ gameShade: /** @type {import("./draw_plane.js").Shade} */ (shade.value) }));
  const label = said("label", "plane.shade");
  label.setAttribute("for", shade.id);
  const layers = /** @type {const} */ (["gameContours", "gameMesh", "gameDots"]).map((name) => {
    const box = make("input", { type: "checkbox", id: `plane-${FIELDS[name].key}` });
    box.addEventListener("change", () => store.set({ [name]: box.checked ? "on" : "off" }));
    return { name, box, element: make("label", {}, box, " ", said("span", /** @type {Key} */ (`plane.${FIELDS[name].key}`))) };
  });
  const [low, middle, high, bar] = [make("span"), make("span"), make("span"), make("span", { class: "plane-bar", "aria-hidden": "true" })];
  const scale = make("div", { class: "plane-scale" }, low, middle, high, bar);
  const readout = make("p", { class: "readout", id: "plane-readout" });
  const live = make("p", { class: "hidden", role: "status" });
  const facts = make("p", { class: "why", id: "plane-facts" });
  const [modes, places] = [make("tbody"), make("tbody")];
  const head = make("tr");
  const modesTable = make("table", { class: "values" }, said("caption", "plane.modes"),
    make("thead", {}, make("tr", {}, said("th", "plane.mode"), make("th", {}, make("i", {}, "p"), make("sub", {}, "g")), make("th", {}, make("i", {}, "p"), make("sub", {}, "data")))), modes);
  const placesTable = make("table", { class: "values", id: "plane-places" }, said("caption", "plane.places"), make("thead", {}, head), places);
  const tables = make("details", { id: "plane-tables" }, said("summary", "plane.tables"), make("div", { class: "scroll", tabindex: 0 }, placesTable, modesTable));
  const caption = make("figcaption", {},
    make("div", { class: "choices plane-layers" }, label, shade, ...layers.map(({ element }) => element)), scale,
    make("ul", { class: "legend" },
      make("li", { class: "key-data" }, make("span", {}, make("i", {}, "p"), make("sub", {}, "data")), " ", said("span", "game.data")),
      make("li", { class: "key-generated" }, make("i", {}, "p", make("sub", {}, "g")), " ", said("span", "game.generated"))),
    facts, readout, live);
  const again = said("button", "plane.redraw");
  again.setAttribute("type", "button");
  const drawing = make("p", { class: "why", id: "plane-drawing" }, said("span", "plane.draw"), " ", again);
  caption.prepend(drawing);
  figure.append(pair, caption, tables);

  /** @type {readonly [number, number] | null} */
  let at = null;
  let filled = 0;
  /** The next point is the first of another drawing. */
  let fresh = false;
  again.addEventListener("click", () => {
    fresh = true;
    square.focus();
  });
  /** A point of p_data where the square is pointed at, when p_data is drawn. */
  function add() {
    const { settings } = lab.snapshot.game;
    if (at === null || settings?.plane !== "drawn") return;
    const place = at.map((value) => Math.round(100 * Math.min(POINTS_EDGE, Math.max(-POINTS_EDGE, value))) / 100);
    const points = fresh ? [] : settings.points;
    fresh = false;
    if (points.length < 2 * POINTS) lab.game.change({ points: [...points, ...place] });
  }
  const point = (/** @type {typeof at} */ place) => {
    at = place;
    draw(lab.snapshot);
  };
  const follow = (/** @type {PointerEvent} */ event) => {
    const look = lab.snapshot.game.frame?.plane;
    if (look) point(layout(square.clientWidth, square.clientHeight, look.half).from(event.offsetX, event.offsetY));
  };
  square.addEventListener("pointermove", follow);
  square.addEventListener("pointerdown", (event) => {
    follow(event);
    add();
  });
  square.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && point(null));
  square.addEventListener("blur", () => point(null));
  square.addEventListener("keydown", (event) => {
    const look = lab.snapshot.game.frame?.plane;
    const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1], PageUp: [0, 8], PageDown: [0, -8] }[event.key];
    if (event.key === "Escape") point(null);
    if (event.key === "Enter") add();
    if (by === undefined || look === undefined) return;
    event.preventDefault();
    const cell = (2 * look.half) / look.cells;
    // The middles of cells, from the middle of the square on.
    const step = (/** @type {number} */ from, /** @type {number} */ cells) => Math.min(look.half - cell / 2, Math.max(cell / 2 - look.half, from + cells * cell));
    const [x, y] = at ?? [-cell / 2, -cell / 2];
    point([step(x, by[0] ?? 0), step(y, by[1] ?? 0)]);
    write(live, spoken(look));
  });
  tables.addEventListener("toggle", () => {
    filled = 0;
    draw(lab.snapshot);
  });

  /** @param {PlaneLook} look */
  function spoken(look) {
    const values = at && valuesAt(look, ...at);
    if (!at || !values) return "";
    return [`x ${fixed(at[0], 2)}, ${fixed(at[1], 2)}`, ...READ.map((name) => `${SPOKEN[name]} ${fixed(values[name], 3)}`)].join(", ");
  }

  /** @param {PlaneLook} look */
  function read(look) {
    const values = at && valuesAt(look, ...at);
    if (!at || !values) return write(readout, page.t("plane.pointer"));
    write(readout, page.t("plane.at", {
      x: fixed(at[0], 2), y: fixed(at[1], 2), pData: fixed(values.pData, 3), pG: fixed(values.pG, 3), d: fixed(values.d, 3), dStar: fixed(values.dStar, 3),
    }));
  }

  /** @param {PlaneLook} look */
  function told({ figures }) {
    const percent = (/** @type {number} */ part) => fixed(100 * part, 1);
    const parts = [];
    if (figures.modes.length > 1) parts.push(page.t("plane.served", { n: figures.served, of: figures.modes.length }));
    if (figures.singular > 1e-6) parts.push(page.t("plane.singular", { percent: percent(figures.singular) }));
    if (figures.singularData > 1e-6) parts.push(page.t("plane.singularData"));
    if (figures.outside >= 5e-4) parts.push(page.t("plane.outside", { percent: percent(figures.outside) }));
    return parts.join(" ");
  }

  /** @param {PlaneLook} look */
  function fill(look) {
    const now = performance.now();
    if (!tables.open || now - filled < REST) return;
    filled = now;
    const { figures, half } = look;
    const row = (/** @type {string} */ name, /** @type {string[]} */ values) => make("tr", {}, make("th", { scope: "row" }, name), ...values.map((value) => make("td", {}, value)));
    const along = Array.from({ length: PLACES }, (_, i) => half * ((2 * i) / (PLACES - 1) - 1) * 0.75);
    head.replaceChildren(make("th", { scope: "col" }, "y \\ x"), ...along.map((x) => make("th", { scope: "col" }, fixed(x, 1))));
    places.replaceChildren(...[...along].reverse().map((y) => row(fixed(y, 1), along.map((x) => {
      const values = valuesAt(look, x, y);
      return values ? `${fixed(values.d, 2)} / ${fixed(values.dStar, 2)}` : "";
    }))));
    modesTable.hidden = figures.modes.length === 0;
    modes.replaceChildren(...figures.modes.map((mass, i) => row(String(i + 1), [fixed(mass, 4), fixed(figures.due[i] ?? NaN, 4)])));
  }

  /** @param {Snapshot} next */
  function draw({ game, record }) {
    const { frame, samples } = game;
    const look = frame?.plane;
    if (!frame || !look) return;
    figure.dataset["iteration"] = String(frame.iteration);
    drawing.hidden = game.settings?.plane !== "drawn";
    const held = record.gameHeld ? { look: game.held?.plane ?? null } : null;
    shade.value = record.gameShade;
    for (const { name, box } of layers) box.checked = record[name] === "on";
    pair.classList.toggle("alone", !held && record.gameShade !== "d");
    pair.classList.toggle("held-pair", held !== null);
    const of = /** @type {import("../types.d.ts").PlaneSamples | null} */ (samples && "real" in samples ? samples : null);
    const wanted = {
      shade: record.gameShade, contours: record.gameContours === "on", mesh: record.gameMesh === "on", dots: record.gameDots === "on", arrows: record.gameArrows === "on",
    };
    if (page.seen.has(figure)) {
      const more = { ...wanted, dots: false, arrows: false };
      const other = held ? { look: held.look, layer: more } : { look, layer: { ...more, shade: /** @type {const} */ ("d-star"), mesh: false } };
      for (const [canvas, shown, layer] of /** @type {const} */ ([[square, look, wanted], [beside, other.look, other.layer]])) {
        const { pen, width, height } = fit(canvas);
        if (width > 0 && shown) paint(pen, width, height, shown, of, layer, page.palette, page.dark, at);
      }
    }
    const name = page.t(`plane.shade.${record.gameShade}`);
    const second = held ? page.t("held.line", { name }) : page.t("plane.shade.d-star");
    [name, second].forEach((words, i) => write(/** @type {Element} */ (names[i]), words));
    square.ariaLabel = page.t("plane.canvas");
    beside.ariaLabel = second;
    const ends = range(record.gameShade);
    scale.hidden = record.gameShade === "none";
    for (const [element, text] of /** @type {const} */ ([[low, ends.low], [middle, ends.middle], [high, ends.high]])) write(element, text);
    bar.style.backgroundImage = ramp(page.dark);
    read(look);
    write(facts, [told(look), ...(held?.look ? [page.t("held.facts", { facts: told(held.look) })] : [])].join(" "));
    fill(look);
  }

  return (next, anew) => {
    if (anew) filled = 0;
    draw(next);
  };
}
