import { describe, expect, it } from "vitest";
import { keepRefusal, withLesion } from "./keep";
import {
  blockOf,
  cut,
  cutConnections,
  lesionInWords,
  lesionOf,
  noLesion,
  parseWindow,
  partsOf,
  refusalOf,
  toggled,
  type LesionParts,
} from "./parts";
import { comparisonInWords } from "./words";

const sizes = { N_rec: 4, N_steps: 10, dt: 20 };
const block = { from: [0, 1] as [number, number], to: [2, 3] as [number, number] };
const connectivity = cut(null, block, 4);

describe("a lesion", () => {
  it("of connections is a matrix of ones and zeros, to × from", () => {
    expect([...connectivity]).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1]);
    expect(cutConnections(connectivity)).toBe(4);
    expect(blockOf(connectivity, 4)).toEqual(block);
    expect(blockOf(cut(connectivity, { from: [3, 3], to: [0, 0] }, 4), 4)).toBeNull();
    expect(blockOf(cut(null, { from: [0, 3], to: [0, 3] }, 4), 4)).toEqual({ from: [0, 3], to: [0, 3] });
  });

  it("cuts connections one by one, and mends them where all of them are cut", () => {
    const one = toggled(null, [1, 6], 4);
    expect(cutConnections(one ?? connectivity)).toBe(2);
    expect([...(toggled(one, [1, 2], 4) ?? [])].slice(0, 8)).toEqual([1, 0, 0, 1, 1, 1, 0, 1]);
    expect([...(toggled(one, [6], 4) ?? [])].slice(0, 8)).toEqual([1, 0, 1, 1, 1, 1, 1, 1]);
    expect(toggled(one, [1, 6], 4)).toBeNull();
  });

  it("is nothing where nothing is taken away, and has no window of its own", () => {
    expect(lesionOf(noLesion, sizes)).toBeNull();
    expect(lesionOf({ ...noLesion, window: [0, 40] }, sizes)).toBeNull();
    expect(lesionOf({ units: [1], connectivity: null, window: [0, 40] }, sizes)).toEqual({
      units: [1],
      window: [0, 40],
    });
    expect(lesionOf({ units: [], connectivity, window: null }, sizes)).toEqual({ connectivity });
  });

  it("of connections in a window is told step by step, and read back", () => {
    const parts: LesionParts = { units: [], connectivity, window: [40, 100] };
    const lesion = lesionOf(parts, sizes);
    const table = lesion?.tConnectivity as Float32Array;
    expect(table).toHaveLength(160);
    const cutSteps = Array.from({ length: 10 }, (_, step) =>
      cutConnections(table.slice(step * 16, step * 16 + 16)),
    );
    expect(cutSteps).toEqual([0, 0, 4, 4, 4, 0, 0, 0, 0, 0]);
    expect(partsOf(lesion, sizes)).toEqual(parts);
    const both: LesionParts = { ...parts, units: [3] };
    expect(partsOf(lesionOf(both, sizes), sizes)).toEqual(both);
  });

  it("is refused in a sentence where the network cannot have it", () => {
    const parts: LesionParts = { units: [], connectivity, window: null };
    expect(refusalOf(parts, sizes, true)).toBeNull();
    expect(refusalOf(parts, sizes, false)).toContain("silence units instead");
    expect(refusalOf({ ...parts, window: [0, 20] }, { N_rec: 1000, N_steps: 200, dt: 10 }, true)).toContain(
      "whole trial",
    );
  });

  it("is told in words", () => {
    expect(lesionInWords({ ...noLesion, units: [3] }, 50)).toBe("Unit 3 is silent throughout the trial.");
    expect(lesionInWords({ units: [3, 7, 8, 9], connectivity: null, window: [200, 1400] }, 50)).toBe(
      "Units 3, 7–9 are silent from 200\u202fms to 1,400\u202fms.",
    );
    expect(lesionInWords({ units: [1], connectivity, window: null }, 4)).toBe(
      "Unit 1 is silent and 4 connections from units 0–1 to units 2–3 are cut throughout the trial.",
    );
    const more = cut(connectivity, { from: [3, 3], to: [0, 0] }, 4);
    expect(lesionInWords({ ...noLesion, connectivity: more }, 4)).toBe(
      "5 of 16 recurrent connections are cut throughout the trial.",
    );
    expect(lesionInWords(noLesion, 4)).toBe("Nothing is silent and nothing is cut.");
  });
});

