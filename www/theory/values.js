/** Values of a figure's fields: where they start, and which they may have. */

/** @typedef {import("./theory.d.ts").Field} Field */
/** @typedef {import("./theory.d.ts").Values} Values */

/** @param {readonly Field[]} fields @returns {Values} */
export const defaults = (fields) => Object.freeze(Object.fromEntries(fields.map(({ name, value }) => [name, value])));

/**
 * @param {readonly Field[]} fields
 * @param {Values} values
 * @param {Record<string, number>} patch names that no field has, and what is no number, are left out
 * @returns {Values} each within its limits and on its steps; `values` itself where nothing changed
 */
export function clamped(fields, values, patch) {
  const next = { ...values };
  for (const { name, min, max, step } of fields) {
    const wanted = patch[name];
    if (wanted === undefined || Number.isNaN(wanted)) continue;
    const inside = Math.min(max, Math.max(min, wanted));
    // Through decimals, so that 0.30000000000000004 is 0.3.
    next[name] = Number((min + Math.round((inside - min) / step) * step).toFixed(6));
  }
  return fields.some(({ name }) => next[name] !== values[name]) ? Object.freeze(next) : values;
}
