import { watchEquations } from "./equations.js";
import { any, button } from "./dom.js";
import { resolve } from "./language.js";
import { theme, toggle } from "./theme.js";
import { titleOf } from "./title.js";

/**
 * Language, theme, and what is wrong with the browser or the link.
 * @param {import("./page.d.ts").Page} page
 * @returns {import("./page.d.ts").Part}
 */
export function mountHeader(page) {
  const themeButton = button("theme");
  const bootFault = any("boot-fault");
  const linkFault = any("link-fault");
  watchEquations();
  themeButton.hidden = false;
  themeButton.addEventListener("click", () => {
    toggle();
    page.redraw();
  });
  for (const choice of document.querySelectorAll("[data-language]")) {
    choice.addEventListener("click", () => {
      page.store.set({ language: /** @type {"en" | "zh"} */ (choice.getAttribute("data-language")) });
    });
  }
  for (const embed of document.querySelectorAll("[data-embed]")) embed.toggleAttribute("disabled", false);
  document.addEventListener("click", (event) => {
    const id = event.target instanceof Element ? event.target.closest("[data-embed]")?.getAttribute("data-embed") : null;
    if (id) void import("./embed.js").then(({ showCode }) => showCode(page, id));
  });
  /** Those that the visitor has read. @type {readonly string[] | null} */
  let read = null;
  linkFault.querySelector("button")?.addEventListener("click", () => {
    read = page.lab.snapshot.boot.rejected;
    linkFault.hidden = true;
  });
  return {
    draw(next, before) {
      const { boot, record, train } = next;
      if (train.phase !== before?.train.phase) document.title = titleOf(next, page.t);
      if (before?.boot === boot) return;
      const { t } = page;
      const other = theme() === "dark" ? t("theme.toLight") : t("theme.toDark");
      themeButton.textContent = other;
      themeButton.setAttribute("aria-label", t("theme.label", { theme: other }));
      document.documentElement.toggleAttribute("data-fault", boot.fault !== null);
      bootFault.hidden = boot.fault === null;
      if (boot.fault) bootFault.textContent = t(`fault.${boot.fault.kind}`, { detail: boot.fault.detail });
      const words = linkFault.querySelector("span");
      const gap = resolve(record.language) === "zh" ? "\u3001" : ", ";
      if (words) words.textContent = t("link.rejected", { parts: boot.rejected.join(gap) });
      linkFault.hidden = boot.rejected.length === 0 || boot.rejected === read;
    },
  };
}
