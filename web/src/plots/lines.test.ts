import { describe, expect, it } from "vitest";
import { pathOf } from "./lines";

describe("the path of a line", () => {
  const [toX, toY] = [(value: number) => 10 * value, (value: number) => 100 - value];

  it("goes from point to point in pixels", () => {
    expect(pathOf([0, 1, 2], [0, 50, 33.333], toX, toY)).toBe("M0,100L10,50L20,66.67");
  });

  it("has a gap where there is no number or no place, and nothing for a single point", () => {
    const log = (value: number) => Math.log10(value);
    expect(pathOf([0, 1, 2, 3, 4, 5, 6], [1, 1, NaN, 1, null, 1, 1], toX, toY)).toBe(
      "M0,99L10,99M50,99L60,99",
    );
    expect(pathOf([0, 1, 2, 3], [10, 100, 0, -1], toX, log)).toBe("M0,1L10,2");
    expect(pathOf([], [], toX, toY)).toBe("");
  });
});
