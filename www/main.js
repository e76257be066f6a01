/**
 * Boot: reads the link, checks the browser, starts the laboratory, and runs the one loop that draws. The first
 * screen plays while the parser is still at the text below it; `below.js` mounts the rest when that is there.
 */
import { mountOpening } from "./controls/opening.js";
import { Lab } from "./lab.js";
import { apply, keepPlace, resolve, translator } from "./language.js";
import { parse, Store } from "./state.js";
import { missingFeature } from "./support.js";
import { start as startTheme, theme } from "./theme.js";
import { palette } from "./views/canvas.js";

const { state, rejected } = parse(location.hash);
const store = new Store(state);
const lab = new Lab(store, frame);
Object.defineProperty(window, "saddle", { value: Object.freeze({ snapshot: () => lab.snapshot }) });

/** @type {Set<Element>} */
const seen = new Set();
/** @type {import("./page.d.ts").Page} */
const page = { store, lab, redraw: repaint, t: translator("en"), palette: palette(document.documentElement), dark: false, seen };
/** @type {import("./page.d.ts").Part[]} */
const parts = [];
/** @type {import("./protocol.d.ts").Snapshot | null} */
let drawn = null;
let waiting = false;

// First of all: what computes starts in other threads while the page is put together.
const fault = missingFeature();
if (fault) lab.fail(fault);
else void lab.start();

startTheme(repaint);
// The text follows the first screen.
await parsed(() => document.getElementById("text") !== null);
speak();
const watch = watchGame();
parts.push(mountOpening(page));
watch("opening-canvas");
repaint();

// What is not on the first screen leaves it the processor and the network.
if (!fault) await lab.opened;
await parsed(() => document.readyState !== "loading");
document.head.append(/** @type {HTMLTemplateElement} */ (document.getElementById("later-modules")).content);
const { mountBelow } = await import("./below.js");
speak();
parts.push(...mountBelow(page, rejected, repaint));
watch("game-canvas");
store.listen((_, changed) => {
  if (changed.has("language")) keepPlace(speak);
  // Sliders of the explorer move nothing but the explorer.
  if ([...changed].every((key) => key.startsWith("latent"))) lab.publish("latent", {});
  else repaint();
});
new ResizeObserver(repaint).observe(document.body);
watchAnchors();
store.mirror();
repaint();

/**
 * Waits until the parser has come far enough, or to the end.
 * @param {() => boolean} enough
 */
async function parsed(enough) {
  while (!enough() && document.readyState === "loading") await new Promise((resolve) => setTimeout(resolve, 10));
}

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
  page.palette = palette(document.documentElement);
  page.dark = theme() === "dark";
  drawn = null;
  frame();
}

function speak() {
  const language = resolve(store.state.language);
  page.t = translator(language);
  apply(language);
}

/**
 * The game computes only while one of its two figures is on the screen.
 * @returns {(id: string) => void} adds a figure
 */
function watchGame() {
  const observer = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) seen.add(target);
      else seen.delete(target);
    }
    lab.game.show(seen.size > 0);
    repaint();
  });
  return (id) => {
    const figure = document.getElementById(id);
    if (figure) observer.observe(figure);
  };
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
