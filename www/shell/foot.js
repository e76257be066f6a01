/** Who made the page, which version it is, how to cite it, what it keeps here and how to take that away. */
import { any, button, input, write } from "./dom.js";
import { bytes } from "./format.js";
import { choose, forget, keep, meta, possible, replaced, takeNewer, used, version, wanted } from "./offline.js";

/**
 * @param {import("./page.d.ts").Page} page
 * @returns {import("./page.d.ts").Part}
 */
export function mountFoot(page) {
  const [offline, row, newer] = [input("foot-offline"), any("foot-offline-row"), any("foot-newer")];
  const [cite, copy, clear, kept] = [any("foot-cite"), button("foot-copy"), button("foot-clear"), any("foot-kept")];
  const source = /** @type {HTMLAnchorElement} */ (any("foot-source"));
  const details = /** @type {HTMLDetailsElement} */ (any("foot"));
  const address = meta("saddle-source");
  source.parentElement?.toggleAttribute("hidden", address === null);
  if (address !== null) source.href = address;
  write(any("foot-version"), [version, meta("saddle-commit")].filter((part) => part !== null).join(", "));
  write(cite, bibtex());
  row.hidden = !possible();
  offline.checked = wanted();
  offline.addEventListener("change", async () => {
    await choose(offline.checked);
    if (offline.checked) await keep(tellNewer);
  });
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(cite.textContent ?? "").then(() => write(copy, page.t("foot.copied")), () => getSelection()?.selectAllChildren(cite));
  });
  let sure = false;
  clear.addEventListener("click", async () => {
    if (sure) {
      await forget();
      location.reload();
      return;
    }
    sure = true;
    write(clear, page.t("foot.clearSure"));
  });
  clear.addEventListener("blur", () => {
    sure = false;
    write(clear, page.t("foot.clear"));
  });
  button("foot-reload").addEventListener("click", () => void takeNewer());
  details.addEventListener("toggle", async () => {
    if (!details.open) return;
    const usage = await used();
    write(kept, usage === null ? "" : page.t("foot.kept", { size: bytes(usage) }));
  });
  void keep(tellNewer);
  let gone = false;
  document.addEventListener("fault", offerNewer);
  document.addEventListener("click", (event) => {
    if (!gone || !(event.target instanceof Element && event.target.closest("button.again"))) return;
    event.stopImmediatePropagation();
    location.reload();
  }, true);
  if (document.querySelector(".again:not([hidden])")) void offerNewer();

  /** What does not arrive may be gone with its version: trying again is of no use then, and loading the new one is. */
  async function offerNewer() {
    gone ||= await replaced();
    if (!gone) return;
    for (const again of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("button.again"))) {
      again.dataset["t"] = "foot.mixture";
      write(again, page.t("foot.mixture"));
    }
  }

  function tellNewer() {
    newer.hidden = false;
  }

  return { draw() {} };
}

/** With the version, since pages change. */
function bibtex() {
  const canonical = document.querySelector('link[rel="canonical"]')?.getAttribute("href");
  const lines = [
    "@misc{saddle,",
    "  title  = {Saddle: generative adversarial networks, derived, proved and trained in your browser},",
    "  author = {{The Saddle authors}},",
    `  note   = {Version ${version}},`,
  ];
  if (canonical) lines.push(`  url    = {${canonical}},`);
  return [...lines, "}"].join("\n");
}
