import { WorkerHandle } from "./worker.js";

/** @typedef {import("../protocol.d.ts").Snapshot["judge"]} JudgeState */
/** @typedef {import("../protocol.d.ts").Judged} Judged */
/** @typedef {Omit<Extract<import("../protocol.d.ts").JudgeCommand, {type: "judge"}>, "type">} Case */

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
  /** @type {JudgeState} */
  static blank = Object.freeze({ phase: "idle", training: null, pretrained: null, course: Object.freeze([]), message: "" });

  /** @type {WorkerHandle<import("../protocol.d.ts").JudgeCommand, import("../protocol.d.ts").JudgeEvent>} */
  #worker = new WorkerHandle("judge.js", (event) => this.#hear(event), (reason, again) => this.#workerFailed(reason, again));
  /** @type {WebAssembly.Module | null} */
  #module = null;
  /** @type {Uint8Array | null} */
  #real = null;
  /** @type {Map<Case["subject"], Case>} */
  #waiting = new Map();
  /** @type {Case | null} */
  #busy = null;
  /** When the run may be judged again. */
  #due = 0;
  #timer = 0;
  #opened = false;

  /** @param {import("../lab.js").Lab} lab */
  constructor(lab) {
    this.lab = lab;
  }

  /** @param {WebAssembly.Module} module */
  open(module) {
    this.#module = module;
  }

  /** @param {Uint8Array} images real ones that samples are compared with */
  real(images) {
    this.#real = images;
    if (this.#worker.running) this.#worker.send({ type: "real", images });
  }

  /**
   * @param {Case} next
   * @param {boolean} [now] the run has stopped, so that nothing newer will come
   */
  offer(next, now = false) {
    this.#waiting.set(next.subject, next);
    if (now) this.#due = 0;
    this.#next();
  }

  /** A new run: what was said of the last one goes. */
  forget() {
    this.#waiting.delete("training");
    this.#due = 0;
    // What is being judged belongs to the last run.
    if (this.#busy?.subject === "training") this.#busy = { ...this.#busy, step: -1 };
    this.lab.publish("judge", { training: null, course: Object.freeze([]), message: "" });
  }

  /** @param {readonly Judged[]} course of a run that goes on */
  recall(course) {
    this.lab.publish("judge", { course: Object.freeze([...course]), training: course.at(-1) ?? null });
  }

  #next() {
    clearTimeout(this.#timer);
    if (this.#busy !== null || this.#module === null || this.lab.snapshot.judge.phase === "failed") return;
    const pretrained = this.#waiting.get("pretrained");
    const training = this.#waiting.get("training");
    const wait = this.#due - performance.now();
    const chosen = pretrained ?? (wait <= 0 ? training : undefined);
    if (chosen === undefined) {
      if (training) this.#timer = window.setTimeout(() => this.#next(), wait);
      return;
    }
    this.#waiting.delete(chosen.subject);
    this.#busy = chosen;
    if (!this.#worker.running) this.#start(this.#module);
    this.lab.publish("judge", { phase: "busy" });
    this.#worker.send({ type: "judge", ...chosen }, chosen.weights ? [chosen.weights.buffer] : []);
  }

  /** @param {WebAssembly.Module} module */
  #start(module) {
    this.#worker.start();
    this.#opened = false;
    this.#worker.send({ type: "open", module });
    if (this.#real) this.#worker.send({ type: "real", images: this.#real });
  }

  /** @param {import("../protocol.d.ts").JudgeEvent} event */
  #hear(event) {
    if (event.type === "failure") {
      this.#busy = null;
      // Without its classifier it cannot judge at all; weights that are none are followed by others.
      this.lab.publish("judge", { phase: this.#opened ? "waiting" : "failed", message: event.message });
      this.#due = performance.now() + EVERY;
      this.#next();
    } else if (event.type === "opened") this.#opened = true;
    else {
      this.#worker.resetFailures();
      const stale = this.#busy?.step === -1;
      this.#busy = null;
      if (stale) this.lab.publish("judge", { phase: "waiting" });
      else this.#say(event);
      this.#next();
    }
  }

  /** @param {{type: string} & Judged} event */
  #say({ type: _, ...judged }) {
    const said = Object.freeze(judged);
    const { course } = this.lab.snapshot.judge;
    if (said.subject === "pretrained") {
      this.lab.publish("judge", { phase: "waiting", pretrained: said, message: "" });
      return;
    }
    this.#due = performance.now() + Math.max(EVERY, REST * said.milliseconds);
    const whole = said.opinion.scores ? [...course.filter(({ step }) => step < said.step), said] : course;
    const thinned = whole.length > LIMIT ? whole.filter((_, i) => i % 2 === (whole.length - 1) % 2) : whole;
    this.lab.publish("judge", { phase: "waiting", training: said, course: Object.freeze(thinned), message: "" });
  }

  /** @param {string} reason @param {boolean} again */
  #workerFailed(reason, again) {
    this.#busy = null;
    this.lab.publish("judge", { phase: again ? "waiting" : "failed", message: reason });
    this.#due = performance.now() + EVERY;
    if (again) this.#next();
  }
}
