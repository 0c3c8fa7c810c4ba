import { describe, expect, it } from "vitest";
import { aboutZero, fromZero, held, roundLimit, roundRange } from "./ranges";

it.each([
  [1, 1],
  [0.21, 0.25],
  [1.31, 1.5],
  [83, 100],
  [0.3, 0.3],
])("rounds the limit %f up to %f", (value, limit) => {
  expect(roundLimit(value)).toBe(limit);
});

describe("a range", () => {
  it("has room and round ends", () => {
    expect(roundRange(0, 1)).toEqual([-0.08, 1.04]);
    expect(roundRange(-0.11, 1.57)).toEqual([-0.24, 1.68]);
    expect(roundRange(2, 2)[0]).toBeLessThan(2);
  });

  it("is held while the numbers fit it and fill most of it", () => {
    expect(held([0, 2], [0.1, 1.9])).toEqual([0, 2]);
    expect(held([0, 2], [0.1, 2.1])).toEqual(roundRange(0.1, 2.1));
    expect(held([0, 2], [0.1, 0.9])).toEqual(roundRange(0.1, 0.9));
    expect(held(undefined, [0, 1])).toEqual(roundRange(0, 1));
  });

  it("may begin at zero, or have zero in its middle", () => {
    expect(held([0, 4], [0, 1.3], fromZero)).toEqual([0, 1.5]);
    expect(held(undefined, [0, 0], fromZero)).toEqual([0, 1]);
    expect(held(undefined, [-0.7, 0.2], aboutZero)).toEqual([-0.8, 0.8]);
  });
});
