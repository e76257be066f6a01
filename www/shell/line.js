/**
 * How the page talks to a worker. Every question has an id, and so has every answer and every failure. Of one key one
 * question is under way and at most one waits: a newer one supersedes it. Whoever has asked hears back in any case: an
 * answer, a failure, that it is superseded or aborted, or that the worker has died. The worker's side is `serve.js`.
 */
import { script, take } from "./early.js";

/** @typedef {import("./wire.d.ts").Heard} Heard */
/** @typedef {import("./wire.d.ts").Sent} Sent */

/** Workers that die one after the other before no other is started by itself. */
const MOST_DEATHS = 3;
/** The time that a worker may be silent is counted in so many parts, so that a tab that slept does not count as one. */
const PARTS = 8;

/** A newer question of the same key took this one's place before it was sent. */
export class Superseded extends Error {
  name = "Superseded";
}

/** The worker could not do it, and goes on. `code`: as the modules' errors have it, "" where there is none. */
export class Failed extends Error {
  name = "Failed";
  /** @param {import("./wire.d.ts").Failure} failure */
  constructor({ message, code }) {
    super(message);
    this.code = code;
  }
}

/** The worker is gone, with all that it held. */
export class Died extends Error {
  name = "Died";
  /**
   * @param {string} reason
   * @param {{again: boolean, opened: boolean, silent?: boolean, code?: import("./wire.d.ts").Failure["code"]}} how
   *   again: another is worth starting; opened: it had answered "open"; silent: it was ended, since it said nothing
   */
  constructor(reason, { again, opened, silent = false, code = "" }) {
    super(reason);
    this.again = again;
    this.opened = opened;
    this.silent = silent;
    this.code = code;
  }
}

/** @param {unknown} error @returns {boolean} whether nobody needs to be told: somebody wanted something newer, or no longer this */
export const outdated = (error) => error instanceof Superseded || (error instanceof Error && error.name === "AbortError");

/** @param {unknown} error @returns {string} */
export const messageOf = (error) => (error instanceof Error ? error.message : String(error));

/**
 * @typedef {object} Asked
 * @property {number} id
 * @property {string} key
 * @property {string} type
 * @property {() => unknown} make
 * @property {(args: any) => Transferable[]} transfer
 * @property {((progress: any) => void) | undefined} progress
 * @property {boolean} beside
 * @property {boolean} setup
 * @property {AbortSignal | undefined} signal
 * @property {(answer: any) => void} resolve
 * @property {(error: unknown) => void} reject
 */

/**
 * @template {{[K in keyof Q]: import("./wire.d.ts").Question}} Q  what can be asked; "open" is asked by the line itself
 * @template [News=never]
 */
export class Line {
  /** @type {Worker | null} */
  #worker = null;
  #opened = false;
  #deaths = 0;
  #id = 0;
  /** Sent and not answered, by id. @type {Map<number, Asked>} */
  #under = new Map();
  /** In the order in which they were asked. @type {Asked[]} */
  #waiting = [];
  /** Parts of the time that have gone by in silence. */
  #silent = 0;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #clock;

  /**
   * @param {string} script file in `www/`
   * @param {object} rules
   * @param {() => unknown} rules.open what "open" asks, or a promise of it, for each new worker
   * @param {(died: Died) => void} rules.died called once for each worker that dies, before its questions are rejected
   * @param {(answer: any) => void} [rules.opened]
   * @param {(news: News) => void} [rules.news] what it says without being asked
   * @param {readonly string[]} [rules.order] keys: what waits is sent in this order; others follow as they were asked
   * @param {number} [rules.together] questions under way at once
   * @param {number} [rules.within] milliseconds after which a worker that owes an answer and says nothing is ended
   */
  constructor(script, { open, died, opened = () => undefined, news = () => undefined, order = [], together = 1, within = 60_000 }) {
    this.script = script;
    this.rules = { open, died, opened, news, order, together, within };
  }

  /** Nothing is on its way and nothing waits. */
  get idle() {
    return this.#opened && this.#under.size === 0 && this.#waiting.length === 0;
  }

  get running() {
    return this.#worker !== null;
  }

