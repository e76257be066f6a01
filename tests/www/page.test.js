// What the page's source alone can break: who is spoken to at each frame, what takes keys, what holds a finger.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

const root = new URL("../../", import.meta.url);
const html = readFileSync(new URL("index.html", root), "utf8");
const all = readdirSync(new URL("www/", root), { recursive: true, encoding: "utf8" });
const read = (/** @type {string} */ ending) => all.filter((path) => path.endsWith(ending)).map((path) => ({ path, text: readFileSync(new URL(`www/${path}`, root), "utf8") }));

test("numbers that change with every frame are not read out", () => {
  const outputs = [...html.matchAll(/<output\b[^>]*>/g)].map(([tag]) => tag);
  assert.ok(outputs.length >= 4, "the page has outputs");
  for (const tag of outputs) assert.match(tag, /aria-live="off"/, tag);
});

test("a canvas that takes keys has a role that lets them through", () => {
  const canvases = [...html.matchAll(/<canvas\b[^>]*tabindex="0"[^>]*>/g)].map(([tag]) => tag);
  assert.ok(canvases.length >= 3, "the page has canvases that take keys");
  for (const tag of canvases) assert.match(tag, /role="(slider|application)"/, tag);
});

test("nothing but the pad for drawing a digit keeps a finger from scrolling", () => {
  const held = read(".css").flatMap(({ path, text }) => [...text.matchAll(/([^{}]+)\{[^{}]*touch-action:\s*none/g)].map((match) => `${path}: ${match[1]?.trim()}`));
  assert.deepEqual(held.map((name) => name.replaceAll("\\", "/")), ["latent/latent.css: #latent-field"]);
  for (const { path, text } of read(".js")) assert.doesNotMatch(text, /touchAction\s*=\s*"none"/, path);
});
