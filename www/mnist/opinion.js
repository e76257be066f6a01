import { any, numbers, retryButton, write } from "../shell/dom.js";
import { fixed, NONE, whole } from "../shell/format.js";
import { hasWeights, presetOf } from "./choices.js";
import { draw as drawSpark } from "../shell/spark.js";
import { radios } from "./device.js";

/** @typedef {import("../protocol.d.ts").Judged} Judged */
/** @typedef {import("../types.d.ts").Verdict} Verdict */
/** @typedef {"mnistScore" | "classTv" | "frechet"} Score */

/** Of each score: decimals, and the least range and the ideal of its course. */
const SCORES = Object.freeze({
  mnistScore: { digits: 2, low: 1, high: 10, reference: 10 },
  classTv: { digits: 3, low: 0, high: 0.5, reference: 0 },
  frechet: { digits: 2, low: 0, high: 10, reference: 0 },
});
/** The histogram's top, unless a class holds more. */
const TOP = 0.25;

/** Steps before which samples are not judged, as in Rust's verdicts. */
const WARM_UP = 300;

/** @param {number} share */
const percent = (share) => `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;

/**
 * What the classifier says of the samples, and what is wrong with the run.
 * @param {import("../shell/page.d.ts").Page} page
 * @returns {import("../shell/page.d.ts").Part}
 */
export function mountJudge(page) {
  const { lab } = page;
  const [status, list, figures, classes] = [any("judge-status"), any("judge-verdicts"), any("judge-figures"), any("judge-classes")];
  const show = numbers(any("judge-scores"));
  const courses = /** @type {HTMLCanvasElement[]} */ ([...any("judge-scores").querySelectorAll("canvas")]);
  const again = retryButton(page, status, () => lab.judge.retry());
  const bars = Array.from({ length: 10 }, (_, digit) => bar(digit));
  classes.append(...bars);
  /** @type {"training" | "pretrained"} */
  let subject = "training";
  const subjects = radios("judge-subject", (value) => {
    subject = /** @type {"training" | "pretrained"} */ (value);
    if (subject === "pretrained") void lab.train.judgePretrained();
    else page.redraw();
  });

  /** @param {Judged | null} judged */
  function drawFigures(judged) {
    const scores = judged?.opinion.scores;
    figures.hidden = !scores;
    if (!judged || !scores) return;
    const total = scores.classes.reduce((sum, count) => sum + count, 0);
    const shares = scores.classes.map((count) => count / total);
    const top = Math.max(TOP, ...shares, ...judged.shares);
    bars.forEach((element, digit) => {
      const [share, real] = [shares[digit] ?? 0, judged.shares[digit] ?? 0];
      element.style.setProperty("--share", String(share / top));
      element.style.setProperty("--real", String(real / top));
      element.title = page.t("judge.classes.one", { digit, share: percent(share), real: percent(real) });
    });
    classes.setAttribute("aria-label", bars.map(({ title }) => title).join("; "));
    for (const name of /** @type {Score[]} */ (Object.keys(SCORES))) show(name, estimate(scores[name], SCORES[name].digits));
    const { floor } = judged;
    show("mnistScore-real", floor ? fixed(floor.mnistScore[0], 2) : NONE);
    show("classTv-real", fixed(scores.classTvFloor, 3));
    show("frechet-real", floor ? fixed(floor.frechet[0], 2) : NONE);
  }

  /** @param {readonly Judged[]} course */
  function drawCourses(course) {
    const { generated: colour, hair } = page.palette;
    for (const canvas of courses) {
      const name = /** @type {Score} */ (canvas.dataset["course"]);
      const values = course.map(({ opinion }) => opinion.scores?.[name]?.[0] ?? NaN);
      // One outlier of the first steps would flatten all that follows.
      const capped = values.map((value) => Math.min(value, SCORES[name].high * 4));
      drawSpark(canvas, course.map(({ step }) => step), capped, { ...SCORES[name], colour, hair });
    }
  }

  /** @param {Judged | null} judged */
  function drawVerdicts(judged) {
    const { t } = page;
    if (judged === null) return list.replaceChildren();
    const sentences = judged.opinion.verdicts.map((verdict) => sentence(verdict, t));
    const fine = sentences.length === 0;
    const items = (fine ? [t(judged.step < WARM_UP ? "judge.fineSoFar" : "judge.fine")] : sentences).map((words) => {
      const item = document.createElement("li");
      item.textContent = words;
      item.classList.toggle("fine", fine);
      return item;
    });
    // An equal list is left alone: a screen reader would read it again.
    const said = (/** @type {Iterable<Element>} */ all) => [...all].map(({ textContent }) => textContent).join("\n");
    if (said(list.children) !== said(items)) list.replaceChildren(...items);
    list.dataset["kinds"] = judged.opinion.verdicts.map(({ kind }) => kind).join(" ");
  }

  /** @param {import("../protocol.d.ts").Snapshot["judge"]} judge */
  function statusText({ phase, message, ...of }) {
    const { t } = page;
    const judged = of[subject];
    if (phase === "failed") return t("judge.failed", { message });
    const error = message === "" ? "" : t("judge.error", { message });
    if (judged === null) return [t(phase === "busy" ? "judge.busy" : "judge.none"), error].filter(Boolean).join(" ");
    const { samples } = judged.opinion;
    const said = t(samples > 0 ? "judge.of" : "judge.records", { step: whole(judged.step), n: whole(samples) });
    return [said, error].filter(Boolean).join(" ");
  }

  return {
    draw(next, before) {
      const { judge, train } = next;
      const shipped = hasWeights(next, presetOf(next));
      for (const radio of subjects) {
        if (radio.value !== "pretrained" || radio.disabled === !shipped) continue;
        radio.disabled = !shipped;
        radio.parentElement?.setAttribute("title", shipped ? "" : page.t("train.pretrainedNone"));
      }
      if (before && judge === before.judge && train.settings === before.train.settings) return;
      // Another network, and nothing was said of its pretrained weights.
      if (subject === "pretrained" && judge.pretrained === null && judge.phase !== "busy") subject = "training";
      for (const radio of subjects) radio.checked = radio.value === subject;
      write(status, statusText(judge));
      again(judge.phase === "failed");
      status.classList.toggle("wrong", judge.phase === "failed" || judge.message !== "");
      const judged = judge[subject];
      drawFigures(judged);
      drawVerdicts(judged);
      figures.dataset["step"] = String(judged?.step ?? "");
      drawCourses(subject === "training" ? judge.course : []);
    },
  };
}

/** @param {number} digit */
function bar(digit) {
  const element = document.createElement("div");
  const [well, name] = [document.createElement("span"), document.createElement("span")];
  well.className = "well";
  well.append(document.createElement("i"), document.createElement("b"));
  name.textContent = String(digit);
  element.append(well, name);
  return element;
}

/** @param {import("../types.d.ts").Estimate | null | undefined} score none: of too few samples @param {number} digits */
function estimate(score, digits) {
  return score ? `${fixed(score[0], digits)} ± ${fixed(score[1], digits)}` : NONE;
}

/** @param {Verdict} verdict @param {import("../shell/language.js").Translate} t */
export function sentence(verdict, t) {
  switch (verdict.kind) {
    case "not-a-number":
      return t("verdict.not-a-number", { step: whole(verdict.step) });
    case "grey":
      return t("verdict.grey", { percent: percent(verdict.middle) });
    case "all-alike":
      return t("verdict.all-alike", { nearest: fixed(verdict.nearest, 1), real: fixed(verdict.nearestReal, 1) });
    case "few-classes": {
      const classes = verdict.classes.map((digit) => t("verdict.digit", { digit })).join(t("verdict.and"));
      return t("verdict.few-classes", { classes, percent: percent(verdict.share), samples: whole(verdict.samples) });
    }
    default: {
      const { dReal, dFake, gradient } = verdict;
      const values = { dReal: fixed(dReal, 3), dFake: dFake < 0.0001 ? "< 0.0001" : fixed(dFake, 4) };
      if (typeof gradient !== "number" || gradient >= 0.1) return t("verdict.discriminator-won", values);
      return t("verdict.vanishing", { ...values, ratio: percent(gradient) });
    }
  }
}
