/** Steps per second of each device and preset, as they were measured last in this browser: kept in it alone. */

const KEY = "saddle-speeds";
/** A change by less than this share is not written again. */
const SAME = 0.1;

/** @returns {Record<string, number>} */
function all() {
  try {
    const read = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return read !== null && typeof read === "object" ? read : {};
  } catch {
    // Storage is forbidden, or holds nothing of ours.
    return {};
  }
}

/** @type {Record<string, number> | null} */
let speeds = null;

/** @param {import("../protocol.d.ts").Device} device @param {string} preset @returns {number} NaN: never measured here */
export function kept(device, preset) {
  speeds ??= all();
  const rate = speeds[`${device} ${preset}`];
  return typeof rate === "number" && rate > 0 ? rate : NaN;
}

/** @param {import("../protocol.d.ts").Device} device @param {string} preset @param {number} rate */
export function keep(device, preset, rate) {
  const before = kept(device, preset);
  if (!(rate > 0) || Math.abs(rate - before) < SAME * before) return;
  speeds = { ...speeds, [`${device} ${preset}`]: Number(rate.toFixed(3)) };
  try {
    localStorage.setItem(KEY, JSON.stringify(speeds));
  } catch {
    // They last as long as the page.
  }
}
