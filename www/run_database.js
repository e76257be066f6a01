/**
 * Runs that are saved in this browser by themselves (IndexedDB), for going on after a reload or a crash. The training
 * worker writes them, so that the page never holds a file of many megabytes; the page lists and drops them.
 */

/**
 * @typedef {object} SavedRun
 * @property {string} id       of the run
 * @property {number} when     milliseconds since 1970
 * @property {number} step
 * @property {string} preset
 * @property {number} seed
 * @property {number} bytes    length of the file, as `Trainer.save` makes it
 */

const NAME = "saddle-runs-1";
/** Runs that stay: the one under way and the one before it. */
const MOST = 2;

/** @type {Promise<IDBDatabase> | null} */
let opened = null;

/** @returns {Promise<IDBDatabase>} */
function open() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      for (const store of ["runs", "bytes", "curves"]) request.result.createObjectStore(store);
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("blocked by another tab"));
  });
  return opened;
}

/**
 * @template T
 * @param {readonly string[]} stores @param {IDBTransactionMode} mode
 * @param {(store: (name: string) => IDBObjectStore) => IDBRequest<T> | void} act
 * @returns {Promise<T | undefined>} what the request gave, once all of it is written
 */
async function within(stores, mode, act) {
  const base = await open();
  return new Promise((resolve, reject) => {
    const transaction = base.transaction(stores, mode);
    const request = act((name) => transaction.objectStore(name));
    transaction.oncomplete = () => resolve(request?.result);
    transaction.onabort = () => reject(transaction.error ?? new Error("the browser gave up"));
  });
}

/** @param {SavedRun} run @param {Uint8Array} bytes the older runs beyond the last two go */
export async function saveRun(run, bytes) {
  const stale = (await list()).filter(({ id }) => id !== run.id).slice(MOST - 1);
  await within(["runs", "bytes", "curves"], "readwrite", (store) => {
    for (const { id } of stale) for (const name of ["runs", "bytes", "curves"]) store(name).delete(id);
    store("runs").put(run, run.id);
    store("bytes").put(bytes, run.id);
  });
}

/** @returns {Promise<SavedRun[]>} newest first */
export async function list() {
  /** @type {SavedRun[]} */
  const runs = (await within(["runs"], "readonly", (store) => store("runs").getAll())) ?? [];
  return runs.sort((a, b) => b.when - a.when);
}

/** @param {string} id @returns {Promise<Uint8Array | undefined>} the file of a run */
export const bytesOf = (id) => within(["bytes"], "readonly", (store) => store("bytes").get(id));

/** @param {string} id @param {unknown} curves plain data */
export const saveCurves = (id, curves) => within(["curves"], "readwrite", (store) => void store("curves").put(curves, id));

/** @param {string} id */
export const curvesOf = (id) => within(["curves"], "readonly", (store) => store("curves").get(id));

/** @param {string} id */
export const drop = (id) =>
  within(["runs", "bytes", "curves"], "readwrite", (store) => {
    for (const name of ["runs", "bytes", "curves"]) store(name).delete(id);
  });
