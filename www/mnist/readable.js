/** When digits become readable. */

/** The MNIST score from which samples are called readable. */
export const SCORE = 7;

/**
 * Of each preset that was measured, from random weights and with its own settings: the step at which SCORE was reached,
 * once for each seed from 1, and the steps per second there. Written by `node tests/bench/score.mjs NET SEEDS --write`.
 * @type {Readonly<Record<string, {steps: readonly number[], rate: number}>>}
 */
export const READABLE = Object.freeze({
  tiny: { steps: [1537, 1617], rate: 16.73 },
});
