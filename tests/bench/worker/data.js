// What contestants learn from.

/** @returns {Promise<Uint8Array>} one IDX file of the training set, unzipped */
export async function idx(kind) {
  const address = `/site/pkg/data/train-${kind}-ubyte.gz`;
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  const unzipped = response.body.pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(unzipped).arrayBuffer());
}

/** Standard normal draws from a fixed start (mulberry32 and Box-Muller). */
export function normals(seed) {
  const uniform = uniforms(seed);
  return (n) =>
    Float32Array.from({ length: n }, () => {
      const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
      return radius * Math.cos(2 * Math.PI * uniform());
    });
}

/** Draws from [0, 1). */
export function uniforms(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Takes turns through `n` things made beforehand: the others pay nothing for drawing their noise. */
export function pool(n, make) {
  const made = Array.from({ length: n }, (_, i) => make(i));
  let turn = 0;
  return () => made[turn++ % n];
}

/** Adam's two numbers of step t = 1, 2, ...: both bias corrections folded into the rate and epsilon. */
export function adamStep(t, rate, beta1) {
  const second = Math.sqrt(1 - 0.999 ** t);
  return [(rate * second) / (1 - beta1 ** t), 1e-8 * second];
}

/** Batches of MNIST in -1..1 with noise for both steps, one Float32Array each: `real | z | z'`. */
export async function mnistFeeds({ batch, latent }, spare = 0) {
  const images = await idx("images-idx3");
  const draw = normals(7);
  return pool(16, (i) => {
    const noise = draw(2 * batch * latent);
    const feed = new Float32Array(batch * 784 + noise.length + spare);
    const start = 16 + i * batch * 784;
    for (let k = 0; k < batch * 784; k++) feed[k] = images[start + k] / 127.5 - 1;
    feed.set(noise, batch * 784);
    return feed;
  });
}
