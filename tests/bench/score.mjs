// How long until digits? `node tests/bench/score.mjs [NET] [SEEDS] [--write]` on the built page: trains on the CPU from a
// cold start, data loaded, until the page's own judge gives an MNIST score of 7, once for each seed 1, 2, .., and prints
// what it said on the way, the page's forecast and its comparison among it. A judgement comes every ten to thirty seconds,
// so the time is read that coarsely, and from above; the step is interpolated between the judgements on either side. With
// --write, the steps go where the page forecasts from: `www/mnist/readable.js`.
import { readFile, writeFile } from "node:fs/promises";
import { chromium, open, root, serveSite, until } from "../browser/harness.mjs";
import { READABLE, SCORE } from "../../www/mnist/readable.js";
import { crossing } from "../../www/mnist/forecast.js";

const write = process.argv.includes("--write");
const [net = "compact", seeds = "1"] = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const PATIENCE = 900;

const server = await serveSite();
const browser = await chromium({ webgpu: false });
const runs = [];
for (let seed = 1; seed <= Number(seeds); seed += 1) {
  runs.push(await train(seed));
  if (write) await keep();
}
await browser.close();
await server.close();

async function train(seed) {
  const { page } = await open(await browser.newContext(), `${server.origin}/#net=${net}&device=cpu&train-seed=${seed}`);
  await page.click("#data-fetch:not([disabled])", { timeout: 60_000 });
  await page.waitForSelector("#train-play:not([disabled])", { timeout: 60_000 });
  const start = Date.now();
  await page.click("#train-play");
  let seen = -1;
  let course = [];
  await until(`a score of ${SCORE}`, async () => {
    const judge = await page.evaluate(() => window.saddle.snapshot().judge);
    const judged = judge.training;
    if (!judged || judged.step === seen) return false;
    seen = judged.step;
    const { mnistScore, classTv, frechet } = judged.opinion.scores;
    const rate = await page.evaluate(() => window.saddle.snapshot().train.stepsPerSecond);
    const said = await page.textContent("#train-forecast");
    course = judge.course.map(({ step, opinion }) => [step, opinion.scores.mnistScore[0]]);
    console.log(`seed ${seed}: ${((Date.now() - start) / 1000).toFixed(0)} s, step ${judged.step} (${rate.toFixed(1)}/s): score ${mnistScore[0].toFixed(2)}, class TV ${classTv[0].toFixed(3)}, Fréchet ${frechet[0].toFixed(2)}. ${said}`);
    return mnistScore[0] >= SCORE;
  }, PATIENCE);
  const steps = Math.round(crossing(course, SCORE));
  console.log(`seed ${seed}: score ${SCORE} at about step ${steps}. ${await page.textContent("#train-forecast")}`);
  await page.context().close();
  return steps;
}

async function keep() {
  const path = `${root}www/mnist/readable.js`;
  const lines = Object.entries({ ...READABLE, [net]: runs }).map(([name, steps]) => `  ${name}: [${steps.join(", ")}],`);
  const text = await readFile(path, "utf8");
  await writeFile(path, text.replace(/(READABLE = Object\.freeze\(\{\n)[^]*?(\n?\}\);)/, `$1${lines.join("\n")}\n});`));
}
