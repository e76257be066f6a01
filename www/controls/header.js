import { any, button } from "../dom.js";
import { resolve } from "../language.js";
import { theme, toggle } from "../theme.js";

/**
 * Language, theme, and what is wrong with the browser or the link.
 * @param {import("../page.d.ts").Page} page
 * @param {string[]} rejected parts of the link that were nonsense
 * @param {() => void} repaint
 * @returns {import("../page.d.ts").Part}
 */
export function mountHeader(page, rejected, repaint) {
  const themeButton = button("theme");
  const bootFault = any("boot-fault");
  const linkFault = any("link-fault");
  themeButton.hidden = false;
  themeButton.addEventListener("click", () => {
    toggle();
    repaint();
  });
  for (const choice of document.querySelectorAll("[data-language]")) {
    choice.addEventListener("click", () => {
      page.store.set({ language: /** @type {"en" | "zh"} */ (choice.getAttribute("data-language")) });
    });
  }
  linkFault.hidden = rejected.length === 0;
  linkFault.querySelector("button")?.addEventListener("click", () => {
    linkFault.hidden = true;
  });
  return {
    draw({ boot }, before) {
      if (before?.boot === boot) return;
      const { t } = page;
      document.title = t("page.title");
      const other = theme() === "dark" ? t("theme.toLight") : t("theme.toDark");
      themeButton.textContent = other;
      themeButton.setAttribute("aria-label", t("theme.label", { theme: other }));
      document.documentElement.toggleAttribute("data-fault", boot.fault !== null);
      bootFault.hidden = boot.fault === null;
      if (boot.fault) bootFault.textContent = t(`fault.${boot.fault.kind}`, { detail: boot.fault.detail });
      const words = linkFault.querySelector("span");
      const gap = resolve(page.store.state.language) === "zh" ? "\u3001" : ", ";
      if (words) words.textContent = t("link.rejected", { parts: rejected.join(gap) });
    },
  };
}
