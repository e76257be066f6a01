// The 1-D game in TensorFlow.js.
/* global tf */
import { gameFeeds, gameStart } from "./game.js";
import { Player, runner, start } from "./tf.js";

/** Activation and its derivative, the latter from input u and output a. */
const activations = {
  tanh: { f: tf.tanh, slope: (_, a) => tf.sub(1, tf.square(a)) },
  softplus: { f: tf.softplus, slope: (u) => tf.sigmoid(u) },
};

export async function open({ backend, settings }) {
  await start(backend);
  const { batch, r1 } = settings;
  const { g, d } = gameStart(settings);
  const feeds = gameFeeds(settings);
  const players = { g: new Player(g, settings.g.beta1), d: new Player(d, settings.d.beta1) };
  const signs = tf.tensor2d(Float32Array.from({ length: 2 * batch }, (_, i) => (i < batch ? -1 : 1)), [2 * batch, 1]);
  const minus = tf.scalar(-1);
  const share = tf.scalar(1 / batch);
  const penalty = tf.scalar(r1 / (2 * batch));

  const layer = (a, b, bias) => tf.fused.matMul({ a, b, bias });
  const net = (activation, [w1, b1, w2, b2, w3, b3], x) => {
    const { f } = activations[activation];
    const u1 = layer(x, w1, b1);
    const a1 = f(u1);
    const u2 = layer(a1, w2, b2);
    const a2 = f(u2);
    return { y: layer(a2, w3, b3), u1, a1, u2, a2 };
  };
  const top = (x) => tf.slice(x, 0, batch);
  /** dD/dx on the real half, carried forward by hand: no second derivative is needed. */
  const slopes = ([w1, , w2, , w3], { u1, a1, u2, a2 }) => {
    const { slope } = activations[settings.d.activation];
    const t1 = tf.mul(slope(top(u1), top(a1)), w1);
    const t2 = tf.mul(slope(top(u2), top(a2)), tf.matMul(t1, w2));
    return tf.matMul(t2, w3);
  };

  const step = () => {
    const feed = feeds();
    const [x, z1, z2] = [0, 1, 2].map((i) => tf.tensor2d(feed.subarray(i * batch, (i + 1) * batch), [batch, 1]));
    const both = tf.concat([x, net(settings.g.activation, players.g.parts, z1).y]);
    const lossD = players.d.descend(settings.d.rate, (parts) => {
      const passed = net(settings.d.activation, parts, both);
      const loss = tf.mul(tf.sum(tf.softplus(tf.mul(passed.y, signs))), share);
      return r1 > 0 ? tf.add(loss, tf.mul(tf.sum(tf.square(slopes(parts, passed))), penalty)) : loss;
    });
    const fixed = players.d.parts;
    const lossG = players.g.descend(settings.g.rate, (parts) => {
      const made = net(settings.g.activation, parts, z2).y;
      return tf.mul(tf.sum(tf.softplus(tf.mul(net(settings.d.activation, fixed, made).y, minus))), share);
    });
    return [lossD, lossG];
  };
  return { run: runner(step), info: {} };
}
