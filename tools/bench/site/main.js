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

/** A worker that measures the peak; `ask` resolves with the rate. */
function peakWorker() {
  const worker = new Worker(new URL("./peak-worker.js", import.meta.url), { type: "module" });
  const ask = (question) =>
    new Promise((resolve, reject) => {
      worker.onmessage = ({ data: { rate, problem } }) =>
        problem ? reject(new Error(problem)) : resolve(rate);
      worker.onerror = (event) => reject(new Error(event.message || "The worker could not be loaded."));
      worker.postMessage(question);
    });
  return { ask };
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

  /** Training for about that long, from the initial weights on. */
  async train({ document: experiment, threads, milliseconds }) {
    const session = await sessionFor(experiment, threads);
    await session.reset();
    const { iteration, elapsed } = await session.step({ milliseconds });
    return { iterations: iteration, milliseconds: elapsed };
  },
};
