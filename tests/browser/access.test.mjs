// The whole built page by axe-core's rules, in both languages and themes, on a wide and a narrow screen; and as
// plain text, without scripts and on paper.
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
        // axe-core and a style are put into the page, which its policy would refuse.
        const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme, reducedMotion: "reduce", bypassCSP: true });
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

test("without scripts all of both languages can be read, and nothing empty stands in the way", async () => {
  const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 390, height: 844 } });
  const page = await context.newPage();
  await page.goto(`${server.origin}/`);
  // Playwright asks the page through its own world, which scripts being off does not close.
  const found = await page.evaluate(() => {
    // A far section that is not laid out yet counts as shown.
    const shown = (element) => element.checkVisibility();
    return {
      headings: [...document.querySelectorAll(".prose h2")].filter((h) => !shown(h)).map((h) => h.id),
      // What is folded opens without scripts.
      formulas: [...document.querySelectorAll(".equation > math")].filter((m) => !m.checkVisibility() && !m.closest("details.fold")).length,
      controls: [...document.querySelectorAll("button, input, select, canvas, progress")].filter(shown).map((c) => c.id),
      wide: document.documentElement.scrollWidth,
    };
  });
  assert.deepEqual(found, { headings: [], formulas: 0, controls: [], wide: 390 });
  assert.match(await page.locator("noscript .notice").first().textContent(), /JavaScript is off/);
  await context.close();
});

test("printed, the page is a paper", async () => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const { page } = await open(context, `${server.origin}/#lang=en`);
  await until("the text", () => page.evaluate(() => window.saddle.snapshot().trial !== null), 60);
  await page.emulateMedia({ media: "print" });
  const found = await page.evaluate(() => {
    const shown = (element) => element.checkVisibility();
    const sticky = (element) => ["fixed", "sticky"].includes(getComputedStyle(element).position);
    return {
      controls: [...document.querySelectorAll("main :is(button, input, select, .bench, .theory:not(:has(> .still))), header button")].filter(shown).map((c) => c.id),
      sticky: [...document.querySelectorAll("body *")].filter((e) => shown(e) && sticky(e)).map((e) => e.className),
      headings: [...document.querySelectorAll(".prose[lang=en] h2")].filter((h) => !shown(h)).map((h) => h.id),
      chinese: [...document.querySelectorAll(".prose:lang(zh-Hans)")].filter(shown).length,
    };
  });
  assert.deepEqual(found, { controls: [], sticky: [], headings: [], chinese: 0 });
  await context.close();
});
