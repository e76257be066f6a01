import { any, button, get, milestones, write } from "../shell/dom.js";
import { bytes } from "../shell/format.js";

/**
 * Fetching MNIST.
 * @param {import("../shell/page.d.ts").Page} page
 * @returns {import("../shell/page.d.ts").Part}
 */
export function mountData(page) {
  const [train, fetchButton] = [button("data-train"), button("data-fetch")];
  const [retry, stop] = [button("data-retry"), button("data-stop")];
  const progress = get("data-progress", HTMLProgressElement);
  const status = any("data-status");
  const say = milestones();
  train.addEventListener("click", () => page.lab.train.go());
  fetchButton.addEventListener("click", () => void page.lab.train.fetchData());
  retry.addEventListener("click", () => void page.lab.train.fetchData());
  stop.addEventListener("click", () => page.lab.train.stopFetching());

  /** @param {import("../protocol.d.ts").Snapshot["data"]} data */
  function statusText({ phase, file, received, total, cached, kept, fault }) {
    const { t } = page;
    if (fault) return t(`data.fault.${fault.kind}`, { file: fault.file, detail: fault.detail });
    if (phase === "ready") return [t(cached ? "data.readyCached" : "data.ready", { total: bytes(total) }), kept ? "" : t("data.notKept")].filter(Boolean).join(" ");
    if (phase === "absent") return t("data.absent");
    if (total === 0) return t("data.starting");
    if (received >= total) return t("data.checking");
    return t("data.fetching", { file, received: bytes(received), total: bytes(total) });
  }

  return {
    draw({ data, train: { phase } }, before) {
      if (data === before?.data && phase === before.train.phase) return;
      for (const begin of [train, fetchButton]) {
        begin.hidden = data.phase !== "absent";
        begin.disabled = phase === "loading";
      }
      stop.hidden = data.phase !== "fetching";
      retry.hidden = data.phase !== "failed";
      progress.hidden = data.phase !== "fetching";
      progress.max = Math.max(1, data.total);
      progress.value = data.received;
      status.dataset["phase"] = data.phase;
      status.classList.toggle("wrong", data.fault !== null);
      const words = statusText(data);
      write(status, words);
      say(data.phase, data.phase === "fetching" && data.total > 0 ? data.received / data.total : 0, words);
    },
  };
}
