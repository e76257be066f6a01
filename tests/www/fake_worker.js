/** Stands in for a worker: keeps what it was sent, says what it is told to. */
export class FakeWorker {
  /** @type {FakeWorker[]} */
  static all = [];
  /** @returns {FakeWorker} the one that was started last */
  static get last() {
    return /** @type {FakeWorker} */ (FakeWorker.all.at(-1));
  }

  /** @type {any[]} */
  sent = [];
  ended = false;
  /** @type {(event: {data: unknown}) => void} */
  onmessage = () => undefined;
  /** @type {(event: {message: string, preventDefault(): void}) => void} */
  onerror = () => undefined;

  /** @param {URL} address */
  constructor(address) {
    this.address = String(address);
    FakeWorker.all.push(this);
  }

  /** @param {unknown} message */
  postMessage(message) {
    this.sent.push(message);
  }

  terminate() {
    this.ended = true;
  }

  /** @param {unknown} data */
  say(data) {
    this.onmessage({ data });
  }

  /** Questions that were sent, without "open". @param {string} [type] @returns {any[]} */
  asked(type) {
    return this.sent.filter((sent) => sent.id !== 0 && sent.type !== undefined && (type === undefined || sent.type === type));
  }

  /** @param {string} type @returns {any} the last question of this type */
  question(type) {
    const found = this.asked(type).at(-1);
    if (found === undefined) throw new Error(`nobody asked "${type}", but ${this.sent.map((sent) => sent.type).join(", ")}`);
    return found;
  }

  /** Answers the last question of this type. @param {string} type @param {unknown} [answer] */
  answer(type, answer) {
    this.say({ id: type === "open" ? 0 : this.question(type).id, answer });
  }

  /** @param {string} type @param {string} message @param {{code?: string, panic?: boolean}} [how] */
  fail(type, message, { code = "", panic = false } = {}) {
    this.say({ id: type === "open" ? 0 : this.question(type).id, failure: { message, code, panic } });
  }
}

// The clock of a worker that owes an answer, as every one here does in the end, must not keep the tests waiting.
const plain = globalThis.setInterval;
Object.assign(globalThis, { setInterval: (/** @type {Parameters<typeof plain>} */ ...how) => plain(...how).unref() });

/** Lets all that was promised happen. */
export const settled = () => new Promise((resolve) => setImmediate(resolve));
