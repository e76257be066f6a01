// The whole built page by axe-core's rules, in both languages and themes, on a wide and a narrow screen.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { chromium, open, root, serveSite, until } from "./harness.mjs";

let browser, server, axe;

before(async () => {
  axe = await readFile(join(root, "node_modules/axe-core/axe.min.js"), "utf8");
  server = await serveSite();
  browser = await chromium({ webgpu: false });
});
after(async () => {
  await browser?.close();
  await server?.close();
});

/** Everything that the page can show at once: far sections laid out, folded parts open, figures mounted. */
async function unfold(page) {
  await page.addStyleTag({ content: ".paper > section { content-visibility: visible !important; }" });
  await page.evaluate(() => {
    for (const details of document.querySelectorAll("details")) details.open = true;
  });
  for (const figure of await page.$$(".theory:has(.theory-stage)")) {
    await figure.evaluate((element) => element.scrollIntoView({ block: "center" }));
    await until("a figure draws", () => figure.getAttribute("data-answers"));
  }
  // What is too wide is told so when it comes near the window.
  await page.evaluate(async () => {
    for (let y = 0; y < document.documentElement.scrollHeight; y += innerHeight / 2) {
      scrollTo(0, y);
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    }
  });
}

/** One line for each element that breaks a rule. */
async function violations(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")}: ${failureSummary.replace(/\s+/g, " ")}`));
}

for (const language of ["en", "zh"]) {
  for (const colorScheme of ["light", "dark"]) {
    for (const width of [1280, 390]) {
      test(`no rule of axe-core is broken: ${language}, ${colorScheme}, ${width} px`, async () => {
        const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme, reducedMotion: "reduce" });
        const { page, errors } = await open(context, `${server.origin}/#lang=${language}`);
        await until("digits", () => page.evaluate(() => window.saddle.snapshot().digits.images !== null), 60);
        await unfold(page);
        assert.deepEqual(await violations(page), []);
        assert.deepEqual(errors, []);
        await context.close();
      });
    }
  }
}
