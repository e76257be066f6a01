import { any, button, canvas, input, write } from "../shell/dom.js";
import { fileFault } from "../shell/faults.js";
import { bytes, whole } from "../shell/format.js";
import { worthKeeping } from "./run_database.js";
import { save } from "../shell/save.js";

/** @typedef {import("../protocol.d.ts").Snapshot} Snapshot */

/** Screen pixels of a saved picture per pixel of an image. */
const SCALE = 4;

/**
 * Files of the run, and the run that is saved in the browser by itself.
 * @param {import("../shell/page.d.ts").Page} page
 * @returns {import("../shell/page.d.ts").Part}
 */
export function mountFiles(page) {
  const { lab } = page;
  const area = any("lab-mnist");
  const [session, generator, script] = [button("file-session"), button("file-weights"), button("file-script")];
  const [png, csv] = [button("file-png"), button("file-csv")];
  const [open, status] = [button("file-open"), any("file-status")];
  const chooser = input("file-input");
  const saved = mountSaved(page);

  session.addEventListener("click", () => lab.train.download("session"));
  generator.addEventListener("click", () => lab.train.download("generator"));
  script.addEventListener("click", () => lab.train.download("script"));
  png.addEventListener("click", () => void savePicture());
  csv.addEventListener("click", () => save(name("csv"), new Blob([table(lab.snapshot)], { type: "text/csv" })));
  open.addEventListener("click", () => chooser.click());
  chooser.addEventListener("change", () => {
    const [file] = chooser.files ?? [];
    if (file) void lab.train.take(file);
    // The same file can be chosen again.
    chooser.value = "";
  });

  const carriesFile = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes("Files") ?? false;
  area.addEventListener("dragover", (event) => {
    if (!carriesFile(event)) return;
    event.preventDefault();
    area.dataset["drop"] = "";
  });
  area.addEventListener("dragleave", (event) => {
    if (!(event.relatedTarget instanceof Node && area.contains(event.relatedTarget))) delete area.dataset["drop"];
  });
  area.addEventListener("drop", (event) => {
    if (!carriesFile(event)) return;
    event.preventDefault();
    delete area.dataset["drop"];
    const [file] = event.dataTransfer?.files ?? [];
    if (file) void lab.train.take(file);
  });

  const name = (/** @type {string} */ ending) => {
    const { settings, row } = lab.snapshot.train;
    return `saddle-${settings?.preset ?? "run"}-${row?.step ?? 0}.${ending}`;
  };

  async function savePicture() {
    const from = canvas("train-grid");
    const to = document.createElement("canvas");
    [to.width, to.height] = [from.width * SCALE, from.height * SCALE];
    const pen = /** @type {CanvasRenderingContext2D} */ (to.getContext("2d"));
    pen.imageSmoothingEnabled = false;
    pen.drawImage(from, 0, 0, to.width, to.height);
    const blob = await new Promise((resolve) => to.toBlob(resolve, "image/png"));
    if (blob) save(`saddle-${lab.snapshot.train.settings?.preset ?? "run"}-${from.dataset["step"]}.png`, blob);
  }

  /** @param {Snapshot["train"]} train */
  function noteText({ note }) {
    const { t } = page;
    if (note === null) return "";
    if (note.kind === "opened") return t("train.note.opened", { name: note.name, step: whole(note.step) });
    if (note.kind === "waits") return t("train.note.waits", { name: note.name });
    if (note.kind === "setting") return t("train.note.setting", { message: note.message });
    if (note.kind === "resume") return t("train.note.resume", { step: whole(note.step), message: fileFault(note.fault, t) });
    return t(`train.note.${note.kind}`, { name: note.kind === "file" ? note.name : "", message: fileFault(note.fault, t) });
  }

  return {
    draw({ train, data }, before) {
      if (before && train === before.train && data.phase === before.data.phase) return;
      const there = train.row !== null && ["paused", "playing", "stepping"].includes(train.phase);
      for (const control of [session, generator, csv]) {
        control.disabled = !there;
        control.title = there ? (control === session ? page.t("file.session.what") : "") : page.t("file.needsRun");
      }
      // It needs a run's settings, and none of its steps.
      script.disabled = !["paused", "playing", "stepping"].includes(train.phase);
      script.title = page.t(script.disabled ? "file.needsRun" : "file.script.what");
      png.disabled = train.grids.length === 0;
      png.title = png.disabled ? page.t("file.needsRun") : "";
      write(status, noteText(train));
      status.classList.toggle("wrong", train.note !== null && train.note.kind !== "opened" && train.note.kind !== "waits");
      saved(train, data);
    },
  };
}

