import { describe, expect, it } from "vitest";
import { parseRanges, rangesText } from "./ranges-text";

const units = { first: 0, length: 50, kind: "unit" };

describe("ranges of units", () => {
  it("are read as people write them", () => {
    expect(parseRanges("3", units)).toEqual([3]);
    expect(parseRanges("0–3, 7", units)).toEqual([0, 1, 2, 3, 7]);
    expect(parseRanges(" 7 ; 2-1 ", units)).toEqual([1, 2, 7]);
    expect(parseRanges("1 4 5", units)).toEqual([1, 4, 5]);
    expect(parseRanges("All", { ...units, length: 3 })).toEqual([0, 1, 2]);
    expect(parseRanges("1-2", { first: 1, length: 2, kind: "input" })).toEqual([0, 1]);
  });

  it("say what is wrong, what is allowed and what to do", () => {
    expect(parseRanges("60", units)).toBe("There is no unit 60; units go from 0 to 49.");
    expect(parseRanges("0", { first: 1, length: 2, kind: "input" })).toBe(
      "There is no input 0; inputs go from 1 to 2.",
    );
    expect(parseRanges("x", units)).toContain("“x” is no number and no range");
    expect(parseRanges("-3", units)).toContain("no number and no range");
    expect(parseRanges("", units)).toContain("Choose at least one unit");
    expect(parseRanges("1,", units)).toContain("Choose at least one unit");
  });

  it("are written the same way", () => {
    expect(rangesText([0, 1, 2, 3, 7], 0)).toBe("0–3, 7");
    expect(rangesText([0], 1)).toBe("1");
    expect(rangesText([], 0)).toBe("");
  });
});
