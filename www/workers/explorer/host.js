/**
 * What the worker holds, and the work on it that is done in slices: between two slices it answers.
 */
import { tasks } from "./tasks.js";

/** @typedef {import("../../latent.d.ts").TaskName} TaskName */
/** @typedef {import("../../latent.d.ts").Task} Task */

/** Milliseconds of one slice; an answer waits no longer for it than this. */
const SLICE = 12;

export class ExplorerHost {
  /** @type {import("../../latent.d.ts").Sampler | null} */
  sampler = null;
  /** @type {import("../../latent.d.ts").Reference | null} */
  reference = null;
  /** @type {import("../../latent.d.ts").Found | null} */
  directions = null;
  /** Which generator it is: where it came from and of which network. @type {string | null} */
  source = null;
  /** @type {Map<TaskName, {id: number, work: Generator<import("./tasks.js").Step, void>}>} */
  #tasks = new Map();
  /** Replaced while work still used them. @type {import("../../latent.d.ts").Sampler[]} */
  #replaced = [];
  #channel = new MessageChannel();
  #waiting = false;

  /**
   * @param {import("../../latent.d.ts").ExplorerModule} module
   * @param {(event: import("../../latent.d.ts").TaskEvent) => void} tell
   * @param {(error: unknown) => void} fail
   */
  constructor(module, tell, fail) {
    this.module = module;
    this.tell = tell;
    this.fail = fail;
    // A message to itself comes behind those that wait already: commands go first.
    this.#channel.port1.onmessage = () => this.#slice();
  }

  /** Takes up another generator; work under way goes on with its own. @param {import("../../latent.d.ts").Sampler} next */
  take(next) {
    if (this.sampler) this.#replaced.push(this.sampler);
    this.sampler = next;
    this.#clear();
  }

  #clear() {
    if (this.#tasks.size > 0) return;
    for (const sampler of this.#replaced.splice(0)) sampler.free();
  }

  /** @param {number} id @param {Task} task */
  begin(id, task) {
    this.cancel(task.name);
    this.#tasks.set(task.name, { id, work: tasks(this, task) });
    this.#wait();
  }

  /** @param {TaskName} name */
  cancel(name) {
    this.#tasks.get(name)?.work.return();
    this.#tasks.delete(name);
  }

  #wait() {
    if (this.#waiting || this.#tasks.size === 0) return;
    this.#waiting = true;
    this.#channel.port2.postMessage(null);
  }

  #slice() {
    this.#waiting = false;
    const next = this.#tasks.entries().next().value;
    if (!next) return;
    const [name, { id, work }] = next;
    // Next time it is another's turn.
    this.#tasks.delete(name);
    this.#tasks.set(name, { id, work });
    try {
      const end = performance.now() + SLICE;
      let step = work.next().value;
      while (step && !step.done && performance.now() < end) step = work.next().value;
      if (!step || step.done) this.#tasks.delete(name);
      if (step) this.#report(name, id, step);
    } catch (error) {
      this.#tasks.delete(name);
      this.fail(error);
    }
    this.#clear();
    this.#wait();
  }

  /** @param {TaskName} name @param {number} id @param {import("./tasks.js").Step} step */
  #report(name, id, { progress, value, done }) {
    this.tell(/** @type {import("../../latent.d.ts").TaskEvent} */ ({ type: "task", name, id, progress, value, done }));
  }
}
