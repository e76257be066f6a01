/**
 * Boot: reads the link, checks the browser, starts the laboratories, and runs the one loop that draws. The first
 * screen plays while the parser is still at the text below it; the other parts are mounted when that is there, each by
 * itself: one that does not arrive says so in its place, and takes no other with it.
 */
import { mountOpening } from "./shell/opening.js";
import { mayReplace } from "./shell/replace.js";
import { Lab } from "./shell/lab.js";
import { apply, keepPlace, load, resolve, translator } from "./shell/language.js";
import { parse, Store } from "./shell/state.js";
import { onStage, root, STAGES } from "./shell/stages.js";
import { beginsRun, kept } from "./mnist/state.js";
import { missingFeature } from "./shell/support.js";
import { start as startTheme, theme } from "./shell/theme.js";
import { titleOf } from "./shell/title.js";
import { palette } from "./shell/canvas.js";
import { messageOf } from "./shell/line.js";

/** @typedef {import("./shell/page.d.ts").Part} Part */

/** Everything but the first screen: where it stands, and how it is loaded. @type {readonly (readonly [place: string, load: () => Promise<(page: import("./shell/page.d.ts").Page) => Part>])[]} */
const LATER = [
  [".masthead", async () => (await import("./shell/header.js")).mountHeader],
  ["#lab-game", async () => (await import("./game/bench.js")).mountGame],
  ["#lab-mnist", async () => needs("train", (await import("./mnist/bench.js")).mountMnist)],
  ["#lab-latent", async () => needs("sampler", (await import("./latent/bench.js")).mountLatent)],
  [".foot", async () => (await import("./shell/foot.js")).mountFoot],
  ["#lesson", async () => needs("theory", (await import("./lessons/bench.js")).mountLessons)],
  ["#text", async () => needs("theory", (await import("./theory/bench.js")).mountTheory)],
];

const link = parse(location.hash);
// The page for one part alone shows the game where the link names none.
const alone = onStage ? link.state.stage || "lab-game" : "";
const stage = STAGES[alone];
if (!onStage && link.state.stage !== "") location.replace(`${root()}stage/${location.hash}`);
const wanted = LATER.filter(([place]) => !stage || place === ".masthead" || place === stage.part);
const store = new Store({ ...link.state, stage: alone });
const lab = new Lab(store, frame, stage?.labs);
let speaks = false;
// Whether it speaks tells the script in the page that it has begun.
Object.defineProperty(window, "saddle", { value: Object.freeze({ snapshot: () => lab.snapshot, get speaks() { return speaks; } }) });

/** @type {Set<Element>} */
const seen = new Set();
/** @type {import("./shell/page.d.ts").Page} */
const page = { store, lab, redraw: repaint, t: () => "", palette: palette(document.documentElement), dark: false, seen };
/** @type {Part[]} */
const parts = [];
/** @type {import("./protocol.d.ts").Snapshot | null} */
let drawn = null;
let waiting = false;
let titled = 0;

if (link.rejected.length > 0) lab.publish("boot", { rejected: link.rejected });
// First of all: what computes starts in other threads while the page is put together.
const fault = missingFeature();
if (fault) lab.fail(fault);
else void lab.start();
// The first to speak hears of a failure.
load(resolve(link.state.language)).catch(() => undefined);

startTheme(repaint);
// The text follows the first screen.
await parsed(() => document.getElementById("text") !== null);
await speak();
const watch = watchGame();
if (!stage) parts.push(mountOpening(page));
if (!stage) watch("opening-canvas");
repaint();

// What is not on the first screen leaves it the processor and the network.
if (!fault) await lab.opened;
// Without WebAssembly they have nothing to ask, but they can be looked at.
const laboratories = lab.load();
await parsed(() => document.readyState !== "loading");
if (stage) (await import("./shell/stage.js")).setStage(page, alone);
else document.head.append(/** @type {HTMLTemplateElement} */ (document.getElementById("later-modules")).content);
// All at once, so that nothing that is read moves more than once.
await laboratories;
const loads = wanted.map(([, part]) => part().then((mount) => mount, (/** @type {unknown} */ error) => () => { throw error; }));
const mounted = await Promise.all(loads);
// Before a view writes into what has been parsed since, and once more for what the views have made.
await speak();
mounted.forEach((mounts, i) => mount(wanted[i]?.[0] ?? "main", mounts));
await speak();
watch("game-canvas");
watch("plane-figure");
lab.watch(({ record }) => record.language, () => void speak(keepPlace));
new ResizeObserver(repaint).observe(document.body);
watchRatio();
watchAnchors();
watchLeaving();
store.mirror();
repaint();

