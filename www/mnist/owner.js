/**
 * Who may write a saved run: one tab at a time (Web Locks). A lock ends with the tab or worker that holds it, however
 * that ends.
 */

/** Milliseconds that one may take to be released, by a worker that has just been ended. */
const PATIENCE = 2000;

/** @param {string} run its id */
const nameOf = (run) => `saddle-run-${run}`;

/**
 * @param {string} run its id
 * @returns {Promise<(() => void) | null>} releases it; null: another tab has it
 */
export function own(run) {
  const { locks } = navigator;
  // Without locks nobody can know.
  if (locks === undefined) return Promise.resolve(() => undefined);
  return new Promise((resolve) => {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), PATIENCE);
    locks.request(nameOf(run), { signal: stop.signal }, () => {
      clearTimeout(timer);
      return new Promise((/** @type {(value: void) => void} */ release) => resolve(() => release()));
    }).catch(() => resolve(null));
  });
}

/** @returns {Promise<(run: string) => boolean>} whether any tab has it now */
export async function owned() {
  const held = (await navigator.locks?.query().catch(() => null))?.held ?? [];
  const names = new Set(held.map(({ name }) => name));
  return (run) => names.has(nameOf(run));
}
