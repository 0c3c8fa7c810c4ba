// Answers the questions of tools/bench/chromium.mjs, as tools/bench/native.cpp does natively. Engines and sessions stay
// between questions, so that only their first measurement is cold.
/* global document, Worker */
import { connect } from "nullcline";

const instructionSets = { plain: "WebAssembly SIMD", fused: "WebAssembly relaxed SIMD" };

const made = new Map();

/** What was made under that name before, or is made now. */
function once(name, make) {
  if (!made.has(name)) made.set(name, make());
  return made.get(name);
}

function engineFor(arithmetic, threads) {
  const engineUrl = new URL("engine/", document.baseURI);
  const worker = () => new Worker(new URL("./engine-worker.js", import.meta.url), { type: "module" });
  return once(`engine ${arithmetic} ${threads}`, () => connect({ engineUrl, arithmetic, threads, worker }));
}

async function sessionFor(experiment, threads) {
  const engine = await engineFor(experiment.arithmetic, threads);
  if (engine.build.threads !== threads || engine.build.arithmetic !== experiment.arithmetic)
    throw new Error(`Another build was loaded than was asked for: ${engine.build.reasons.join(" ")}`);
  return once(`session ${JSON.stringify(experiment)} ${threads}`, () => engine.open(experiment));
}

/** A worker that answers one question at a time; `ask` resolves with the answer. */
function asked(worker) {
  const ask = (question) =>
    new Promise((resolve, reject) => {
      worker.onmessage = ({ data: { answer, problem } }) =>
        problem ? reject(new Error(problem)) : resolve(answer);
      worker.onerror = (event) => reject(new Error(event.message || "The worker could not be loaded."));
      worker.postMessage(question);
    });
  return { ask };
}

/** Measures the peak. */
function peakWorker() {
  return asked(new Worker(new URL("./peak-worker.js", import.meta.url), { type: "module" }));
}

/** TensorFlow.js, which is there only where tools/bench/tensorflow.mjs has put it. */
function tensorflow(question) {
  const url = new URL("tensorflow/worker.js", document.baseURI);
  return once("TensorFlow.js", () => asked(new Worker(url, { type: "module" }))).ask(question);
}

/** A batch of the experiment and the weights that training begins with: what both sides are given. */
async function settingOf(experiment) {
  const session = await sessionFor(experiment, 1);
  await session.reset();
  const { task } = session.document;
  const trials = await session.trials({ count: task.N_batch });
  return { trials, weights: await session.weights("raw"), alpha: task.dt / task.tau };
}

/** Loss on the batch, and its gradient: what a single plain step of length 1 takes from the weights. */
async function gradientOf(experiment, { trials, weights }) {
  const { count, N_steps, N_in, N_out, x, y, mask } = trials;
  const batch = {
    x: { shape: [count, N_steps, N_in], data: x },
    y: { shape: [count, N_steps, N_out], data: y },
    mask: { shape: [count, N_steps, N_out], data: mask },
  };
  const { dt, tau } = experiment.task;
  const document = {
    ...experiment,
    task: { type: "Trials", file: "batch.npz", dt, tau, N_batch: count },
    training: { ...experiment.training, optimizer: { type: "SGD" }, learning_rate: 1, clip_grads: false },
  };
  const engine = await engineFor(experiment.arithmetic, 1);
  const session = await engine.open(document, { files: { "batch.npz": batch } });
  await session.setWeights(weights);
  const { batch_loss: loss } = await session.step({ iterations: 1 });
  const after = await session.weights("raw");
  const stepped = (name) => weights[name].data.map((weight, index) => weight - after[name].data[index]);
  const gradients = Object.fromEntries(Object.keys(weights).map((name) => [name, stepped(name)]));
  return { loss, gradients };
}

const largest = (values) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/** The largest difference of two gradients of a weight matrix, relative to the largest element. */
function differenceOf(ours, theirs) {
  return largest(ours.map((value, index) => value - theirs[index])) / largest(ours);
}

/** One measurement on that many workers at once: their rates, added. */
async function together(threads, question) {
  const workers = Array.from({ length: threads }, (_, index) => once(`peak ${index}`, peakWorker));
  const rates = await Promise.all(workers.map((worker) => worker.ask(question)));
  return rates.reduce((sum, rate) => sum + rate, 0);
}

globalThis.bench = {
  /** The instruction set for an arithmetic, null where there is none. */
  async kernels(arithmetic) {
    const rate = await together(1, { kind: "registers", arithmetic, milliseconds: 1 });
    return rate > 0 ? instructionSets[arithmetic] : null;
  },

  /** GFLOP/s between registers and of the product kernel. */
  async peak({ arithmetic, threads, milliseconds }) {
    const measure = (kind) => together(threads, { kind, arithmetic, milliseconds: milliseconds / 2 });
    return { registers: await measure("registers"), product: await measure("product") };
  },

  /** GFLOP/s of the matrix products of training alone. */
  products({ arithmetic, threads, N_rec, milliseconds }) {
    return together(threads, { kind: "products", arithmetic, milliseconds, N_rec });
  },

  /** Training for about that long, from the initial weights on. */
  async train({ document: experiment, threads, milliseconds }) {
    const session = await sessionFor(experiment, threads);
    await session.reset();
    const { iteration, elapsed } = await session.step({ milliseconds });
    return { iterations: iteration, milliseconds: elapsed };
  },

  /**
   * Gives TensorFlow.js the experiment's network and a batch. Answers both losses, and how far the gradients are apart,
   * for each weight matrix.
   */
  async makeTensorflow({ document: experiment }) {
    const setting = await settingOf(experiment);
    const name = `${experiment.network.N_rec}`;
    await tensorflow({ ask: "make", name, setting, learning_rate: 0.001 });
    const ours = await gradientOf(experiment, setting);
    const theirs = await tensorflow({ ask: "gradient", name });
    const differences = Object.entries(ours.gradients).map(([weight, gradient]) => [
      weight,
      differenceOf(gradient, theirs.gradients[weight]),
    ]);
    return { loss: ours.loss, tensorflowLoss: theirs.loss, differences: Object.fromEntries(differences) };
  },

  /** Training in TensorFlow.js for about that long, but one iteration at least. */
  trainTensorflow({ document: experiment, milliseconds }) {
    return tensorflow({ ask: "train", name: `${experiment.network.N_rec}`, milliseconds });
  },
};
