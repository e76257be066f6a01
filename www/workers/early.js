/**
 * What the first screen waits for longest, begun before the page is parsed: in other threads the CPU module
 * compiles and the game's worker loads. The head of the page loads this by itself; the laboratory takes over
 * what it began.
 */

const CPU = new URL("../../pkg/cpu/saddle_bg.wasm", import.meta.url);

/** The CPU module. Whoever waits for it hears of a failure. */
export const module = compile(CPU);
module.catch(() => undefined);

/** @type {Worker | null} */
let waiting = typeof Worker === "function" ? new Worker(new URL("game.js", import.meta.url), { type: "module" }) : null;
if (waiting) {
  waiting.onerror = (event) => {
    // The next one fails where it is reported.
    event.preventDefault();
    waiting = null;
  };
}

/**
 * The worker of that script, if it was begun early and nobody has it yet.
 * @param {string} script
 * @returns {Worker | null}
 */
export function take(script) {
  if (script !== "game.js") return null;
  const worker = waiting;
  waiting = null;
  return worker;
}

/** @param {URL} address @returns {Promise<WebAssembly.Module>} */
async function compile(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address.pathname}: ${response.status} ${response.statusText}`.trim());
  // Some static hosts do not know wasm's media type, and streaming insists on it.
  const typed = response.headers.get("content-type")?.startsWith("application/wasm");
  return typed ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer());
}
