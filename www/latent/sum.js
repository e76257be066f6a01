import { any, button, get, inHand, input, milestones, write } from "../shell/dom.js";
import { fixed, whole } from "../shell/format.js";
import { encodeZ } from "./state.js";
import { draw as drawDigits, look } from "../shell/digits.js";

/** Other samples that the same step is tried on. */
const SAMPLES = 11;

/**
 * Arithmetic on z: the mean of one digit minus that of another, added to the digit here and to others.
 * @param {import("../shell/page.d.ts").Page} page
 * @returns {import("../shell/page.d.ts").Part}
 */
export function mountSum(page) {
  const { lab, store } = page;
  const [minus, plus] = [get("latent-minus", HTMLSelectElement), get("latent-plus", HTMLSelectElement)];
  const [times, go] = [input("latent-times"), button("latent-sum-go")];
  const [status, list] = [any("latent-sum-status"), any("latent-sums")];
  const say = milestones();
  for (const select of [minus, plus]) {
    select.append(...Array.from({ length: 10 }, (_, digit) => new Option(String(digit), String(digit))));
  }
  minus.addEventListener("change", () => store.set({ latentMinus: Number(minus.value) }));
  plus.addEventListener("change", () => store.set({ latentPlus: Number(plus.value) }));
  times.addEventListener("input", () => store.set({ latentTimes: times.valueAsNumber }));
  const begin = () => {
    const { latentMinus, latentPlus, latentTimes } = store.state;
    lab.sampler.sum({ minus: latentMinus, plus: latentPlus, times: latentTimes, n: SAMPLES });
  };
  go.addEventListener("click", begin);
  /** What was last added up. @type {string | null} */
  let summed = null;
  lab.watch(({ record }) => `${record.latentMinus} ${record.latentPlus} ${record.latentTimes}`, ({ record, latent }) => {
    const now = `${record.latentMinus} ${record.latentPlus} ${record.latentTimes}`;
    if (summed !== null && summed !== now && record.latentOpen.includes("sum") && latent.tasks.sum) begin();
    summed = now;
  });

  /** @param {import("./latent.d.ts").Work<import("./latent.d.ts").Sum> | undefined} work @param {import("../shell/state.js").State} record */
  function statusText(work, { latentMinus, latentPlus }) {
    const { t } = page;
    if (!work) return t("latent.sumFirst");
    if (!work.done || !work.value) return t("latent.sumBusy", { percent: `${Math.round(100 * work.progress)} %` });
    const { counts, classesAfter, step } = work.value;
    if (!classesAfter) return t("latent.sumNone", { minus: latentMinus, plus: latentPlus, from: counts[0], to: counts[1] });
    const others = classesAfter.slice(1);
    return t("latent.sumDone", {
      minus: latentMinus, plus: latentPlus, from: whole(counts[0]), to: whole(counts[1]), step: fixed(step, 2),
      right: others.filter((digit) => digit === latentPlus).length, n: others.length,
    });
  }

  /** @param {import("./latent.d.ts").Sum} value @param {number} aim */
  function show({ before, after, zBefore, zAfter, classesBefore, classesAfter, scoresAfter, norms }, aim) {
    const dims = zBefore.length / classesBefore.length;
    const colours = look(page.dark);
    list.replaceChildren(...classesBefore.map((digit, i) => {
      const item = document.createElement("li");
      const walk = document.createElement("button");
      walk.type = "button";
      walk.className = "plain";
      for (const images of [before, after]) {
        const picture = document.createElement("canvas");
        drawDigits(picture, images.subarray(784 * i, 784 * (i + 1)), 1, colours);
        walk.append(picture);
      }
      const right = classesAfter[i] === aim;
      walk.setAttribute("aria-label", page.t("latent.sumWalk", { from: digit, to: classesAfter[i] ?? "" }));
      walk.addEventListener("click", () => store.set({
        latentA: encodeZ(zBefore.subarray(dims * i, dims * (i + 1))), latentB: encodeZ(zAfter.subarray(dims * i, dims * (i + 1))),
        latentAt: 1, latentOn: "walk", latentMoves: store.state.latentMoves.map(() => 0), latentNudge: [],
      }));
      const words = document.createElement("span");
      words.textContent = `${digit} \u2192 ${classesAfter[i]}${right ? "" : ` ${page.t("latent.sumFails")}`}`;
      words.classList.toggle("wrong", !right);
      const numbers = document.createElement("span");
      numbers.textContent = `D ${fixed(scoresAfter[i] ?? NaN, 2)}, \u2016z\u2016 ${fixed(norms[i] ?? NaN, 1)}`;
      item.append(walk, words, numbers);
      return item;
    }));
  }

  return {
    draw({ latent, record }, before) {
      const { latentOpen, latentMinus, latentPlus, latentTimes } = record;
      if (!latentOpen.includes("sum")) return;
      const work = latent.tasks.sum;
      minus.value = String(latentMinus);
      plus.value = String(latentPlus);
      if (!inHand(times)) times.value = String(latentTimes);
      times.ariaValueText = page.t("latent.timesValue", { times: fixed(latentTimes, 2) });
      go.disabled = latent.dims === 0 || latentMinus === latentPlus;
      const words = latentMinus === latentPlus ? page.t("latent.sumSame") : statusText(work, record);
      write(status, words);
      say(work ? (work.done ? "done" : "busy") : "", work && !work.done ? work.progress : 0, words);
      if (work?.done && work.value?.classesAfter && work !== before?.latent.tasks.sum) show(work.value, record.latentPlus);
    },
  };
}
