/** When digits become readable. */

/** The MNIST score from which samples are called readable. */
export const SCORE = 7;

/**
 * Of each preset that was measured: the steps at which SCORE was reached, from random weights and with the preset's own
 * settings, once for each seed from 1. Written by `node tests/bench/score.mjs NET SEEDS --write`.
 * @type {Readonly<Record<string, readonly number[]>>}
 */
export const READABLE = Object.freeze({
  tiny: [1537, 1617],
  compact: [786, 804, 772],
});
