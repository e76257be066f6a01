/**
 * As much of the safetensors format as moving bytes needs: eight bytes with the header's length, little-endian, the
 * header as JSON, then the tensors. What is in them is Rust's to check.
 */

/** @typedef {{dtype: string, shape: number[], data_offsets: [number, number]}} Entry */

/**
 * @param {Uint8Array} bytes
 * @returns {{notes: Record<string, string>, tensors: Map<string, Entry>, start: number} | null} null: no such file
 */
export function header(bytes) {
  if (bytes.length < 8) return null;
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true));
  if (length > bytes.length - 8) return null;
  try {
    const { __metadata__: said = {}, ...tensors } = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
    return { notes: said, tensors: new Map(Object.entries(tensors)), start: 8 + length };
  } catch {
    return null;
  }
}

/** @param {Uint8Array} bytes @returns {Record<string, string>} what a file says of itself; nothing, if it is none */
export const notes = (bytes) => header(bytes)?.notes ?? {};

/** @param {Uint8Array} bytes @param {string} name @returns {unknown} a note that is JSON; null when it is none */
export function record(bytes, name) {
  try {
    return JSON.parse(notes(bytes)[name] ?? "null");
  } catch {
    return null;
  }
}

/**
 * The tensors of one network alone, under shorter names.
 * @param {Uint8Array} bytes a whole file
 * @param {string} prefix tensors whose names start so are taken
 * @param {string} instead what the prefix becomes
 * @param {Record<string, string>} said notes of the new file
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function extract(bytes, prefix, instead, said) {
  const file = header(bytes);
  if (file === null) throw new Error("these are no safetensors");
  let end = 0;
  /** @type {Record<string, unknown>} */
  const entries = { __metadata__: said };
  /** @type {Uint8Array[]} */
  const parts = [];
  for (const [name, { dtype, shape, data_offsets: [from, to] }] of file.tensors) {
    if (!name.startsWith(prefix)) continue;
    entries[instead + name.slice(prefix.length)] = { dtype, shape, data_offsets: [end, end + to - from] };
    parts.push(bytes.subarray(file.start + from, file.start + to));
    end += to - from;
  }
  const json = new TextEncoder().encode(JSON.stringify(entries));
  // Tensors start at a multiple of eight bytes, as the format recommends.
  const length = Math.ceil(json.length / 8) * 8;
  const out = new Uint8Array(8 + length + end).fill(0x20, 8, 8 + length);
  new DataView(out.buffer).setBigUint64(0, BigInt(length), true);
  out.set(json, 8);
  let at = 8 + length;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
