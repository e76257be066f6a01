import assert from "node:assert/strict";
import { test } from "node:test";
import { coded, failure } from "../../www/shell/open.js";
import { TrainerHost } from "../../www/mnist/trainer_host.js";

// Some versions of Node have none.
if (!("navigator" in globalThis)) Object.assign(globalThis, { navigator: {} });

/** @typedef {import("../../www/types.d.ts").FileSummary} FileSummary */

test("a failure carries the code of its error, and none where there is none", () => {
  assert.deepEqual(failure(coded("newer", "format 9")), { message: "format 9", code: "newer", panic: false });
  assert.equal(failure(new Error("plain")).code, "");
  assert.equal(failure("no error at all").code, "");
  // Its code is a number.
  assert.equal(failure(new DOMException("too much", "QuotaExceededError")).code, "");
  const trap = failure(new WebAssembly.RuntimeError("unreachable"));
  assert.ok(trap.panic);
  assert.equal(trap.code, "");
});

const SETTINGS = Object.freeze({ preset: "tiny", seed: 1 });

/**
 * A host whose modules are stood in for: files are looked up in `files` by their first byte, and what is done to a
 * trainer is written down.
 * @param {Record<number, FileSummary | Error>} files
 */
async function hostWithRun(files) {
  /** @type {string[]} */
  const done = [];
  /** @type {any[]} */
  const posted = [];
  const trainer = {
    latent: 32, flopPerStep: 1,
    setData: () => done.push("data"),
    reset: (/** @type {{seed: number}} */ { seed }) => done.push(`reset ${seed}`),
    load: (/** @type {Uint8Array} */ bytes) => done.push(`load ${bytes[0]}`),
    restore: (/** @type {Uint8Array} */ bytes) => done.push(`restore ${bytes[0]}`),
    save: async () => Uint8Array.of(99),
    free: () => done.push("free"),
  };
  const saddle = {
    Trainer: { create: async () => (done.push("create"), trainer) },
    checkFile: (/** @type {Uint8Array} */ bytes) => {
      const found = files[bytes[0] ?? NaN];
      if (found === undefined || found instanceof Error) throw found;
      return found;
    },
  };
  const host = new TrainerHost((news) => posted.push(news), async () => undefined, (error) => { throw error; });
  host.module = async () => /** @type {any} */ (saddle);
  host.files = [new Uint8Array(1), new Uint8Array(1)];
  const { signal } = new AbortController();
  await host.create({ settings: /** @type {any} */ (SETTINGS), device: "cpu", from: { kind: "scratch" }, id: "first" }, signal);
  host.step = 12;
  done.length = posted.length = 0;
  const take = (/** @type {number} */ first) => host.take({ bytes: Uint8Array.of(first), device: "cpu", id: "second" });
  return { host, done, posted, take };
}

test("a file that cannot be used is refused with its code and its kind, and the run there is untouched", async () => {
  const settings = /** @type {any} */ (SETTINGS);
  const { host, done, posted, take } = await hostWithRun({
    // G is whole, and D is not.
    1: coded("not-finite", "tensor discriminator.0.conv.weight holds values that are not finite"),
    2: coded("damaged", "this is not a whole safetensors file"),
    3: { kind: "generator", step: 400, settings },
    4: { kind: "classifier", step: 0, settings: null },
  });
  const refused = [];
  for (const file of [1, 2, 3, 4]) {
    const taken = await take(file);
    assert.ok("refused" in taken);
    refused.push([taken.refused.code, taken.refused.kind]);
  }
  assert.deepEqual(refused, [["not-finite", null], ["damaged", null], ["other-kind", "generator"], ["other-kind", "classifier"]]);
  assert.deepEqual([done, posted], [[], []]);
  assert.deepEqual([host.run?.id, host.step], ["first", 12]);
});

test("a run and weights are taken up with the settings of the file, once the run before is saved", async () => {
  const settings = /** @type {any} */ ({ ...SETTINGS, seed: 7 });
  const { host, done, posted, take } = await hostWithRun({
    5: { kind: "session", step: 30, settings },
    6: { kind: "weights", step: 400, settings },
  });
  const taken = /** @type {any} */ (await take(5));
  // There is no database here: the page gets the file.
  assert.deepEqual(posted.map(({ type }) => type), ["saved"]);
  assert.deepEqual([posted[0].run, posted[0].saved.step, posted[0].bytes[0], posted[0].fault.kind], ["first", 12, 99, "other"]);
  assert.deepEqual([taken.settings, taken.step], [settings, 30]);
  assert.deepEqual(done, ["restore 5"]);
  assert.deepEqual([host.run?.id, host.step], ["second", 30]);
  done.length = posted.length = 0;
  assert.equal(/** @type {any} */ (await take(6)).step, 0);
  assert.deepEqual(done, ["reset 7", "load 6"]);
});

test("a module that panics while it looks at a file is no refusal", async () => {
  const { posted, take } = await hostWithRun({ 1: /** @type {any} */ (new WebAssembly.RuntimeError("unreachable")) });
  await assert.rejects(take(1), WebAssembly.RuntimeError);
  assert.deepEqual(posted, []);
});
