// Part "scaling": how the cost of an iteration grows with units, trials and steps, one of them varied at a time.
import { writeFileSync } from "node:fs";
import { inRoot } from "../lib/paths.mjs";
import { say, timed } from "../lib/process.mjs";
import { experiment, middle, operations } from "./cases.mjs";
import { inRounds, spread } from "./rounds.mjs";

/** What is varied; the other two stay as they are in `middle`. */
const varied = {
  N_rec: [16, 32, 64, 128, 256, 512, 1024],
  N_batch: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024],
  N_steps: [50, 100, 200, 500, 1000, 2000, 5000],
};

/** For tools/scaling-plot.mjs. */
const file = inRoot("build", "scaling.json");

/** Every iteration is measured once at least, and those of large networks take seconds: few rounds, short slices. */
export async function measureScaling(places, { rounds, slice }) {
  const measurements = [];
  for (const place of places) {
    const arithmetic = (await place.kernels("fused")) === null ? "plain" : "fused";
    for (const [dimension, values] of Object.entries(varied))
      for (const value of values) measurements.push(measurementOf(place, arithmetic, dimension, value));
  }
  await timed("warming up", async () => {
    for (const { train } of measurements) await train(slice / 10);
  });
  const inSlices = measurements.map((one) => ({ ...one, measure: () => one.train(slice / 2) }));
  await inRounds(inSlices, Math.min(rounds, 3));
  const scaling = { middle, rows: inSlices.map(summarise) };
  writeFileSync(file, `${JSON.stringify(scaling, null, 2)}\n`);
  say("The growth of the cost is in build/scaling.json; node tools/scaling-plot.mjs draws it.");
  return scaling;
}

function measurementOf(place, arithmetic, dimension, value) {
  const measures = { ...middle, [dimension]: value };
  const document = experiment(measures.N_rec, arithmetic, measures);
  const train = (milliseconds) => place.train({ document, threads: 1, milliseconds });
  return { place: place.name, arithmetic, dimension, value, measures, answers: [], train };
}

function summarise({ place, arithmetic, dimension, value, measures, answers }) {
  const taken = spread(answers.map((answer) => answer.milliseconds / answer.iterations));
  const milliseconds = { median: taken.median, least: taken.least, greatest: taken.greatest };
  const gigaflops = (operations(measures.N_rec, measures) / taken.median) * 1e-6;
  return { place, arithmetic, dimension, value, milliseconds, gigaflops };
}
