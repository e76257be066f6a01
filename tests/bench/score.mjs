// How long until digits? `node tests/bench/score.mjs [NET] [SCORE]` on the built page: trains on the CPU from a cold
// start, data loaded, until the page's own judge gives this MNIST score, and prints what it said on the way. A judgement
// comes every ten to thirty seconds, so the time is read that coarsely, and from above.
import { chromium, open, serveSite, until } from "../browser/harness.mjs";

const [net = "compact", wanted = "7"] = process.argv.slice(2);
const PATIENCE = 900;

const server = await serveSite();
const browser = await chromium({ webgpu: false });
const { page } = await open(browser, `${server.origin}/#net=${net}&device=cpu`);
await page.click("#data-fetch:not([disabled])", { timeout: 60_000 });
await page.waitForSelector("#train-play:not([disabled])", { timeout: 60_000 });
const start = Date.now();
await page.click("#train-play");
let seen = -1;
await until(`a score of ${wanted}`, async () => {
  const judged = await page.evaluate(() => window.saddle.snapshot().judge.training);
  if (!judged || judged.step === seen) return false;
  seen = judged.step;
  const { mnistScore, classTv, frechet } = judged.opinion.scores;
  const rate = await page.evaluate(() => window.saddle.snapshot().train.stepsPerSecond);
  console.log(`${((Date.now() - start) / 1000).toFixed(0)} s, step ${judged.step} (${rate.toFixed(1)}/s): score ${mnistScore[0].toFixed(2)}, class TV ${classTv[0].toFixed(3)}, Fréchet ${frechet[0].toFixed(2)}`);
  return mnistScore[0] >= Number(wanted);
}, PATIENCE);
await browser.close();
await server.close();
