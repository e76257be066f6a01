// One contest: everybody does the same work in a worker of their own, in alternating rounds.

/** How long one turn should take, milliseconds, and how long anybody may take to answer. */
const TURN = 1500;
const PATIENCE = 600_000;
/** Steps slower than this get two rounds only. */
const SLOW = 4000;

/** @param {number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle) - 1]) / 2;
}

/**
 * @param {import("playwright-core").Page} page the blank page, with `window.bench`
 * @param {{key: string, title: string, unit: string, contestants: {name: string, spec: any}[]}} contest
 *   `spec` goes to the worker; the first contestant is ours, from whose weights and settings the others start
 * @param {number} rounds
 * @param {(text: string) => void} say
 */
export async function play(page, contest, rounds, say) {
  const results = [];
  let settingsOfOurs = null;
  for (const { name, spec } of contest.contestants) {
    const result = { name, ours: spec.library === "ours", times: [], steps: 1, losses: [], failure: null };
    results.push(result);
    if (results[0].failure) {
      result.failure = "not started: it needs our settings and weights";
      continue;
    }
    say(`${contest.title}: ${name} starts`);
    result.failure = await attempt(async () => {
      const { settings, flop } = await call(page, "open", name, { ...spec, task: contest.task });
      result.flop = flop;
      settingsOfOurs ??= settings;
      const first = await turn(page, result, 1);
      const second = await turn(page, result, 1);
      // The second step may still compile; a fast one is looked at over more steps.
      const steps = second < 20 ? 50 : 1;
      const third = second > SLOW ? second : (await turn(page, result, steps)) / steps;
      result.first = first;
      result.slow = third > SLOW;
      result.steps = Math.max(1, Math.round(TURN / third));
      if (contest.counted) result.calls = await call(page, "count", name);
    });
    if (result.failure) say(`${contest.title}: ${name} failed: ${result.failure}`);
  }
  for (let round = 0; round < rounds; round++) {
    for (const result of results) {
      if (result.failure || (result.slow && round >= 2)) continue;
      result.failure = await attempt(async () => {
        result.times.push((await turn(page, result, result.steps)) / result.steps);
      });
    }
    say(`${contest.title}: round ${round + 1} of ${rounds}`);
  }
  for (const { name } of results) await page.evaluate((id) => window.bench.close(id), name);
  const { key, title, unit } = contest;
  return { key, title, unit, settings: settingsOfOurs, rows: results.map((result) => judged(result, results[0])) };
}

async function turn(page, result, steps) {
  const { milliseconds, losses } = await call(page, "run", result.name, steps);
  result.losses.push(losses);
  return milliseconds;
}

function call(page, method, ...args) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${PATIENCE / 1000} s`)), PATIENCE);
  });
  const answer = page.evaluate(([method, args]) => window.bench[method](...args), [method, args]);
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

async function attempt(work) {
  try {
    await work();
    return null;
  } catch (error) {
    return String(error.message).split("\n")[0].replace(/^page\.evaluate: (Error: )?/, "");
  }
}

/** The row of the table: medians, and whether it really trained. */
function judged(result, ours) {
  const { name, flop, failure, times, steps, losses, calls } = result;
  const done = { name, ours: result.ours, failure, rounds: times.length, steps, calls: calls ?? null };
  if (failure || times.length === 0) return { ...done, failure: failure ?? "no round was finished" };
  const milliseconds = median(times);
  return {
    ...done,
    milliseconds,
    fastest: Math.min(...times),
    slowest: Math.max(...times),
    perSecond: 1000 / milliseconds,
    gflops: flop ? flop / milliseconds / 1e6 : null,
    // Above 1: ours is that many times as fast.
    ratio: result.ours || ours.times.length === 0 ? null : milliseconds / median(ours.times),
    firstStep: result.first,
    firstLosses: losses[0],
    lastLosses: losses.at(-1),
    training: verdict(losses, ours.losses[0]),
  };
}

/** Initial losses of one net on other draws differ by some percent; a wrong net is off by more than this. */
const ALIKE = 1.5;

function verdict(losses, reference) {
  if (!losses.flat().every(Number.isFinite)) return "NOT FINITE";
  if (losses.at(-1).every((loss, i) => loss === losses[0][i])) return "UNCHANGED";
  const alike = (loss, i) => !reference || Math.abs(Math.log(loss / reference[i])) < Math.log(ALIKE);
  return losses[0].every(alike) ? "ok" : "STARTS ELSEWHERE";
}
