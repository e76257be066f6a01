import { whole } from "./format.js";

/**
 * Whether a run on MNIST may make way for another: one that has taken steps does so only when the visitor agrees.
 * @param {Pick<import("./page.d.ts").Page, "lab" | "t">} page
 */
export function mayReplace({ lab, t }) {
  const steps = lab.snapshot.train.row?.step ?? 0;
  return steps === 0 || confirm(t("operate.restarts", { steps: whole(steps) }));
}
