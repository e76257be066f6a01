/** Numbers as the page writes them: a true minus, a fixed count of decimals, groups of three. */

const MINUS = "\u2212";
/** Shown where there is no number yet. */
export const NONE = "\u2013";

/** @param {number} value @param {number} digits after the point */
export function fixed(value, digits) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? NONE : value > 0 ? "\u221e" : `${MINUS}\u221e`;
  const text = value.toFixed(digits);
  // Rounding can leave "-0.000".
  return Number(text) === 0 ? text.replace("-", "") : text.replace("-", MINUS);
}

/** @param {number} value a whole number, in groups of three */
export function whole(value) {
  return Math.round(value).toLocaleString("en-US");
}

/** @param {number} bytes in decimal units, as downloads are counted */
export function bytes(bytes) {
  if (bytes < 1e3) return `${bytes} B`;
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(0)} kB`;
  return `${(bytes / 1e6).toFixed(bytes < 1e8 ? 1 : 0)} MB`;
}

/** @param {number} value about three significant digits */
export function short(value) {
  if (!Number.isFinite(value)) return fixed(value, 0);
  const digits = value === 0 ? 0 : Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value >= 1000 ? whole(value) : fixed(value, Math.min(digits, 3));
}

/** @param {number} seconds @returns {string} minutes and seconds */
export function clock(seconds) {
  if (!Number.isFinite(seconds)) return NONE;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
