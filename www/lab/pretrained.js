const FOLDER = new URL("../../pretrained/", import.meta.url);

/**
 * @param {string} preset
 * @returns {Promise<Uint8Array>} safetensors bytes of the pretrained networks
 */
export async function fetchPretrained(preset) {
  const list = await reach("index.json").then((response) => response.json());
  const entry = list.find((/** @type {{preset: string}} */ item) => item.preset === preset);
  if (!entry) throw new Error(`pretrained/index.json lists no "${preset}"`);
  return new Uint8Array(await (await reach(entry.file)).arrayBuffer());
}

/** @returns {Promise<string[]>} presets that have them */
export async function listPretrained() {
  const list = await reach("index.json").then((response) => response.json());
  return list.map((/** @type {{preset: string}} */ item) => item.preset);
}

/** @param {string} file */
async function reach(file) {
  const response = await fetch(new URL(file, FOLDER));
  if (!response.ok) throw new Error(`pretrained/${file}: ${response.status} ${response.statusText}`.trim());
  return response;
}
