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
 * @property {number} [seconds] of training behind it; missing in runs of earlier versions
 */

const NAME = "saddle-runs-1";
const STORES = /** @type {const} */ (["runs", "bytes", "curves"]);
/** Runs without much training that stay, the one under way included. */
const SHORT_RUNS = 2;
/** Seconds of training from which on a run goes only when the visitor says so; steps, where seconds are not known. */
const WORTH = Object.freeze({ seconds: 60, steps: 500 });

/** @param {SavedRun} run @returns {boolean} whether it is lost only by the visitor's own word */
export const worthKeeping = ({ seconds, step }) => (seconds === undefined ? step >= WORTH.steps : seconds >= WORTH.seconds);

/**
 * @param {readonly SavedRun[]} runs newest first @param {SavedRun} under the one that is being saved
 * @returns {SavedRun[]} those that make way for it: never one with much training behind it
 */
export function stale(runs, under) {
  const short = runs.filter((run) => run.id !== under.id && !worthKeeping(run));
  return short.slice(worthKeeping(under) ? SHORT_RUNS : SHORT_RUNS - 1);
}

/** @type {Promise<IDBDatabase> | null} */
let opened = null;

/** @returns {Promise<IDBDatabase>} opened anew after a failure, and after another tab or the browser has closed it */
function open() {
  if (opened !== null) return opened;
  const opening = new Promise((/** @type {(base: IDBDatabase) => void} */ resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      for (const store of STORES) request.result.createObjectStore(store);
    };
    request.onsuccess = () => {
      const base = request.result;
      const forget = () => opened === opening && (opened = null);
      // A later version of the page waits for this one to let go.
      base.onversionchange = () => {
        base.close();
        forget();
      };
      base.onclose = forget;
      resolve(base);
    };
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("another tab with an earlier version of this page holds the store; close it"));
  });
  opened = opening;
  opening.catch(() => opened === opening && (opened = null));
  return opening;
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

/** @param {SavedRun} run @param {Uint8Array} bytes older runs without much training go */
export async function saveRun(run, bytes) {
  const gone = stale(await list(), run);
  await within(STORES, "readwrite", (store) => {
    for (const { id } of gone) for (const name of STORES) store(name).delete(id);
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

/**
 * Beside a run that is there: what comes late, when it has been dropped, is dropped too.
 * @param {string} id @param {unknown} curves plain data
 */
export const saveCurves = (id, curves) =>
  within(STORES, "readwrite", (store) => {
    const there = store("runs").getKey(id);
    there.onsuccess = () => {
      if (there.result !== undefined) store("curves").put(curves, id);
    };
  });

/** @param {string} id */
export const curvesOf = (id) => within(["curves"], "readonly", (store) => store("curves").get(id));

/** @param {string} id */
export const drop = (id) =>
  within(STORES, "readwrite", (store) => {
    for (const name of STORES) store(name).delete(id);
  });
