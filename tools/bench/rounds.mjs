// Measuring in rounds: each round measures everything once, so that a slow minute of the machine slows all alike.
import { timed } from "../lib/process.mjs";

/** Fills `answers` of each measurement with what its `measure` gives, one a round. Every other round goes backwards. */
export async function inRounds(measurements, rounds) {
  for (let round = 0; round < rounds; ++round) {
    const order = round % 2 ? measurements.toReversed() : measurements;
    await timed(`round ${round + 1} of ${rounds}`, async () => {
      for (const measurement of order) measurement.answers.push(await measurement.measure());
    });
  }
}

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Median, least and greatest, and the values themselves. */
export function spread(values) {
  return { median: median(values), least: Math.min(...values), greatest: Math.max(...values), values };
}
