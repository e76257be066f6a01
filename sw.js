// The page without a network. Each build writes its own copy of this file, with its version and the files of that
// version in place of the two marks; a version is served whole or not at all, since each of its files has the version
// in its address. Data keep the cache of their own (`dataset.js`).

/** @typedef {{ address: string, bytes: number }} File */

const VERSION = "{{version}}";
/** Everything that every visit needs; the module for WebGPU and the largest networks are kept once they are fetched.
 *  @type {File[]} */
const FILES = JSON.parse('{{files}}');

const PREFIX = "saddle-page-";
const CACHE = PREFIX + VERSION;
/** How long a page is waited for before the kept one is shown, ms. */
const PATIENCE = 3000;

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const scope = new URL(worker.registration.scope);

worker.addEventListener("install", (event) => event.waitUntil(install()));
worker.addEventListener("activate", (event) => event.waitUntil(removeOthers()));
worker.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== scope.origin || !url.pathname.startsWith(scope.pathname)) return;
  const path = url.pathname.slice(scope.pathname.length);
  if (event.request.mode === "navigate" && /^((zh|stage)\/?)?(index\.html)?$/.test(path)) event.respondWith(page(event.request, path));
  else if (path.startsWith("v/")) event.respondWith(versioned(event.request, path));
});
worker.addEventListener("message", (event) => {
  if (event.data?.type === "version") event.ports[0]?.postMessage(VERSION);
  if (event.data?.type === "mend") event.waitUntil(mend());
  if (event.data?.type === "take-over") worker.skipWaiting();
});

/** All files or none: where one is missing or is not of this version, it is not installed, and the one that is there
 *  goes on. */
async function install() {
  const cache = await caches.open(CACHE);
  try {
    for (const file of FILES) await add(cache, file);
  } catch (error) {
    await caches.delete(CACHE);
    throw error;
  }
}

/** Fetches again what a browser has cleared from the cache; what does not come is asked for when it is needed. */
async function mend() {
  const cache = await caches.open(CACHE);
  for (const file of FILES) await add(cache, file).catch(() => undefined);
}

/** @param {Cache} cache @param {File} file */
async function add(cache, { address: path, bytes }) {
  if (await cache.match(address(path))) return;
  const versioned = path.startsWith("v/");
  // What the visit has fetched under an address with a version need not come twice.
  const response = await fetch(address(path), { cache: versioned ? "default" : "no-cache" });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  const body = await response.clone().blob();
  if (body.size !== bytes) throw new Error(`${path} has ${body.size} bytes, of ${bytes}`);
  // A page has one address in all versions, and its host may have the next one already.
  if (!versioned && !(await body.text()).includes(`content="${VERSION}"`)) throw new Error(`${path} is of another version`);
  await cache.put(address(path), response);
}

/** Runs when no page of another version is open any more. */
async function removeOthers() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
}

/**
 * The newest page there is, and without a network the one that is kept.
 * @param {Request} request
 * @param {string} path below the scope, without the hash
 */
async function page(request, path) {
  const kept = await caches.match(address(entry(path)), { cacheName: CACHE });
  if (!kept) return fetch(request);
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE, kept.clone()));
  const fresh = fetch(request).then((response) => (response.status >= 500 ? kept : response));
  return /** @type {Promise<Response>} */ (Promise.race([fresh, late]).catch(() => kept));
}

/**
 * The entry page that an address means.
 * @param {string} path
 */
function entry(path) {
  return path.startsWith("zh") ? "zh/index.html" : path.startsWith("stage") ? "stage/index.html" : "index.html";
}

/**
 * A file with a version in its address never changes: from the cache, else from the network and kept from then on.
 * @param {Request} request
 * @param {string} path
 */
async function versioned(request, path) {
  const kept = await caches.match(request, { ignoreSearch: true });
  if (kept) return kept;
  const response = await fetch(request);
  // Of other versions, which an open page may still load from, nothing is kept: they are on their way out.
  if (response.ok && path.startsWith(`v/${VERSION}/`)) {
    const cache = await caches.open(CACHE);
    // A full disk is no reason to fail.
    await cache.put(request, response.clone()).catch(() => {});
  }
  return response;
}

/** @param {string} path below the scope */
function address(path) {
  return new URL(path, scope).href;
}
