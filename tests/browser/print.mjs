// The page on paper: `cargo xtask print` writes pkg/print/saddle-en.pdf and saddle-zh.pdf.
import { execFileSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium, open, root, serveSite, until } from "./harness.mjs";

export const LANGUAGES = ["en", "zh"];
/** What `@page` in `print.css` leaves of A4, in CSS pixels. */
const WIDTH = 658;

/** @param {Buffer} pdf @returns {string[]} the text of each page */
export const read = (pdf) => execFileSync("pdftotext", ["-layout", "-", "-"], { input: pdf, encoding: "utf8", maxBuffer: 1 << 26 }).split("\f").slice(0, -1);

/** Type has its own spaces between scripts, and its own forms of some characters. @param {string} text */
export const plain = (text) => text.normalize("NFKC").replaceAll(/\s+/g, "");

/**
 * Pages, counted from 1, on which sections begin: each where its title is a line of its own, past the cover and the contents.
 * @param {readonly string[]} pages @param {readonly string[]} titles @returns {number[]}
 */
export function beginnings(pages, titles) {
  const lines = pages.map((page) => page.split("\n").map(plain));
  let at = 2;
  return titles.map((title) => {
    while (at < pages.length && !lines[at].includes(plain(title))) at += 1;
    if (at === pages.length) throw new Error(`no page begins the section "${title}"`);
    return at + 1;
  });
}

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
  const write = () => page.pdf({ preferCSSPageSize: true, printBackground: true, outline: true, tagged: true });
  // Chromium knows no counter of another page: a first print says where the sections begin.
  const entries = page.locator(".contents-list a:visible");
  const titles = await entries.evaluateAll((links) => links.map((link) => (link.firstChild?.textContent ?? "").trim()));
  const begin = beginnings(read(await write()), titles);
  await entries.evaluateAll((links, numbers) => links.forEach((link, i) => { link.dataset.page = String(numbers[i]); }), begin);
  const pdf = await write();
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
