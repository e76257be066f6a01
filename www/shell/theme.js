/** Light or dark: the system's, until the visitor chooses. The choice stays in this browser, out of links. */

const KEY = "saddle-theme";
const dark = matchMedia("(prefers-color-scheme: dark)");

/** @returns {"light" | "dark"} what is shown now */
export function theme() {
  const chosen = document.documentElement.dataset["theme"];
  return chosen === "dark" || chosen === "light" ? chosen : dark.matches ? "dark" : "light";
}

/** @param {() => void} changed called when the colours do */
export function start(changed) {
  const chosen = read();
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset["theme"] = chosen;
  dark.addEventListener("change", changed);
}

export function toggle() {
  const next = theme() === "dark" ? "light" : "dark";
  document.documentElement.dataset["theme"] = next;
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // Storage is forbidden: the choice lasts as long as the page.
  }
}

function read() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
