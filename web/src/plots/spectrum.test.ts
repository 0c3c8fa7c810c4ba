import { expect, it } from "vitest";
import { context } from "../testing/plot-context";
import { spectralRadius, spectrumPlot } from "./spectrum";

const now = { re: Float64Array.from([0.6, 0.6, -1.5]), im: Float64Array.from([0.9, -0.9, 0]) };
const before = { re: Float64Array.from([0, 0.5, 0]), im: Float64Array.from([0, 0, 0]) };

it("has the spectral radius of the largest modulus", () => {
  expect(spectralRadius(now)).toBe(1.5);
  expect(spectralRadius({ re: new Float64Array(), im: new Float64Array() })).toBe(0);
});

it("draws the unit circle and the eigenvalues, before faint, to one scale on both axes", () => {
  const spec = spectrumPlot({ before, now, lesioned: null, since: "training" }, context);
  expect(spec.traces).toHaveLength(4);
  const circle = spec.traces[0];
  (circle?.x as number[]).forEach((x, index) => {
    expect(Math.hypot(x, Number((circle?.y as number[])[index]))).toBeCloseTo(1);
  });
  expect(spec.traces[1]?.x).toEqual([0, 0.5, 0]);
  expect(spec.traces[1]?.marker?.opacity).toBeLessThan(1);
  expect(spec.traces[2]?.x).toEqual([0.6, 0.6, -1.5]);
  expect(spec.traces[3]?.x).toEqual([]);
  const { xaxis, yaxis } = spec.layout;
  expect(xaxis?.range).toEqual(yaxis?.range);
  const across = ((xaxis?.domain?.[1] ?? 0) - (xaxis?.domain?.[0] ?? 0)) * (context.width - 52 - 16);
  const down = ((yaxis?.domain?.[1] ?? 0) - (yaxis?.domain?.[0] ?? 0)) * (context.height - 28 - 40);
  expect(across).toBeCloseTo(down);
});

it("says the spectral radius now, before and with the lesion", () => {
  const lesioned = { re: Float64Array.from([0, 0, 0.25]), im: new Float64Array(3) };
  const spec = spectrumPlot({ before, now, lesioned, since: "the edit" }, context);
  expect(spec.summary).toBe(
    "Spectral radius of the effective W_rec: 1.5 now, 0.5 before the edit, 0.25 with the lesion. 3 of 3 eigenvalues are outside the unit circle now, none with the lesion.",
  );
  expect(spec.traces[3]?.x).toEqual([0, 0, 0.25]);
  const windowed = spectrumPlot({ before, now, lesioned, window: [400, 900], since: "training" }, context);
  expect(windowed.summary).toContain("0.25 with the lesion (from 400\u202fms to 900\u202fms).");
  expect(
    spectrumPlot({ before: null, now: before, lesioned: null, since: "training" }, context).summary,
  ).toBe(
    "Spectral radius of the effective W_rec: 0.5 now. None of 3 eigenvalues are outside the unit circle now.",
  );
});

it("has a table of real part, imaginary part and modulus, the largest first", () => {
  const table = spectrumPlot({ before, now, lesioned: null, since: "training" }, context).table();
  expect(table.columns).toEqual(["when", "real part", "imaginary part", "modulus"]);
  expect(table.rows[0]).toEqual(["now", "−1.5", "0", "1.5"]);
  expect(table.rows[1]).toEqual(["now", "0.6", "0.9", "1.082"]);
  expect(table.rows[3]).toEqual(["before training", "0.5", "0", "0.5"]);
});

it("says so where there are no eigenvalues", () => {
  const none = { re: new Float64Array(), im: new Float64Array() };
  expect(spectrumPlot({ before, now: none, lesioned: null, since: "training" }, context).summary).toContain(
    "no numbers",
  );
});
