/**
 * Fetches MNIST: streams each gzipped IDX file, counts its bytes, caches it as it came, unzips it. What is
 * in the bytes is Rust's to check.
 */

import { download, Stalled } from "./download.js";

/** @typedef {import("../protocol.d.ts").DataFault} DataFault */

/**
 * @typedef {object} Entry  one file of `pkg/data/manifest.json`
 * @property {string} name       the IDX file's name; the gzipped file is `pkg/data/NAME.gz`
 * @property {number} bytes      after gunzip
 * @property {number} gzipBytes  on the wire
 */

const FOLDER = new URL("../../../../pkg/data/", import.meta.url);
const CACHE = "saddle-mnist-1";
/** What training reads; the test files wait until something asks for them. */
const WANTED = ["train-images-idx3-ubyte", "train-labels-idx1-ubyte"];

/** Carries a fault to where it is shown. */
export class DataError extends Error {
  /** @param {DataFault} fault */
  constructor(fault) {
    super(fault.detail);
    this.fault = fault;
  }
}

/**
 * @param {{
 *   cachedOnly: boolean,
 *   signal: AbortSignal,
 *   progress: (file: string, received: number, total: number) => void,
 *   check: (name: string, bytes: Uint8Array) => void,
 * }} options signal: nobody wants them any more; check throws when the bytes are not what they should be
 * @returns {Promise<{files: Uint8Array[], bytes: number, cached: boolean, kept: boolean} | null>} the wanted files
 *   in their order; cached: all were there already; kept: all are now; null when cachedOnly and one of them is not in the cache
 */
export async function load({ cachedOnly, signal, progress, check }) {
  const cache = await openCache();
  const manifest = await readManifest(cache, cachedOnly, signal);
  if (manifest === null) return null;
  const entries = WANTED.map((name) => manifest.find((entry) => entry.name === name) ?? missing(name));
  const total = entries.reduce((sum, entry) => sum + entry.gzipBytes, 0);
  let before = 0;
  let cached = true;
  let kept = cache !== null;
  const files = [];
  for (const entry of entries) {
    const file = `${entry.name}.gz`;
    const address = new URL(file, FOLDER).href;
    let packed = await fromCache(cache, address);
    const fresh = packed === null;
    if (packed === null) {
      if (cachedOnly) return null;
      cached = false;
      packed = await whole(address, entry, signal, (received) => progress(file, before + received, total));
    }
    try {
      const bytes = await gunzip(packed, entry);
      checked(entry, bytes, check);
      files.push(bytes);
    } catch (error) {
      // Whatever is wrong with it must not come back from the cache at the next try.
      await cache?.delete(address);
      throw error;
    }
    // Where storage is full or forbidden they are fetched again next time, and the page says so.
    if (fresh) kept &&= (await cache?.put(address, new Response(packed)).then(() => true, () => false)) ?? false;
    before += entry.gzipBytes;
    progress(file, before, total);
  }
  return { files, bytes: total, cached, kept };
}

/** @returns {Promise<Cache | null>} null where the browser forbids it: the files are then fetched each time */
async function openCache() {
  try {
    return await caches.open(CACHE);
  } catch {
    return null;
  }
}

/** @param {Cache | null} cache @param {boolean} cachedOnly @param {AbortSignal} signal @returns {Promise<Entry[] | null>} */
async function readManifest(cache, cachedOnly, signal) {
  const address = new URL("manifest.json", FOLDER).href;
  const stored = await cache?.match(address).catch(() => undefined);
  if (cachedOnly && !stored) return null;
  const response = stored && cachedOnly ? stored : await reach(address, "manifest.json", signal).catch((error) => {
    // Without a network, what is kept here is whole.
    if (stored && error instanceof DataError && ["network", "stalled"].includes(error.fault.kind)) return stored;
    throw error;
  });
  const copy = response.clone();
  try {
    const files = await response.json();
    if (!Array.isArray(files)) throw new Error("it is not a list of files");
    await cache?.put(address, copy).catch(() => undefined);
    return files;
  } catch (error) {
    throw signal.aborted ? signal.reason : faultOf(error, "damaged", "manifest.json");
  }
}

/** @param {string} name @returns {never} */
function missing(name) {
  throw new DataError({ kind: "missing", file: name, detail: "not listed in manifest.json" });
}

/** @param {Cache | null} cache @param {string} address @returns {Promise<Uint8Array<ArrayBuffer> | null>} */
async function fromCache(cache, address) {
  const response = await cache?.match(address).catch(() => undefined);
  return response ? new Uint8Array(await response.arrayBuffer()) : null;
}

/** @param {unknown} error @param {DataFault["kind"]} kind what it is, unless it says of itself that it stalled @param {string} file */
function faultOf(error, kind, file) {
  if (error instanceof Stalled) return new DataError({ kind: "stalled", file, detail: error.message });
  return new DataError({ kind, file, detail: String(error) });
}

/** @param {string} address @param {string} file @param {AbortSignal} signal */
async function reach(address, file, signal) {
  let response;
  try {
    response = await download(address, signal);
  } catch (error) {
    throw signal.aborted ? signal.reason : faultOf(error, "network", file);
  }
  if (!response.ok) {
    throw new DataError({ kind: "missing", file, detail: `${response.status} ${response.statusText}`.trim() });
  }
  return response;
}

/**
 * @param {string} address @param {Entry} entry @param {AbortSignal} signal @param {(received: number) => void} progress
 * @returns {Promise<Uint8Array<ArrayBuffer>>} the file as it came, of the length that the manifest states
 */
async function whole(address, entry, signal, progress) {
  const file = `${entry.name}.gz`;
  const response = await reach(address, file, signal);
  const chunks = [];
  let received = 0;
  try {
    // Not every browser can iterate over a stream.
    const reader = /** @type {ReadableStream<Uint8Array<ArrayBuffer>>} */ (response.body).getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      chunks.push(part.value);
      received += part.value.length;
      progress(Math.min(received, entry.gzipBytes));
    }
  } catch (error) {
    throw signal.aborted ? signal.reason : faultOf(error, "truncated", file);
  }
  // A host that declares .gz files as encoded makes the browser unzip them on the way.
  const expected = isGzip(chunks[0]) ? entry.gzipBytes : entry.bytes;
  if (received !== expected) {
    const kind = received < expected ? "truncated" : "damaged";
    throw new DataError({ kind, file, detail: `${received} bytes instead of ${expected}` });
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

/** @param {Uint8Array | undefined} bytes */
function isGzip(bytes) {
  return bytes !== undefined && bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** @param {Uint8Array<ArrayBuffer>} packed @param {Entry} entry */
async function gunzip(packed, entry) {
  if (!isGzip(packed)) return packed;
  try {
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch (error) {
    throw new DataError({ kind: "damaged", file: `${entry.name}.gz`, detail: String(error) });
  }
}

/** @param {Entry} entry @param {Uint8Array} bytes @param {(name: string, bytes: Uint8Array) => void} check */
function checked(entry, bytes, check) {
  try {
    check(entry.name, bytes);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new DataError({ kind: "damaged", file: `${entry.name}.gz`, detail });
  }
}
