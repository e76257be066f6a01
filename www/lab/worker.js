import { take } from "../workers/early.js";

/** Failures in a row after which no other worker is started. */
const MOST_FAILURES = 3;

/**
 * The page's handle on one worker. A worker fails when its module panics, or when its script does not load or throws:
 * then it is terminated, and another can be started.
 * @template Command, Event
 */
export class WorkerHandle {
  /** @type {Worker | null} */
  #worker = null;
  /** Whether this worker has been sent its first command, "open", before the page was there. */
  openSent = false;
  /** In a row, since it last did what it is for. */
  #failures = 0;

  /**
   * @param {string} script file in `www/workers/`
   * @param {(event: Event) => void} hear
   * @param {(reason: string, again: boolean) => void} failed the worker is gone; again: worth starting another
   */
  constructor(script, hear, failed) {
    this.script = script;
    this.hear = hear;
    this.failed = failed;
  }

  /** Starts a worker in place of the one there was. */
  start() {
    this.#worker?.terminate();
    const early = take(this.script);
    const worker = early?.worker ?? new Worker(new URL(`../workers/${this.script}`, import.meta.url), { type: "module" });
    this.openSent = early !== null;
    worker.onmessage = ({ data }) => {
      if (worker !== this.#worker) return;
      if (data.type === "failure" && data.panic) this.#fail(data.message);
      else this.hear(data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      if (worker === this.#worker) this.#fail(event.message || `www/workers/${this.script} did not load`);
    };
    this.#worker = worker;
    const heard = /** @type {Event[]} */ (/** @type {unknown} */ (early?.heard ?? []));
    queueMicrotask(() => heard.forEach((data) => worker.onmessage?.(new MessageEvent("message", { data }))));
  }

  /** @param {Command} command @param {Transferable[]} [transfer] */
  send(command, transfer = []) {
    this.#worker?.postMessage(command, transfer);
  }

  /** It did what it is for: failures from now on count from one. */
  resetFailures() {
    this.#failures = 0;
  }

  get running() {
    return this.#worker !== null;
  }

  /** @param {string} reason */
  #fail(reason) {
    this.#worker?.terminate();
    this.#worker = null;
    this.#failures += 1;
    this.failed(reason, this.#failures < MOST_FAILURES);
  }
}
