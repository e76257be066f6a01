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
