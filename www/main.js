/**
 * Boot: reads the link, checks the browser, starts the laboratory, and runs the one loop that draws.
 */
import { mountData } from "./controls/data.js";
import { mountGame } from "./controls/game.js";
import { mountHeader } from "./controls/header.js";
import { mountLatent } from "./controls/latent.js";
import { mountOpening } from "./controls/opening.js";
import { mountTheory } from "./controls/theory.js";
import { mountTrain } from "./controls/train.js";
import { watchEquations } from "./equations.js";
import { Lab } from "./lab.js";
import { apply, keepPlace, resolve, translator } from "./language.js";
import { parse, Store } from "./state.js";
import { missingFeature } from "./support.js";
import { start as startTheme, theme } from "./theme.js";
import { palette } from "./views/canvas.js";

const { state, rejected } = parse(location.hash);
const store = new Store(state);
const lab = new Lab(store, frame);

/** @type {Set<Element>} */
const seen = new Set();
/** @type {import("./page.d.ts").Page} */
const page = { store, lab, t: translator("en"), palette: palette(document.body), dark: false, seen };
/** @type {import("./protocol.d.ts").Snapshot | null} */
let drawn = null;
let waiting = false;

// First of all: the modules compile in other threads while the page is put together.
const fault = missingFeature();
if (fault) lab.fail(fault);
else void lab.start();

startTheme(repaint);
speak();
const parts = [
  mountHeader(page, rejected, repaint), mountOpening(page), mountGame(page), mountData(page), mountTrain(page), mountLatent(page),
  mountTheory(page),
];
store.listen((_, changed) => {
  if (changed.has("language")) keepPlace(speak);
  repaint();
});
new ResizeObserver(repaint).observe(document.body);
watchGame();
watchAnchors();
watchEquations();
store.mirror();
repaint();

Object.defineProperty(window, "saddle", { value: Object.freeze({ snapshot: () => lab.snapshot }) });

/** Asks for one animation frame; asking twice is asking once. */
function frame() {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame((now) => {
    waiting = false;
    const again = lab.game.tick(now);
    const { snapshot } = lab;
    if (snapshot !== drawn) {
      const before = drawn;
      drawn = snapshot;
      for (const part of parts) part.draw(snapshot, before);
    }
    if (again) frame();
  });
}

/** Draws everything anew. */
function repaint() {
  page.palette = palette(document.body);
  page.dark = theme() === "dark";
  drawn = null;
  frame();
}

function speak() {
  const language = resolve(store.state.language);
  page.t = translator(language);
  apply(language);
}

/** The game computes only while one of its two figures is on the screen. */
function watchGame() {
  const figures = ["opening-canvas", "game-canvas"].map((id) => document.getElementById(id)).filter((figure) => figure !== null);
  const observer = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) seen.add(target);
      else seen.delete(target);
    }
    lab.game.show(seen.size > 0);
    repaint();
  });
  for (const figure of figures) observer.observe(figure);
}

/**
 * The hash is both an anchor and the record. A link to a section replaces it, so it is put together again;
 * a pasted link brings its own record.
 */
function watchAnchors() {
  const visit = (/** @type {string} */ anchor) => document.getElementById(anchor)?.scrollIntoView();
  if (state.anchor !== "") visit(state.anchor);
  window.addEventListener("hashchange", () => {
    const link = parse(location.hash);
    const bare = !location.hash.includes("=");
    store.set(bare ? { anchor: link.state.anchor } : link.state);
    store.mirror();
    if (!bare && link.state.anchor !== "") visit(link.state.anchor);
  });
}
