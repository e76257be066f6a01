/**
 * Questions of the text's live figures. Each figure has at most one under way; of those that come
 * meanwhile only the last is asked. The worker starts with the first question.
 */
import { WorkerHandle } from "./worker.js";

/** @typedef {import("../theory.d.ts").TheoryCommand} Command */
/** @typedef {import("../theory.d.ts").TheoryEvent} Event */
/** @typedef {import("../theory.d.ts").TheorySnapshot} TheorySnapshot */
/** @typedef {Extract<Command, {type: "ask"}>} Question */

export class TheoryLab {
  /** @type {TheorySnapshot} */
  static blank = Object.freeze({ answers: Object.freeze({}), message: "" });

  #open = false;
  /** Under way, by figure. @type {Map<string, Question>} */
  #asked = new Map();
  /** To be asked next, by figure. @type {Map<string, Question>} */
  #next = new Map();

  /** @param {import("../lab.js").Lab} lab */
  constructor(lab) {
    this.lab = lab;
    this.worker = /** @type {WorkerHandle<Command, Event | import("../protocol.d.ts").Failure>} */ (
      new WorkerHandle("theory.js", (event) => this.#hear(event), (reason, again) => this.#workerFailed(reason, again))
    );
  }

  /** The worker may start. */
  open() {
    this.#open = true;
    this.#start();
  }

  /** @param {Question} question */
  ask(question) {
    this.#next.set(question.id, question);
    if (this.#asked.has(question.id)) return;
    this.#start();
  }

  #start() {
    if (!this.#open || this.#next.size === 0) return;
    if (!this.worker.running) {
      this.worker.start();
      this.worker.send({ type: "open" });
    }
    for (const [id, question] of this.#next) {
      if (this.#asked.has(id)) continue;
      this.#next.delete(id);
      this.#asked.set(id, question);
      this.worker.send(question);
    }
  }

  /** @param {Event | import("../protocol.d.ts").Failure} event */
  #hear(event) {
    if (event.type === "answer") {
      const { id, answer, values } = event;
      this.#asked.delete(id);
      const { answers } = this.lab.snapshot.theory;
      this.lab.publish("theory", { answers: Object.freeze({ ...answers, [id]: Object.freeze({ answer, values }) }), message: "" });
      this.worker.resetFailures();
      this.#start();
    } else if (event.type === "failure") {
      // Which one failed is not known: all may be asked again.
      this.#asked.clear();
      this.lab.publish("theory", { message: event.message });
    }
  }

  /** @param {string} reason @param {boolean} again */
  #workerFailed(reason, again) {
    this.lab.publish("theory", { message: reason });
    if (again) for (const [id, question] of this.#asked) if (!this.#next.has(id)) this.#next.set(id, question);
    this.#asked.clear();
    if (again) this.#start();
  }
}
