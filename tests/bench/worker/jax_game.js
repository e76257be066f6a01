// The 1-D game in jax-js.
import * as jax from "/modules/@jax-js/jax/dist/index.js";
import { adamStep } from "./data.js";
import { gameFeeds, gameStart } from "./game.js";
import { cutter, descend, np, player, runner, softplus, start } from "./jax.js";

const { nn, tree } = jax;

/** Activation and its derivative, the latter from input u and output a; both are used up. */
const activations = {
  tanh: { f: np.tanh, slope: (u, a) => (u.dispose(), np.square(a).mul(-1).add(1)) },
  softplus: { f: softplus, slope: (u, a) => (a.dispose(), nn.sigmoid(u)) },
};

export async function open({ backend, flat, settings }) {
  await start(backend);
  const { batch, r1 } = settings;
  const { g, d } = gameStart(settings);
  const [cutG, cutD] = [cutter(g, flat), cutter(d, flat)];
  const layer = (x, w, b) => np.matmul(x, w).add(b);

  const generator = ([w1, b1, w2, b2, w3, b3], z) => {
    const { f } = activations[settings.g.activation];
    return layer(f(layer(f(layer(z, w1, b1)), w2, b2)), w3, b3);
  };
  /** Logits, and dD/dx on the first `sloped` samples, carried forward by hand. */
  const discriminator = ([w1, b1, w2, b2, w3, b3], x, sloped) => {
    const { f, slope } = activations[settings.d.activation];
    const top = (x) => x.ref.slice([0, sloped]);
    const u1 = layer(x, w1.ref, b1);
    const a1 = f(u1.ref);
    const u2 = layer(a1.ref, w2.ref, b2);
    const a2 = f(u2.ref);
    let slopes = null;
    if (sloped > 0) {
      const t1 = slope(top(u1), top(a1)).mul(w1.ref);
      slopes = np.matmul(slope(top(u2), top(a2)).mul(np.matmul(t1, w2.ref)), w3.ref);
    }
    for (const used of [w1, w2, u1, a1, u2]) used.dispose();
    return { logits: layer(a2, w3, b3), slopes };
  };

  const step = (g, d, feed) => {
    const part = (i) => feed.ref.slice([i * batch, (i + 1) * batch]).reshape([batch, 1]);
    const [x, z1, z2] = [part(0), part(1), part(2)];
    const [stepD, epsilonD, stepG, epsilonG] = [0, 1, 2, 3].map((i) => feed.ref.slice(3 * batch + i));
    feed.dispose();
    const fake = generator(cutG(tree.ref(g[0])), z1);
    const onD = (list) => {
      const { logits, slopes } = discriminator(cutD(list), np.concatenate([x, fake]), r1 > 0 ? batch : 0);
      const loss = softplus(logits.ref.slice([0, batch]).neg()).mean().add(softplus(logits.slice([batch, 2 * batch])).mean());
      return slopes === null ? loss : loss.add(np.square(slopes).mean().mul(r1 / 2));
    };
    const { value: lossD, next: nextD } = descend(d, onD, settings.d.beta1, stepD, epsilonD);
    const onG = (list) =>
      softplus(discriminator(cutD(tree.ref(nextD[0])), generator(cutG(list), z2), 0).logits.neg()).mean();
    const { value: lossG, next: nextG } = descend(g, onG, settings.g.beta1, stepG, epsilonG);
    return { g: nextG, d: nextD, losses: np.stack([lossD, lossG]) };
  };
  const next = gameFeeds(settings, 4);
  const feeds = (t) => {
    const feed = next();
    const steps = [settings.d, settings.g].flatMap(({ rate, beta1 }) => adamStep(t, rate, beta1));
    feed.set(steps, 3 * batch);
    return feed;
  };
  return { run: runner(step, player(g, flat), player(d, flat), feeds, 32), info: {} };
}
