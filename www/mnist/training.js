import { any, anySeed, button, disable, get, inHand, input, numbers, onNumber, retryButton, write } from "../shell/dom.js";
import { clock, fixed, NONE, short, whole } from "../shell/format.js";
import { defaultsOf, deviceOf } from "./choices.js";
import { NAMES, prefixed } from "./state.js";
import { mountCharts } from "./charts.js";
import { mountDevice } from "./device.js";
import { mountFiles } from "./files.js";
import { mountGrids } from "./grids.js";
import { mountHeldRun } from "./held.js";
import { mountJudge } from "./opinion.js";
import { mountKnownRuns } from "./known.js";
import { mountReadiness } from "./readiness.js";
import { mountTrainSettings } from "./settings.js";

/** @typedef {import("../protocol.d.ts").Snapshot} Snapshot */

/** Images in an epoch. */
const EPOCH = 60_000;

/** @param {string} code @returns {code is "gpu-lost" | "gpu-memory" | "gpu-refused"} */
const isGpuFault = (code) => code.startsWith("gpu-");

/** Another network brings its own settings. */
const UNCHANGED = Object.freeze(Object.fromEntries(NAMES.map((name) => [prefixed(name), null])));

/**
 * The MNIST laboratory, its data apart.
 * @param {import("../shell/page.d.ts").Page} page
 * @returns {import("../shell/page.d.ts").Part}
 */
export function mountTrain(page) {
  const { lab, store } = page;
  const figure = any("train-figure");
  const [status, lost, keeping] = [any("train-status"), any("train-lost"), any("train-keeping")];
  const [play, step, reset, goOn] = [button("train-play"), button("train-step"), button("train-reset"), button("train-continue")];
  const leaveGpu = button("train-leave-gpu");
  const seed = input("train-seed");
  const net = get("train-net", HTMLSelectElement);
  const epoch = get("train-epoch", HTMLProgressElement);
  const show = numbers(any("train-numbers"));
  const again = retryButton(page, status, () => lab.train.retry());
  const device = mountDevice(page);
  const charts = mountCharts(page);
  const parts = [
    mountGrids(page), mountJudge(page), mountFiles(page), mountTrainSettings(page), mountKnownRuns(page), mountHeldRun(page),
    mountReadiness(page),
  ];

  play.addEventListener("click", () => lab.train.play(lab.snapshot.train.phase !== "playing"));
  step.addEventListener("click", () => lab.train.step());
  reset.addEventListener("click", () => lab.train.reset());
  goOn.addEventListener("click", () => lab.train.play(true));
  leaveGpu.addEventListener("click", () => lab.train.leaveGpu());
  onNumber(seed, (trainSeed) => store.set({ trainSeed }));
  button("train-seed-new").addEventListener("click", () => store.set({ trainSeed: anySeed() }));
  net.addEventListener("change", () => store.set({ ...UNCHANGED, trainPreset: /** @type {"compact"} */ (net.value) }));

  /** @param {Snapshot} snapshot */
  function statusText(snapshot) {
    const { t } = page;
    const { train, data } = snapshot;
    const { phase, row, message } = train;
    if (phase === "failed") return t("train.failed", { message });
    if (phase === "loading") return t("train.loading");
    if (phase === "creating") return t(deviceOf(snapshot) === "webgpu" ? "train.creatingGpu" : "train.creating");
    if (data.phase === "fetching") return t("train.fetching");
    if (phase === "idle" || data.phase !== "ready") return t("train.needsData");
    if (phase === "playing") return t("train.playing", { device: t(`train.${train.device ?? "cpu"}`) });
    if (phase === "stepping") return t("train.stepping");
    return row === null ? t("train.paused") : t("train.pausedAt", { step: whole(row.step) });
  }

  /** @param {Snapshot["train"]} train */
  function keepingText({ savedStep, notSaved }) {
    if (notSaved === null) return savedStep > 0 ? page.t("train.saved", { step: whole(savedStep) }) : "";
    const { kind, step: last, message } = notSaved;
    return page.t(`train.notSaved.${last > 0 ? "" : "never."}${kind}`, { step: whole(last), message });
  }

  /** @param {Snapshot["train"]} train */
  function drawNumbers({ row, stepsPerSecond, flopPerStep, settings, memory }) {
    const images = stepsPerSecond * (settings?.batch ?? NaN);
    const within = (row?.epoch ?? 0) % 1;
    figure.dataset["step"] = String(row?.step ?? 0);
    show("step", whole(row?.step ?? 0));
    show("rate", short(stepsPerSecond));
    show("flops", short((stepsPerSecond * flopPerStep) / 1e9));
    show("imagesRate", short(images));
    show("images", whole(row?.imagesSeen ?? 0));
    show("epoch", whole(Math.floor(row?.epoch ?? 0) + 1));
    show("left", clock(((1 - within) * EPOCH) / images));
    show("memory", Number.isFinite(memory) ? whole(memory / 1e6) : NONE);
    epoch.value = within;
    for (const name of /** @type {const} */ (["lossD", "lossG", "dReal", "dFake"])) show(name, row ? fixed(row[name], 3) : NONE);
  }

  /** @param {Snapshot} snapshot */
  function drawLost(snapshot) {
    const { t } = page;
    const { lost: crash, phase } = snapshot.train;
    const failed = phase === "failed";
    const onGpu = deviceOf(snapshot) === "webgpu";
    lost.hidden = crash === null || (failed && !onGpu);
    leaveGpu.hidden = !onGpu;
    goOn.hidden = failed;
    goOn.disabled = phase !== "paused";
    leaveGpu.disabled = phase !== "paused" && !failed;
    if (crash === null) return;
    const [words, detail] = lost.querySelectorAll("p");
    const then = t(crash.step > 0 ? "train.lostSaved" : "train.lostNothing", { step: whole(crash.step) });
    const what = t(isGpuFault(crash.code) ? `train.lost.${crash.code}` : "train.lost");
    if (words) write(words, `${what} ${then}`);
    if (detail) write(detail, crash.reason.replace(/\s*(Caused by|Backtrace):[^]*$/, ""));
    write(goOn, t("train.continue", { step: whole(crash.step) }));
  }

  return {
    draw(next, before) {
      const { train, data } = next;
      for (const part of parts) part.draw(next, before);
      charts(train, before === null);
      if (train === before?.train && data.phase === before.data.phase && next.record === before.record) return;
      const { t } = page;
      const { phase } = train;
      disable(play, !["paused", "playing", "stepping"].includes(phase));
      disable(step, phase !== "paused");
      disable(reset, data.phase !== "ready" || phase === "creating" || phase === "loading");
      write(play, phase === "playing" ? t("pause") : t("play"));
      status.dataset["phase"] = phase;
      status.classList.toggle("wrong", phase === "failed");
      write(status, statusText(next));
      again(phase === "failed");
      write(keeping, keepingText(train));
      keeping.classList.toggle("wrong", train.notSaved !== null);
      drawLost(next);
      if (!inHand(seed)) seed.value = String(next.record.trainSeed);
      net.value = next.record.trainPreset;
      for (const option of net.options) option.disabled = train.defaults.length > 0 && defaultsOf(next, option.value) === null;
      device(next);
      drawNumbers(train);
    },
  };
}
