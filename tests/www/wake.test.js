import assert from "node:assert/strict";
import { test } from "node:test";
import { keepAwake } from "../../www/mnist/wake.js";

/** Locks that are held and not given back. */
let held = 0;
const lock = () => {
  let released = false;
  held += 1;
  return { release: async () => {
    held -= released ? 0 : 1;
    released = true;
  } };
};
const page = Object.assign(new EventTarget(), { hidden: false });
/** @param {unknown} wakeLock */
function begin(wakeLock) {
  held = 0;
  page.hidden = false;
  Object.defineProperty(globalThis, "document", { value: page, configurable: true });
  Object.defineProperty(globalThis, "navigator", { value: { wakeLock }, configurable: true });
  /** @type {any} */
  const lab = { snapshot: { train: { phase: "paused" } }, watch: (/** @type {unknown} */ _, /** @type {() => void} */ act) => (lab.act = act) };
  keepAwake(lab);
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return {
    phase: (/** @type {string} */ phase) => (lab.snapshot = { train: { phase } }, lab.act(), settled()),
    hide: (/** @type {boolean} */ hidden) => (page.hidden = hidden, page.dispatchEvent(new Event("visibilitychange")), settled()),
  };
}

test("the screen stays on while a run is played and seen, and the lock is given back when it is paused or hidden", async () => {
  const { phase, hide } = begin({ request: async () => lock() });
  await phase("creating");
  assert.equal(held, 0);
  await phase("playing");
  assert.equal(held, 1);
  await hide(true);
  assert.equal(held, 0);
  await phase("paused");
  await phase("playing");
  assert.equal(held, 0, "nobody looks at it");
  await hide(false);
  assert.equal(held, 1);
  await phase("paused");
  assert.equal(held, 0);
});

test("a lock that comes after the pause is given back at once", async () => {
  /** @type {(lock: unknown) => void} */
  let give = () => undefined;
  const { phase } = begin({ request: () => new Promise((resolve) => (give = resolve)) });
  await phase("playing");
  await phase("paused");
  give(lock());
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(held, 0);
});

test("a browser that has no lock, or gives none, trains all the same", async () => {
  for (const none of [undefined, { request: async () => Promise.reject(new DOMException("low power", "NotAllowedError")) }]) {
    const { phase, hide } = begin(none);
    await phase("playing");
    await hide(true);
    await phase("failed");
  }
});
