import { describe, expect, it } from "vitest";
import {
  bytes,
  count,
  duration,
  milliseconds,
  ordinal,
  percent,
  percentRange,
  plural,
  roundBounds,
  significant,
} from "./numbers";

describe("numbers in words", () => {
  it("have sensible digits", () => {
    expect(percent(0.957)).toBe("96\u202f%");
    expect(percent(NaN)).toBe("–");
    expect([percent(0), percent(1), percent(1, 1)]).toEqual(["0\u202f%", "100\u202f%", "100.0\u202f%"]);
    expect(count(12345.4)).toBe("12,345");
    expect([1, 2, 3, 10, 12, 113, 121, 1000].map(ordinal)).toEqual([
      "1st",
      "2nd",
      "3rd",
      "10th",
      "12th",
      "113th",
      "121st",
      "1,000th",
    ]);
    expect(plural(1, "trial")).toBe("1 trial");
    expect(plural(1000, "trial")).toBe("1,000 trials");
    expect(milliseconds(1240)).toBe("1,240\u202fms");
  });

  it("call only all of them 100 % and only none of them 0 %", () => {
    expect([398, 399, 400, 390].map((hits) => percent(hits / 400))).toEqual([
      "99.5\u202f%",
      "99.8\u202f%",
      "100\u202f%",
      "98\u202f%",
    ]);
    expect(percent(9999 / 10000, 1)).toBe("99.99\u202f%");
    expect([percent(1 / 400), percent(1 / 10000)]).toEqual(["0.3\u202f%", "0.01\u202f%"]);
    expect(percentRange(0.962, 0.998)).toBe("96 to 99.8\u202f%");
    expect(percentRange(0.996, 1, 1)).toBe("99.6 to 100.0\u202f%");
    // What a fit gives is no count.
    expect(percent(1e-9)).toBe("0\u202f%");
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

it("ends of intervals are round, hold what they held, and nothing of their neighbours", () => {
  const durations = [
    { from: 0.522, to: 55.7 },
    { from: 58.3, to: 112.4 },
    { from: 112.9, to: 199.6 },
  ];
  expect(roundBounds(durations)).toEqual([
    ["0", "56"],
    ["58", "112.4"],
    ["112.9", "200"],
  ]);
  expect(roundBounds([{ from: 3.8e-5, to: 0.0241 }])).toEqual([["0", "0.0241"]]);
  expect(
    roundBounds([
      { from: 250, to: 400 },
      { from: 401, to: 750 },
    ]),
  ).toEqual([
    ["250", "400"],
    ["401", "750"],
  ]);
  expect(
    roundBounds([
      { from: -0.5, to: -0.3 },
      { from: 0.1, to: 0.1 },
    ])[0],
  ).toEqual(["−0.5", "−0.3"]);
  const drawn = Array.from({ length: 500 }, (_, at) => Math.exp(Math.sin(at * at) * 4)).sort((a, b) => a - b);
  const intervals = Array.from({ length: 8 }, (_, at) => drawn.slice(at * 62, (at + 1) * 62)).map((some) => ({
    from: some[0] ?? NaN,
    to: some.at(-1) ?? NaN,
  }));
  roundBounds(intervals).forEach(([low, high], at) => {
    expect(Number(low)).toBeLessThanOrEqual(intervals[at]?.from ?? NaN);
    expect(Number(high)).toBeGreaterThanOrEqual(intervals[at]?.to ?? NaN);
    expect(Math.max(low.length, high.length)).toBeLessThanOrEqual(7);
  });
});
