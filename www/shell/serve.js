/**
 * The worker's side of a line (`line.js`): takes questions one after the other, answers each by its id, and says what
 * went wrong with which. What a panic leaves behind is not trusted: the page is told that this is the end.
 */
import { failure, listenForPanics } from "./open.js";

/** @typedef {import("./wire.d.ts").Sent} Sent */
/** @typedef {import("./wire.d.ts").Heard} Heard */

/** An answer some of whose buffers are handed over, not copied. */
class Handed {
  /** @param {unknown} answer @param {Transferable[]} transfer */
  constructor(answer, transfer) {
    this.answer = answer;
    this.transfer = transfer;
  }
}

/**
 * @template T
 * @param {T} answer @param {Transferable[]} transfer
 * @returns {T} to be returned by a handler
 */
export const handed = (answer, transfer) => /** @type {T} */ (/** @type {unknown} */ (new Handed(answer, transfer)));

/**
 * @template {{[K in keyof Q]: import("./wire.d.ts").Question}} Q
 * @param {import("./wire.d.ts").Handlers<Q>} handlers
 * @param {(type: keyof Q) => boolean} [beside] asked when a question arrives: whether it does not wait for those before it
 * @returns {{news: (news: unknown, transfer?: Transferable[]) => void, end: (error: unknown) => void}}
 *   news: says something that nobody asked for; end: of an error after which nothing can go on
 */
export function serve(handlers, beside = () => false) {
  const scope = /** @type {{postMessage(message: Heard, transfer?: Transferable[]): void, onmessage: unknown,
    addEventListener(type: "unhandledrejection", listener: (event: PromiseRejectionEvent) => void): void}} */ (/** @type {unknown} */ (self));
  /** Questions wait for each other: no two touch the module at once. @type {Promise<unknown>} */
  let queue = Promise.resolve();
  /** @type {Map<number, AbortController>} */
  const stops = new Map();
  const say = (/** @type {Heard} */ heard, /** @type {Transferable[]} */ transfer = []) => scope.postMessage(heard, transfer);
  const end = (/** @type {unknown} */ error) => say({ end: { ...failure(error), panic: true } });

  /** @param {Extract<Sent, {type: string}>} sent @param {AbortSignal} signal */
  async function answer({ id, type, asks }, signal) {
    try {
      signal.throwIfAborted();
      const handler = handlers[/** @type {keyof Q} */ (type)];
      const found = await handler(/** @type {any} */ (asks), { signal, progress: (progress, transfer) => say({ id, progress }, transfer) });
      if (found instanceof Handed) say({ id, answer: found.answer }, found.transfer);
      else say({ id, answer: found });
    } catch (error) {
      say({ id, failure: failure(error) });
    } finally {
      stops.delete(id);
    }
  }

  listenForPanics();
  scope.addEventListener("unhandledrejection", ({ reason }) => end(reason));
  scope.onmessage = (/** @type {MessageEvent<Sent>} */ { data }) => {
    if ("abort" in data) return stops.get(data.id)?.abort();
    const stop = new AbortController();
    stops.set(data.id, stop);
    if (beside(/** @type {keyof Q} */ (data.type))) void answer(data, stop.signal);
    else queue = queue.then(() => answer(data, stop.signal));
  };
  return { news: (news, transfer) => say({ news }, transfer), end };
}
