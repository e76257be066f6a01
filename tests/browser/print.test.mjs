// The page on paper, in both languages, as `cargo xtask print` makes it; read with poppler's programs.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { environment } from "./harness.mjs";
import { LANGUAGES, print } from "./print.mjs";

const env = environment({ webgpu: false });

for (const language of LANGUAGES) {
  test(`a paper with a cover, numbered pages and every section (${language})`, async () => {
    const folder = await mkdtemp(join(tmpdir(), "saddle-print-"));
    try {
      const file = join(folder, "page.pdf");
      await writeFile(file, await print(env.browser, env.server.origin, language));
      const text = execFileSync("pdftotext", ["-layout", file, "-"], { encoding: "utf8" });
      const pages = text.split("\f").slice(0, -1);
      assert.ok(pages.length > 40, `${pages.length} pages`);
      const [cover, second] = pages;
      for (const part of [language === "zh" ? "生成对抗网络" : "Generative Adversarial Networks", "Ian J. Goodfellow", /\d+\.\d+\.\d+/]) {
        assert.match(cover, new RegExp(part));
      }
      assert.equal(second.trimEnd().split("\n").at(-1)?.trim(), "2", "its number");
      assert.deepEqual(pages.flatMap((page, i) => (page.trim().length < 10 ? [i + 1] : [])), [], "empty pages");
      assert.match(text, language === "zh" ? /参考文献/ : /References/);
      assert.match(text, /https:\/\/arxiv\.org\/abs\/1406\.2661/, "links as addresses");
    } finally {
      await rm(folder, { recursive: true });
    }
  });
}
