// The page on paper: `cargo xtask print` writes pkg/print/saddle-en.pdf and saddle-zh.pdf.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium, open, root, serveSite, until } from "./harness.mjs";

export const LANGUAGES = ["en", "zh"];
/** What `@page` in `print.css` leaves of A4, in CSS pixels. */
const WIDTH = 658;

/** @param {import("playwright-core").Browser} browser @param {string} origin @param {string} language @returns {Promise<Buffer>} the PDF */
export async function print(browser, origin, language) {
  const context = await browser.newContext({ viewport: { width: WIDTH, height: 900 }, deviceScaleFactor: 2, colorScheme: "light", reducedMotion: "reduce" });
  const { page } = await open(context, `${origin}/${language === "zh" ? "zh/" : ""}#lang=${language}`);
  // What has not drawn yet is not on paper, so first as on a screen, then at the sizes of paper.
  for (const media of /** @type {const} */ (["screen", "print"])) {
    await page.emulateMedia({ media, colorScheme: "light" });
    await until("the figures", () => page.locator("#fig-kl canvas").count(), 60);
    for (const figure of await page.locator(".theory:not(#fig-trial)").all()) {
      await figure.evaluate((element) => element.scrollIntoView({ block: "center" }));
      await until(`${await figure.getAttribute("id")} on ${media}`, () => figure.evaluate((element) =>
        "answers" in element.dataset && [...element.querySelectorAll("canvas")].every((canvas) =>
          canvas.clientWidth > 0 && canvas.width === Math.round(canvas.clientWidth * devicePixelRatio))), 60);
    }
  }
  await page.evaluate(() => Promise.all([...document.images].map((image) => {
    image.loading = "eager";
    return image.decode().catch(() => {});
  })));
  const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true, outline: true, tagged: true });
  await context.close();
  return pdf;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const folder = join(root, "pkg/print");
  await mkdir(folder, { recursive: true });
  const server = await serveSite();
  const browser = await chromium({ webgpu: false });
  for (const language of LANGUAGES) {
    await writeFile(join(folder, `saddle-${language}.pdf`), await print(browser, server.origin, language));
  }
  await browser.close();
  await server.close();
  console.log(`${folder}: ${LANGUAGES.map((language) => `saddle-${language}.pdf`).join(", ")}`);
}
