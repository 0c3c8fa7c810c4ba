import { describe, expect, it } from "vitest";
import { every, mostPoints, outline, shrink } from "./shrink";

describe("shrink", () => {
  const rows = [Float32Array.from([1, 3, 5]), Float32Array.from([3, 5, 7]), Float32Array.from([0, 0, 1])];

  it("leaves what fits as it is", () => {
    expect(shrink(rows, 3, 3).rows).toBe(rows);
  });

  it("takes means of blocks, smaller ones at the edges", () => {
    const { rows: shrunk, rowsPerCell, columnsPerCell } = shrink(rows, 2, 2);
    expect([rowsPerCell, columnsPerCell]).toEqual([2, 2]);
    expect(shrunk.map((row) => [...row])).toEqual([
      [3, 6],
      [0, 1],
    ]);
  });

  it("takes means of the numbers that are there", () => {
    const gaps = [Float32Array.from([1, NaN, NaN]), Float32Array.from([3, NaN, NaN])];
    expect(shrink(gaps, 1, 2).rows.map((row) => [...row])).toEqual([[2, NaN]]);
  });
});

describe("outline", () => {
  const x = Array.from({ length: 10_000 }, (_, index) => index);

  it("leaves short lines as they are", () => {
    expect(outline([0, 1], [2, 3])).toEqual({ x: [0, 1], y: [2, 3] });
  });

  it("keeps every peak of a long one, in order", () => {
    const y = x.map((at) => (at === 5003 ? 9 : at === 5004 ? -9 : Math.sin(at / 700)));
    const thin = outline(x, y, 500);
    expect(thin.y.length).toBeLessThanOrEqual(500);
    expect(thin.y).toContain(9);
    expect(thin.y).toContain(-9);
    expect(thin.x).toEqual([...thin.x].sort((a, b) => a - b));
  });
});

it("keeps the numbers of a stretch that begins with a gap, and a gap where there is no number", () => {
  const y = Array.from({ length: 40 }, (_, index) => (index % 10 === 0 || index >= 30 ? NaN : index));
  const thin = outline([...y.keys()], y, 8);
  expect(thin).toEqual({ x: [1, 9, 11, 19, 21, 29, 30], y: [1, 9, 11, 19, 21, 29, NaN] });
});

it("takes two points a pixel", () => {
  expect([mostPoints(500.4), mostPoints(40)]).toEqual([1000, 200]);
});

it("picks positions at even distances", () => {
  expect(every(5)).toEqual([0, 1, 2, 3, 4]);
  expect(every(10, 4)).toEqual([0, 3, 6, 9]);
});
