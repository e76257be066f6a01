/**
 * What the worker holds, and the work on it that is done in slices: between two slices it answers.
 */
import { tasks } from "./tasks.js";

/** @typedef {import("./latent.d.ts").TaskName} TaskName */
/** @typedef {import("./latent.d.ts").Task} Task */
/** @typedef {import("./latent.d.ts").Step} Step */

/**
 * A task under way, and who waits for it.
 * @typedef {{work: Generator<Step, void>, tell: (step: Step) => void, done: (step: Step) => void, fail: (error: unknown) => void}} Work
 */

/** Milliseconds of one slice; an answer waits no longer for it than this. */
const SLICE = 12;

export class ExplorerHost {
  /** @type {import("./latent.d.ts").Sampler | null} */
  sampler = null;
  /** @type {import("./latent.d.ts").Reference | null} */
  reference = null;
  /** @type {import("./latent.d.ts").Found | null} */
  directions = null;
  /** Which generator it is: where it came from and of which network. @type {string | null} */
  source = null;
  /** @type {Map<TaskName, Work>} */
  #tasks = new Map();
  /** Replaced while work still used them. @type {import("./latent.d.ts").Sampler[]} */
  #replaced = [];
  #channel = new MessageChannel();
  #waiting = false;

  /** @param {import("./latent.d.ts").ExplorerModule} module */
  constructor(module) {
    this.module = module;
    // A message to itself comes behind those that wait already: commands go first.
    this.#channel.port1.onmessage = () => this.#slice();
  }

  /** Takes up another generator; work under way goes on with its own. @param {import("./latent.d.ts").Sampler} next */
  take(next) {
    if (this.sampler) this.#replaced.push(this.sampler);
    this.sampler = next;
    this.#clear();
  }

  #clear() {
    if (this.#tasks.size > 0) return;
    for (const sampler of this.#replaced.splice(0)) sampler.free();
  }

  /**
   * A new task of a name ends the one there is.
   * @param {Task} task @param {import("../shell/wire.d.ts").Turn<Step>} turn
   * @returns {Promise<Step>} where it has ended
   */
  begin(task, { signal, progress }) {
    this.cancel(task.name);
    return new Promise((resolve, reject) => {
      const work = { work: tasks(this, task), tell: progress, done: resolve, fail: reject };
      this.#tasks.set(task.name, work);
      signal.addEventListener("abort", () => this.#tasks.get(task.name)?.work === work.work && this.cancel(task.name), { once: true });
      this.#wait();
    });
  }

  /** @param {TaskName} name */
  cancel(name) {
    const task = this.#tasks.get(name);
    if (task === undefined) return;
    this.#tasks.delete(name);
    task.work.return();
    task.fail(new DOMException(`${name}: nobody waits for it any more`, "AbortError"));
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
    const [name, task] = next;
    // Next time it is another's turn.
    this.#tasks.delete(name);
    this.#tasks.set(name, task);
    try {
      const end = performance.now() + SLICE;
      let step = task.work.next().value;
      while (step && !step.done && performance.now() < end) step = task.work.next().value;
      if (step && !step.done) task.tell(step);
      else {
        this.#tasks.delete(name);
        task.done(step ?? { progress: 1, value: null, done: true });
      }
    } catch (error) {
      this.#tasks.delete(name);
      task.fail(error);
    }
    this.#clear();
    this.#wait();
  }
}
