/**
 * The latent explorer's worker: draws images for given z on the CPU, from the pretrained generator or from the
 * last weights of the one in training, and answers what can be asked about them. A worker of its own, so that
 * a slider never waits behind a training step.
 */
import { handed, serve } from "../shell/serve.js";
import { load } from "../shell/dataset.js";
import { answer } from "./answers.js";
import { ExplorerHost } from "./host.js";
import { failure, open } from "../shell/open.js";

/** @typedef {import("./latent.d.ts").SamplerQuestions} Questions */

/** @type {ExplorerHost} */
let host;

/** @type {import("../shell/wire.d.ts").Handlers<Questions>} */
const handlers = {
  async open({ module }) {
    const saddle = /** @type {unknown} */ (await open("cpu", module));
    host = new ExplorerHost(/** @type {import("./latent.d.ts").ExplorerModule} */ (saddle));
    return null;
  },
  weights,
  classifier({ bytes }) {
    host.reference?.free();
    host.reference = new host.module.Reference(bytes);
    return null;
  },
  async real({ cachedOnly }, { signal, progress }) {
    const found = await load({ cachedOnly, signal, progress: (_, received, total) => progress(received / total), check: host.module.checkIdx });
    const [images, labels] = found?.files ?? [];
    if (!images || !labels) return false;
    if (host.reference === null) throw new Error("the classifier is not loaded");
    host.reference.setReal(images, labels);
    return true;
  },
  ask(question) {
    if (host.sampler === null) throw new Error("no generator is loaded");
    const reply = answer(host, host.sampler, question);
    return handed(reply, [reply.images.buffer]);
  },
  first({ bytes, seed, n }) {
    const sampler = new host.module.Sampler(bytes);
    const reply = answer(host, sampler, { kind: "noise", seed, n });
    sampler.free();
    return handed(reply, [reply.images.buffer]);
  },
  task: (task, turn) => host.begin(task, turn),
};
// Loading and searching do not hold up what is asked meanwhile.
serve(handlers, (type) => type === "real" || type === "task");

/**
 * Takes up weights. Directions stay as they are while one generator goes on training, so that a walk along
 * them stays where it is.
 * @param {Questions["weights"]["asks"]} asks @returns {import("./latent.d.ts").Loaded}
 */
function weights({ bytes, origin, directions }) {
  const next = new host.module.Sampler(bytes);
  const source = `${origin.source} ${origin.preset}`;
  const same = host.source === source && host.sampler?.latent === next.latent;
  host.take(next);
  host.source = source;
  let refused = "";
  if (!same) {
    // Those of the other generator, or of a z of another length, mean nothing here.
    host.cancel("directions");
    host.directions = null;
    try {
      if (directions !== "") host.directions = next.readDirections(directions);
    } catch (error) {
      refused = failure(error).message;
    }
  }
  const [radius = 0, scatter = 0] = next.shell();
  return { latent: next.latent, radius, scatter, origin, directions: host.directions, refused };
}
