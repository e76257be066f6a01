import { take } from "../workers/early.js";

/**
 * One worker that is replaced when it dies.
 * @template Command, Event
 */
export class Crew {
  /** @type {Worker | null} */
  #worker = null;
  /** Whether somebody else has told this worker to open. */
  begun = false;
  /** Deaths since the last sign of health. */
  #deaths = 0;

  /**
   * @param {string} script file in `www/workers/`
   * @param {(event: Event) => void} hear
   * @param {(reason: string, again: boolean) => void} mourn again: worth another try
   */
  constructor(script, hear, mourn) {
    this.script = script;
    this.hear = hear;
    this.mourn = mourn;
  }

  /** Starts a worker in place of the one there was. */
  hire() {
    this.#worker?.terminate();
    const early = take(this.script);
    const worker = early?.worker ?? new Worker(new URL(`../workers/${this.script}`, import.meta.url), { type: "module" });
    this.begun = early !== null;
    worker.onmessage = ({ data }) => {
      if (worker !== this.#worker) return;
      if (data.type === "failure" && data.panic) this.#died(data.message);
      else this.hear(data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      if (worker === this.#worker) this.#died(event.message || `www/workers/${this.script} did not load`);
    };
    this.#worker = worker;
    const heard = /** @type {Event[]} */ (/** @type {unknown} */ (early?.heard ?? []));
    queueMicrotask(() => heard.forEach((data) => worker.onmessage?.(new MessageEvent("message", { data }))));
  }

  /** @param {Command} command @param {Transferable[]} [transfer] */
  send(command, transfer = []) {
    this.#worker?.postMessage(command, transfer);
  }

  /** It did what it is for: deaths from now on count from one. */
  healthy() {
    this.#deaths = 0;
  }

  get alive() {
    return this.#worker !== null;
  }

  /** @param {string} reason */
  #died(reason) {
    this.#worker?.terminate();
    this.#worker = null;
    this.#deaths += 1;
    this.mourn(reason, this.#deaths <= 2);
  }
}
