/**
 * One laboratory or figure alone in the window: on a projector, where its type grows with the window, or in a frame,
 * where it tells the page around it how high it is.
 */
import { any } from "./dom.js";
import { format } from "./state.js";
import { STAGES, root } from "./stages.js";

/** @typedef {import("./page.d.ts").Page} Page */
/** @typedef {import("./stages.js").Stage} Stage */

const framed = window.parent !== window;

/** What answers to a space, a letter or an arrow by itself. */
const TYPES = "input, select, textarea, [contenteditable]";
const OPERATES = `${TYPES}, button, a, summary, [role="slider"]`;

/** @param {Page} page @param {string} id what stands alone */
export function setStage(page, id) {
  const stage = /** @type {Stage} */ (STAGES[id]);
  const set = any(id);
  const { dataset } = document.documentElement;
  dataset["stage"] = id;
  if (framed) dataset["framed"] = "";
  fold(page, set);
  any("top").append(set);
  bar(page, id);
  listen(stage);
  if (framed) tellHeight(id);
}

/** A laboratory's settings and the like lie behind one fold, so that what plays has the window. @param {Page} page @param {HTMLElement} set */
function fold(page, set) {
  const first = set.querySelector(":scope > .bench-controls");
  const more = first === null ? [] : [...set.querySelectorAll(":scope > .bench-controls ~ .bench-wide")];
  if (more.length === 0) return;
  const details = document.createElement("details");
  const summary = document.createElement("summary");
  details.className = "bench-wide stage-more";
  summary.dataset["t"] = "stage.more";
  summary.textContent = page.t("stage.more");
  details.append(summary, ...more);
  set.append(details);
}

/** Below it: the way to the whole page, language, theme and full screen, and what the keys do. @param {Page} page @param {string} id */
function bar(page, id) {
  const masthead = /** @type {HTMLElement} */ (document.querySelector(".masthead"));
  const whole = /** @type {HTMLAnchorElement} */ (masthead.querySelector(".wordmark"));
  whole.dataset["t"] = "stage.whole";
  whole.textContent = page.t("stage.whole");
  if (framed) Object.assign(whole, { target: "_blank", rel: "noopener" });
  const lead = () => {
    whole.href = root() + format({ ...page.store.state, stage: "", anchor: id });
  };
  page.store.listen(lead);
  lead();
  const keys = document.createElement("p");
  keys.className = "stage-keys";
  const { play, step } = /** @type {Stage} */ (STAGES[id]);
  const key = play === "" ? "stage.keysFull" : step === "" ? "stage.keysPlay" : "stage.keys";
  keys.dataset["t"] = key;
  keys.textContent = page.t(key);
  const full = document.createElement("button");
  Object.assign(full, { type: "button", className: "plain", hidden: !document.fullscreenEnabled, textContent: page.t("stage.full") });
  full.dataset["t"] = "stage.full";
  full.addEventListener("click", fullScreen);
  masthead.querySelector(".switches")?.append(full);
  masthead.querySelector(".switches")?.before(keys);
  document.body.append(masthead);
}

/** @param {Stage} stage */
function listen({ play, step }) {
  const press = (/** @type {string} */ selector) => /** @type {HTMLElement | null} */ (selector === "" ? null : document.querySelector(selector))?.click();
  document.addEventListener("keydown", (event) => {
    const { key, target } = event;
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || !(target instanceof Element)) return;
    if (target.closest(TYPES)) return;
    const own = target.closest(OPERATES) !== null;
    if (key === "k" || (key === " " && !own)) press(play);
    else if (key === "." || (key === "ArrowRight" && !own)) press(step);
    else if (key === "f") fullScreen();
    else return;
    event.preventDefault();
  });
}

function fullScreen() {
  // A browser or a frame may forbid it: then it stays as it is.
  const done = document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen();
  done.catch(() => undefined);
}

/** Says how high the page is whenever that changes: in our own message, and in the one that Canvas LMS understands. @param {string} stage */
function tellHeight(stage) {
  let told = 0;
  new ResizeObserver(() => {
    const height = Math.ceil(document.body.getBoundingClientRect().height);
    if (height === told) return;
    told = height;
    // Whoever embeds it may know the height of what is embedded, and nothing else is said.
    window.parent.postMessage({ type: "saddle.height", stage, height }, "*");
    window.parent.postMessage({ subject: "lti.frameResize", height }, "*");
  }).observe(document.body);
}
