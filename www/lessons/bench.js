import { any, button, write } from "../shell/dom.js";
import { visit } from "../shell/anchors.js";
import { resolve } from "../shell/language.js";
import { short } from "../shell/format.js";
import { copy, save } from "../shell/save.js";
import { asGame, format, parse } from "../shell/state.js";
import { reducedMotion } from "../shell/support.js";
import { operate } from "../theory/operate.js";
import { until } from "../game/moves.js";
import { holds, read } from "./conditions.js";
import { keep, load } from "./solved.js";

/** @typedef {import("../protocol.d.ts").Snapshot} Snapshot */

/**
 * The walk and the exercises, which the text tells of: one bar at the window's edge says which stop or task it is, and
 * for a task whether it is solved. Nobody walks and nothing is to be solved: there is no bar.
 * @param {import("../shell/page.d.ts").Page} page
 * @returns {import("../shell/page.d.ts").Part}
 */
export function mountLessons(page) {
  const { lab, store } = page;
  const [bar, words, state] = [any("lesson"), any("lesson-words"), any("lesson-state")];
  const [back, next, hand, task, leave] = [button("lesson-back"), button("lesson-next"), button("lesson-copy"), button("lesson-task"), button("lesson-leave")];
  const file = button("solved-file");
  const stops = [...document.querySelectorAll("#walk :lang(en) [data-stop]")].map((stop) => ({
    name: stop.getAttribute("data-stop") ?? "", act: stop.getAttribute("data-act"), hash: stop.querySelector("a.operate")?.getAttribute("href") ?? "",
  }));
  const exercises = new Map([...document.querySelectorAll("[data-exercise]:lang(en)")].map((element) => {
    const name = element.getAttribute("data-exercise") ?? "";
    const start = parse(element.querySelector("a.operate")?.getAttribute("href") ?? "").state;
    return [name, { name, start, terms: read(element.getAttribute("data-condition") ?? "") }];
  }));
  let solved = load();
  /** What the bar has the words of. */
  let told = "";

  /** @param {number} stop from 1 @param {boolean} [act] the visitor goes there now */
  function go(stop, act = true) {
    const at = stops[stop - 1];
    if (!at || operate(page, at.hash, reducedMotion()) === null) return;
    store.set({ walk: stop, task: "" });
    if (at.act === "train" && act) lab.train?.go();
    // What is hidden until the next frame cannot have the focus.
    tell(lab.snapshot);
    next.focus({ preventScroll: true });
  }

  back.addEventListener("click", () => go(store.state.walk - 1));
  next.addEventListener("click", () => (store.state.walk < stops.length ? go(store.state.walk + 1) : close()));
  bar.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const { walk } = store.state;
    if (event.key === "Escape") close();
    else if (walk > 0 && event.key === "ArrowRight" && walk < stops.length) go(walk + 1);
    else if (walk > 1 && event.key === "ArrowLeft") go(walk - 1);
    else return;
    event.preventDefault();
  });
  leave.addEventListener("click", close);
  function close() {
    store.set({ walk: 0, task: "" });
  }
  task.addEventListener("click", () => visit(store.state.task + (resolve(store.state.language) === "zh" ? "-zh" : "")));
  any("walk-begin").addEventListener("click", (event) => {
    const mouse = /** @type {MouseEvent} */ (event);
    if (mouse.ctrlKey || mouse.metaKey || mouse.shiftKey || mouse.button !== 0) return;
    event.preventDefault();
    go(1);
  });
  hand.addEventListener("click", async () => {
    const game = exercises.get(store.state.task)?.start.anchor === "lab-game";
    const there = await copy(game ? lab.game.link() : address());
    write(hand, page.t(there ? "lesson.copied" : "lesson.notCopied"));
  });
  file.addEventListener("click", () => save("saddle-exercises.json", new Blob([`${JSON.stringify(solved, null, 2)}\n`], { type: "application/json" })));
  // A link that leads into the walk says nothing else: what stands there is set.
  if (store.state.walk > 0) go(store.state.walk, false);

  /** @returns {string} that opens what is shown; of the game that moment, also while it plays */
  function address() {
    const anchor = exercises.get(store.state.task)?.start.anchor ?? "";
    const { course, at } = lab.snapshot.game;
    const run = anchor === "lab-game" && course ? { ...asGame(course.start), gameRun: until(course.moves, at) } : {};
    return location.href.replace(/#.*|$/, format({ ...store.state, ...run, anchor }));
  }

  /** @param {Snapshot} snapshot */
  function judge(snapshot) {
    const exercise = exercises.get(snapshot.record.task);
    if (!exercise) return;
    const right = holds(exercise.terms, snapshot, exercise.start);
    // The numbers change all the time; said is only that it is solved.
    if (right && bar.dataset["solved"] === "false") write(any("announcer"), page.t("lesson.solved"));
    bar.dataset["solved"] = String(right);
    const measured = exercise.terms.filter(({ name }) => name !== null).map((term) => {
      const [name = "", ...limit] = term.text.split(" ");
      return `${term.holds(snapshot, exercise.start) ? "✓" : "○"} ${name.split(".").at(-1)} ${short(term.value(snapshot))} (${limit.join(" ")})`;
    });
    const kept = exercise.terms.filter(({ name }) => name === null).map((term) => (term.holds(snapshot, exercise.start) ? "" : page.t("lesson.changed")));
    write(state, [page.t(right ? "lesson.solved" : "lesson.open"), ...measured, ...kept].filter(Boolean).join(" · "));
    if (!right || solved[exercise.name]) return;
    solved = { ...solved, [exercise.name]: { when: new Date().toISOString(), link: address() } };
    keep(solved);
    mark();
  }

  function mark() {
    file.disabled = Object.keys(solved).length === 0;
    file.title = file.disabled ? page.t("lesson.noneSolved") : "";
    for (const element of document.querySelectorAll("[data-exercise]")) {
      const there = element.querySelector(".exercise-mark");
      if (there) write(there, (element.getAttribute("data-exercise") ?? "") in solved ? page.t("lesson.done") : "");
    }
  }

  /** @param {Snapshot} snapshot */
  function tell({ record: { walk, task: name } }) {
    const walking = walk > 0 && walk <= stops.length;
    const exercise = exercises.get(name);
    bar.hidden = !walking && !exercise;
    if (bar.hidden) return;
    const language = resolve(store.state.language);
    const suffix = language === "zh" ? "-zh" : "";
    const about = walking ? `stop-${stops[walk - 1]?.name}${suffix}` : `${name}${suffix}`;
    if (about !== told) {
      told = about;
      const source = any(about);
      const shown = walking ? [...source.childNodes] : [source.querySelector(".exercise-title > a"), source.querySelector(".exercise-title + p")];
      words.replaceChildren(...shown.flatMap((node) => (node ? [node.cloneNode(true)] : [])));
      write(hand, page.t("lesson.copy"));
    }
    write(leave, page.t(walking ? "lesson.leave" : "close"));
    for (const own of [back, next]) own.hidden = !walking;
    for (const own of [hand, task, state]) own.hidden = walking;
    back.disabled = walk <= 1;
    write(next, walk < stops.length ? page.t("lesson.next", { at: walk, of: stops.length }) : page.t("lesson.end"));
  }

  return {
    draw(snapshot, before) {
      const { record } = snapshot;
      if (before === null || before.record.walk !== record.walk || before.record.task !== record.task) {
        if (before === null) told = "";
        tell(snapshot);
        mark();
      }
      judge(snapshot);
    },
  };
}
