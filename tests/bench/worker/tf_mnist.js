// The compact nets in TensorFlow.js, in its own order of axes: [n, height, width, channels].
/* global tf */
import { mnistFeeds } from "./data.js";
import { Player, runner, start } from "./tf.js";
import { decode, sizes } from "./weights.js";

export async function open({ backend, weights, settings }) {
  await start(backend);
  const { g, d } = decode(weights);
  const { batch, momentumD: beta1, rateD, rateG } = settings;
  const { latent, wide, narrow } = sizes({ g, d });
  const feeds = await mnistFeeds({ batch, latent });
  const generator = new Player(tidyG(g, wide), beta1);
  const discriminator = new Player(tidyD(d, wide), beta1);
  const signs = tf.tensor2d(Float32Array.from({ length: 2 * batch }, (_, i) => (i < batch ? -1 : 1)), [2 * batch, 1]);
  const minus = tf.scalar(-1);
  const share = tf.scalar(1 / batch);

  /** Over all axes but the last. */
  const normalise = (x, scale, shift) => {
    const { mean, variance } = tf.moments(x, x.shape.slice(1).map((_, axis) => axis));
    return tf.batchNorm(x, mean, variance, shift, scale, 1e-5);
  };
  const make = ([hidden, s1, h1, dense, s2, h2, mix, s3, h3, up1, s4, h4, up2, bias], z) => {
    const units = tf.relu(normalise(tf.matMul(z, hidden), s1, h1));
    const seven = tf.relu(normalise(tf.matMul(units, dense), s2, h2));
    const x = tf.relu(normalise(tf.conv2d(tf.reshape(seven, [batch, 7, 7, wide]), mix, 1, "same"), s3, h3));
    const y = tf.relu(normalise(tf.conv2dTranspose(x, up1, [batch, 14, 14, narrow], 2, "same"), s4, h4));
    return tf.tanh(tf.add(tf.conv2dTranspose(y, up2, [batch, 28, 28, 1], 2, "same"), bias));
  };
  const discriminate = ([conv1, bias1, conv2, bias2, hidden, bias3, dense, bias4], images) => {
    const x = tf.leakyRelu(tf.add(tf.conv2d(images, conv1, 2, "same"), bias1), 0.2);
    const y = tf.leakyRelu(tf.add(tf.conv2d(x, conv2, 2, "same"), bias2), 0.2);
    const units = tf.leakyRelu(tf.add(tf.matMul(tf.reshape(y, [images.shape[0], 49 * wide]), hidden), bias3), 0.2);
    return tf.add(tf.matMul(units, dense), bias4);
  };

  const step = () => {
    const feed = feeds();
    const end = batch * 784;
    const real = tf.tensor4d(feed.subarray(0, end), [batch, 28, 28, 1]);
    const z1 = tf.tensor2d(feed.subarray(end, end + batch * latent), [batch, latent]);
    const z2 = tf.tensor2d(feed.subarray(end + batch * latent), [batch, latent]);
    const both = tf.concat([real, make(generator.parts, z1)]);
    // -log sigmoid(l) = softplus(-l).
    const lossD = discriminator.descend(rateD, (parts) =>
      tf.mul(tf.sum(tf.softplus(tf.mul(discriminate(parts, both), signs))), share),
    );
    const fixed = discriminator.parts;
    const lossG = generator.descend(rateG, (parts) =>
      tf.mul(tf.sum(tf.softplus(tf.mul(discriminate(fixed, make(parts, z2)), minus))), share),
    );
    return [lossD, lossG];
  };
  return { run: runner(step), info: {} };
}

/** Kernels to [height, width, ...], planes to [7, 7, wide]. */
function tidyG([hidden, s1, h1, dense, s2, h2, mix, s3, h3, up1, s4, h4, up2, bias], wide) {
  const columns = (block) => planes(block, [block.values.length / (49 * wide), wide, 49], [0, 2, 1]);
  return [hidden, s1, h1, ...[dense, s2, h2].map(columns), turn(mix), s3, h3, turn(up1), s4, h4, turn(up2), bias];
}

function tidyD([conv1, bias1, conv2, bias2, hidden, ...rest], wide) {
  const rows = planes(hidden, [wide, 49, hidden.shape[1]], [1, 0, 2]);
  return [turn(conv1), bias1, turn(conv2), bias2, rows, ...rest];
}

/** [a, b, height, width] to [height, width, b, a]: what both kinds of convolution here want. */
const turn = (block) => permuted(block, block.shape, [2, 3, 1, 0]);

/** A matrix with its rows or columns in another order: `cut` is its shape with the planes' axes apart. */
const planes = ({ shape, values }, cut, order) => ({ shape, values: permuted({ values }, cut, order).values });

function permuted({ values }, shape, order) {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
  const turned = order.map((axis) => shape[axis]);
  const value = (_, i) => {
    let from = 0;
    for (let k = order.length - 1; k >= 0; k--) {
      from += (i % turned[k]) * strides[order[k]];
      i = Math.floor(i / turned[k]);
    }
    return values[from];
  };
  return { shape: turned, values: Float32Array.from({ length: values.length }, value) };
}
