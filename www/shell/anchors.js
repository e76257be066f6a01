/**
 * Links within the page. Sections far from the window are not laid out (`content-visibility`), and have only a
 * guessed height: the first jump lands beside its target, and what is laid out then moves it again.
 */

/** Frames after which a target that still moves is left alone. */
const PATIENCE = 40;
let visits = 0;

/**
 * Scrolls to an element, and again until it stays where it is; a reader who scrolls meanwhile has the last word.
 * @param {string} id
 */
export function visit(id) {
  const target = document.getElementById(id);
  if (!target) return;
  // What is folded away cannot be gone to.
  for (let folded = target.closest("details"); folded; folded = folded.parentElement?.closest("details") ?? null) folded.open = true;
  visits += 1;
  const visit = visits;
  let [frames, still, before] = [0, 0, NaN];
  const stop = () => {
    frames = PATIENCE;
  };
  const ends = ["wheel", "touchstart", "pointerdown", "keydown"];
  for (const name of ends) window.addEventListener(name, stop, { once: true, passive: true });
  const step = () => {
    if (visit !== visits || frames >= PATIENCE || still >= 4) return ends.forEach((name) => window.removeEventListener(name, stop));
    frames += 1;
    const { top } = target.getBoundingClientRect();
    still = Math.abs(top - before) < 1 ? still + 1 : 0;
    if (still === 0) target.scrollIntoView({ block: "start", behavior: "instant" });
    before = target.getBoundingClientRect().top;
    requestAnimationFrame(step);
  };
  step();
}

/** Every link to a place on this page goes there in this way. */
export function watchLinks() {
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest('a[href^="#"]') : null;
    if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const id = (link.getAttribute("href") ?? "").slice(1).split("&")[0] ?? "";
    if (id !== "") requestAnimationFrame(() => visit(id));
  });
}
