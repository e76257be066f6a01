/**
 * The trial in which the visitor is D: rounds of digits, real or generated, and what they add up to. Nothing
 * is fetched before the first round is asked for.
 */
import { download } from "../shell/download.js";
import { messageOf, outdated } from "../shell/line.js";
import { fetchPretrained } from "../shell/pretrained.js";

/** @typedef {import("./theory.d.ts").TrialSnapshot} TrialSnapshot */
/** @typedef {import("./theory.d.ts").TrialTally} TrialTally */
/** @typedef {import("./theory.d.ts").Stage} Stage */

export const ROUND = 20;
const DIGITS = new URL("../../../../pkg/data/judged-digits.gz", import.meta.url);

export class TrialLab {
  /** @type {Map<string, Promise<Uint8Array>>} */
  #files = new Map();

  /** @param {import("../shell/lab.js").Lab} lab */
  constructor(lab) {
    this.lab = lab;
    lab.publish("trial", { phase: "idle", stage: "early", round: null, answers: [], tallies: { early: null, late: null }, message: "" });
  }

  /** @returns {TrialSnapshot} */
  get #now() {
    return /** @type {TrialSnapshot} */ (this.lab.snapshot.trial);
  }

  /** @param {Stage} stage the next round's */
  choose(stage) {
    this.lab.publish("trial", { stage });
  }

  /** Begins a round. */
  async begin() {
    this.lab.publish("trial", { phase: "loading", message: "" });
    try {
      const { stage } = this.#now;
      const d = this.#file("late", async () => this.lab.sampler?.pretrained ?? fetchPretrained("compact"));
      const g = stage === "late" ? d : this.#file("early", () => fetchPretrained("compact", "early"));
      const pool = this.#file("digits", fetchDigits);
      const seed = Math.floor(Math.random() * 2 ** 32);
      const round = await this.lab.theory.ask("trialRound", [await g, await d, await pool, seed, ROUND]);
      this.lab.publish("trial", { phase: "asking", round, answers: Object.freeze([]), message: "" });
    } catch (error) {
      if (!outdated(error)) this.lab.publish("trial", { phase: "failed", message: messageOf(error) });
    }
  }

  /** @param {boolean} real the answer to the digit that is shown */
  answer(real) {
    const { phase, round, answers, tallies, stage } = this.#now;
    if (phase !== "asking" || round === null) return;
    const all = Object.freeze([...answers, real]);
    if (all.length < round.real.length) return this.lab.publish("trial", { answers: all });
    const before = tallies[stage];
    const tally = Object.freeze({
      gSteps: round.gSteps,
      of: (before?.of ?? 0) + all.length,
      you: (before?.you ?? 0) + all.filter((answer, i) => answer === round.real[i]).length,
      d: (before?.d ?? 0) + round.d.filter((d, i) => d > 0.5 === round.real[i]).length,
      intervals: null,
    });
    this.lab.publish("trial", { phase: "done", answers: all, tallies: Object.freeze({ ...tallies, [stage]: tally }) });
    void this.#intervals(stage, tally);
  }

  /** @param {Stage} stage @param {TrialTally} tally */
  async #intervals(stage, tally) {
    try {
      const intervals = await this.lab.theory.ask("trialTally", [[tally.you, tally.of, tally.d, tally.of]], `tally-${stage}`);
      const { tallies } = this.#now;
      if (tallies[stage] !== tally) return;
      this.lab.publish("trial", { tallies: Object.freeze({ ...tallies, [stage]: Object.freeze({ ...tally, intervals }) }) });
    } catch (error) {
      // The counts are there without them.
      if (!outdated(error)) this.lab.publish("trial", { message: messageOf(error) });
    }
  }

  /** @param {string} name @param {() => Promise<Uint8Array>} load @returns {Promise<Uint8Array>} kept once it is there */
  #file(name, load) {
    const known = this.#files.get(name);
    if (known) return known;
    const file = load();
    this.#files.set(name, file);
    file.catch(() => this.#files.delete(name));
    return file;
  }
}

/** @returns {Promise<Uint8Array>} grey bytes of test images */
async function fetchDigits() {
  const response = await download(DIGITS);
  if (!response.ok || response.body === null) throw new Error(`pkg/data/judged-digits.gz: ${response.status} ${response.statusText}`.trim());
  const bytes = new Uint8Array(await response.arrayBuffer());
  // A host that declares .gz files as encoded makes the browser unzip them on the way.
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer());
}
