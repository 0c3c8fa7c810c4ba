import { expect, it } from "vitest";
import { hatchingOf, outlineOf, segmentsPath } from "./regions";

it("draws a line about a block, straight edges in one piece", () => {
  const segments = outlineOf((row, column) => row < 2 && column > 0 && column < 3, 4, 4);
  expect(segments).toHaveLength(4);
  expect(
    segmentsPath(segments ?? [], -0.5, -0.5)
      .split("M")
      .sort(),
  ).toEqual(["", "0.5,-0.5L0.5,1.5", "0.5,-0.5L2.5,-0.5", "0.5,1.5L2.5,1.5", "2.5,-0.5L2.5,1.5"]);
});

it("surrounds single cells and leaves holes", () => {
  expect(outlineOf((row, column) => row === 1 && column === 1, 3, 3)).toHaveLength(4);
  expect(outlineOf((row, column) => row !== 1 || column !== 1, 3, 3)).toHaveLength(8);
  expect(outlineOf(() => false, 3, 3)).toEqual([]);
});

it("gives up where there would be too many pieces", () => {
  expect(outlineOf((row, column) => row % 2 === 0 && column % 2 === 0, 20, 20, 100)).toBeNull();
});

it("hatches cells through their corners, neighbours in one piece", () => {
  const block = hatchingOf((row) => row < 2, 3, 3);
  expect(segmentsPath(block ?? [])).toBe("M0,1L1,0M0,2L2,0M1,2L3,0M2,2L3,1");
  expect(hatchingOf((row, column) => row === 1 && column === 1, 3, 3)).toHaveLength(1);
  expect(hatchingOf(() => true, 10, 10, 3)).toHaveLength(7);
  expect(hatchingOf((row, column) => row === 0 && column === 1, 10, 10, 3)).toHaveLength(1);
  expect(hatchingOf(() => true, 20, 20, 1, 10)).toBeNull();
});
