import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { strings as en } from "../../www/strings/en.js";
import { strings as zh } from "../../www/strings/zh.js";

const strings = { en, zh };
const html = readFileSync(new URL("../../index.html", import.meta.url), "utf8");
const keys = /** @type {(keyof typeof strings.en)[]} */ (Object.keys(strings.en));
const holes = (/** @type {string} */ text) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();

test("both languages have the same keys, none empty", () => {
  assert.deepEqual(Object.keys(strings.zh).sort(), [...keys].sort());
  for (const key of keys) {
    assert.notEqual(strings.en[key].trim(), "", key);
    assert.notEqual(strings.zh[key].trim(), "", key);
  }
});

test("both languages fill in the same values", () => {
  for (const key of keys) assert.deepEqual(holes(strings.zh[key]), holes(strings.en[key]), key);
});

test("Chinese text has Chinese punctuation", () => {
  for (const key of keys) {
    assert.doesNotMatch(strings.zh[key], /[\u4e00-\u9fff][,;:?!]|[,;:?!](?!\d)[\u4e00-\u9fff]/, key);
  }
});

test("the page names only strings that exist, and shows the English one until it knows better", () => {
  const texts = [...html.matchAll(/data-t="([^"]+)"[^>]*>([^<]*)</g)];
  assert.ok(texts.length > 50);
  for (const [, key = "", text = ""] of texts) {
    assert.equal(text.replaceAll("&lt;", "<"), strings.en[/** @type {keyof typeof strings.en} */ (key)], key);
  }
  const labels = [...html.matchAll(/data-t-label="([^"]+)"/g)];
  assert.ok(labels.length > 10);
  for (const [, key = ""] of labels) assert.ok(key in strings.en, key);
});

test("what is said of the known games is what they did over their seeds, in `docs/games.json`", () => {
  /** @typedef {{ name: string, median: { jsd: number }, jsd: { most: number }, lost?: { least: number, most: number }, runs: { modes?: number, on_modes?: number }[] }} Told */
  /** @type {Told[]} */
  const games = JSON.parse(readFileSync(new URL("../../docs/games.json", import.meta.url), "utf8")).games;
  const said = (/** @type {"en" | "zh"} */ language, /** @type {string} */ name) => strings[language][/** @type {keyof typeof en} */ (`known.${name}.what`)];
  const numbers = (/** @type {RegExp} */ near, /** @type {string} */ text) => [...text.matchAll(near)].map(([, n]) => Number(n));
  let count = 0;
  for (const { name, median, jsd } of games) {
    const [english, chinese] = [said("en", name), said("zh", name)];
    const nears = [numbers(/JSD (?:stays|ends) near ([\d.]+)/g, english), numbers(/JSD (?:停在|最终约为) ([\d.]+)/g, chinese)];
    const belows = [numbers(/JSD (?:falls?|ends) below ([\d.]+)/g, english), numbers(/JSD (?:降到|最终低于) ([\d.]+)/g, chinese)];
    for (const n of nears.flat()) assert.ok(Math.abs(median.jsd - n) < 0.05 * n + 0.005, `${name}: ${median.jsd} is not near ${n}`);
    for (const n of belows.flat()) assert.ok(jsd.most < n, `${name}: ${jsd.most} is not below ${n}`);
    assert.deepEqual([nears[0], belows[0]], [nears[1], belows[1]], name);
    count += nears.concat(belows).flat().length / 2;
  }
  assert.ok(count > 9, `${count} figures`);
  const of = (/** @type {string} */ name) => /** @type {Told & Required<Pick<Told, "lost">>} */ (games.find((game) => game.name === name));
  for (const name of ["curve", "segment"]) assert.ok(Math.abs(of(name).median.jsd - Math.LN2) < 1e-4, name);
  assert.match(said("en", "ring-lost") + said("zh", "ring-lost"), /two to four.*两到四个/);
  assert.deepEqual(of("ring-lost").lost, { least: 2, most: 4 });
  assert.match(said("en", "ring-in-turn") + said("zh", "ring-in-turn"), /three modes at most.*至多照顾三个/);
  assert.ok(of("ring-in-turn").lost.least >= 8 - 3);
  for (const name of ["ring", "grid", "few-points", "k-too-small"]) assert.equal(of(name).lost.most, 0, name);
  assert.match(said("en", "eight-points-small-d") + said("zh", "eight-points-small-d"), /a quarter.*四分之一/);
  assert.ok(of("eight-points-small-d").runs.every((run) => (run.on_modes ?? 1) < 0.78));
});
