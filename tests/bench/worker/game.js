// What the 1-D games of the other libraries start from: the same nets, the same distributions.
import { normals, pool, uniforms } from "./data.js";

/** Refuses settings that the baselines do not know, so that a new default is not compared with an old one. */
function check({ target, prior, kD, kG, loss, g, d }) {
  const known = {
    target: target === "gaussian",
    prior: prior === "gaussian",
    kD: kD === 1,
    kG: kG === 1,
    loss: loss === "non-saturating",
  };
  for (const [name, net] of Object.entries({ g, d })) {
    known[`${name}.optimiser`] = net.optimiser === "adam";
    known[`${name}.activation`] = ["tanh", "softplus"].includes(net.activation);
  }
  const unknown = Object.keys(known).filter((key) => !known[key]);
  if (unknown.length > 0) throw new Error(`the baselines do not know the default game's ${unknown.join(", ")}`);
}

/** Parameters of both nets: w1 [1, n], b1 [n], w2 [n, n], b2 [n], w3 [n, 1], b3 [1]. */
export function gameStart(settings) {
  check(settings);
  const draw = (seed, { width: n }) => {
    const uniform = uniforms(seed);
    const block = (shape, bound) => {
      const size = shape.reduce((a, b) => a * b, 1);
      return { shape, values: Float32Array.from({ length: size }, () => bound * (2 * uniform() - 1)) };
    };
    const bound = 1 / Math.sqrt(n);
    return [block([1, n], 1), block([n], 1), block([n, n], bound), block([n], bound), block([n, 1], bound), block([1], bound)];
  };
  return { g: draw(1, settings.g), d: draw(2, settings.d) };
}

/** One Float32Array each: `x | z | z'`, batch numbers each, and room for `spare` more. */
export function gameFeeds({ batch, mean, deviation }, spare = 0) {
  const draw = normals(5);
  return pool(256, () => {
    const feed = new Float32Array(3 * batch + spare);
    feed.set(draw(3 * batch));
    for (let i = 0; i < batch; i++) feed[i] = mean + deviation * feed[i];
    return feed;
  });
}
