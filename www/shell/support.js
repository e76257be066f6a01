/**
 * What the page cannot do without. Asked before anything is loaded, so that the visitor gets a sentence
 * and not a blank figure.
 */

/**
 * The smallest module with a v128 in it: one function that returns `i8x16.popcnt (i8x16.splat 0)`.
 * A browser without simd128 does not accept it.
 */
const SIMD_MODULE = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11,
]);

/** @returns {import("../protocol.d.ts").BootFault | null} the first thing that is missing */
export function missingFeature() {
  if (typeof WebAssembly !== "object") return { kind: "no-wasm", detail: "" };
  if (!WebAssembly.validate(SIMD_MODULE)) return { kind: "no-simd", detail: "" };
  if (typeof Worker !== "function") return { kind: "no-workers", detail: "" };
  return null;
}

export const reducedMotion = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
