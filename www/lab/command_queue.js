import { WorkerHandle } from "./worker.js";

/** @typedef {import("../protocol.d.ts").GameCommand} Command */
/** @typedef {import("../protocol.d.ts").GameEvent} Event */

/**
 * One command at a time: the next is made when the last has been answered, so that it starts from where the game is
 * then.
 */
export class CommandQueue {
  /** @type {WorkerHandle<Command, Event>} */
  #worker;
  /** @type {{make: () => Command, passing: boolean}[]} */
  #queue = [];
  #waiting = false;
  /** What is on its way answers a command of a run that is no more. */
  #stale = false;

  /** @param {(event: Event) => void} hear @param {(reason: string, again: boolean) => void} failed */
  constructor(hear, failed) {
    this.#worker = new WorkerHandle("game.js", (event) => {
      this.#waiting = false;
      const stale = this.#stale && (event.type === "moment" || event.type === "panels");
      this.#stale = false;
      if (!stale) hear(event);
      this.#send();
    }, (reason, again) => {
      this.#queue = [];
      failed(reason, again);
    });
  }

  /** Starts a worker; it takes commands when its module is there. */
  open() {
    this.#worker.start();
    this.#waiting = true;
    this.#stale = false;
    if (!this.#worker.openSent) this.#worker.send({ type: "open", hash: null });
  }

  resetFailures() {
    this.#worker.resetFailures();
  }

  /** Nothing is on its way and nothing waits. */
  get idle() {
    return !this.#waiting && this.#queue.length === 0;
  }

  /** @param {() => Command} make @param {boolean} [passing] only the last of these matters */
  ask(make, passing = false) {
    if (passing) this.#queue = this.#queue.filter((other) => !other.passing);
    this.#queue.push({ make, passing });
    this.#send();
  }

  /** What has not been sent yet never will be, and what is on its way is not heard. */
  forget() {
    this.#queue = [];
    this.#stale = this.#waiting;
  }

  #send() {
    if (this.#waiting) return;
    const next = this.#queue.shift();
    if (!next) return;
    this.#waiting = true;
    this.#worker.send(next.make());
  }
}
