import { any, anySeed, button, canvas, get, inHand, input, numbers, retryButton, write } from "../shell/dom.js";
import { fixed, NONE, whole } from "../shell/format.js";
import { hasWeights } from "../mnist/choices.js";
import { encodeZ, PARTS } from "./state.js";
import { draw as drawDigits, look } from "../shell/digits.js";
import { draw as drawShell } from "./draw_shell.js";
import { radios } from "../mnist/device.js";
import { mountDirections } from "./directions.js";
import { mountDraw } from "./drawing.js";
import { mountLatentExport } from "./export.js";
import { mountNear } from "./near.js";
import { mountPicker } from "./picker.js";
import { mountPlane } from "./plane.js";
import { mountRaw } from "./raw.js";
import { mountSum } from "./sum.js";

/** @typedef {import("./latent.d.ts").LatentSnapshot} Latent */
/** @typedef {"a" | "b" | "c"} EndName */

/** Milliseconds of a walk from A to B when it plays. */
const WALK = 2400;

/** @param {EndName} end @returns {"latentA" | "latentB" | "latentC"} */
export const fieldOf = (end) => (end === "a" ? "latentA" : end === "b" ? "latentB" : "latentC");

/** Probability and digit that the classifier holds likeliest. @param {Float32Array} probabilities */
export function verdict(probabilities) {
  if (probabilities.length < 10) return null;
  const digit = probabilities.indexOf(Math.max(...probabilities.subarray(0, 10)));
  return { digit, sure: probabilities[digit] ?? 0 };
}

/**
 * The latent explorer: the walk itself, and its other parts.
 * @param {import("../shell/page.d.ts").Page} page
 * @returns {import("../shell/page.d.ts").Part}
 */
