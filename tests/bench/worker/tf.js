// TensorFlow.js: its backend, and Adam on one flat vector, which takes it fewer operations than one vector
// per parameter (tf.train.adam) does.
/* global tf */
import { adamStep } from "./data.js";

/** @param {"cpu" | "wasm" | "webgpu"} backend */
export async function start(backend) {
  tf.enableProdMode();
  if (backend === "wasm") {
    tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
    tf.wasm.setWasmPaths("/modules/@tensorflow/tfjs-backend-wasm/dist/");
  }
  if (!(await tf.setBackend(backend))) throw new Error(`TF.js could not start its ${backend} backend`);
  await tf.ready();
}

/** Parameters of one network, its optimiser, and `split`, the flat vector cut into shaped pieces. */
export class Player {
  constructor(blocks, beta1) {
    const sizes = blocks.map(({ values }) => values.length);
    const flat = new Float32Array(sizes.reduce((a, b) => a + b, 0));
    blocks.reduce((at, { values }) => (flat.set(values, at), at + values.length), 0);
    this.beta1 = beta1;
    this.steps = 0;
    this.flat = tf.variable(tf.tensor1d(flat));
    this.mean = tf.variable(tf.zerosLike(this.flat));
    this.square = tf.variable(tf.zerosLike(this.flat));
    this.split = (x) => tf.split(x, sizes).map((part, i) => tf.reshape(part, blocks[i].shape));
    this.constants = [beta1, 1 - beta1, 0.999, 0.001].map((value) => tf.scalar(value));
  }

  get parts() {
    return this.split(this.flat);
  }

  /** One step down the gradient of `loss(parts)`; gives the loss. */
  descend(rate, loss) {
    const { value, grad } = tf.valueAndGrad((flat) => loss(this.split(flat)))(this.flat);
    const [keep1, add1, keep2, add2] = this.constants;
    this.steps += 1;
    const [step, epsilon] = adamStep(this.steps, rate, this.beta1);
    this.mean.assign(tf.add(tf.mul(this.mean, keep1), tf.mul(grad, add1)));
    this.square.assign(tf.add(tf.mul(this.square, keep2), tf.mul(tf.square(grad), add2)));
    const change = tf.div(tf.mul(this.mean, step), tf.add(tf.sqrt(this.square), epsilon));
    this.flat.assign(tf.sub(this.flat, change));
    return value;
  }
}

/** Repeats `step`, which gives both losses; reads the last ones. */
export function runner(step) {
  return async (steps) => {
    let losses;
    for (let i = 0; i < steps; i++) {
      losses?.dispose();
      losses = tf.tidy(() => tf.stack(step()));
    }
    const values = await losses.data();
    losses.dispose();
    return values;
  };
}
