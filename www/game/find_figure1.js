/** @typedef {import("../protocol.d.ts").GameMoment} GameMoment */

/** What makes a moment panel (a): near the end but not at it, and D not at its optimum. JSD in nats. */
export const NEAR = Object.freeze({ least: 0.005, wanted: 0.02, most: 0.08, sup: 0.05 });
/** And panel (d). */
export const END = Object.freeze({ jsd: 0.005, sup: 0.05 });

/**
 * Finds panels (a) and (d) of Figure 1 among the moments of a run.
 * @param {readonly GameMoment[]} moments
 * @returns {{a: GameMoment | null, d: GameMoment | null}}
 */
export function find(moments) {
  const distance = (/** @type {GameMoment} */ { frame }) => Math.abs(Math.log(frame.numbers.jsd / NEAR.wanted));
  const a = moments.filter(({ frame: { iteration, numbers } }) =>
    iteration > 0 && numbers.jsd >= NEAR.least && numbers.jsd <= NEAR.most && numbers.supDDStar >= NEAR.sup);
  const excess = (/** @type {GameMoment} */ { frame: { numbers } }) => Math.max(numbers.jsd / END.jsd, numbers.supDHalf / END.sup);
  const d = moments.filter((moment) => excess(moment) <= 1);
  return { a: best(a, distance), d: best(d, excess) };
}

/** @param {readonly GameMoment[]} moments @param {(moment: GameMoment) => number} badness */
function best(moments, badness) {
  return moments.reduce((/** @type {GameMoment | null} */ kept, moment) => (kept === null || badness(moment) < badness(kept) ? moment : kept), null);
}
