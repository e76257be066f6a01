import { visit, watchLinks } from "../shell/anchors.js";
import { any, write } from "../shell/dom.js";
import { resolve } from "../shell/language.js";

/** From here on the contents stand beside the text, and are open; below, they are folded behind a summary. */
const BESIDE = matchMedia("(min-width: 72rem)");

/**
 * The table of contents: marks the section that is being read, and steps aside for what is wider than the text.
 * @param {import("../shell/page.d.ts").Page} page
 * @returns {import("../shell/page.d.ts").Part}
 */
export function mountContents(page) {
  const root = any("contents");
  const details = /** @type {HTMLDetailsElement} */ (root.querySelector("details"));
  const [now, minutes] = [any("contents-now"), any("contents-minutes")];
  /** Section that is being read, by the id of its English heading. */
  let current = "";

  const fold = () => {
    details.open = BESIDE.matches;
  };
  BESIDE.addEventListener("change", fold);
  fold();
  details.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("ol a") && !BESIDE.matches) details.open = false;
  });
  details.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || BESIDE.matches || !details.open) return;
    details.open = false;
    details.querySelector("summary")?.focus();
  });
  followReader((id) => {
    current = id;
    mark();
  });
  stepAside(root);
  watchLinks();
  visit(page.store.state.anchor);

  function mark() {
    const language = resolve(page.lab.snapshot.record.language);
    const id = language === "zh" && current !== "" ? `${current}-zh` : current;
    for (const link of details.querySelectorAll("ol a")) {
      if (link.getAttribute("href") === `#${id}`) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    const here = details.querySelector('ol a[aria-current]');
    write(now, here?.firstChild?.textContent?.trim() ?? "");
    // Beside the text the list may be longer than the window.
    if (here instanceof HTMLElement && details.scrollHeight > details.clientHeight) details.scrollTop = here.offsetTop - details.clientHeight / 2;
    const list = details.querySelector(language === "zh" ? "ol:lang(zh-Hans)" : "ol:lang(en)");
    write(minutes, page.t("contents.minutes", { n: list?.getAttribute("data-minutes") ?? "" }));
  }

  return {
    draw(_, before) {
      if (before === null) mark();
    },
  };
}

/** @param {(id: string) => void} tell the heading of the section across a line in the upper third of the window; "" above the text */
function followReader(tell) {
  const sections = [...document.querySelectorAll(".opening, .paper > section")];
  /** @type {Set<Element>} */
  const here = new Set();
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (isIntersecting) here.add(target);
        else here.delete(target);
      }
      // Between two sections it is both for a moment.
      const last = sections.findLast((section) => here.has(section));
      if (last) tell(last.querySelector("h2")?.id ?? "");
    },
    { rootMargin: "-30% 0px -69% 0px" },
  );
  for (const section of sections) observer.observe(section);
}

/** Hides the contents while something wide is where they stand. @param {HTMLElement} root */
function stepAside(root) {
  /** @type {Set<Element>} */
  const inTheWay = new Set();
  /** @type {IntersectionObserver | null} */
  let observer = null;
  const watch = () => {
    observer?.disconnect();
    inTheWay.clear();
    root.toggleAttribute("data-covered", false);
    if (!BESIDE.matches) return;
    const { top, bottom } = root.getBoundingClientRect();
    observer = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) {
          if (isIntersecting) inTheWay.add(target);
          else inTheWay.delete(target);
        }
        root.toggleAttribute("data-covered", inTheWay.size > 0);
      },
      { rootMargin: `${-Math.floor(top)}px 0px ${Math.floor(bottom - innerHeight)}px 0px` },
    );
    for (const wide of document.querySelectorAll(".masthead, .opening, .bench, .theory, .wide, .foot")) observer.observe(wide);
  };
  new ResizeObserver(watch).observe(root);
  window.addEventListener("resize", watch);
}