export function mountLatent(page) {
  const { lab, store } = page;
  const bench = any("lab-latent");
  const figure = any("latent-figure");
  const [image, film, shell] = [canvas("latent-image"), canvas("latent-film"), canvas("latent-shell")];
  const [status, why] = [any("latent-status"), any("generator-why")];
  const [at, play] = [input("latent-at"), button("latent-play")];
  const again = retryButton(page, status, () => lab.sampler.retry());
  const number = numbers(any("latent-numbers"));
  const generators = radios("latent-generator", (value) => lab.sampler.use(/** @type {"pretrained" | "training"} */ (value)));
  const net = get("latent-net", HTMLSelectElement);
  net.addEventListener("change", () => store.set({ latentNet: /** @type {typeof store.state.latentNet} */ (net.value) }));
  const ways = radios("latent-way", (value) => store.set({ latentWay: /** @type {"slerp" | "lerp"} */ (value) }));
  const parts = [
    mountPicker(page), mountDirections(page), mountRaw(page), mountPlane(page), mountNear(page), mountDraw(page), mountSum(page),
    mountLatentExport(page),
  ];
  let draws = 0;
  let near = false;
  /** What was last drawn of the parts: nothing is, while they are far from the window. @type {import("../protocol.d.ts").Snapshot | null} */
  let seen = null;

  at.addEventListener("input", () => {
    lab.sampler.play(false);
    store.set({ latentAt: at.valueAsNumber, latentOn: "walk" });
  });
  play.addEventListener("click", () => {
    lab.sampler.play(!lab.snapshot.latent.playing);
    if (lab.snapshot.latent.playing) requestAnimationFrame((now) => step(now, now));
  });
  film.addEventListener("click", (event) => {
    const box = film.getBoundingClientRect();
    const share = (event.clientX - box.left) / box.width;
    lab.sampler.play(false);
    store.set({ latentAt: Math.round(Math.max(0, Math.min(1, (share * 11 - 0.5) / 10)) * 10) / 10, latentOn: "walk" });
  });
  for (const end of /** @type {const} */ (["a", "b"])) {
    button(`latent-new-${end}`).addEventListener("click", () => store.set({ [fieldOf(end)]: anySeed() }));
    button(`latent-take-${end}`).addEventListener("click", () => {
      const { z } = lab.snapshot.latent;
      if (z) store.set({ [fieldOf(end)]: encodeZ(z), latentAt: end === "a" ? 0 : 1, latentOn: "walk", latentMoves: Array(8).fill(0), latentNudge: [] });
    });
  }
  // What costs time begins when the explorer comes near the window.
  new IntersectionObserver((entries) => {
    near = entries.some(({ isIntersecting }) => isIntersecting);
    if (near) void lab.sampler.fetchClassifier();
    else lab.sampler.play(false);
    want();
    if (near) page.redraw();
  }, { rootMargin: "300px" }).observe(bench);
  folds(page, () => want());

  /** What is on the screen or near it is kept up to date. */
  function want() {
    const { latentOpen } = store.state;
    const map = latentOpen.includes("plane") ? /** @type {const} */ (["map"]) : [];
    const real = latentOpen.includes("near") ? /** @type {const} */ (["near"]) : [];
    lab.sampler.want(near ? ["film", "grid", "strips", ...map, ...real] : []);
  }

  /** @param {number} now @param {number} before */
  function step(now, before) {
    if (!lab.snapshot.latent.playing) return;
    lab.sampler.walk(Math.min(now - before, 100) / WALK);
    requestAnimationFrame((later) => step(later, now));
  }

  /** @param {Latent} latent @param {import("../shell/state.js").State} record */
  function statusText({ phase, origin, message, misfit, fetching }, record) {
    const { t } = page;
    if (origin !== null && phase === "ready") {
      if (message !== "") return t("latent.error", { message });
      if (fetching) return t("latent.fetching", { net: record.latentNet });
      const drawn = t(`latent.origin.${origin.source}`, { step: whole(origin.step), net: origin.preset });
      return misfit ? `${drawn} ${t("latent.misfit")}` : drawn;
    }
    return phase === "failed" ? t("latent.failed", { message }) : t("latent.loading");
  }

  /** @param {Latent} latent */
  function drawNumbers({ z, radius, score, probabilities, dims }) {
    const found = verdict(probabilities);
    number("norm", z ? fixed(Math.hypot(...z), 2) : NONE);
    number("radius", dims > 0 ? fixed(radius, 2) : NONE);
    number("score", fixed(score, 3));
    number("digit", found ? String(found.digit) : NONE);
    number("sure", found ? `${Math.round(100 * found.sure)} %` : "");
  }

  return {
    draw(next, before) {
      const { latent, record: state } = next;
      if (latent === before?.latent && state === before.record && next.train.shipped === before.train.shipped) return;
      const { t } = page;
      const colours = look(page.dark);
      const share = latent.playing ? (latent.place?.t ?? state.latentAt) : state.latentAt;
      // Canvases first: their size is read, and any text written before would have to be laid out for that.
      if (near && latent.z !== null) {
        drawShell(shell, {
          radius: latent.radius, scatter: latent.scatter, norms: latent.film?.norms ?? new Float32Array(0), norm: Math.hypot(...latent.z),
          at: latent.place?.on === "plane" ? null : share, way: state.latentWay,
        }, page.palette, { shell: t("latent.shellBand"), straight: t("latent.straight"), arc: t("latent.arc") });
      }
      if (latent.image !== null && latent.image !== before?.latent.image) {
        drawDigits(image, latent.image, 1, colours);
        draws += 1;
        figure.dataset["draws"] = String(draws);
        drawNumbers(latent);
      }
      write(status, statusText(latent, state));
      again(latent.phase === "failed" || (latent.message !== "" && !latent.fetching));
      status.classList.toggle("wrong", latent.message !== "" || latent.misfit);
      figure.dataset["generator"] = latent.origin?.source ?? "";
      for (const radio of generators) {
        radio.checked = radio.value === latent.source;
        if (radio.value === "training") radio.disabled = !latent.trained;
      }
      why.hidden = latent.trained;
      net.value = state.latentNet;
      for (const option of net.options) option.disabled = !hasWeights(next, option.value) && option.value !== state.latentNet;
      for (const radio of ways) radio.checked = radio.value === state.latentWay;
      write(play, t(latent.playing ? "pause" : "play"));
      play.disabled = latent.dims === 0;
      if (!inHand(at) || latent.playing) at.value = String(share);
      at.ariaValueText = t("latent.walkValue", { percent: `${Math.round(100 * share)} %` });
      if (!near) return;
      const last = before === null ? null : seen;
      seen = next;
      for (const part of parts) part.draw(next, last);
      if (latent.film && latent.film !== last?.latent.film) {
        drawDigits(film, latent.film.images, 11, { ...colours, gap: 1 });
      }
    },
  };
}

/**
 * The parts that can be folded away: which are open is in the record.
 * @param {import("../shell/page.d.ts").Page} page
 * @param {() => void} changed
 */
function folds({ store }, changed) {
  for (const name of PARTS) {
    const details = document.getElementById(`latent-${name}`);
    if (!(details instanceof HTMLDetailsElement)) continue;
    details.open = store.state.latentOpen.includes(name);
    details.addEventListener("toggle", () => {
      const others = store.state.latentOpen.filter((other) => other !== name);
      store.set({ latentOpen: details.open ? [...others, name] : others });
      changed();
    });
  }
  store.listen((state, changedKeys) => {
    if (!changedKeys.has("latentOpen")) return;
    for (const name of PARTS) {
      const details = document.getElementById(`latent-${name}`);
      if (details instanceof HTMLDetailsElement) details.open = state.latentOpen.includes(name);
    }
    changed();
  });
}
