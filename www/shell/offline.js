/**
 * The page without a network, and its versions: `sw.js` keeps a whole version, and this asks for it, says when a newer
 * one is there, and takes all of it away again.
 */
import { script } from "./early.js";

/** Where the pages of the site stand, four folders above this file. */
const ROOT = new URL("../../../../", import.meta.url);
/** Whether the visitor wants the page kept; what is not said is yes. */
const KEY = "saddle-offline";
/** What the page keeps in this browser, by the beginning of its name. */
const OURS = "saddle-";

/** The version that this page is of, as its build has written it. */
export const version = meta("saddle-version") ?? "dev";

/** @param {string} name */
export function meta(name) {
  return document.querySelector(`meta[name="${name}"]`)?.getAttribute("content") ?? null;
}

/** Whether there can be a service worker: not in some private windows, and not for a page that is being edited, unless
 *  `?offline` asks for it. */
export function possible() {
  const edited = version === "dev" || ["127.0.0.1", "localhost"].includes(location.hostname);
  return "serviceWorker" in navigator && window.isSecureContext && (!edited || new URLSearchParams(location.search).has("offline"));
}

/** @returns {boolean} */
export function wanted() {
  try {
    return localStorage.getItem(KEY) !== "off";
  } catch {
    return false;
  }
}

/**
 * Keeps this version for visits without a network.
 * @param {() => void} newer a version that is not this page's is there, whole
 */
export async function keep(newer) {
  if (!possible() || !wanted()) return;
  // Whoever asks to save data is not sent what they may never look at. Only Chromium knows of it.
  if (/** @type {{connection?: {saveData?: boolean}}} */ (navigator).connection?.saveData) return;
  try {
    const found = await navigator.serviceWorker.register(script(new URL("sw.js", ROOT)), { scope: ROOT.pathname, updateViaCache: "none" });
    found.active?.postMessage({ type: "mend" });
    const tell = async (/** @type {ServiceWorker} */ worker) => {
      if ((await versionOf(worker)) !== version) newer();
    };
    if (found.waiting) void tell(found.waiting);
    found.addEventListener("updatefound", () => {
      const next = found.installing;
      next?.addEventListener("statechange", () => next.state === "installed" && void tell(next));
    });
  } catch (error) {
    // The page works without; it says nothing that the visitor could not do anything about.
    console.warn("not kept for visits without a network:", error);
  }
}

/** @param {ServiceWorker} worker @returns {Promise<string>} the version that it keeps: a page from the network may have it already */
function versionOf(worker) {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => resolve(data);
    worker.postMessage({ type: "version" }, [port2]);
  });
}

/** Whether the host has another version by now, so that what this page has not loaded yet may be gone. */
export async function replaced() {
  try {
    const page = await (await fetch(new URL("index.html", ROOT), { cache: "no-store" })).text();
    const published = /<meta name="saddle-version" content="([^"]+)"/.exec(page)?.[1];
    return published !== undefined && published !== version;
  } catch {
    return false;
  }
}

/** Gives the page to the version that waits, and loads it. What trains is kept by its own worker. */
export async function takeNewer() {
  const found = await navigator.serviceWorker.getRegistration(ROOT.href);
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
  if (found?.waiting) found.waiting.postMessage({ type: "take-over" });
  else location.reload();
}

/** @param {boolean} on whether the page is kept from now on */
export async function choose(on) {
  localStorage.setItem(KEY, on ? "on" : "off");
  if (on) return;
  const found = await navigator.serviceWorker?.getRegistration(ROOT.href);
  await found?.unregister();
  await remove((name) => name.startsWith("saddle-page-"));
}

/** Takes away all that the page keeps in this browser: itself, MNIST, runs and choices. */
export async function forget() {
  const found = await navigator.serviceWorker?.getRegistration(ROOT.href);
  await found?.unregister();
  await remove((name) => name.startsWith(OURS));
  const databases = (await indexedDB.databases?.()) ?? [{ name: "saddle-runs-1" }];
  for (const { name } of databases) if (name?.startsWith(OURS)) indexedDB.deleteDatabase(name);
  for (const key of Object.keys(localStorage)) if (key.startsWith("saddle")) localStorage.removeItem(key);
}

/** @param {(name: string) => boolean} which */
async function remove(which) {
  if (!("caches" in window)) return;
  const names = await caches.keys();
  await Promise.all(names.filter(which).map((name) => caches.delete(name)));
}

/** Bytes that the browser says the page has kept; null where it does not say. */
export async function used() {
  const estimate = await navigator.storage?.estimate?.().catch(() => null);
  return estimate?.usage ?? null;
}