/**
 * Runs that this browser has saved: the newest is offered, the others are folded away. A run with much training behind it
 * goes only when the visitor says so, twice.
 * @param {import("../shell/page.d.ts").Page} page
 * @returns {(train: Snapshot["train"], data: Snapshot["data"]) => void}
 */
function mountSaved(page) {
  const { lab } = page;
  const [box, list, more, others] = [any("train-kept"), any("train-saved"), any("train-saved-more"), any("train-saved-others")];
  const make = (/** @type {Snapshot["train"]["savedRuns"][number]} */ run) => {
    const item = document.createElement("div");
    const [words, go, drop] = [document.createElement("p"), document.createElement("button"), document.createElement("button")];
    go.type = drop.type = "button";
    item.className = "saved-run";
    [go.className, drop.className] = ["main resume", "plain discard"];
    item.dataset["run"] = run.id;
    words.setAttribute("role", "status");
    go.addEventListener("click", () => lab.train.resume(run.id));
    drop.addEventListener("click", () => {
      if (worthKeeping(run) && !confirm(page.t("train.offer.dropSure", { step: whole(run.step) }))) return;
      void lab.train.discard(run.id);
    });
    const bar = document.createElement("div");
    bar.className = "toolbar";
    bar.append(go, drop);
    item.append(words, bar);
    return { run, item, words, go, drop };
  };
  /** @type {ReturnType<typeof make>[]} */
  let made = [];
  return ({ savedRuns, phase }, data) => {
    box.hidden = savedRuns.length === 0 || phase === "playing" || phase === "stepping" || phase === "loading";
    if (savedRuns.length !== made.length || savedRuns.some((run, i) => run !== made[i]?.run)) {
      made = savedRuns.map(make);
      list.replaceChildren(...made.slice(0, 1).map(({ item }) => item));
      others.replaceChildren(...made.slice(1).map(({ item }) => item));
      more.hidden = made.length < 2;
    }
    const { t } = page;
    for (const { run, words, go, drop } of made) {
      const step = whole(run.step);
      const values = { preset: run.preset, seed: run.seed, step, ago: ago(run.when), size: bytes(run.bytes) };
      write(words, [t("train.offer", values), run.elsewhere ? t("train.offer.elsewhere") : ""].filter(Boolean).join(" "));
      write(go, t("train.offer.go", { step }));
      write(drop, t("train.offer.drop"));
      go.disabled = run.elsewhere || phase === "creating" || data.phase === "fetching";
      drop.disabled = run.elsewhere;
    }
  };
}

/** @param {number} when milliseconds since 1970 @returns {string} how long ago, in the page's language */
function ago(when) {
  const words = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto" });
  const seconds = (when - Date.now()) / 1000;
  if (seconds > -90) return words.format(Math.round(seconds), "second");
  if (seconds > -5400) return words.format(Math.round(seconds / 60), "minute");
  if (seconds > -129_600) return words.format(Math.round(seconds / 3600), "hour");
  return words.format(Math.round(seconds / 86_400), "day");
}

/**
 * The run's curves and judgements as a table, one row for each step of either; losses in nats.
 * @param {Pick<Snapshot, "train" | "judge">} snapshot
 */
export function table({ train, judge }) {
  const { curves } = train;
  const columns = /** @type {const} */ (["lossD", "lossG", "dReal", "dFake", "gradD", "gradG"]);
  const scores = /** @type {const} */ (["mnistScore", "classTv", "frechet"]);
  const cell = (/** @type {number | undefined} */ value) => (value === undefined || Number.isNaN(value) ? "" : String(value));
  const rows = curves.step.map((step, i) => ({ step, cells: [...columns.map((name) => cell(curves[name][i])), "", "", "", ""] }));
  for (const { step, opinion } of judge.course) {
    rows.push({ step, cells: [...columns.map(() => ""), String(opinion.samples), ...scores.map((name) => cell(opinion.scores?.[name]?.[0]))] });
  }
  rows.sort((a, b) => a.step - b.step);
  return `${["step", ...columns, "samples", ...scores].join(",")}\n${rows.map(({ step, cells }) => [step, ...cells].join(",")).join("\n")}\n`;
}
