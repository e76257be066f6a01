import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { settled } from "./fake_worker.js";

/** @typedef {import("../../www/mnist/run_database.js").SavedRun} SavedRun */

/** A request of the store, answered a little later. @param {() => unknown} act */
function request(act) {
  /** @type {any} */
  const made = {};
  queueMicrotask(() => {
    made.result = act();
    made.onsuccess?.();
  });
  return made;
}

/** Stands in for IndexedDB, as far as runs are saved in it. */
class FakeBase {
  /** @type {Map<string, Map<string, any>>} */
  stores = new Map(["runs", "bytes", "curves"].map((name) => [name, new Map()]));
  closed = false;
  /** @type {string | null} */
  full = null;
  /** @type {(() => void) | undefined} */
  onversionchange;
  /** @type {(() => void) | undefined} */
  onclose;

  close() {
    this.closed = true;
  }

  transaction() {
    if (this.closed) throw new DOMException("it is closed", "InvalidStateError");
    /** @type {any} */
    const transaction = {
      objectStore: (/** @type {string} */ name) => {
        const store = /** @type {Map<string, any>} */ (this.stores.get(name));
        return {
          put: (/** @type {unknown} */ value, /** @type {string} */ key) => request(() => this.full ?? store.set(key, structuredClone(value))),
          get: (/** @type {string} */ key) => request(() => store.get(key)),
          getKey: (/** @type {string} */ key) => request(() => (store.has(key) ? key : undefined)),
          getAll: () => request(() => [...store.values()]),
          delete: (/** @type {string} */ key) => request(() => store.delete(key)),
        };
      },
    };
    setImmediate(() => {
      if (this.full) transaction.error = new DOMException("no room", this.full);
      if (this.full) transaction.onabort();
      else transaction.oncomplete();
    });
    return transaction;
  }
}

/** @type {(request: any) => void} what happens when the store is asked for */
let onOpen = () => undefined;
let opens = 0;
Object.assign(globalThis, {
  indexedDB: {
    open: () => {
      opens += 1;
      /** @type {any} */
      const made = {};
      queueMicrotask(() => onOpen(made));
      return made;
    },
  },
});
const database = await import("../../www/mnist/run_database.js");
const { bytesOf, curvesOf, drop, list, saveCurves, saveRun, stale, worthKeeping } = database;

let base = new FakeBase();
const succeed = (/** @type {any} */ made) => {
  made.result = base;
  made.onsuccess();
};
beforeEach(async () => {
  // Whatever the last test had open is closed by the browser.
  base.onclose?.();
  base = new FakeBase();
  [onOpen, opens] = [succeed, 0];
});

/** @param {string} id @param {number} when @param {number} seconds @returns {SavedRun} */
const run = (id, when, seconds) => ({ id, when, step: seconds * 10, preset: "tiny", seed: 1, bytes: 3, seconds });

test("an hour's run is not dropped for short ones, however many begin after it", async () => {
  await saveRun(run("hour", 1, 3600), Uint8Array.of(1, 2, 3));
  for (let i = 0; i < 6; i += 1) await saveRun(run(`short ${i}`, 2 + i, 1), Uint8Array.of(i));
  assert.deepEqual((await list()).map(({ id }) => id), ["short 5", "short 4", "hour"]);
  assert.deepEqual(await bytesOf("hour"), Uint8Array.of(1, 2, 3));
  assert.equal(await bytesOf("short 0"), undefined);
});

test("what makes way for a run never has much training behind it", () => {
  const runs = [run("a", 9, 2), run("b", 8, 600), run("c", 7, 3), run("d", 6, 90), run("e", 5, 4)];
  assert.deepEqual(stale(runs, run("new", 10, 1)).map(({ id }) => id), ["c", "e"]);
  assert.deepEqual(stale(runs, run("b", 10, 601)).map(({ id }) => id), ["e"]);
  assert.deepEqual(stale(runs, run("a", 10, 3)).map(({ id }) => id), ["e"]);
  // Of runs of earlier versions the steps are known.
  const { seconds: _, ...old } = run("old", 1, 100);
  assert.ok(worthKeeping(old));
  assert.ok(!worthKeeping({ ...old, step: 20 }));
});

test("a store that did not open is asked for again", async () => {
  onOpen = (made) => {
    made.error = new DOMException("try later", "UnknownError");
    made.onerror();
  };
  await assert.rejects(list(), { name: "UnknownError" });
  onOpen = (made) => made.onblocked();
  await assert.rejects(list(), /another tab/);
  onOpen = succeed;
  assert.deepEqual(await list(), []);
  assert.equal(opens, 3);
});

test("a later version of the page is let in, and this one opens the store again", async () => {
  await saveRun(run("a", 1, 1), new Uint8Array(1));
  base.onversionchange?.();
  assert.ok(base.closed, "the later version would wait for ever");
  base.closed = false;
  assert.equal((await list()).length, 1);
  assert.equal(opens, 2);
  // The browser may close it, too.
  base.onclose?.();
  await list();
  assert.equal(opens, 3);
});

test("a full browser is an error with its name, and what was saved stays", async () => {
  await saveRun(run("a", 1, 100), Uint8Array.of(7));
  base.full = "QuotaExceededError";
  await assert.rejects(saveRun(run("b", 2, 1), new Uint8Array(9)), { name: "QuotaExceededError" });
  base.full = null;
  assert.deepEqual(await bytesOf("a"), Uint8Array.of(7));
});

test("curves that come when their run has been dropped are dropped, too", async () => {
  await saveRun(run("a", 1, 1), new Uint8Array(1));
  await saveCurves("a", { step: 1 });
  assert.deepEqual(await curvesOf("a"), { step: 1 });
  await drop("a");
  await saveCurves("a", { step: 2 });
  assert.equal(await curvesOf("a"), undefined);
});

test("one tab at a time owns a run, until it lets go", async () => {
  /** @type {Map<string, Promise<void>>} */
  const held = new Map();
  const locks = {
    /** @param {string} name @param {{signal: AbortSignal}} how @param {() => Promise<void>} act */
    request: async (name, { signal }, act) => {
      while (held.has(name)) {
        await Promise.race([held.get(name), new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)))]);
      }
      const done = act();
      held.set(name, done);
      await done;
      held.delete(name);
    },
    query: async () => ({ held: [...held.keys()].map((name) => ({ name })) }),
  };
  Object.defineProperty(globalThis, "navigator", { value: { locks }, configurable: true });
  const { own, owned } = await import("../../www/mnist/owner.js");
  const release = await own("a");
  assert.ok(release);
  assert.ok((await owned())("a") && !(await owned())("b"));
  assert.equal(await own("a"), null, "another tab");
  const soon = own("a");
  release();
  await settled();
  const next = await soon;
  assert.ok(next, "a worker that has just been ended lets go a moment later");
  next();
});
