import { download } from "./download.js";

/**
 * What is shipped of a preset: file of its networks, its directions, the same networks early in their training;
 * `alone`: the file holds G without its D, so that no training can start from it; `generator`: the file's G by itself.
 * @typedef {{preset: string, file: string, alone?: boolean, directions?: string, early?: string, generator?: string}} Shipped
 */

const FOLDER = new URL("../../pretrained/", import.meta.url);

/**
 * @param {string} preset
 * @param {"file" | "early" | "generator"} [which] early: the same networks soon after the start of their training
 * @returns {Promise<Uint8Array>} safetensors bytes of the pretrained networks
 */
export async function fetchPretrained(preset, which = "file") {
  const file = (await entryOf(preset))[which];
  if (file === undefined) throw new Error(`pretrained/index.json lists no such file of "${preset}"`);
  return new Uint8Array(await (await reach(file)).arrayBuffer());
}

/** @param {string} preset @returns {Promise<string>} the directions that were shipped with it, "" where there are none */
export async function fetchDirections(preset) {
  const { directions } = await entryOf(preset);
  // Without them the page looks for directions itself.
  return directions ? reach(directions).then((response) => response.text(), () => "") : "";
}

/** @returns {Promise<Uint8Array>} the digit classifier's safetensors bytes */
export async function fetchClassifier() {
  return new Uint8Array(await (await reach("classifier.safetensors")).arrayBuffer());
}

/** @type {Promise<Shipped[]> | null} */
let list = null;

/** @param {string} preset */
async function entryOf(preset) {
  list ??= reach("index.json").then((response) => response.json());
  list.catch(() => (list = null));
  const entry = (await list).find((item) => item.preset === preset);
  if (!entry) throw new Error(`pretrained/index.json lists no "${preset}"`);
  return entry;
}

/** @returns {Promise<Shipped[]>} all that is shipped */
export function listPretrained() {
  return reach("index.json").then((response) => response.json());
}

/** @param {string} file */
async function reach(file) {
  const response = await download(new URL(file, FOLDER));
  if (!response.ok) throw new Error(`pretrained/${file}: ${response.status} ${response.statusText}`.trim());
  return response;
}
