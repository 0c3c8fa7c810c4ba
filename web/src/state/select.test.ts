import { expect, it } from "vitest";
import { clearestFirst, eachOnce, selectTrial } from "./select";

it("cuts one trial out of a batch", () => {
  const trials = {
    count: 3,
    N_steps: 2,
    N_in: 2,
    N_out: 1,
    x: Float32Array.from({ length: 12 }, (_, index) => index),
    y: Float32Array.from({ length: 6 }, (_, index) => index),
    mask: new Float32Array(6).fill(1),
    params: [{ coherence: 0 }, { coherence: 1 }, { coherence: 2 }],
    epochs: [[], [{ name: "stimulus", from: 0, to: 10 }], []],
  };
  const one = selectTrial(trials, 1);
  expect([...one.x]).toEqual([4, 5, 6, 7]);
  expect([...one.y]).toEqual([2, 3]);
  expect(one.params).toEqual([{ coherence: 1 }]);
  expect(one.epochs[0]?.[0]?.name).toBe("stimulus");
  expect(one.count).toBe(1);
});

it("trials of a file are taken once each", () => {
  const x = Float32Array.from({ length: 5 }, (_, trial) => trial);
  const params = [3, 4, 0, 3, 4].map((index) => ({ index }));
  const once = eachOnce({ count: 5, N_steps: 1, N_in: 1, N_out: 1, x, y: x, mask: x, params, epochs: [] });
  expect(once.count).toBe(3);
  expect([...once.x]).toEqual([0, 1, 2]);
  expect(once.params.map(({ index }) => index)).toEqual([3, 4, 0]);
});

it("trials whose inputs differ most come first", () => {
  const x = Float32Array.from([1, 1, 1, 1, 2, 1, 2, 1, 1, 1.5, 1, 1.5]);
  const trials = { count: 3, N_steps: 2, N_in: 2, N_out: 1, x, y: x, mask: x, params: [], epochs: [] };
  expect(clearestFirst(trials)).toEqual([1, 2, 0]);
  expect(clearestFirst({ ...trials, count: 6, N_in: 1 })).toEqual([0, 1, 2, 3, 4, 5]);
});
