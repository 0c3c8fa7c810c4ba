import { describe, expect, it } from "vitest";
import { parseUnits, unitsInWords, unitsText } from "./unit-list";

describe("units as people write them", () => {
  it("are numbers and ranges, each unit once and in order", () => {
    expect(parseUnits("3, 7–9", 50)).toEqual({ units: [3, 7, 8, 9] });
    expect(parseUnits(" 9 - 7; 7", 50)).toHaveProperty("problem");
    expect(parseUnits("7 - 9 8;3", 50)).toEqual({ units: [3, 7, 8, 9] });
    expect(parseUnits("", 50)).toEqual({ units: [] });
    expect(parseUnits("49,", 50)).toEqual({ units: [49] });
  });

  it("are refused in a sentence that says what is allowed", () => {
    expect(parseUnits("3, x", 50)).toEqual({
      problem: "“x” is not a unit: write numbers and ranges, for example 3, 7–9.",
    });
    expect(parseUnits("-3", 50)).toHaveProperty("problem");
    expect(parseUnits("1.5", 50)).toHaveProperty("problem");
    expect(parseUnits("50", 50)).toEqual({
      problem: "There is no unit 50: units are numbered from 0 to 49.",
    });
    expect(parseUnits("9–7", 50)).toEqual({
      problem: "9–7 runs backwards: write the smaller number first, 7–9.",
    });
    expect(parseUnits("0-99999999999999999999", 50)).toHaveProperty("problem");
  });

  it("are written back in the same way", () => {
    expect(unitsText([9, 3, 8, 7])).toBe("3, 7–9");
    expect(unitsText([1, 2])).toBe("1, 2");
    expect(unitsText([])).toBe("");
  });

  it("are counted where a list would be long", () => {
    expect(unitsInWords([4])).toBe("unit 4");
    expect(unitsInWords([4, 5, 6])).toBe("units 4–6");
    expect(unitsInWords(Array.from({ length: 10 }, (_, unit) => 2 * unit))).toBe("10 units");
  });
});
