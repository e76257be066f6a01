import { any, button, canvas, write } from "../shell/dom.js";
import { fixed, whole } from "../shell/format.js";
import { TrialLab, ROUND } from "./trial_lab.js";
import { draw as drawDigits, look } from "../shell/digits.js";
import { radios } from "../mnist/device.js";

/** @typedef {import("./theory.d.ts").TrialSnapshot} TrialSnapshot */
/** @typedef {import("./theory.d.ts").TrialTally} TrialTally */

const SIDE = 28 * 28;

/**
 * You are D: twenty digits, real or generated, and how you do beside the trained D.
 * @param {import("../shell/page.d.ts").Page} page
 * @returns {import("../shell/page.d.ts").Part}
 */
export function mountTrial(page) {
  const lab = new TrialLab(page.lab);
  const figure = any("fig-trial");
  const digit = canvas("trial-digit");
  const [begin, real, made] = [button("trial-begin"), button("trial-real"), button("trial-made")];
  const [count, status, verdicts] = [any("trial-count"), any("trial-status"), any("trial-verdicts")];
  const stages = radios("trial-stage", (value) => lab.choose(/** @type {import("./theory.d.ts").Stage} */ (value)));
  const rows = { early: any("trial-early"), late: any("trial-late") };

  begin.addEventListener("click", () => void lab.begin());
  real.addEventListener("click", () => lab.answer(true));
  made.addEventListener("click", () => lab.answer(false));
  figure.addEventListener("keydown", (event) => {
    if (event.target instanceof HTMLInputElement || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    if (page.lab.snapshot.trial?.phase !== "asking") return;
    event.preventDefault();
    lab.answer(event.key === "ArrowLeft");
  });

  /** @param {TrialSnapshot} trial */
  function statusText({ phase, round, message }) {
    const { t } = page;
    if (phase === "loading") return t("trial.loading");
    if (phase === "failed") return t("trial.failed", { message });
    if (phase === "asking") return t("trial.asking");
    return phase === "done" && round ? t("trial.done", { steps: whole(round.dSteps) }) : "";
  }

  /** @param {TrialSnapshot} trial @param {TrialSnapshot["phase"] | undefined} before */
  function moveFocus({ phase }, before) {
    // A button that is pressed and then disabled loses the focus to the page.
    const lost = document.activeElement === document.body || figure.contains(document.activeElement);
    if (!lost || before === undefined || phase === before) return;
    if (phase === "asking") real.focus({ preventScroll: true });
    else if (phase === "done" || phase === "failed") begin.focus({ preventScroll: true });
  }

  return {
    draw(next, before) {
      const { trial } = next;
      if (trial === null || trial === before?.trial) return;
      const { t } = page;
      const { phase, stage, round, answers } = trial;
      const asking = phase === "asking";
      figure.dataset["phase"] = phase;
      begin.disabled = phase === "loading" || asking || next.boot.fault !== null;
      real.disabled = made.disabled = !asking;
      write(begin, phase === "done" ? t("trial.again") : t("trial.begin"));
      write(count, t("trial.count", { n: asking ? answers.length + 1 : phase === "done" ? answers.length : 0, of: round?.real.length ?? ROUND }));
      write(status, statusText(trial));
      status.classList.toggle("wrong", phase === "failed");
      for (const radio of stages) {
        radio.checked = radio.value === stage;
        radio.disabled = asking || phase === "loading";
      }
      moveFocus(trial, before?.trial?.phase);
      const colours = look(page.dark);
      if (asking && round) drawDigits(digit, Uint8Array.from(round.images.slice(answers.length * SIDE, (answers.length + 1) * SIDE)), 1, colours);
      else digit.getContext("2d")?.clearRect(0, 0, digit.width, digit.height);
      if (phase !== "done" || round === null) verdicts.replaceChildren();
      else if (before?.trial?.phase !== "done") verdicts.replaceChildren(...verdictsOf(trial, page));
      for (const name of /** @type {const} */ (["early", "late"])) showTally(rows[name], trial.tallies[name], page);
    },
  };
}

/** @param {TrialSnapshot} trial @param {import("../shell/page.d.ts").Page} page @returns {HTMLLIElement[]} each digit with what it was */
function verdictsOf({ round, answers }, { t, dark }) {
  if (round === null) return [];
  return round.real.map((real, i) => {
    const item = document.createElement("li");
    const picture = document.createElement("canvas");
    picture.setAttribute("aria-hidden", "true");
    drawDigits(picture, Uint8Array.from(round.images.slice(i * SIDE, (i + 1) * SIDE)), 1, look(dark));
    const d = /** @type {number} */ (round.d[i]);
    const lines = [t(real ? "trial.wasReal" : "trial.wasMade"), t("trial.youSaid"), t("trial.dSaid", { d: fixed(d, 2) })];
    const right = [null, answers[i] === real, d > 0.5 === real];
    item.append(picture, ...lines.map((text, k) => {
      const line = document.createElement("span");
      const verdict = right[k];
      line.textContent = text + (verdict === null ? "" : verdict ? " \u2713" : " \u2717");
      line.classList.toggle("missed", verdict === false);
      if (verdict !== null) line.setAttribute("aria-label", `${text}: ${t(verdict ? "trial.right" : "trial.wrong")}`);
      line.setAttribute("role", verdict === null ? "presentation" : "img");
      return line;
    }));
    return item;
  });
}

/** @param {HTMLElement} body of one generator @param {TrialTally | null} tally @param {import("../shell/page.d.ts").Page} page */
function showTally(body, tally, { t }) {
  body.hidden = tally === null;
  if (tally === null) return;
  const cell = (/** @type {string} */ name, /** @type {string} */ text) => {
    const found = body.querySelector(`[data-number="${name}"]`);
    if (found) write(found, text);
  };
  cell("against", t("trial.against", { steps: whole(tally.gSteps) }));
  for (const [i, who] of /** @type {const} */ (["you", "d"]).entries()) {
    const interval = tally.intervals?.[i];
    cell(who, t("trial.right.of", { right: tally[who], of: tally.of }));
    cell(`${who}-interval`, interval ? `${fixed(interval.low, 2)}\u2013${fixed(interval.high, 2)}` : "");
    cell(`${who}-chance`, interval ? chance(interval.chance) : "");
    cell(`${who}-proves`, interval ? proves(interval.proves) : "");
  }
}

/** @param {number} nats of divergence */
const proves = (nats) => (nats > 0 ? `\u2265 ${fixed(nats, 3)}` : "0");

/** @param {number} p */
const chance = (p) => (p < 1e-4 ? "< 0.0001" : fixed(p, 4));
