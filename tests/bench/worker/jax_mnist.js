// The compact nets in jax-js. Activations are [channels, n, height, width], so that a convolution written as
// a matrix product needs no transposition.
import * as jax from "/modules/@jax-js/jax/dist/index.js";
import { adamStep, mnistFeeds } from "./data.js";
import { cutter, descend, np, player, runner, softplus, start } from "./jax.js";
import { decode, sizes } from "./weights.js";

const { lax, nn, tree } = jax;

/**
 * Kernel 4, stride 2, padding 1 (`mix`: 3, 1 and 1), by the library's own convolutions, which want
 * [n, channels, ...].
 */
const direct = {
  mix: (x, w) => swap(lax.conv(swap(x), w, [1, 1], [[1, 1], [1, 1]])),
  conv: (x, w) => swap(lax.conv(swap(x), w, [2, 2], [[1, 1], [1, 1]])),
  up: (x, w) => swap(lax.convTranspose(swap(x), w, [2, 2], [[1, 1], [1, 1]], { transposeKernel: true })),
};
const swap = (x) => x.transpose([1, 0, 2, 3]);

/** The same as matrix products: tap 2a + b of the kernel reads block i + a of the padded image at place b. */
const product = {
  mix(x, w) {
    const [c, n, h, v] = x.shape;
    const [out] = w.shape;
    const padded = np.pad(x, [[0, 0], [0, 0], [1, 1], [1, 1]]);
    const taps = Array.from({ length: 9 }, (_, i) => {
      const [a, b] = [Math.floor(i / 3), i % 3];
      return padded.ref.slice([], [], [a, a + h], [b, b + v]).reshape([c, n * h * v]);
    });
    padded.dispose();
    const rows = w.reshape([out, c, 9]).transpose([0, 2, 1]).reshape([out, 9 * c]);
    return np.matmul(rows, np.concatenate(taps, 0)).reshape([out, n, h, v]);
  },
  conv(x, w) {
    const [c, n, height, width] = x.shape;
    const [h, v] = [height / 2, width / 2];
    const blocks = np.pad(x, [[0, 0], [0, 0], [1, 1], [1, 1]]).reshape([c, n, h + 1, 2, v + 1, 2]);
    const taps = shifts.map(([a, b]) =>
      blocks.ref.slice([], [], [a, a + h], [], [b, b + v], []).transpose([0, 3, 5, 1, 2, 4]).reshape([4 * c, n * h * v]),
    );
    blocks.dispose();
    const [out] = w.shape;
    const rows = w.reshape([out, c, 2, 2, 2, 2]).transpose([0, 2, 4, 1, 3, 5]).reshape([out, 16 * c]);
    return np.matmul(rows, np.concatenate(taps, 0)).reshape([out, n, h, v]);
  },
  up(x, w) {
    const [c, n, h, v] = x.shape;
    const out = w.shape[1];
    const rows = w.reshape([c, out, 2, 2, 2, 2]).transpose([2, 4, 1, 3, 5, 0]).reshape([16 * out, c]);
    const taps = np.matmul(rows, x.reshape([c, n * h * v])).reshape([4, out, 2, 2, n, h, v]);
    const sum = shifts
      .map(([a, b], i) => np.pad(taps.ref.slice(i), [[0, 0], [0, 0], [0, 0], [0, 0], [a, 1 - a], [b, 1 - b]]))
      .reduce((sum, tap) => sum.add(tap));
    taps.dispose();
    return sum
      .transpose([0, 3, 4, 1, 5, 2])
      .reshape([out, n, 2 * h + 2, 2 * v + 2])
      .slice([], [], [1, 2 * h + 1], [1, 2 * v + 1]);
  },
};
const shifts = [[0, 0], [0, 1], [1, 0], [1, 1]];

export async function open({ backend, convolution, flat, weights, settings }) {
  await start(backend);
  const { mix, conv, up } = convolution === "direct" ? direct : product;
  const { g, d } = decode(weights);
  const { batch, momentumD: beta1, rateD, rateG } = settings;
  const { latent, wide } = sizes({ g, d });
  const [cutG, cutD] = [cutter(g, flat), cutter(d, flat)];

  const along = (x) => x.reshape([-1, 1, 1, 1]);
  const normalise = (x, scale, shift) => {
    const centred = x.ref.sub(x.mean([1, 2, 3], { keepdims: true }));
    const variance = np.square(centred.ref).mean([1, 2, 3], { keepdims: true });
    return centred.mul(along(scale).div(np.sqrt(variance.add(1e-5)))).add(along(shift));
  };
  /** Each column by itself. */
  const normaliseUnits = (x, scale, shift) => {
    const centred = x.ref.sub(x.mean([0], { keepdims: true }));
    const variance = np.square(centred.ref).mean([0], { keepdims: true });
    return centred.mul(scale.div(np.sqrt(variance.add(1e-5)))).add(shift);
  };
  const make = ([hidden, s1, h1, dense, s2, h2, mix1, s3, h3, up1, s4, h4, up2, bias], z) => {
    const units = nn.relu(normaliseUnits(np.matmul(z, hidden), s1, h1));
    const seven = nn.relu(normaliseUnits(np.matmul(units, dense), s2, h2));
    const x = nn.relu(normalise(mix(swap(seven.reshape([batch, wide, 7, 7])), mix1), s3, h3));
    const y = nn.relu(normalise(up(x, up1), s4, h4));
    return np.tanh(up(y, up2).add(along(bias)));
  };
  const discriminate = ([conv1, bias1, conv2, bias2, hidden, bias3, dense, bias4], images) => {
    const x = nn.leakyRelu(conv(images, conv1).add(along(bias1)), 0.2);
    const y = nn.leakyRelu(conv(x, conv2).add(along(bias2)), 0.2);
    const units = nn.leakyRelu(np.matmul(swap(y).reshape([-1, 49 * wide]), hidden).add(bias3), 0.2);
    return np.matmul(units, dense).add(bias4);
  };

  const step = (g, d, feed) => {
    const end = batch * 784;
    const size = batch * latent;
    const real = feed.ref.slice([0, end]).reshape([1, batch, 28, 28]);
    const z1 = feed.ref.slice([end, end + size]).reshape([batch, latent]);
    const z2 = feed.ref.slice([end + size, end + 2 * size]).reshape([batch, latent]);
    const [stepD, epsilonD, stepG, epsilonG] = [0, 1, 2, 3].map((i) => feed.ref.slice(end + 2 * size + i));
    feed.dispose();
    const fake = make(cutG(tree.ref(g[0])), z1);
    const onD = (list) => {
      const logits = discriminate(cutD(list), np.concatenate([real, fake], 1));
      const onReal = softplus(logits.ref.slice([0, batch]).neg()).mean();
      return onReal.add(softplus(logits.slice([batch, 2 * batch])).mean());
    };
    const { value: lossD, next: nextD } = descend(d, onD, beta1, stepD, epsilonD);
    const onG = (list) => softplus(discriminate(cutD(tree.ref(nextD[0])), make(cutG(list), z2)).neg()).mean();
    const { value: lossG, next: nextG } = descend(g, onG, beta1, stepG, epsilonG);
    return { g: nextG, d: nextD, losses: np.stack([lossD, lossG]) };
  };
  const next = await mnistFeeds({ batch, latent }, 4);
  const feeds = (t) => {
    const feed = next();
    feed.set([...adamStep(t, rateD, beta1), ...adamStep(t, rateG, beta1)], feed.length - 4);
    return feed;
  };
  return { run: runner(step, player(g, flat), player(d, flat), feeds, 8), info: {} };
}
