import { cpuModule } from "../shell/modules.js";
import { Died, Line, messageOf, outdated } from "../shell/line.js";

/** @typedef {import("../protocol.d.ts").Snapshot["judge"]} JudgeState */
/** @typedef {import("../protocol.d.ts").Judged} Judged */
/** @typedef {import("../protocol.d.ts").JudgeCase} Case */

/** Least milliseconds between two judgements of a run, and how many times its own work one has to wait. */
const EVERY = 8000;
const REST = 9;
/** Opinions that are kept of a run; beyond, every other one goes. */
const LIMIT = 400;

/**
 * Opinions on the generator in training and on the pretrained one, by a worker that starts when there is something to
 * judge. Of what waits only the newest is judged.
 */
export class JudgeLab {
  #line = /** @type {Line<import("../protocol.d.ts").JudgeQuestions>} */ (new Line("mnist/judge_worker.js", {
    open: async () => ({ module: await cpuModule() }), opened: () => this.#compare(), died: (died) => this.#workerFailed(died),
    order: ["real"], within: 120_000,
  }));
  /** Real samples that generated ones are compared with. @type {Uint8Array | null} */
  #real = null;
  /** The newest of the run in training, until it is its turn. @type {Case | null} */
  #next = null;
  /** When the run may be judged again. */
  #due = 0;
  #timer = 0;
  /** Aborted when the run makes way for another. */
  #run = new AbortController();

  /** @param {import("../shell/lab.js").Lab} lab */
  constructor(lab) {
    this.lab = lab;
  }

  /** @param {Uint8Array} images real ones that samples are compared with */
  real(images) {
    this.#real = images;
    if (this.#line.running) this.#compare();
  }

  /**
   * @param {Case} next of the run in training
   * @param {boolean} [now] the run has stopped, so that nothing newer will come
   */
  offer(next, now = false) {
    this.#next = next;
    if (now) this.#due = 0;
    this.#schedule();
  }

  /** The pretrained generator. @param {Uint8Array} weights */
  async pretrained(weights) {
    const judged = await this.#judge({ subject: "pretrained", step: null, weights, records: null });
    if (judged) this.lab.publish("judge", { phase: "waiting", pretrained: judged, message: "" });
    this.#schedule();
  }

  /** The weights of the pretrained generator are on their way, or did not come. @param {string} [fault] */
  expect(fault) {
    this.lab.publish("judge", fault === undefined ? { phase: "busy" } : { phase: "waiting", message: fault });
  }

  /** Another network: what was said of its pretrained weights goes. */
  forgetPretrained() {
    this.lab.publish("judge", { pretrained: null });
  }

  /** A new run: what was said of the last one goes. */
  forget() {
    this.#run.abort();
    this.#run = new AbortController();
    this.#next = null;
    this.#due = 0;
    this.lab.publish("judge", { training: null, course: Object.freeze([]), message: "" });
  }

  /** @param {readonly Judged[]} course of a run that goes on */
  recall(course) {
    this.lab.publish("judge", { course: Object.freeze([...course]), training: course.at(-1) ?? null });
  }

  /** After a failure. */
  retry() {
    this.#line.forgive();
    this.#due = 0;
    this.lab.publish("judge", { phase: "waiting", message: "" });
    this.#schedule();
  }

  /** The run is judged when it has rested long enough; what comes meanwhile takes the place of what waits. */
  #schedule() {
    clearTimeout(this.#timer);
    if (this.#next === null || this.lab.snapshot.judge.phase === "failed") return;
    const wait = this.#due - performance.now();
    if (wait > 0) this.#timer = window.setTimeout(() => this.#schedule(), Math.min(wait, EVERY * REST));
    else void this.#training(this.#next);
  }

  /** @param {Case} next */
  async #training(next) {
    const { signal } = this.#run;
    this.#next = null;
    this.#due = Infinity;
    const judged = await this.#judge(next, signal);
    if (signal.aborted) return;
    this.#due = performance.now() + Math.max(EVERY, REST * (judged?.milliseconds ?? 0));
    if (judged) {
      const { course } = this.lab.snapshot.judge;
      const whole = judged.opinion.scores ? [...course.filter(({ step }) => step < judged.step), judged] : course;
      const thinned = whole.length > LIMIT ? whole.filter((_, i) => i % 2 === (whole.length - 1) % 2) : whole;
      this.lab.publish("judge", { phase: "waiting", training: judged, course: Object.freeze(thinned), message: "" });
    }
    this.#schedule();
  }

  /** @param {Case} asks @param {AbortSignal} [signal] @returns {Promise<Judged | null>} null: it could not; that is said */
  async #judge(asks, signal) {
    this.lab.publish("judge", { phase: "busy" });
    const transfer = () => (asks.weights ? [asks.weights.buffer] : []);
    try {
      return Object.freeze(await this.#line.ask("judge", asks, { key: asks.subject, transfer, ...(signal ? { signal } : {}) }));
    } catch (error) {
      // Weights that are none are followed by others; that the worker died is said in one place.
      if (!(error instanceof Died)) this.lab.publish("judge", { phase: "waiting", ...(outdated(error) ? {} : { message: messageOf(error) }) });
      return null;
    }
  }

  #compare() {
    if (this.#real === null) return;
    // Without them a verdict fewer is found.
    this.#line.ask("real", { images: this.#real }, { setup: true }).catch(() => undefined);
  }

  /** @param {Died} died */
  #workerFailed({ message, again }) {
    this.lab.publish("judge", { phase: again ? "waiting" : "failed", message });
  }
}
