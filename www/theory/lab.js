/**
 * Questions of the text's live figures. Each figure has at most one under way; of those that come meanwhile only the
 * last is asked. The worker starts with the first question.
 */
import { Died, Line, messageOf, outdated } from "../shell/line.js";

/** @typedef {import("./theory.d.ts").TheorySnapshot} TheorySnapshot */
/** @typedef {import("./theory.d.ts").TheoryQuestions} Questions */
/** @typedef {import("./theory.d.ts").Name} Name */
/** @typedef {import("./theory.d.ts").Values} Values */
/** @typedef {{id: string, name: Name, args: unknown[], values: Values}} Question */

export class TheoryLab {

  /** @type {Line<Questions>} */
  #line = new Line("theory/worker.js", { open: () => null, died: () => undefined, together: Infinity });
  /** The last question of each figure. @type {Map<string, Question>} */
  #last = new Map();
  #mayStart = false;

  /** @param {import("../shell/lab.js").Lab} lab */
  constructor(lab) {
    this.lab = lab;
  }

  /** The worker may start. */
  open() {
    this.#mayStart = true;
    for (const question of this.#last.values()) void this.#answer(question);
  }

  /** What a figure shows. @param {Question} question */
  show(question) {
    this.#last.set(question.id, question);
    if (this.#mayStart) void this.#answer(question);
  }

  /** After failures: all figures once more. */
  retry() {
    this.#line.forgive();
    this.open();
  }

  /**
   * @template {Name} N
   * @param {N} name @param {Questions[N]["asks"]} args @param {string} [key] the newest of a key supersedes the others
   * @returns {Promise<Questions[N]["answer"]>}
   */
  ask(name, args, key = name) {
    return this.#line.ask(name, args, { key });
  }

  /** @param {Question} question */
  async #answer(question) {
    const { id, name, args, values } = question;
    try {
      const answer = await this.ask(name, /** @type {any} */ (args), id);
      const { answers } = this.lab.snapshot.theory;
      this.#fault(id, "");
      this.lab.publish("theory", { answers: Object.freeze({ ...answers, [id]: Object.freeze({ answer, values }) }) });
    } catch (error) {
      if (outdated(error)) return;
      this.#fault(id, messageOf(error));
      // Of a worker that died, each figure asks the next one for what it wants by then.
      if (error instanceof Died && error.again && this.#last.get(id) === question) void this.#answer(question);
    }
  }

  /** @param {string} id @param {string} message */
  #fault(id, message) {
    const { faults } = this.lab.snapshot.theory;
    if ((faults[id] ?? "") === message) return;
    this.lab.publish("theory", { faults: Object.freeze({ ...faults, [id]: message }) });
  }
}
