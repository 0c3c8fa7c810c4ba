// Parts "native" and "chromium": how long an iteration takes, and what share of the machine's peak that is.
import { availableParallelism } from "node:os";
import { timed } from "../lib/process.mjs";
import { arithmetics, experiment, middle, mostThreads, operations, sizes } from "./cases.mjs";
import { inRounds, spread } from "./rounds.mjs";

/**
 * Measures in places, which have a name and the functions `kernels`, `peak`, `products` and `train`. `slice` is how long a
 * measurement takes in a round, `warmUp` how long before the rounds; in milliseconds.
 */
export async function measureTraining(places, { rounds, slice, warmUp }) {
  const settings = (await Promise.all(places.map(settingsOf))).flat();
  const peaks = settings.map((setting) => peakIn(setting, slice));
  const inSizes = (measuring) =>
    settings.flatMap((setting) => sizes.map((N_rec) => measuring(setting, N_rec, slice)));
  const products = inSizes(productsIn);
  const trainings = [
    ...inSizes(trainingIn("Basic")),
    ...inSizes(trainingIn("LSTM")).filter(({ setting }) => setting.threads === 1),
  ];
  const all = [...peaks, ...products, ...trainings];
  await timed("warming up", async () => {
    for (const { warm } of all) await warm(warmUp);
  });
  await inRounds(all, rounds);
  const peakRows = peaks.map(summarisePeak);
  return {
    peaks: peakRows,
    products: products.map((rates) => summariseProducts(rates, peakRows)),
    iterations: trainings.map((training) => summariseTraining(training, peakRows)),
  };
}

/** Each arithmetic that the place has, on one thread and on all. */
async function settingsOf(place) {
  const threadCounts = new Set([1, mostThreads(availableParallelism())]);
  const settings = [];
  for (const arithmetic of arithmetics) {
    const instructionSet = await place.kernels(arithmetic);
    if (instructionSet === null) continue;
    for (const threads of threadCounts) settings.push({ place, arithmetic, instructionSet, threads });
  }
  return settings;
}

function peakIn(setting, slice) {
  const { place, arithmetic, threads } = setting;
  const warm = (milliseconds) => place.peak({ arithmetic, threads, milliseconds });
  return { setting, answers: [], warm, measure: () => warm(slice) };
}

function productsIn(setting, N_rec, slice) {
  const { place, arithmetic, threads } = setting;
  const warm = (milliseconds) => place.products({ arithmetic, threads, N_rec, milliseconds });
  return { setting, N_rec, answers: [], warm, measure: () => warm(slice) };
}

/** Of that type of network. */
const trainingIn = (network) => (setting, N_rec, slice) => {
  const { place, arithmetic, threads } = setting;
  const document = experiment(N_rec, arithmetic, { ...middle, network });
  const warm = (milliseconds) => place.train({ document, threads, milliseconds });
  return { setting, network, N_rec, answers: [], warm, measure: () => warm(slice) };
};

function namesOf({ place, arithmetic, instructionSet, threads }) {
  return { place: place.name, arithmetic, instructionSet, threads };
}

/** The better of the two ways, by their medians, is the peak. */
function summarisePeak({ setting, answers }) {
  const registers = spread(answers.map((answer) => answer.registers));
  const product = spread(answers.map((answer) => answer.product));
  return { ...namesOf(setting), registers, product, peak: Math.max(registers.median, product.median) };
}

function peakOf(names, peakRows) {
  return peakRows.find((row) => Object.keys(names).every((name) => row[name] === names[name])).peak;
}

function summariseProducts({ setting, N_rec, answers }, peakRows) {
  const names = namesOf(setting);
  const gigaflops = spread(answers);
  return { ...names, N_rec, gigaflops, share: gigaflops.median / peakOf(names, peakRows) };
}

function summariseTraining({ setting, network, N_rec, answers }, peakRows) {
  const names = namesOf(setting);
  const milliseconds = spread(answers.map((answer) => answer.milliseconds / answer.iterations));
  const counted = operations(N_rec, { ...middle, network });
  const gigaflops = (counted / milliseconds.median) * 1e-6;
  const share = gigaflops / peakOf(names, peakRows);
  return { ...names, network, N_rec, operations: counted, milliseconds, gigaflops, share };
}
