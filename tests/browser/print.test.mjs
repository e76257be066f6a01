// The page on paper, in both languages, as `cargo xtask print` makes it; read with poppler's pdftotext.
import assert from "node:assert/strict";
import { test } from "node:test";
import { environment } from "./harness.mjs";
import { LANGUAGES, plain, print, read } from "./print.mjs";

const env = environment({ webgpu: false });

for (const language of LANGUAGES) {
  test(`a paper with a cover, contents, numbered pages and every section (${language})`, async () => {
    const pages = read(await print(env.browser, env.server.origin, language));
    const text = pages.join("\n");
    assert.ok(pages.length > 40, `${pages.length} pages`);
    const [cover, second] = pages;
    for (const part of [language === "zh" ? "生成对抗网络" : "Generative Adversarial Networks", "Ian J. Goodfellow", /\d+\.\d+\.\d+/]) {
      assert.match(cover, new RegExp(part));
    }
    assert.equal(second.trimEnd().split("\n").at(-1)?.trim(), "2", "its number");
    const entries = second.split("\n").flatMap((line) => /^\s*(?:\d+\.)?\s*(\S.*?)\s{2,}(\d+)$/.exec(line)?.slice(1) ?? []);
    assert.ok(entries.length >= 2 * 15, `${entries.length / 2} entries with a number`);
    for (let i = 0; i < entries.length; i += 2) {
      const there = pages[Number(entries[i + 1]) - 1]?.split("\n").map(plain) ?? [];
      assert.ok(there.includes(plain(entries[i])), `${entries[i]} is not on page ${entries[i + 1]}`);
    }
    assert.deepEqual(pages.flatMap((page, i) => (page.trim().length < 10 ? [i + 1] : [])), [], "empty pages");
    assert.match(text, language === "zh" ? /参考文献/ : /References/);
    assert.match(text, /https:\/\/arxiv\.org\/abs\/1406\.2661/, "links as addresses");
    // The browser draws the sign of a root, if a font has it.
    assert.ok((text.match(/√/g) ?? []).length >= 10, "signs of roots");
  });
}
