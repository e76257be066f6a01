/**
 * What the page itself loads of `pkg/`: the CPU module, compiled once for all workers, and uPlot. Besides the workers,
 * nothing else on the page names that folder.
 */
import { download } from "./download.js";

const PKG = new URL("../../pkg/", import.meta.url);

/** @type {Promise<WebAssembly.Module> | null} */
let cpu = null;

/** @returns {Promise<WebAssembly.Module>} asked for again after a failure */
export function cpuModule() {
  if (cpu === null) {
    cpu = compile(new URL("cpu/saddle_bg.wasm", PKG));
    cpu.catch(() => (cpu = null));
  }
  return cpu;
}

/** @param {URL} address @returns {Promise<WebAssembly.Module>} */
async function compile(address) {
  const response = await download(address);
  if (!response.ok) throw new Error(`${address.pathname}: ${response.status} ${response.statusText}`.trim());
  // Some static hosts do not know wasm's media type, and streaming insists on it.
  const typed = response.headers.get("content-type")?.startsWith("application/wasm");
  return typed ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer());
}

/**
 * uPlot asks how numbers are written in the browser's language as soon as it is loaded, and does not load where that is
 * none: some WebKits call it "C".
 */
function nameLanguage() {
  try {
    Intl.getCanonicalLocales(navigator.language);
  } catch {
    Object.defineProperty(navigator, "language", { value: "en", configurable: true });
  }
}

/** A sheet that only charts need. @param {URL} address */
function addSheet(address) {
  const sheet = document.createElement("link");
  Object.assign(sheet, { rel: "stylesheet", href: address.href });
  document.head.append(sheet);
}

let tries = 0;

/**
 * uPlot, when the first chart needs it. A module that did not arrive is remembered as such under its address, so that
 * another try needs another one.
 * @returns {Promise<typeof import("./uplot.d.ts").default>}
 */
export async function loadPlot() {
  const again = tries === 0 ? "" : `?again=${tries}`;
  tries += 1;
  nameLanguage();
  if (tries === 1) addSheet(new URL("styles/uplot.css", import.meta.url));
  return (await import(new URL(`vendor/uplot/uPlot.esm.js${again}`, PKG).href)).default;
}
