import { expect, it } from "vitest";
import type { Tested } from "../../state/lab.svelte";
import { standingIn } from "./words";

it("says how well the network does, or its loss where there is nothing to choose", () => {
  const before: Tested = { count: 1000, scored: 1000, correct: 512, accuracy: 0.512, loss: 0.1 };
  const shape = { N_in: 2, N_rec: 4, N_out: 2, N_steps: 5, N_batch: 8, dt: 10, parameters: 16 };
  const untrained = {
    shape: { ...shape, iterations: 100, memory: 1e6 },
    before,
    now: null,
    iteration: 0,
    activity: "idle" as const,
    trainedBefore: 0,
    incoming: false,
  };
  expect(standingIn(untrained)).toBe(
    "Untrained as yet, it is right in 51.2\u202f% of 1,000 fresh trials; chance is 50\u202f%.",
  );
  const unscored = { ...before, count: 2, scored: 0, correct: 0, accuracy: NaN, given: true };
  expect(standingIn({ ...untrained, before: unscored })).toBe(
    "Untrained as yet, it has a loss of 0.1 on 2 given trials; there is nothing to choose.",
  );
});
