/**
 * What the first screen waits for longest, begun before the page is parsed: the game's worker, which compiles its
 * module and begins the game that the link asks for. The head of the page loads this by itself, and it imports
 * nothing, which would come later than the page; the laboratory takes over what it began.
 */

/**
 * A worker that has been told to open, and what it has said so far.
 * @typedef {{worker: Worker, heard: import("./wire.d.ts").Heard[]}} Early
 */

/** Scripts are asked for by addresses of the page's own only, which is all that its policy lets through. */
const policy = /** @type {any} */ (globalThis).trustedTypes?.createPolicy("saddle", {
  createScriptURL: (/** @type {string} */ address) => {
    if (new URL(address).origin !== location.origin) throw new TypeError(`${address} is not of this page`);
    return address;
  },
});

/** An address of a script, for a worker. @param {URL} address @returns {URL} */
export function script(address) {
  return policy?.createScriptURL(address.href) ?? address;
}

/** @type {Early | null} */
let game = typeof Worker === "function" && !/[#&]stage=(?!lab-game(&|$))/.test(location.hash) ? begin() : null;

/**
 * The worker of that script, if it was begun early and nobody has it yet.
 * @param {string} script
 * @returns {Early | null}
 */
export function take(script) {
  if (script !== "game/worker.js") return null;
  const taken = game;
  game = null;
  return taken;
}

/** @returns {Early} */
function begin() {
  const worker = new Worker(script(new URL("../game/worker.js", import.meta.url)), { type: "module" });
  /** @type {Early} */
  const early = { worker, heard: [] };
  worker.onmessage = ({ data }) => early.heard.push(data);
  worker.onerror = (event) => {
    // The next one fails where it is reported.
    event.preventDefault();
    game = null;
  };
  worker.postMessage({ id: 0, type: "open", asks: { hash: location.hash } });
  return early;
}
