// The CPU path in Firefox.
import assert from "node:assert/strict";
import { test } from "node:test";
import { firefox, open, serveSite, until } from "./harness.mjs";

test("Firefox opens the page and trains five steps on the CPU", async () => {
  const server = await serveSite();
  const browser = await firefox();
  try {
    const { page, errors } = await open(browser, `${server.origin}/#net=tiny&device=cpu`);
    await until("the game moves", () => page.evaluate(() => window.saddle.snapshot().game.frame?.iteration > 10), 60);
    const click = (selector) =>
      until(selector, () => page.evaluate((s) => {
        const button = document.querySelector(s);
        if (button.disabled) return false;
        button.click();
        return true;
      }, selector), 60);
    await click("#data-fetch");
    await until("MNIST", () => page.evaluate(() => window.saddle.snapshot().data.phase === "ready"), 90);
    await click("#train-play");
    const row = await until("five steps", () => page.evaluate(() => {
      const { row } = window.saddle.snapshot().train;
      return row?.step >= 5 ? row : null;
    }), 120);
    assert.ok(Number.isFinite(row.lossD) && Number.isFinite(row.lossG));
    assert.deepEqual(errors, []);
  } finally {
    await browser.close();
    await server.close();
  }
});
