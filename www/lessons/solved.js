/** Which exercises were solved, with the link that solved each: kept in this browser alone. */

const KEY = "saddle-solved";

/** @typedef {Readonly<Record<string, {when: string, link: string}>>} Solved  by the exercise's name */

/** @returns {Solved} */
export function load() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return kept !== null && typeof kept === "object" ? kept : {};
  } catch {
    // Storage is forbidden, or holds nothing of ours.
    return {};
  }
}

/** @param {Solved} solved */
export function keep(solved) {
  try {
    localStorage.setItem(KEY, JSON.stringify(solved));
  } catch {
    // It lasts as long as the page.
  }
}
