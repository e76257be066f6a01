// Who meets whom.

/**
 * @param {{gpu: boolean, software: boolean}} has whether a WebGPU adapter answers; whether it is a software one
 *
 * jax-js compiles its step either way; parameters in one `flat` array pay where the nets are small.
 */
export function contests({ gpu, software }) {
  const flag = software ? " (SOFTWARE)" : "";
  const mark = (backend) => (backend === "webgpu" ? backend + flag : backend);
  const ours = (module, device, rest) => ({
    name: `Saddle ${mark(device)}`,
    spec: { library: "ours", module, device, ...rest },
  });
  const tf = (backend) => ({ name: `TF.js ${mark(backend)}`, spec: { library: "tf", backend } });
  const jax = (backend, form, rest) => ({
    name: `jax-js ${mark(backend)}${form && `, ${form}`}`,
    spec: { library: "jax", backend, ...rest },
  });
  const products = { convolution: "product", flat: false };
  const webgpu = [
    tf("webgpu"),
    jax("webgpu", "products", products),
    jax("webgpu", "own convolution", { convolution: "direct", flat: false }),
  ];
  const mnist = { task: "mnist", unit: "step" };
  return [
    {
      ...mnist,
      key: "mnist-cpu",
      title: "MNIST step, compact, batch 32, CPU",
      contestants: [
        ours("cpu", "cpu", { preset: "compact" }),
        jax("wasm", "all threads", products),
        jax("wasm", "one thread", { ...products, threads: false }),
        tf("cpu"),
      ],
    },
    {
      ...mnist,
      key: "mnist-webgpu",
      title: "MNIST step, compact, batch 32, WebGPU",
      needsGpu: true,
      counted: true,
      contestants: [ours("gpu", "webgpu", { preset: "compact" }), ...webgpu],
    },
    {
      ...mnist,
      key: "mnist-webgpu-small",
      title: "MNIST step, tiny, batch 8, WebGPU",
      needsGpu: true,
      counted: true,
      contestants: [ours("gpu", "webgpu", { preset: "tiny", wanted: { batch: 8 } }), ...webgpu],
    },
    {
      key: "game",
      task: "game",
      unit: "iteration",
      title: "1-D game, default settings at constant rates",
      contestants: [
        ours("game", "cpu", {}),
        tf("cpu"),
        tf("wasm"),
        ...(gpu ? [tf("webgpu")] : []),
        jax("wasm", "all threads", { flat: true }),
        jax("wasm", "one thread", { flat: true, threads: false }),
        ...(gpu ? [jax("webgpu", "", { flat: true })] : []),
      ],
    },
  ];
}
