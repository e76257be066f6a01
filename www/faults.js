/** What Rust (`CheckpointError`) or the training worker says of a file that it cannot use, told apart so that it can be said in any language. */

/** @typedef {import("./language.js").Key} Key */

/** Each message's beginning, its string, and what its groups are called there. @type {readonly (readonly [RegExp, Key, readonly string[]])[]} */
const FAULTS = [
  [/^this is not a whole safetensors file \((.*)\)\. /s, "file.fault.damaged", ["detail"]],
  [/^this safetensors file was not written by Saddle: (.*) is missing\. /s, "file.fault.foreign", ["what"]],
  [/^this file has format (\d+), this program reads up to (\d+)\. /, "file.fault.newer", ["found", "known"]],
  [/^this run was saved in format (\d+), /, "file.fault.older", ["found"]],
  [/^tensor (\S+) is (.*), but the network needs (.*)\. /s, "file.fault.shape", ["name", "found", "expected"]],
  [/^tensor (\S+) holds values that are not finite/, "file.fault.notFinite", ["name"]],
  [/^this file is of the networks (.*), not (.*)\. Choose those/, "file.fault.other", ["found", "expected"]],
  [/^this file holds G alone$/, "file.fault.alone", []],
];

/** @param {string} message @param {import("./language.js").Translate} t @returns {string} as it came, when it is none of these */
export function fileFault(message, t) {
  for (const [pattern, key, names] of FAULTS) {
    const match = pattern.exec(message);
    if (match) return t(key, Object.fromEntries(names.map((name, i) => [name, match[i + 1] ?? ""])));
  }
  return message;
}
