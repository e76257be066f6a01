// What the first visit, the second and one without a network transfer: requests and kB of bodies, as the host counts
// them. `node tests/bench/visits.mjs` after `cargo xtask build`.
import { chromium, open, until } from "../browser/harness.mjs";
import { host } from "../browser/host.mjs";

const browser = await chromium({ webgpu: false });
const drawn = (/** @type {any} */ page) => until("game and digits", () => page.evaluate(() =>
  Number(document.getElementById("opening-game")?.dataset["iteration"]) > 5 && !document.getElementById("digits-more")?.disabled && document.getElementById("foot-version")?.textContent !== ""), 60);
/** Until nothing has been asked for during a second. @param {{ length: number }} sent */
async function quiet(sent) {
  for (let before = -1; before !== sent.length; ) {
    before = sent.length;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

console.log("host     visit                      requests       kB");
for (const encoding of /** @type {const} */ (["br", "gzip"])) {
  for (const [kind, search] of [["page alone", ""], ["kept", "?offline"]]) {
    // As Cloudflare Pages does, and GitHub Pages.
    const served = await host({ encoding, headers: encoding === "br" });
    let from = 0;
    const report = async (/** @type {string} */ name) => {
      await quiet(served.sent);
      const part = served.sent.slice(from);
      from = served.sent.length;
      const kb = part.reduce((sum, { bytes }) => sum + bytes, 0) / 1000;
      console.log(`${encoding.padEnd(8)} ${name.padEnd(26)} ${String(part.length).padStart(8)} ${kb.toFixed(0).padStart(8)}`);
    };
    const context = await browser.newContext();
    const visit = async (/** @type {string} */ name) => {
      const { page } = await open(context, served.address + search);
      await drawn(page);
      if (search) await until("it is kept", () => page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.active?.state === "activated"), 120);
      await report(`${name}, ${kind}`);
      await page.close();
    };
    await visit("first");
    await visit("second");
    await served.close();
    if (search) await visit("without a network");
    await context.close();
  }
}
await browser.close();
