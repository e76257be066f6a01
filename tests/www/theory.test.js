import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { strings as en } from "../../www/strings/en.js";
import { strings as zh } from "../../www/strings/zh.js";
import { descent } from "../../www/theory/descent.js";
import { dirac } from "../../www/theory/dirac.js";
import { figure1 } from "../../www/theory/figure1.js";
import { fold } from "../../www/theory/fold.js";
import { judged } from "../../www/theory/judged.js";
import { kl } from "../../www/theory/kl.js";
import { losses } from "../../www/theory/losses.js";
import { modes } from "../../www/theory/modes.js";
import { frame, handles, nearest, pair } from "../../www/theory/pair.js";
import { place, unplace } from "../../www/theory/plot.js";
import { point } from "../../www/theory/point.js";
import { ruler } from "../../www/theory/ruler.js";
import { shift } from "../../www/theory/shift.js";
import { temper } from "../../www/theory/temper.js";
import { addUp } from "../../www/theory/sums.js";
import { clamped, defaults } from "../../www/theory/values.js";

const figures = [figure1, kl, modes, fold, point, judged, pair, ruler, descent, dirac, losses, temper, shift];
const html = readFileSync(new URL("../../index.html", import.meta.url), "utf8");
const canvas = /** @type {HTMLCanvasElement} */ ({ clientWidth: 640, clientHeight: 300 });

test("shown digits add up, each beside its true value", () => {
  for (let i = 0; i < 2000; i += 1) {
    const terms = [-Math.log(4), Math.random() * 0.7, Math.random() * 0.7];
    const total = terms.reduce((a, b) => a + b) + 1e-9 * (Math.random() - 0.5);
    const shown = addUp(terms, total, 4);
    const whole = (/** @type {number} */ value) => Math.round(value * 1e4);
    assert.equal(shown.terms.reduce((sum, term) => sum + whole(term), 0), whole(shown.total));
    [...terms, total].forEach((value, j) => assert.ok(Math.abs(value - ([...shown.terms, shown.total][j] ?? NaN)) <= 1.0001e-4));
  }
});

test("a constant is only rounded, and log 4 = log 2 + log 2", () => {
  assert.deepEqual(addUp([-Math.log(4), Math.LN2, Math.LN2], 0, 6, 1), { terms: [-1.386294, 0.693147, 0.693147], total: 0 });
  for (let i = 0; i < 2000; i += 1) {
    const terms = [-Math.log(4), Math.random() * 0.7, Math.random() * 0.7];
    assert.equal(addUp(terms, terms.reduce((a, b) => a + b), 6, 1).terms[0], -1.386294);
  }
});

test("equal terms are shown equal", () => {
  for (const value of [0.12344, 0.12346, 0.00005, 0.34567]) {
    const { terms } = addUp([-Math.log(4), value, value], -Math.log(4) + 2 * value, 6, 1);
    assert.equal(terms[1], terms[2], `${value}`);
  }
});

test("values keep to their limits and steps, and equal ones stay the same record", () => {
  const start = defaults(pair.fields);
  assert.equal(clamped(pair.fields, start, { pMean: 99 }).pMean, 4);
  assert.equal(clamped(pair.fields, start, { qWidth: -1 }).qWidth, 0.2);
  assert.equal(clamped(pair.fields, start, { pMean: 0.1 + 0.2 }).pMean, 0.3);
  assert.equal(clamped(pair.fields, start, { pMean: NaN, none: 1 }), start);
  assert.equal(clamped(descent.fields, defaults(descent.fields), { steps: 7.4 }).steps, 7);
});

test("every figure has its place and all of its strings", () => {
  for (const { id, fields, rows, heights } of figures) {
    assert.ok(html.includes(`id="fig-${id}"`), id);
    const names = ["caption", "canvas", ...rows.map(([name]) => name)];
    heights.slice(1).forEach((_, i) => names.push(`canvas${i + 2}`));
    for (const field of fields) names.push(field.name, ...(field.options ?? []).map((option) => `${field.name}.${option}`));
    for (const name of names) assert.ok(`theory.${id}.${name}` in en, `theory.${id}.${name}`);
  }
});

test("captions are short, and each string is in both languages", () => {
  for (const { id } of [...figures, { id: "trial" }]) {
    const key = /** @type {keyof typeof en} */ (id === "trial" ? "trial.caption" : `theory.${id}.caption`);
    const words = en[key].split(/\s+/).length;
    assert.ok(words <= 40, `${key}: ${words} words`);
    const characters = zh[key].match(/\p{Script=Han}/gu)?.length ?? 0;
    assert.ok(characters > 0 && characters <= 75, `${key}: ${characters} characters`);
    assert.ok(html.includes(en[key].replaceAll("&", "&amp;")), `${key}: index.html`);
  }
});

test("what is dragged to a handle's own place stays there", () => {
  for (const shape of [0, 1]) {
    const values = /** @type {any} */ ({ ...defaults(pair.fields), shape });
    handles(canvas, values).forEach((at, handle) => {
      assert.equal(nearest(handles(canvas, values), at), handle);
      const next = clamped(pair.fields, values, pair.drag?.(canvas, handle, at, values) ?? {});
      assert.equal(next, values, `handle ${handle}`);
    });
    assert.equal(nearest(handles(canvas, values), { x: -200, y: -200 }), -1);
  }
  const level = defaults(judged.fields);
  assert.deepEqual(Object.keys(judged.drag?.(canvas, 3, { x: 0, y: 150 }, level) ?? {}), ["d3"]);
});

test("a place on the plane and back", () => {
  const at = frame(/** @type {any} */ (defaults(pair.fields)));
  const { x, y } = place(canvas, at);
  const back = unplace(canvas, at, { x: x(1.25), y: y(0.4) });
  assert.ok(Math.abs(back.x - 1.25) < 1e-9 && Math.abs(back.y - 0.4) < 1e-9);
});
