/** Why a file cannot be used, in the page's language. */

/** @typedef {import("./language.js").Key} Key */

/**
 * What is said of each code; `{message}` there is Rust's own sentence, in English, with the details.
 * @type {Partial<Record<import("../protocol.d.ts").FileFault["code"], Key>>}
 */
const FAULTS = Object.freeze({
  "damaged": "file.fault.damaged",
  "foreign": "file.fault.foreign",
  "unknown-network": "file.fault.unknown-network",
  "missing-tensor": "file.fault.missing-tensor",
  "newer": "file.fault.newer",
  "older": "file.fault.older",
  "shape": "file.fault.shape",
  "not-finite": "file.fault.not-finite",
  "other-network": "file.fault.other-network",
  "settings": "file.fault.settings",
  "other-tab": "file.fault.other-tab",
  "huge": "file.fault.huge",
  "unreadable": "file.fault.unreadable",
});

/**
 * @param {import("../protocol.d.ts").FileFault} fault @param {import("./language.js").Translate} t
 * @returns {string} the message as it came, where there are no words for it
 */
export function fileFault({ code, message, kind }, t) {
  // A whole file that is not for this.
  if (code === "other-kind" && kind !== null) return t(`file.fault.kind.${kind}`);
  const key = code === "" ? undefined : FAULTS[code];
  return key === undefined ? message : t(key, { message });
}
