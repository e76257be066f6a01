/**
 * What the workers share: loading a wasm module, and what is told of an error.
 */

/** @typedef {import("../protocol.d.ts").Saddle} Saddle */
/** @typedef {import("./wire.d.ts").Failure} Failure */
/** @typedef {import("../types.d.ts").ErrorCode} ErrorCode */

/**
 * @param {"game" | "cpu" | "gpu"} which
 * @param {WebAssembly.Module} [compiled] saves the worker from compiling it again
 * @returns {Promise<Saddle>}
 */
export async function open(which, compiled) {
  const folder = new URL(`../../pkg/${which}/`, import.meta.url);
  // Asked for before the script is there.
  const source = compiled ?? fetch(new URL("saddle_bg.wasm", folder));
  const saddle = /** @type {Saddle} */ (await import(new URL("saddle.js", folder).href));
  await saddle.default({ module_or_path: source });
  return saddle;
}

let panicText = "";

/**
 * The panic hook writes to the console before the trap is raised; the trap itself says only "unreachable".
 * Keeping the text lets the page say what went wrong.
 */
export function listenForPanics() {
  const write = console.error;
  console.error = (...parts) => {
    const text = parts.map(String).join(" ");
    if (text.includes("panicked at")) panicText = text.split("\n\nStack")[0] ?? text;
    write.apply(console, parts);
  };
}

/** @param {ErrorCode} code @param {string} message @returns {Error} as the modules throw them */
export const coded = (code, message) => Object.assign(new Error(message), { code });

/**
 * @param {unknown} error
 * @returns {Failure} with `panic` when the module's memory can no longer be trusted
 */
export function failure(error) {
  const panic = panicText !== "" || error instanceof WebAssembly.RuntimeError;
  const message = error instanceof Error ? error.message : String(error);
  // A DOMException has a number there.
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
  return { message: panicText || message, code: /** @type {ErrorCode | ""} */ (code), panic };
}
