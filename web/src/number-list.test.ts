import { describe, expect, it } from "vitest";
import { numbersText, parseNumbers, parseSomeNumbers, runsOf, unitsInWords } from "./number-list";

const units = { first: 0, length: 50, kind: "unit" };
const inputs = { first: 1, length: 2, kind: "input" };

describe("numbers as people write them", () => {
  it("are single ones and ranges, each once and in order", () => {
    expect(parseNumbers("3", units)).toEqual([3]);
    expect(parseNumbers("3, 7–9", units)).toEqual([3, 7, 8, 9]);
    expect(parseNumbers("7 - 9 8;3", units)).toEqual([3, 7, 8, 9]);
    expect(parseNumbers("7:9, 1 2", units)).toEqual([1, 2, 7, 8, 9]);
    expect(parseNumbers("1-2", inputs)).toEqual([0, 1]);
    expect(parseNumbers("49,", units)).toEqual([49]);
  });

  it("may run backwards, be all, or none", () => {
    expect(parseNumbers(" 9 - 7; 7", units)).toEqual([7, 8, 9]);
    expect(parseNumbers(" All", { ...units, length: 3 })).toEqual([0, 1, 2]);
    expect(parseNumbers(" ", units)).toEqual([]);
  });

  it("are refused in a sentence that says what is wrong, what is allowed and what to do", () => {
    expect(parseNumbers("60", units)).toBe("There is no unit 60; units go from 0 to 49.");
    expect(parseNumbers("0", inputs)).toBe("There is no input 0; inputs go from 1 to 2.");
    expect(parseNumbers("3, x", units)).toBe(
      "“x” is no number and no range; write for example “0–4” or “all”.",
    );
    for (const wrong of ["-3", "1.5", "1-2-3", "3, all"])
      expect(parseNumbers(wrong, units)).toContain("no number and no range");
    expect(parseNumbers("0-99999999999999999999", units)).toContain("There is no unit");
    expect(parseSomeNumbers("", inputs)).toBe("Choose at least one input, for example “1–2” or “all”.");
    expect(parseSomeNumbers("", { ...units, length: 1 })).toContain("for example “0” or");
    expect(parseSomeNumbers("60", units)).toContain("There is no unit 60");
    expect(parseSomeNumbers("2", units)).toEqual([2]);
  });

  it("are written back in the same way", () => {
    expect(numbersText([9, 3, 8, 7])).toBe("3, 7–9");
    expect(numbersText([0, 1, 2, 3, 7], 1)).toBe("1–4, 8");
    expect(numbersText([1, 2])).toBe("1, 2");
    expect(numbersText([])).toBe("");
    expect(runsOf([9, 3, 8, 7])).toEqual([
      [3, 3],
      [7, 9],
    ]);
  });

  it("are counted where a list would be long", () => {
    expect(unitsInWords([4])).toBe("unit 4");
    expect(unitsInWords([4, 5, 6])).toBe("units 4–6");
    expect(unitsInWords(Array.from({ length: 10 }, (_, unit) => 2 * unit))).toBe("10 units");
  });
});
