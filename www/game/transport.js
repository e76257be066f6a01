import { any, button, inHand, input, onNumber, write } from "../shell/dom.js";
import { whole } from "../shell/format.js";
import { PACE } from "../shell/state.js";
import { mountAlgorithm } from "./algorithm.js";

/**
 * Playing the game: by itself, step by step, backwards, and slowly with the running line of Algorithm 1 lit.
 * @param {import("../shell/page.d.ts").Page} page
 * @returns {import("../shell/page.d.ts").Part}
 */
export function mountTransport(page) {
  const { lab, store } = page;
  const [play, step, reset] = [button("game-play"), button("game-step"), button("game-reset")];
  const [stepD, stepG, optimum] = [button("game-step-d"), button("game-step-g"), button("game-optimum")];
  const [pace, paceValue, slow, at] = [input("game-pace"), input("game-pace-value"), input("game-slow"), input("game-at")];
  const atValue = any("game-at-value");
  const algorithm = mountAlgorithm(page);

  play.addEventListener("click", () => lab.game.play(!lab.snapshot.game.playing));
  step.addEventListener("click", () => lab.game.step("i"));
  stepD.addEventListener("click", () => lab.game.step("d"));
  stepG.addEventListener("click", () => lab.game.step("g"));
  optimum.addEventListener("click", () => lab.game.climb(!lab.snapshot.game.climbing));
  reset.addEventListener("click", () => lab.game.reset());
  at.addEventListener("input", () => lab.game.scrub(at.valueAsNumber));
  slow.addEventListener("change", () => store.set({ gameMotion: slow.checked ? "slow" : "normal" }));
  // The slider is logarithmic: each stretch of it multiplies the pace.
  const span = Math.log(PACE.max / PACE.min);
  pace.addEventListener("input", () => store.set({ gamePace: Math.round(PACE.min * Math.exp(span * pace.valueAsNumber)) }));
  onNumber(paceValue, (gamePace) => store.set({ gamePace }));
  button("game-pace-default").addEventListener("click", () => store.set({ gamePace: PACE.initial }));

  return {
    draw(next, before) {
      const { game, record } = next;
      const { t } = page;
      const ready = game.phase === "ready";
      for (const control of [play, step, stepD, stepG]) control.disabled = !ready || game.atRest;
      for (const control of [reset, optimum]) control.disabled = !ready;
      write(play, game.playing ? t("pause") : t("play"));
      write(optimum, game.climbing ? t("game.optimumStop") : t("game.optimum"));
      const total = game.course?.total ?? 0;
      at.disabled = !ready || total === 0;
      at.max = String(Math.max(1, total));
      at.value = String(game.at);
      const place = t("game.placeValue", { iteration: whole(game.frame?.iteration ?? 0) });
      at.ariaValueText = place;
      write(atValue, place);
      algorithm(next, before === null);
      const { gamePace, gameMotion } = record;
      if (before && before.record.gamePace === gamePace && before.record.gameMotion === gameMotion) return;
      slow.checked = gameMotion === "slow";
      if (!inHand(pace)) pace.value = String(Math.log(gamePace / PACE.min) / span);
      pace.ariaValueText = whole(gamePace);
      if (!inHand(paceValue)) paceValue.value = String(Number(gamePace.toPrecision(6)));
    },
  };
}
