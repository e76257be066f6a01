// Saddle's own modules, as the page's workers use them.
import { idx } from "./data.js";

export async function open(spec) {
  const folder = `/site/pkg/${spec.module}`;
  const saddle = await import(`${folder}/saddle.js`);
  await saddle.default({ module_or_path: new URL(`${folder}/saddle_bg.wasm`, self.location.origin) });
  return spec.task === "game" ? game(saddle) : mnist(saddle, spec);
}

function game({ Game }) {
  // Constant rates: a game that has come to rest might be no work.
  const settings = { ...Game.defaults(), decayFrom: 0, decayTo: 0 };
  const game = new Game(settings);
  const run = async (steps) => {
    game.step(steps);
    const { lossD, lossG } = game.frame(false).numbers;
    return [lossD, lossG];
  };
  return { run, info: { settings } };
}

async function mnist({ Trainer }, { preset, device, wanted }) {
  const settings = { ...Trainer.defaults(preset), ...wanted };
  const trainer = await Trainer.create(settings, device);
  trainer.setData(await idx("images-idx3"), await idx("labels-idx1"));
  // The file is in half precision: taken up again, so that everybody starts from the very same numbers.
  const weights = await trainer.weights();
  trainer.load(weights);
  let host = 0;
  const run = async (steps) => {
    const start = performance.now();
    trainer.step(steps);
    host = (performance.now() - start) / steps;
    const { lossD, lossG } = await trainer.stats();
    return [lossD, lossG];
  };
  // On WebGPU all of a step but the GPU's work.
  return { run, host: () => host, info: { settings, weights, flop: trainer.flopPerStep } };
}
