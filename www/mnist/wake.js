/** The screen stays on while a run is played in a tab that is looked at, and no longer. */

/** @param {import("../shell/lab.js").Lab} lab */
export function keepAwake(lab) {
  /** @type {Promise<WakeLockSentinel | null> | null} */
  let held = null;
  const settle = () => {
    const wanted = lab.snapshot.train.phase === "playing" && !document.hidden;
    if (wanted && held === null) {
      // Some browsers have none, and a device that is short of power gives none.
      held = navigator.wakeLock?.request("screen").catch(() => null) ?? null;
    } else if (!wanted && held !== null) {
      void held.then((lock) => lock?.release());
      held = null;
    }
  };
  lab.watch(({ train }) => train.phase, settle);
  document.addEventListener("visibilitychange", settle);
}