/**
 * @template T
 * @param {"train" | "sampler" | "theory"} name of the laboratory that a part is a view of @param {T} mounts
 * @returns {T}
 */
function needs(name, mounts) {
  if (lab[name] === undefined) throw new Error(`the laboratory "${name}" is missing`);
  return mounts;
}

/** @param {string} place where it says that it did not arrive @param {(page: import("./shell/page.d.ts").Page) => Part} mounts */
function mount(place, mounts) {
  try {
    parts.push(mounts(page));
  } catch (error) {
    const notice = document.createElement("div");
    const words = document.createElement("p");
    const again = document.createElement("button");
    Object.assign(notice, { className: "notice wrong part-fault", role: "alert" });
    Object.assign(again, { type: "button", textContent: page.t("retry") });
    again.dataset["t"] = "retry";
    words.textContent = page.t("fault.module", { detail: messageOf(error) });
    // The browser remembers a module that did not arrive as long as the page is open.
    again.addEventListener("click", () => location.reload());
    notice.append(words, again);
    document.querySelector(place)?.prepend(notice);
  }
}

/**
 * Waits until the parser has come far enough, or to the end.
 * @param {() => boolean} enough
 */
async function parsed(enough) {
  while (!enough() && document.readyState === "loading") await new Promise((resolve) => setTimeout(resolve, 10));
}

/** Asks for one animation frame; asking twice is asking once. */
function frame() {
  // No frames come then, and only the title is seen.
  if (document.hidden && speaks) entitle();
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

/** How far a run is, for whoever looks at another tab; at most once a second. */
function entitle() {
  const now = performance.now();
  if (now - titled < 1000) return;
  titled = now;
  document.title = titleOf(lab.snapshot, page.t);
}

/** Draws everything anew: language, colours or size have changed. */
function repaint() {
  page.palette = palette(document.documentElement);
  page.dark = theme() === "dark";
  drawn = null;
  frame();
}

/**
 * Puts the page into the chosen language, once its strings are here.
 * @param {(change: () => void) => void} how
 */
async function speak(how = (change) => change()) {
  const language = resolve(store.state.language);
  await load(language);
  // Another was chosen meanwhile.
  if (language !== resolve(store.state.language)) return;
  how(() => {
    page.t = translator(language);
    apply(language);
    repaint();
  });
  speaks = true;
}

/**
 * The game computes only while one of its figures is on the screen.
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

/** A window that moves to a screen of another density is drawn anew. */
function watchRatio() {
  const ratio = matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`);
  ratio.addEventListener("change", () => {
    repaint();
    watchRatio();
  }, { once: true });
}

/** A page that is left may not come back: what a run came to is saved first. */
function watchLeaving() {
  const keep = () => document.visibilityState === "hidden" && lab.train?.keep();
  document.addEventListener("visibilitychange", () => {
    keep();
    document.title = titleOf(lab.snapshot, page.t);
    // Another tab may have taken up or let go of a run.
    if (!document.hidden) lab.train?.offer();
  });
  window.addEventListener("pagehide", () => lab.train?.keep());
  document.addEventListener("freeze", () => lab.train?.keep());
}

/**
 * The hash is both an anchor and the record. A link to a section replaces it, so it is put together again;
 * a pasted link, or "Back", brings its own record: a run that has taken steps makes way only when the visitor agrees.
 */
function watchAnchors() {
  const visit = (/** @type {string} */ anchor) => document.getElementById(anchor)?.scrollIntoView();
  if (link.state.anchor !== "") visit(link.state.anchor);
  window.addEventListener("hashchange", ({ newURL }) => {
    // Not what the address says now: the record may have been written there since.
    const { hash } = new URL(newURL);
    const { state, rejected } = parse(hash);
    if (state.stage !== store.state.stage) location.reload();
    const bare = !hash.includes("=");
    if (bare) store.set({ anchor: state.anchor });
    else {
      lab.publish("boot", { rejected });
      const stays = beginsRun(store.state, state) && !mayReplace(page);
      store.set(stays ? { ...state, ...kept(store.state) } : state);
    }
    store.mirror();
    if (!bare && state.anchor !== "") visit(state.anchor);
  });
}