  /** Starts a worker, if there is none. A question does so, too. */
  start() {
    if (this.#worker !== null) return;
    const early = take(this.script);
    const worker = early?.worker ?? new Worker(script(new URL(`../${this.script}`, import.meta.url)), { type: "module" });
    this.#worker = worker;
    this.#opened = false;
    const mine = (/** @type {() => void} */ act) => worker === this.#worker && act();
    worker.onmessage = ({ data }) => mine(() => this.#hear(data));
    worker.onerror = (event) => {
      event.preventDefault();
      mine(() => this.#die(event.message || `www/${this.script} did not load`));
    };
    const open = /** @type {Asked} */ ({
      id: 0, key: "open", type: "open", resolve: (answer) => this.#open(answer),
      // The worker is of no use then.
      reject: (error) => mine(() => this.#die(messageOf(error), { code: error instanceof Failed ? error.code : "" })),
    });
    if (early) {
      this.#owe(open);
      queueMicrotask(() => early.heard.forEach((data) => mine(() => this.#hear(data))));
    } else void this.#tellOpen(worker, open);
  }

  /**
   * @template {keyof Q & string} K
   * @param {K} type
   * @param {Q[K]["asks"] | (() => Q[K]["asks"])} make what is asked; a function is called when its turn has come
   * @param {object} [how]
   * @param {string | null} [how.key] the newest of a key supersedes those that wait; null: none does
   * @param {AbortSignal} [how.signal] nobody wants the answer any more
   * @param {(progress: Q[K]["progress"]) => void} [how.progress]
   * @param {(asks: Q[K]["asks"]) => Transferable[]} [how.transfer]
   * @param {boolean} [how.beside] the worker answers it beside what else is under way
   * @param {boolean} [how.setup] it only takes a new worker where the last one was: its answer does not show that it works
   * @returns {Promise<Q[K]["answer"]>} rejects with Failed, Superseded, Died, or what the signal was aborted with
   */
  ask(type, make, { key = type, signal, progress, transfer = () => [], beside = false, setup = false } = {}) {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      this.#id += 1;
      const id = this.#id;
      const made = typeof make === "function" ? /** @type {() => unknown} */ (make) : () => make;
      /** @type {Asked} */
      const asked = { id, key: key ?? `${type} ${id}`, type, make: made, transfer, progress, beside, setup, signal, resolve, reject };
      for (const older of this.#waiting.filter((other) => other.key === asked.key)) {
        older.reject(new Superseded(older.key));
      }
      this.#waiting = this.#waiting.filter((other) => other.key !== asked.key);
      this.#waiting.push(asked);
      if (signal) {
        const abort = () => this.#abort(asked);
        signal.addEventListener("abort", abort, { once: true });
        const forget = () => signal.removeEventListener("abort", abort);
        asked.resolve = (answer) => (forget(), resolve(answer));
        asked.reject = (error) => (forget(), reject(error));
      }
      this.start();
      this.#next();
    });
  }

  /** Ends the worker, so that the next question starts another. What was asked is rejected. @param {string} reason */
  end(reason) {
    if (this.#worker !== null) this.#die(reason);
  }

  /** Somebody wants it tried again: deaths from now on count from one. */
  forgive() {
    this.#deaths = 0;
  }

  /** @param {Worker} worker @param {Asked} open */
  async #tellOpen(worker, open) {
    try {
      const asks = await this.rules.open();
      if (worker !== this.#worker) return;
      this.#owe(open);
      worker.postMessage({ id: 0, type: "open", asks });
    } catch (error) {
      open.reject(error);
    }
  }

  /** @param {unknown} answer */
  #open(answer) {
    this.#opened = true;
    this.rules.opened(answer);
    this.#next();
  }

  #next() {
    if (!this.#opened || this.#worker === null) return;
    const { order, together } = this.rules;
    const rank = (/** @type {Asked} */ { key }) => (order.includes(key) ? order.indexOf(key) : order.length);
    for (;;) {
      const under = [...this.#under.values()];
      const full = under.filter(({ beside }) => !beside).length >= together;
      const free = this.#waiting.filter(({ key, beside }) => (beside || !full) && !under.some((other) => other.key === key));
      const least = Math.min(...free.map(rank));
      const next = free.find((asked) => rank(asked) === least);
      if (next === undefined) return;
      this.#waiting = this.#waiting.filter((other) => other !== next);
      this.#send(next);
    }
  }

  /** @param {Asked} asked */
  #send(asked) {
    let asks;
    try {
      asks = asked.make();
    } catch (error) {
      return asked.reject(error);
    }
    this.#owe(asked);
    this.#worker?.postMessage({ id: asked.id, type: asked.type, asks }, asked.transfer(asks));
  }

  /** @param {Asked} asked */
  #abort(asked) {
    asked.reject(asked.signal?.reason);
    this.#waiting = this.#waiting.filter((other) => other !== asked);
    // What is under way stays so until the worker says that it has stopped, or that it came too late for that.
    if (this.#under.has(asked.id)) this.#worker?.postMessage({ id: asked.id, abort: true });
  }

  /** @param {Heard} heard */
  #hear(heard) {
    this.#silent = 0;
    if ("news" in heard) return this.rules.news(/** @type {News} */ (heard.news));
    if ("end" in heard) return this.#die(heard.end.message, { code: heard.end.code });
    const asked = this.#under.get(heard.id);
    if (asked === undefined) return;
    if ("progress" in heard) {
      if (!asked.signal?.aborted) asked.progress?.(heard.progress);
      return;
    }
    if ("failure" in heard && heard.failure.panic) return this.#die(heard.failure.message, { code: heard.failure.code });
    this.#under.delete(heard.id);
    if ("failure" in heard) asked.reject(new Failed(heard.failure));
    else {
      if (asked.id !== 0 && !asked.setup) this.#deaths = 0;
      asked.resolve(heard.answer);
    }
    this.#listen();
    // Whoever asked hears the answer first: the next question is made from where things are then.
    queueMicrotask(() => this.#next());
  }

  /** @param {Asked} asked it is on its way */
  #owe(asked) {
    this.#under.set(asked.id, asked);
    this.#listen();
  }

  /** A clock runs while the worker owes an answer. */
  #listen() {
    if (this.#under.size === 0 || this.#worker === null) {
      clearInterval(this.#clock);
      this.#clock = undefined;
      return;
    }
    if (this.#clock !== undefined) return;
    this.#silent = 0;
    this.#clock = setInterval(() => {
      this.#silent += 1;
      if (this.#silent < PARTS) return;
      const seconds = Math.round(this.rules.within / 1000);
      this.#die(`www/${this.script} has said nothing for ${seconds} s`, { silent: true });
    }, this.rules.within / PARTS);
  }

  /** @param {string} reason @param {{silent?: boolean, code?: import("./wire.d.ts").Failure["code"]}} [how] */
  #die(reason, how = {}) {
    this.#worker?.terminate();
    this.#worker = null;
    this.#deaths += 1;
    const died = new Died(reason, { ...how, opened: this.#opened, again: this.#opened && this.#deaths < MOST_DEATHS });
    const asked = [...this.#under.values(), ...this.#waiting].filter(({ id }) => id !== 0);
    this.#under = new Map();
    this.#waiting = [];
    this.#opened = false;
    this.#listen();
    this.rules.died(died);
    for (const { reject } of asked) reject(died);
  }
}
