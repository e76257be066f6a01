import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { FakeWorker, settled } from "./fake_worker.js";

Object.assign(globalThis, { Worker: FakeWorker, location: { hash: "" } });
const { Died, Failed, Line, outdated, Superseded } = await import("../../www/shell/line.js");
const { handed, serve } = await import("../../www/shell/serve.js");

/** @typedef {import("../../www/shell/line.js").Line<any, any>} AnyLine */

/** @param {Partial<ConstructorParameters<typeof Line>[1]>} [rules] */
async function lineOf(rules = {}) {
  /** @type {InstanceType<typeof Died>[]} */
  const deaths = [];
  const line = new Line("some.js", { open: () => ({ module: 1 }), died: (died) => deaths.push(died), ...rules });
  line.start();
  await settled();
  const worker = FakeWorker.last;
  worker.answer("open");
  return { line: /** @type {AnyLine} */ (line), worker, deaths };
}

/** @param {Promise<unknown>} promise @returns {Promise<any>} what it rejects with */
const fault = (promise) => promise.then((answer) => assert.fail(`answered ${answer}`), (error) => error);

test("a worker is opened before it is asked, and each answer goes to its question", async () => {
  const line = /** @type {AnyLine} */ (new Line("some.js", { open: async () => ({ module: 7 }), died: () => undefined, together: 2 }));
  const [one, two] = [line.ask("one", 1), line.ask("two", 2)];
  await settled();
  const worker = FakeWorker.last;
  assert.deepEqual(worker.sent, [{ id: 0, type: "open", asks: { module: 7 } }]);
  worker.answer("open");
  assert.deepEqual(worker.asked().map(({ type, asks }) => [type, asks]), [["one", 1], ["two", 2]]);
  worker.answer("two", "second");
  worker.answer("one", "first");
  assert.deepEqual(await Promise.all([one, two]), ["first", "second"]);
  assert.ok(line.idle);
});

test("of a key the newest waits, made when its turn has come, and those it supersedes are told", async () => {
  const { line, worker } = await lineOf();
  let at = 0;
  const asks = [1, 2, 3].map((n) => line.ask("look", () => [n, at], { key: "look" }));
  const older = fault(asks[1] ?? Promise.resolve());
  // Whoever asked hears the answer before the next question is made.
  void asks[0]?.then(() => (at = 10));
  assert.deepEqual(worker.asked().map((sent) => sent.asks), [[1, 0]]);
  at = 9;
  worker.answer("look", "a");
  await settled();
  assert.ok((await older) instanceof Superseded && outdated(await older));
  assert.deepEqual(worker.asked().map((sent) => sent.asks), [[1, 0], [3, 10]]);
  worker.answer("look", "c");
  assert.deepEqual([await asks[0], await asks[2]], ["a", "c"]);
});

test("what waits is sent by its order, one at a time, and beside that what needs no turn", async () => {
  const { line, worker } = await lineOf({ order: ["here", "film"] });
  const all = [line.ask("first", 0), line.ask("film", 0), line.ask("other", 0), line.ask("here", 0), line.ask("task", 0, { beside: true })];
  assert.deepEqual(worker.asked().map(({ type }) => type), ["first", "task"]);
  for (const type of ["first", "here", "film", "other", "task"]) {
    worker.answer(type, type);
    await settled();
  }
  assert.deepEqual(await Promise.all(all), ["first", "film", "other", "here", "task"]);
  assert.deepEqual(worker.asked().map(({ type }) => type), ["first", "task", "here", "film", "other"]);
});

test("a failure belongs to its question, and the next is asked", async () => {
  const { line, worker, deaths } = await lineOf();
  const [bad, good] = [fault(line.ask("a", 1)), line.ask("b", 2)];
  worker.fail("a", "out of range", { code: "argument" });
  await settled();
  const failed = await bad;
  assert.ok(failed instanceof Failed);
  assert.deepEqual([failed.message, failed.code], ["out of range", "argument"]);
  worker.answer("b", 3);
  assert.equal(await good, 3);
  assert.deepEqual(deaths, []);
});

test("a question that nobody wants any more is taken back, under way or not", async () => {
  const { line, worker } = await lineOf();
  const stop = new AbortController();
  const [under, waits, other] = [fault(line.ask("load", 0, { signal: stop.signal })), fault(line.ask("more", 0, { signal: stop.signal })), line.ask("other", 0)];
  stop.abort();
  assert.ok(outdated(await under) && outdated(await waits));
  const { id } = worker.question("load");
  assert.deepEqual(worker.sent.at(-1), { id, abort: true });
  assert.deepEqual(worker.asked("other"), [], "the worker is still at it");
  worker.fail("load", "aborted");
  await settled();
  worker.answer("other", 1);
  assert.equal(await other, 1);
  assert.deepEqual(worker.asked("more"), []);
  assert.ok(outdated(await fault(line.ask("late", 0, { signal: stop.signal }))));
});

test("progress is told to whoever asked, and not after it was taken back", async () => {
  const { line, worker } = await lineOf();
  /** @type {number[]} */
  const told = [];
  const stop = new AbortController();
  const asked = fault(line.ask("load", 0, { signal: stop.signal, progress: (/** @type {number} */ share) => told.push(share) }));
  const { id } = worker.question("load");
  worker.say({ id, progress: 0.5 });
  stop.abort();
  worker.say({ id, progress: 0.6 });
  await asked;
  assert.deepEqual(told, [0.5]);
});

