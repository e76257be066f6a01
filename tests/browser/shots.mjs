// The README's pictures, taken from the built page: `cargo xtask shots`.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { chromium, open, root, serveSite, until } from "./harness.mjs";

const folder = join(root, "docs/img");
await mkdir(folder, { recursive: true });
const server = await serveSite();
const browser = await chromium();
const options = { viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1 };

const first = await open(browser, `${server.origin}/`, options);
const snapshot = (page, pick) => page.evaluate(`(${pick})(window.saddle.snapshot())`);
await until("digits and a game under way", () =>
  snapshot(first.page, (s) => s.digits.images !== null && s.game.frame?.iteration > 600), 120);
await first.page.screenshot({ path: join(folder, "first-screen.png") });

const { page } = await open(browser, `${server.origin}/#device=cpu`, options);
await page.click("#data-fetch:not([disabled])", { timeout: 60_000 });
await until("MNIST", () => snapshot(page, (s) => s.data.phase === "ready"), 60);
await page.click("#train-play:not([disabled])");
await until("a run", () => snapshot(page, (s) => s.train.row?.step > 600), 240);
await page.click("#train-play");
// A picture taller than the window leaves the contents no time to step aside.
await page.addStyleTag({ content: "#contents { display: none; }" });
await page.locator("#lab-mnist").screenshot({ path: join(folder, "mnist.png") });

await browser.close();
await server.close();
console.log(`${folder}: first-screen.png, mnist.png`);
