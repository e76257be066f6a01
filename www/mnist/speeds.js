/** Steps per second of each device and preset, as they were measured last in this browser: kept in it alone. */

const KEY = "saddle-speeds";
/** A change by less than this share is not written again. */
const SAME = 0.1;

/** @type {Record<string, unknown> | null} */
let speeds = null;

/** @returns {Record<string, unknown>} */
function read() {
  try {
    const all = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return all !== null && typeof all === "object" ? all : {};
  } catch {
    // Storage is forbidden, or holds nothing of ours.
    return {};
  }
}

/** @param {import("../protocol.d.ts").Device} device @param {string} preset @returns {number} NaN: never measured here */
export function kept(device, preset) {
  speeds ??= read();
  const rate = speeds[`${device} ${preset}`];
  return typeof rate === "number" && rate > 0 ? rate : NaN;
}

/** @param {import("../protocol.d.ts").Device} device @param {string} preset @param {number} rate */
export function keep(device, preset, rate) {
  const before = kept(device, preset);
  if (Math.abs(rate - before) < SAME * before) return;
  speeds = { ...speeds, [`${device} ${preset}`]: Number(rate.toFixed(3)) };
  try {
    localStorage.setItem(KEY, JSON.stringify(speeds));
  } catch {
    // They last as long as the page.
  }
}
