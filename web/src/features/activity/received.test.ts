import { expect, it } from "vitest";
import { received } from "./received";

// Two trials of three steps, two units.
const run = { N_steps: 3, N_rec: 2, rates: Float32Array.from([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]) };

it("gets nothing from a silenced unit, throughout or in the window of its lesion", () => {
  expect([...received(run, { units: [1] }, 10).rates]).toEqual([1, 0, 3, 0, 5, 0, 7, 0, 9, 0, 11, 0]);
  const inWindow = received(run, { units: [1], window: [10, 20] }, 10);
  expect([...inWindow.rates]).toEqual([1, 2, 3, 0, 5, 6, 7, 8, 9, 0, 11, 12]);
  expect(run.rates[3]).toBe(4);
});

it("gets all rates where no unit is silenced", () => {
  expect(received(run, null, 10)).toBe(run);
  expect(received(run, { connectivity: new Float32Array(4) }, 10)).toBe(run);
});