describe("a window", () => {
  const trial = { N_steps: 100, dt: 20 };

  it("is two times within the trial; an empty field is its end", () => {
    expect(parseWindow("200", "400", trial)).toEqual({ window: [200, 400] });
    expect(parseWindow("", "400", trial)).toEqual({ window: [0, 400] });
    expect(parseWindow("200", "", trial)).toEqual({ window: [200, 2000] });
    expect(parseWindow("", " ", trial)).toEqual({ window: null });
  });

  it("is refused in a sentence", () => {
    expect(parseWindow("soon", "400", trial)).toEqual({
      problem: "“soon” is not a time: write milliseconds, for example 200.",
    });
    expect(parseWindow("400", "400", trial)).toHaveProperty("problem");
    expect(parseWindow("-1", "400", trial)).toHaveProperty("problem");
    expect(parseWindow("0", "4000", trial)).toEqual({
      problem: "The window must lie within the trial, 0 to 2,000\u202fms; found 0\u202fms to 4,000\u202fms.",
    });
  });

  it("is refused where no step begins in it, for it would do nothing", () => {
    expect(parseWindow("301", "304", trial)).toEqual({
      problem:
        "No step begins between 301\u202fms and 304\u202fms: there is one every 20\u202fms, the last before at 300\u202fms. Give a window that holds one, for example 300\u202fms to 320\u202fms.",
    });
    // The trial ends with its last step, and not with one more.
    expect(parseWindow("1990", "", trial)).toHaveProperty("problem");
    expect(parseWindow("1980", "", trial)).toEqual({ window: [1980, 2000] });
    expect(parseWindow("319", "321", trial)).toEqual({ window: [319, 321] });
    // 7 × 0.1 is a little more than 0.7.
    expect(parseWindow("0.7", "0.75", { N_steps: 10, dt: 0.1 })).toEqual({ window: [0.7, 0.75] });
    expect(refusalOf({ ...noLesion, units: [1], window: [301, 304] }, sizes, true)).toContain("No step");
  });
});

describe("a lesion that is kept", () => {
  const document = { nullcline: 1, network: { type: "Basic", N_rec: 4 } };
  const none = { rec: null, out: null };

  it("leaves a silenced unit without a way to units and outputs", () => {
    const kept = withLesion(document, { ...noLesion, units: [1] }, none, { N_rec: 4, N_out: 2 });
    expect(kept.network).toEqual({
      type: "Basic",
      N_rec: 4,
      rec_connectivity: Array.from({ length: 4 }, () => [1, 0, 1, 1]),
      output_connectivity: Array.from({ length: 2 }, () => [1, 0, 1, 1]),
    });
  });

  it("adds to the connections that were missing before", () => {
    const rec = Float32Array.from({ length: 16 }, (_, index) => (index % 5 === 0 ? 0 : 1));
    const kept = withLesion(
      document,
      { units: [3], connectivity, window: null },
      { rec, out: null },
      { N_rec: 4, N_out: 1 },
    );
    expect(kept.network).toMatchObject({
      rec_connectivity: [
        [0, 1, 1, 0],
        [1, 0, 1, 0],
        [0, 0, 0, 0],
        [0, 0, 1, 0],
      ],
      output_connectivity: [[1, 1, 1, 0]],
    });
  });

  it("must be one of the whole trial, in a network that has connectivity", () => {
    const resolved = { network: { type: "Basic", rec_connectivity: null } };
    expect(keepRefusal({ ...noLesion, units: [1] }, resolved)).toBeNull();
    expect(keepRefusal({ ...noLesion, units: [1], window: [0, 10] }, resolved)).toContain("time window");
    expect(keepRefusal({ ...noLesion, units: [1] }, { network: { type: "LSTM" } })).toContain(
      "no connectivity",
    );
  });
});

it("accuracy with and without is told with its counts", () => {
  const measured = (correct: number, scored: number, loss = 0.1) => ({ correct, scored, count: 400, loss });
  const whole = measured(384, 400);
  expect(comparisonInWords({ whole, lesioned: measured(204, 400), given: false })).toBe(
    "51\u202f% correct with the lesion (204 of 400 fresh trials), 96\u202f% without (384 of the same).",
  );
  expect(comparisonInWords({ whole, lesioned: measured(6, 12), given: true })).toContain(
    "6 of 12 given trials",
  );
  expect(
    comparisonInWords({ whole: measured(0, 0, 0.012), lesioned: measured(0, 0, 0.2), given: false }),
  ).toBe("Loss 0.2 with the lesion, 0.012 without (the same 400 fresh trials); there is nothing to choose.");
});
