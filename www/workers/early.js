/**
 * What the first screen waits for longest, begun before the page is parsed: in other threads the CPU module
 * compiles, the game's worker loads, and the game that the link asks for begins. The head of the page loads this
 * by itself, and it imports nothing, which would come later than the page; the laboratory takes over what it began.
 */
const CPU = new URL("../../pkg/cpu/saddle_bg.wasm", import.meta.url);

/** The CPU module. Whoever waits for it hears of a failure. */
export const module = compile(CPU);
module.catch(() => undefined);

/**
 * A worker that is told to open as soon as the module is there, and what it has said so far.
 * @typedef {{worker: Worker, heard: import("../protocol.d.ts").GameEvent[]}} Early
 */

/** @type {Early | null} */
let game = typeof Worker === "function" ? begin() : null;

/**
 * The worker of that script, if it was begun early and nobody has it yet.
 * @param {string} script
 * @returns {Early | null}
 */
export function take(script) {
  if (script !== "game.js") return null;
  const taken = game;
  game = null;
  return taken;
}

/** @returns {Early} */
function begin() {
  const worker = new Worker(new URL("game.js", import.meta.url), { type: "module" });
  /** @type {Early} */
  const early = { worker, heard: [] };
  worker.onmessage = ({ data }) => early.heard.push(data);
  worker.onerror = (event) => {
    // The next one fails where it is reported.
    event.preventDefault();
    game = null;
  };
  const { hash } = location;
  module.then((compiled) => worker.postMessage({ type: "open", module: compiled, hash }), () => undefined);
  return early;
}

/** @param {URL} address @returns {Promise<WebAssembly.Module>} */
async function compile(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address.pathname}: ${response.status} ${response.statusText}`.trim());
  // Some static hosts do not know wasm's media type, and streaming insists on it.
  const typed = response.headers.get("content-type")?.startsWith("application/wasm");
  return typed ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer());
}
