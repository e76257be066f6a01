// Our initial weights, read from a safetensors file, so that all begin at the same place.

function half(bits) {
  const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
  const size = exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15);
  return bits & 0x8000 ? -size : size;
}

/**
 * @param {Uint8Array} bytes
 * @returns {{g: {shape: number[], values: Float32Array}[], d: {shape: number[], values: Float32Array}[]}}
 *   parameters in the order of the layers, weight before bias, scale before shift
 */
export function decode(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = Number(view.getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  const roles = ["weight", "bias", "scale", "shift"];
  const pick = (prefix) =>
    Object.entries(header)
      .map(([name, block]) => ({ ...block, at: name.match(`^${prefix}\\.(\\d+)\\.\\w+\\.(\\w+)$`) }))
      .filter(({ at }) => at && roles.includes(at[2]))
      .sort((a, b) => a.at[1] - b.at[1] || roles.indexOf(a.at[2]) - roles.indexOf(b.at[2]))
      .map(({ dtype, shape, data_offsets: [from, to] }) => {
        const width = dtype === "F16" ? 2 : 4;
        const read = (i) =>
          width === 2
            ? half(view.getUint16(8 + length + from + 2 * i, true))
            : view.getFloat32(8 + length + from + 4 * i, true);
        return { shape, values: Float32Array.from({ length: (to - from) / width }, (_, i) => read(i)) };
      });
  const [g, d] = [pick("generator\\.average"), pick("discriminator")];
  if (g.length !== 14 || d.length !== 8) {
    throw new Error(`the networks have ${g.length} and ${d.length} parameters: the baselines know those of 14 and 8`);
  }
  return { g, d };
}

/** Sizes of the nets: length of z, channels at 7 and at 14 pixels. */
export function sizes({ g, d }) {
  return { latent: g[0].shape[0], wide: g[3].shape[1] / 49, narrow: d[0].shape[0] };
}
