import type { Run, Trials } from "nullcline";
import { expect, it } from "vitest";
import { loss, survivalInWords, Tally, type Survival } from "./survival";

const trials: Trials = {
  count: 2,
  N_steps: 1,
  N_in: 1,
  N_out: 2,
  x: new Float32Array(2),
  y: Float32Array.of(1, 0, 0, 1),
  mask: Float32Array.of(1, 1, 1, 1),
  params: [{}, {}],
  epochs: [[], []],
};

function run(outputs: number[], correct: number[]): Run {
  const none = new Float32Array();
  return {
    count: 2,
    N_steps: 1,
    N_out: 2,
    N_rec: 1,
    outputs: Float32Array.from(outputs),
    states: none,
    rates: none,
    correct: Int8Array.from(correct),
  };
}

it("counts choices that stay and outputs that change", () => {
  const tally = new Tally();
  tally.add(trials, run([1, 0, 0, 1], [1, 1]), run([1, 0, 0.75, 0.25], [1, 0]));
  const { largest, typical, ...counts } = tally.result();
  expect(counts).toEqual({ trials: 2, scored: 2, same: 1, correctBefore: 2, correctAfter: 1 });
  expect(largest).toBe(0.75);
  expect(typical).toBeCloseTo(0.75);
});

it("takes outputs that are no numbers for the largest of changes", () => {
  const tally = new Tally();
  tally.add(trials, run([1, 0, 0, 1], [1, 1]), run([NaN, 0, 0, 1], [1, 1]));
  expect(tally.result().largest).toBe(Infinity);
  expect(loss(tally.result(), "float16")).not.toBeNull();
});

const good: Survival = {
  trials: 1000,
  scored: 1000,
  same: 998,
  correctBefore: 961,
  correctAfter: 959,
  largest: 0.012,
  typical: 0.004,
};

it("lets a link pass only where choices, accuracy and outputs survive", () => {
  expect(loss(good, "int8")).toBeNull();
  expect(loss({ ...good, same: 985 }, "int8")).toContain("98.5");
  expect(loss({ ...good, correctAfter: 950 }, "int8")).toContain("accuracy falls from 96.1");
  expect(loss({ ...good, typical: 0.02 }, "int8")).toBeNull();
  expect(loss({ ...good, typical: 0.02 }, "float16")).toContain("outputs change by 2.0");
  expect(loss({ ...good, scored: 0, same: 0, correctBefore: 0, correctAfter: 0 }, "int8")).toBeNull();
});

it("says what was measured", () => {
  expect(survivalInWords(good).replace(/\u202f/g, " ")).toBe(
    "Measured on 1,000 fresh trials, others than the page tests on: accuracy 96.1 % → 95.9 %, 99.8 % of choices the same; outputs change by 0.40 %, by 0.012 at most.",
  );
  expect(survivalInWords({ ...good, scored: 0 })).not.toContain("accuracy");
});