test("when a worker dies everybody hears of it, and the next question starts another", async () => {
  const { line, worker, deaths } = await lineOf();
  const [under, waits] = [fault(line.ask("a", 1)), fault(line.ask("b", 2))];
  worker.fail("a", "panicked at src/x.rs", { panic: true });
  for (const error of [await under, await waits]) assert.ok(error instanceof Died && error.again && error.opened);
  assert.equal(deaths.length, 1);
  assert.ok(worker.ended && !line.running);
  worker.say({ id: 1, answer: "late" });
  const next = line.ask("a", 1);
  await settled();
  assert.notEqual(FakeWorker.last, worker);
  FakeWorker.last.answer("open");
  FakeWorker.last.answer("a", "alive");
  assert.equal(await next, "alive");
});

test("three that die in a row are enough, until one has done what it is for, or somebody tries again", async () => {
  const { line, deaths } = await lineOf();
  const live = async (/** @type {boolean} */ works) => {
    if (!line.running) line.start();
    await settled();
    const worker = FakeWorker.last;
    if (worker.sent.length === 1) worker.answer("open");
    const setup = line.ask("create", 0, { setup: true });
    worker.answer("create");
    await setup;
    const step = line.ask("step", 0);
    if (works) worker.answer("step");
    else worker.say({ end: { message: "unreachable", code: "", panic: true } });
    await step.catch(() => undefined);
  };
  for (const works of [false, false, true, false, false, false]) await live(works);
  assert.deepEqual(deaths.map(({ again }) => again), [true, true, true, true, false]);
  line.forgive();
  await live(false);
  assert.ok(deaths.at(-1)?.again);
});

test("a worker that cannot be opened is no use: its questions are rejected with the cause", async () => {
  const missing = /** @type {AnyLine} */ (new Line("some.js", { open: () => Promise.reject(new Error("404")), died: () => undefined }));
  const error = await fault(missing.ask("a", 1));
  assert.ok(error instanceof Died && !error.again && !error.opened && error.message === "404");
  const foreign = /** @type {AnyLine} */ (new Line("some.js", { open: () => 0, died: () => undefined }));
  const asked = fault(foreign.ask("a", 1));
  await settled();
  FakeWorker.last.fail("open", "CompileError");
  assert.equal((await asked).message, "CompileError");
  const unloaded = fault(foreign.ask("a", 1));
  FakeWorker.last.onerror({ message: "", preventDefault: () => undefined });
  assert.match((await unloaded).message, /some\.js did not load/);
});

test("a worker that owes an answer and says nothing is ended; one that says anything, or owes none, is not", async () => {
  mock.timers.enable({ apis: ["setInterval"] });
  try {
    const { line, worker, deaths } = await lineOf({ within: 8000 });
    mock.timers.tick(60_000);
    assert.deepEqual(deaths, [], "nothing is owed");
    const asked = fault(line.ask("a", 1));
    mock.timers.tick(7000);
    worker.say({ id: worker.question("a").id, progress: 1 });
    mock.timers.tick(7000);
    assert.deepEqual(deaths, []);
    mock.timers.tick(2000);
    const died = await asked;
    assert.ok(died instanceof Died && died.silent && died.again);
    assert.ok(worker.ended);
  } finally {
    mock.timers.reset();
  }
});

test("a line that is ended rejects what was asked", async () => {
  const { line, worker, deaths } = await lineOf();
  const asked = fault(line.ask("a", 1));
  line.end("the visitor has had enough");
  assert.equal((await asked).message, "the visitor has had enough");
  assert.ok(worker.ended);
  assert.equal(deaths.length, 1);
});

/** Runs `serve` in a worker that is none, and returns what it says and how to ask it. @param {any} handlers @param {(type: string) => boolean} [beside] */
function served(handlers, beside) {
  /** @type {any[]} */
  const said = [];
  /** @type {any} */
  const scope = { postMessage: (/** @type {any} */ message, /** @type {any[]} */ transfer) => said.push(transfer.length > 0 ? { ...message, handed: transfer.length } : message), addEventListener: () => undefined };
  Object.assign(globalThis, { self: scope });
  const { news, end } = serve(handlers, /** @type {any} */ (beside));
  return { said, news, end, tell: (/** @type {any} */ data) => scope.onmessage({ data }) };
}

test("a worker answers one question after the other, each by its id", async () => {
  /** @type {string[]} */
  const done = [];
  const { said, tell, news } = served({
    slow: async () => {
      await settled();
      done.push("slow");
      return handed({ a: 1 }, [new ArrayBuffer(8)]);
    },
    quick: () => void done.push("quick"),
    bad: () => {
      throw Object.assign(new Error("no"), { code: "argument" });
    },
    now: () => done.push("now"),
  }, (/** @type {string} */ type) => type === "now");
  for (const [i, type] of ["slow", "bad", "quick", "now"].entries()) tell({ id: i + 1, type, asks: null });
  news("hello");
  for (let i = 0; i < 5; i += 1) await settled();
  assert.deepEqual(done, ["now", "slow", "quick"]);
  assert.deepEqual(said.filter(({ id }) => id !== 4), [
    { news: "hello" }, { id: 1, answer: { a: 1 }, handed: 1 }, { id: 2, failure: { message: "no", code: "argument", panic: false } }, { id: 3, answer: undefined },
  ]);
});

test("a question that was taken back before its turn is not begun, and one under way is told", async () => {
  /** @type {string[]} */
  const done = [];
  const { said, tell } = served({
    load: (/** @type {null} */ _, /** @type {any} */ { signal }) => new Promise((resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
    more: () => done.push("more"),
  });
  tell({ id: 1, type: "load", asks: null });
  tell({ id: 2, type: "more", asks: null });
  await settled();
  tell({ id: 2, abort: true });
  tell({ id: 1, abort: true });
  for (let i = 0; i < 5; i += 1) await settled();
  assert.deepEqual(done, []);
  assert.deepEqual(said.map(({ id, failure }) => [id, typeof failure.message]), [[1, "string"], [2, "string"]]);
});
