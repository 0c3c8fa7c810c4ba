// Part "tensorflow": the same iteration in TensorFlow.js, beside ours, one thread each, in one Chromium.
import { cpSync, existsSync, readFileSync } from "node:fs";
import { hashOf, writeIfChanged } from "../lib/files.mjs";
import { inRoot } from "../lib/paths.mjs";
import { Failure, quietly, timed } from "../lib/process.mjs";
import { arithmetics, experiment, sizes } from "./cases.mjs";
import { site } from "./chromium.mjs";
import { inRounds, spread } from "./rounds.mjs";

const source = inRoot("tools", "bench", "tensorflow");
const folder = inRoot("build", "tensorflow");

/** Needs the benchmark's page. Nothing else of the project uses or installs TensorFlow.js. */
export async function buildTensorflow() {
  await install();
  await timed("bundling TensorFlow.js", bundle);
  const library = `${folder}/node_modules/@tensorflow/tfjs-backend-wasm/dist`;
  cpSync(`${library}/tfjs-backend-wasm-simd.wasm`, `${site}/tensorflow/tfjs-backend-wasm-simd.wasm`);
}

async function install() {
  const files = ["package.json", "package-lock.json", ".npmrc"];
  const wanted = hashOf(...files.map((name) => readFileSync(`${source}/${name}`)));
  const stamp = `${folder}/node_modules/.installed-from`;
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  for (const name of files) cpSync(`${source}/${name}`, `${folder}/${name}`);
  await timed("installing TensorFlow.js into build/tensorflow", () =>
    quietly("npm", ["ci", "--no-audit", "--no-fund"], { cwd: folder }),
  );
  writeIfChanged(stamp, wanted);
}

async function bundle() {
  const vite = await import("vite");
  await vite.build({
    configFile: false,
    root: source,
    logLevel: "error",
    resolve: { alias: { "@tensorflow": `${folder}/node_modules/@tensorflow` } },
    build: {
      target: "es2022",
      outDir: `${site}/tensorflow`,
      emptyOutDir: true,
      lib: { entry: `${source}/worker.js`, formats: ["es"], fileName: () => "worker.js" },
    },
  });
}

/** Differences above these would mean that the two compute something else. */
const tolerated = { loss: 1e-3, gradient: 1e-2 };

/** An iteration of TensorFlow.js with 256 units takes seconds, so that there are fewer rounds than elsewhere. */
export async function compareWithTensorflow(chromium, { rounds, slice, warmUp }) {
  const ours = await arithmeticsOf(chromium);
  const agreement = [];
  const measurements = [];
  await timed("comparing losses and gradients, and warming up", async () => {
    for (const N_rec of sizes) {
      agreement.push(await agreementOf(chromium, N_rec, ours[0]));
      const both = [
        theirTraining(chromium, N_rec),
        ...ours.map((name) => ourTraining(chromium, N_rec, name)),
      ];
      for (const { measure } of both) await measure(Math.min(warmUp, slice));
      measurements.push(...both);
    }
  });
  const inSlices = measurements.map((measurement) => ({
    ...measurement,
    measure: () => measurement.measure(slice),
  }));
  await inRounds(inSlices, Math.min(rounds, 3));
  return { agreement, rows: sizes.map((N_rec) => summarise(N_rec, inSlices, ours)) };
}

/** One after the other, since the place answers one question at a time. */
async function arithmeticsOf(chromium) {
  const known = [];
  for (const arithmetic of arithmetics)
    if ((await chromium.kernels(arithmetic)) !== null) known.push(arithmetic);
  return known;
}

/** Gives TensorFlow.js its network and refuses to go on where it computes something else. */
async function agreementOf(chromium, N_rec, arithmetic) {
  const found = await chromium.makeTensorflow({ document: experiment(N_rec, arithmetic) });
  const loss = Math.abs(found.loss - found.tensorflowLoss) / found.loss;
  const gradient = Math.max(...Object.values(found.differences));
  if (!(loss <= tolerated.loss && gradient <= tolerated.gradient))
    throw new Failure(
      `TensorFlow.js computes something else with ${N_rec} units: the loss differs by ${loss.toExponential(1)}, ` +
        `the gradient by ${gradient.toExponential(1)} (${JSON.stringify(found)}).`,
    );
  return { N_rec, ...found };
}

function theirTraining(chromium, N_rec) {
  const document = experiment(N_rec, "plain");
  const measure = (milliseconds) => chromium.trainTensorflow({ document, milliseconds });
  return { who: "TensorFlow.js", N_rec, answers: [], measure };
}

function ourTraining(chromium, N_rec, arithmetic) {
  const document = experiment(N_rec, arithmetic);
  const measure = (milliseconds) => chromium.train({ document, threads: 1, milliseconds });
  return { who: arithmetic, N_rec, answers: [], measure };
}

function summarise(N_rec, measurements, ours) {
  const millisecondsOf = (who) => {
    const { answers } = measurements.find((one) => one.who === who && one.N_rec === N_rec);
    return spread(answers.map(({ iterations, milliseconds }) => milliseconds / iterations));
  };
  const tensorflow = millisecondsOf("TensorFlow.js");
  const nullcline = ours.map((arithmetic) => {
    const milliseconds = millisecondsOf(arithmetic);
    return { arithmetic, milliseconds, ratio: tensorflow.median / milliseconds.median };
  });
  return { N_rec, tensorflow, nullcline };
}
