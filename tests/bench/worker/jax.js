// jax-js: its device, Adam inside one jit-compiled training step, and the loop around it. A value is used up
// where it is passed on; `.ref` keeps it.
import * as jax from "/modules/@jax-js/jax/dist/index.js";

const { numpy: np, tree, jit, valueAndGrad } = jax;
export { np };

/** @param {"wasm" | "webgpu"} backend */
export async function start(backend) {
  const found = await jax.init(backend);
  if (!found.includes(backend)) throw new Error(`jax-js could not start its ${backend} backend`);
  jax.defaultDevice(backend);
}

/** @returns parameters, mean and square of one network: lists of arrays, or one flat array each. */
export function player(blocks, flat) {
  const shaped = blocks.map(({ shape, values }) => np.array(values).reshape(shape));
  const parameters = flat ? [np.concatenate(shaped.map((x) => x.reshape([-1])))] : shaped;
  return [parameters, parameters.map((x) => np.zeros(x.shape)), parameters.map((x) => np.zeros(x.shape))];
}

/** From the list a player holds to the pieces that a network takes. */
export function cutter(blocks, flat) {
  if (!flat) return (list) => list;
  const ends = [];
  blocks.reduce((at, { values }) => (ends.push(at + values.length), at + values.length), 0);
  return ([x]) => np.split(x, ends.slice(0, -1)).map((part, i) => part.reshape(blocks[i].shape));
}

/** One step of Adam down the gradient of `loss`, a function of the player's list. */
export function descend([parameters, mean, square], loss, beta1, step, epsilon) {
  const [value, gradients] = valueAndGrad(loss)(tree.ref(parameters));
  const next = [[], [], []];
  parameters.forEach((p, i) => {
    const g = gradients[i];
    const m = mean[i].mul(beta1).add(g.ref.mul(1 - beta1));
    const v = square[i].mul(0.999).add(g.ref.mul(g).mul(0.001));
    next[0].push(p.sub(m.ref.mul(step.ref).div(np.sqrt(v.ref).add(epsilon.ref))));
    next[1].push(m);
    next[2].push(v);
  });
  step.dispose();
  epsilon.dispose();
  return { value, next };
}

/** log(1 + e^x). */
export const softplus = (x) => np.log(np.exp(x).add(1));

/**
 * @param step `(g, d, feed) => {g, d, losses}`, to be compiled
 * @param feeds `(t) => Float32Array` for step t = 1, 2, ...
 * @param wait steps between two looks whether the device has kept up
 */
export function runner(step, g, d, feeds, wait) {
  const compiled = jit(step);
  let state = { g, d };
  let t = 0;
  return async (steps) => {
    let losses = null;
    for (let i = 0; i < steps; i++) {
      losses?.dispose();
      t += 1;
      ({ losses, ...state } = compiled(state.g, state.d, np.array(feeds(t))));
      if (i % wait === wait - 1) await losses.blockUntilReady();
    }
    return losses.data();
  };
}
