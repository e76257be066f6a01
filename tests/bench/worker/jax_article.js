// The article's nets in jax-js, activations [channels, n, height, width].
import * as jax from "/modules/@jax-js/jax/dist/index.js";
import { adamStep, mnistFeeds } from "./data.js";
import { cutter, descend, np, player, runner, softplus, start } from "./jax.js";
import { decode } from "./weights.js";

const { lax, tree } = jax;
const KERNEL = 5;

const swap = (x) => x.transpose([1, 0, 2, 3]);
/** Stride 1. By the library's own convolution, which wants [n, channels, ...]. */
const direct = (x, w, padding) => swap(lax.conv(swap(x), w, [1, 1], [[padding, padding], [padding, padding]]));
/** The same as one matrix product with the shifted images one above the other. */
function product(x, w, padding) {
  const [out, c] = w.shape;
  const [, n, height, width] = x.shape;
  const [h, v] = [height, width].map((side) => side + 2 * padding - KERNEL + 1);
  const padded = padding > 0 ? np.pad(x, [[0, 0], [0, 0], [padding, padding], [padding, padding]]) : x;
  const taps = Array.from({ length: KERNEL ** 2 }, (_, i) => {
    const [a, b] = [Math.floor(i / KERNEL), i % KERNEL];
    return padded.ref.slice([], [], [a, a + h], [b, b + v]).reshape([c, n * h * v]);
  });
  padded.dispose();
  const rows = w.reshape([out, c, KERNEL ** 2]).transpose([0, 2, 1]).reshape([out, KERNEL ** 2 * c]);
  return np.matmul(rows, np.concatenate(taps, 0)).reshape([out, n, h, v]);
}

export async function open({ backend, convolution, flat, weights, settings }) {
  await start(backend);
  const conv = convolution === "direct" ? direct : product;
  const { g, d } = decode(weights, [10, 8]);
  const { batch, momentumD: beta1, rateD, rateG } = settings;
  const [latent] = g[0].shape;
  const [cutG, cutD] = [cutter(g, flat), cutter(d, flat)];

  const along = (x) => x.reshape([-1, 1, 1, 1]);
  const double = (x) => {
    const [c, n, h, v] = x.shape;
    return np.broadcastTo(x.reshape([c, n, h, 1, v, 1]), [c, n, h, 2, v, 2]).reshape([c, n, 2 * h, 2 * v]);
  };
  const pool = (x) => {
    const [c, n, h, v] = x.shape;
    return x.reshape([c, n, h / 2, 2, v / 2, 2]).max([3, 5]);
  };
  const normaliseUnits = (x, scale, shift) => {
    const centred = x.ref.sub(x.mean([0], { keepdims: true }));
    const variance = np.square(centred.ref).mean([0], { keepdims: true });
    return centred.mul(scale.div(np.sqrt(variance.add(1e-5)))).add(shift);
  };
  const make = ([hidden, bias1, dense, bias2, scale, shift, conv1, bias3, conv2, bias4], z) => {
    const units = np.tanh(np.matmul(z, hidden).add(bias1));
    const seven = np.tanh(normaliseUnits(np.matmul(units, dense).add(bias2), scale, shift));
    const x = np.tanh(conv(double(swap(seven.reshape([batch, 128, 7, 7]))), conv1, 2).add(along(bias3)));
    return np.tanh(conv(double(x), conv2, 2).add(along(bias4)));
  };
  const discriminate = ([conv1, bias1, conv2, bias2, hidden, bias3, dense, bias4], images) => {
    const x = np.tanh(pool(conv(images, conv1, 2).add(along(bias1))));
    const y = np.tanh(pool(conv(x, conv2, 0).add(along(bias2))));
    const units = np.tanh(np.matmul(swap(y).reshape([-1, 3200]), hidden).add(bias3));
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
