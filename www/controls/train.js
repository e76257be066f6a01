import { any, anySeed, button, canvas, get, input, numbers, onNumber, write } from "../dom.js";
import { fixed, NONE, short, whole } from "../format.js";
import { draw as drawDigits, look } from "../views/digits.js";
import { mountCharts } from "./charts.js";
import { mountDevice } from "./device.js";

/** @typedef {import("../protocol.d.ts").Snapshot} Snapshot */

/**
 * The MNIST laboratory, its data apart.
 * @param {import("../page.d.ts").Page} page
 * @returns {import("../page.d.ts").Part}
 */
export function mountTrain(page) {
  const { lab, store } = page;
  const figure = any("train-figure");
  const grid = canvas("train-grid");
  const [caption, status, lost] = [any("train-grid-caption"), any("train-status"), any("train-lost")];
  const [play, step, reset, goOn] = [button("train-play"), button("train-step"), button("train-reset"), button("train-continue")];
  const seed = input("train-seed");
  const net = get("train-net", HTMLSelectElement);
  const epoch = get("train-epoch", HTMLProgressElement);
  const show = numbers(any("train-numbers"));
  const device = mountDevice(page);
  const charts = mountCharts(page);

  play.addEventListener("click", () => lab.train.play(lab.snapshot.train.phase !== "playing"));
  step.addEventListener("click", () => lab.train.step());
  reset.addEventListener("click", () => lab.train.reset());
  goOn.addEventListener("click", () => lab.train.play(true));
  onNumber(seed, (trainSeed) => store.set({ trainSeed }));
  button("train-seed-new").addEventListener("click", () => store.set({ trainSeed: anySeed() }));
  net.addEventListener("change", () => store.set({ trainPreset: /** @type {"compact" | "tiny"} */ (net.value) }));

  /** @param {Snapshot} snapshot */
  function statusText({ train, data }) {
    const { t } = page;
    const { phase, row, message } = train;
    if (phase === "failed") return t("train.failed", { message });
    if (phase === "loading") return t("train.loading");
    if (phase === "creating") return t(lab.train.device === "webgpu" ? "train.creatingGpu" : "train.creating");
    if (phase === "idle" || data.phase !== "ready") return t("train.needsData");
    if (phase === "playing") return t("train.playing", { device: t(`train.${train.device ?? "cpu"}`) });
    if (phase === "stepping") return t("train.stepping");
    return row === null ? t("train.paused") : t("train.pausedAt", { step: whole(row.step) });
  }

  /** @param {Snapshot["train"]} train */
  function drawNumbers({ row, stepsPerSecond, flopPerStep }) {
    figure.dataset["step"] = String(row?.step ?? 0);
    show("step", whole(row?.step ?? 0));
    show("rate", short(stepsPerSecond));
    show("flops", short((stepsPerSecond * flopPerStep) / 1e9));
    show("images", whole(row?.imagesSeen ?? 0));
    show("epoch", whole(Math.floor(row?.epoch ?? 0) + 1));
    epoch.value = (row?.epoch ?? 0) % 1;
    for (const name of /** @type {const} */ (["lossD", "lossG", "dReal", "dFake"])) show(name, row ? fixed(row[name], 3) : NONE);
  }

  return {
    draw(next, before) {
      const { train, data } = next;
      charts(train.curves, before === null);
      if (train === before?.train && data.phase === before.data.phase) return;
      const { t } = page;
      const { phase } = train;
      play.disabled = !["paused", "playing", "stepping"].includes(phase);
      step.disabled = phase !== "paused";
      reset.disabled = data.phase !== "ready" || phase === "creating" || phase === "loading";
      write(play, phase === "playing" ? t("pause") : t("play"));
      status.dataset["phase"] = phase;
      status.classList.toggle("wrong", phase === "failed");
      write(status, statusText(next));
      lost.hidden = train.lost === null || phase === "failed";
      goOn.disabled = phase !== "paused";
      if (train.lost) {
        const { reason, step: kept } = train.lost;
        const [words, detail] = lost.querySelectorAll("p");
        const then = t(kept > 0 ? "train.lostSaved" : "train.lostNothing", { step: whole(kept) });
        if (words) write(words, `${t("train.lost")} ${then}`);
        if (detail) write(detail, reason);
        write(goOn, t("train.continue", { step: whole(kept) }));
      }
      if (before === null) {
        seed.value = String(store.state.trainSeed);
        net.value = store.state.trainPreset;
      }
      device(train);
      drawNumbers(train);
      if (train.grid !== before?.train.grid) {
        write(caption, train.grid ? t("train.gridCaption", { step: whole(train.grid.step) }) : t("train.gridEmpty"));
        grid.dataset["step"] = String(train.grid?.step ?? "");
        if (train.grid) drawDigits(grid, train.grid.images, 8, { ...look(page.dark), gap: 1 });
        else grid.getContext("2d")?.clearRect(0, 0, grid.width, grid.height);
      }
    },
  };
}
