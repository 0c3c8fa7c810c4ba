import { describe, expect, it } from "vitest";
import { bytes, count, duration, milliseconds, percent, plural, significant } from "./numbers";

describe("numbers in words", () => {
  it("have sensible digits", () => {
    expect(percent(0.957)).toBe("96\u202f%");
    expect(percent(NaN)).toBe("–");
    expect(count(12345.4)).toBe("12,345");
    expect(plural(1, "trial")).toBe("1 trial");
    expect(plural(1000, "trial")).toBe("1,000 trials");
    expect(milliseconds(1240)).toBe("1,240\u202fms");
  });

  it.each([
    [0.012345, "0.0123"],
    [-0.893, "−0.893"],
    [240, "240"],
    [1e-9, "1e−9"],
    [2.5e7, "2.5e7"],
    [0, "0"],
    [NaN, "–"],
  ])("writes %f as %s", (value, text) => {
    expect(significant(value)).toBe(text);
  });

  it("have units", () => {
    expect(bytes(512)).toBe("1\u202fkB");
    expect(bytes(3.36e6)).toBe("3.4\u202fMB");
    expect(bytes(3.36e7)).toBe("34\u202fMB");
    expect(bytes(2.5e9)).toBe("2.5\u202fGB");
    expect(duration(3200)).toBe("4\u202fs");
    expect(duration(125_000)).toBe("2\u202fmin 5\u202fs");
    expect(duration(4_800_000)).toBe("1\u202fh 20\u202fmin");
  });
});
