import { describe, expect, it } from "vitest";
import { shareOf } from "../statistics/share";
import type { Level } from "../statistics/psychometric";
import { context } from "../testing/plot-context";
import { accuracyPlot, noAccuracy, withInterval, type AccuracyRow } from "./accuracy";
import { conditionPlot } from "./accuracy-by-condition";
import { barPlace, withColourBars } from "./colour-bar";
import { confusionPlot } from "./confusion";
import { toCsv } from "./plot";
import { extent, psychometricPlot, psychometricSeries, type PsychometricData } from "./psychometric";
import { seriesColour } from "./series";

const intact = { name: "Without lesion", lesioned: false };
const lesioned = { name: "With lesion", lesioned: true };
const { theme } = context;
const phone = { ...context, width: 330 };

function row(series: typeof intact, correct: number, scored: number): AccuracyRow {
  return { ...series, before: false, accuracy: shareOf(correct, scored), trials: 1000, loss: 0.0123 };
}

describe("accuracy", () => {
  const data = {
    rows: [row(intact, 938, 1000), row(lesioned, 498, 1000)],
    chance: 0.5,
    trial: "fresh trial",
    iteration: 391,
  };

  it("stands with its interval, below it the lesion's in another colour", () => {
    const { traces, layout } = accuracyPlot(data, context);
    expect(traces.map(({ x, y }) => [x, y])).toEqual([
      [[93.8], [0]],
      [[49.8], [1]],
    ]);
    expect(traces[0]?.marker?.color).not.toBe(traces[1]?.marker?.color);
    expect(layout.shapes?.[0]).toMatchObject({ x0: 50, line: { dash: "dot" } });
    expect(withInterval(shareOf(938, 1000))).toBe("93.8\u202f% (92.1 to 95.1\u202f%)");
  });

  it("has names that no line crosses", () => {
    const { shapes = [], annotations = [] } = accuracyPlot(data, context).layout;
    const [chance, ...bands] = shapes;
    expect(chance?.line?.dash).toBe("dot");
    // Over the lines, from edge to edge, where the names stand: a line of text is lower than these.
    expect(bands).toHaveLength(2);
    bands.forEach(({ yanchor, ysizemode, x0, x1, y0, y1, fillcolor, layer }, index) => {
      expect([yanchor, ysizemode, x0, x1, fillcolor]).toEqual([index, "pixel", 0, 1, theme.surface]);
      expect(layer ?? "above").toBe("above");
      expect([annotations[index]?.y, annotations[index]?.yshift]).toEqual([index, y0]);
      expect(Number(y1) - Number(y0)).toBeGreaterThanOrEqual(16);
    });
  });

  it("is told with its counts", () => {
    const spec = accuracyPlot(data, context);
    expect(spec.summary).toBe(
      "93.8\u202f% correct without lesion on 1,000 fresh trials; 49.8\u202f% correct with lesion on 1,000 fresh trials. Iteration 391; bars: 95\u202f% confidence intervals. The headline, of other trials, differs by chance.",
    );
    const beyond = accuracyPlot({ ...data, rows: [{ ...row(intact, 0, 1000), beyond: 998 }] }, context);
    expect(beyond.summary).toContain(
      "Without lesion: on 998 of 1,000 trials the outputs grew beyond any number, which counts as wrong.",
    );
    expect(spec.table().rows[0]).toEqual([
      "Without lesion",
      "93.8\u202f%",
      "92.1\u202f%",
      "95.1\u202f%",
      938,
      1000,
      1000,
      "0.0123",
    ]);
    expect(toCsv(spec.data?.() ?? spec.table())).toContain("With lesion,0.498,");
  });

  it("does not take fresh trials for those that were fresh before training", () => {
    const before = { ...row(intact, 500, 1000), name: "Before training", before: true };
    const { summary } = accuracyPlot({ ...data, rows: [before, row(intact, 938, 1000)] }, context);
    expect(summary).toContain("before training on 1,000 fresh trials; 93.8\u202f% correct");
    expect(summary).toContain("on 1,000 other fresh trials");
  });

  it("is none where no trial asks for a choice", () => {
    const spec = accuracyPlot({ ...data, rows: [row(intact, 0, 0)], chance: null }, context);
    expect(spec.summary).toBe(
      "There is nothing to choose in these trials, so that there is no accuracy: loss 0.0123 on 1,000 fresh trials.",
    );
    expect(spec.layout.shapes).toEqual([]);
    expect(spec.layout.xaxis?.visible).toBe(false);
    expect(spec.layout.annotations?.[0]?.text).toBe(
      "Without lesion: there is nothing to choose, loss 0.0123",
    );
    expect(spec.help).not.toContain("confidence");
    const before = { ...row(intact, 0, 0), name: "Before training", loss: 0.5 };
    expect(noAccuracy({ ...data, rows: [before, row(intact, 0, 0)] })).toContain(
      "loss 0.5 before training on 1,000 fresh trials; loss 0.0123 without lesion",
    );
    expect(noAccuracy(data)).toBeNull();
  });
});

describe("psychometric curve", () => {
  const places = [-0.6, -0.4, -0.1, -0.05, -0.02, 0, 0.02, 0.05, 0.1, 0.4, 0.6];
  const levels = (hits: number[], count = 20): Level[] =>
    places.map((x, index) => ({ x, hits: hits[index] ?? 0, count }));
  const rising = levels([0, 0, 0, 1, 4, 9, 15, 19, 20, 20, 20]);
  const data = (...series: PsychometricData["series"]): PsychometricData => ({
    series,
    title: "Signed coherence",
    unit: "",
    meaning: "Above zero input 2 is the stronger one.",
    choice: "output 2",
    iteration: 391,
    near: false,
  });

  it("of choices that are alike on both sides has its midpoint at zero, not at a rounding error", () => {
    const even = levels([0, 0, 1, 3, 7, 10, 13, 17, 19, 20, 20]);
    const spec = psychometricPlot(data(psychometricSeries(intact, even)), context);
    expect(spec.summary).toContain("midpoint 0, threshold");
  });

  it("tells no midpoint and no threshold that lie outside what was measured", () => {
    const fitted = (midpoint: number, slope: number) => {
      const fit = { midpoint, slope, lapseLow: 0, lapseHigh: 0, steep: false };
      return psychometricPlot({ ...data({ ...intact, levels: rising, fit }), unit: "Hz" }, context).summary;
    };
    expect(fitted(-15, 0.05)).toContain(
      "logistic fit: midpoint and threshold outside the range that was measured, slope 0.05 per Hz.",
    );
    expect(fitted(0.1, 0.5)).toContain(
      "midpoint 0.1\u202fHz, threshold outside the range that was measured, slope",
    );
    expect(fitted(0.1, 2)).toContain("midpoint 0.1\u202fHz, threshold 0.55\u202fHz, slope 2 per Hz.");
  });

  it("rises through its points, with bars", () => {
    const spec = psychometricPlot(data(psychometricSeries(intact, rising)), context);
    const [line, points] = spec.traces;
    expect(points?.y).toEqual(rising.map(({ hits }) => 5 * hits));
    expect(points?.error_y).toMatchObject({ type: "data", symmetric: false });
    const y = line?.y as number[];
    expect([y[0], y.at(-1)].map((at) => Math.round(at ?? NaN))).toEqual([0, 100]);
    expect(spec.layout.shapes?.[0]).toMatchObject({ y0: 50, y1: 50, line: { dash: "dot" } });
    expect(spec.summary).toMatch(
      /^Output 2 chosen in 0\u202f% of trials at −0.6 and 100\u202f% at 0.6; logistic fit: midpoint .*, threshold 0.0\d+, slope \d+. 20 trials a point.$/,
    );
    expect(spec.table().rows[0]?.slice(0, 6)).toEqual([
      "Without lesion",
      "−0.6",
      "0.0\u202f%",
      "0.0\u202f%",
      "16.1\u202f%",
      20,
    ]);
  });

  it("says so where no curve can be fitted, and draws the points", () => {
    const sentence = (hits: number[], count = 20) =>
      psychometricPlot(data(psychometricSeries(intact, levels(hits, count))), context).summary;
    expect(sentence(places.map(() => 0))).toContain("no curve can be fitted: output 2 was never chosen");
    expect(sentence(places.map(() => 20))).toContain("output 2 was always chosen");
    expect(sentence(places.map(() => 10))).toContain("do not depend on the signed coherence");
    expect(sentence(places.map((x) => (x < 0 ? 0 : 20)))).toContain("at once, between −0.02 and 0");
    expect(sentence(places.map((x) => (x < 0 ? 0 : x > 0 ? 20 : 9)))).toContain("between −0.02 and 0.02");
    expect(sentence([], 1)).toContain("too few trials");
    expect(sentence([], 0)).toContain("No trial asks for this choice");
    const spec = psychometricPlot(data(psychometricSeries(intact, levels([], 20))), context);
    expect(spec.traces[1]?.y).toEqual(places.map(() => 0));
    expect((spec.traces[0]?.y as number[]).every(Number.isNaN)).toBe(true);
  });

  it("sets the lesion beside it, named at its line or, on a phone, above", () => {
    const both = data(
      psychometricSeries(intact, rising),
      psychometricSeries(lesioned, levels([0, 0, 2, 3, 2, 4, 5, 6, 9, 13, 17])),
    );
    const wide = psychometricPlot(both, context);
    expect(wide.traces).toHaveLength(4);
    expect(wide.traces[2]?.line?.color).toBe(seriesColour(lesioned, theme));
    const texts = (spec: typeof wide) => (spec.layout.annotations ?? []).map(({ text }) => text ?? "");
    expect(texts(wide).filter((text) => text.includes("lesion"))).toHaveLength(2);
    expect(texts(psychometricPlot(both, phone)).filter((text) => text.includes("lesion"))).toHaveLength(1);
    expect(wide.summary).toMatch(/^Without lesion: midpoint .* With lesion: midpoint /);
  });

  it("is shown where it is steep, or whole", () => {
    const steep = data(psychometricSeries(intact, rising));
    expect(extent(steep)).toBe(0.6);
    // It changes up to 0.02 from zero; two levels more are shown.
    expect(extent({ ...steep, near: true })).toBe(0.1);
    const flat = data(psychometricSeries(intact, levels(places.map(() => 10))));
    expect(extent({ ...flat, near: true })).toBe(0.6);
  });
});

describe("accuracy by condition", () => {
  const bin = (from: number, to: number, hits: number) => ({
    bin: { from, to, mean: (from + to) / 2, members: [] },
    share: shareOf(hits, 50),
  });
  const data = {
    title: "Stimulus duration",
    unit: "ms",
    series: [{ ...intact, bins: [bin(250, 400, 30), bin(401, 750, 45)] }],
    chance: 0.5,
    iteration: 7,
  };

  it("has a point a bin, at its mean", () => {
    const { traces, layout, summary } = conditionPlot(data, context);
    expect(traces[0]?.x).toEqual([325, 575.5]);
    expect(traces[0]?.y).toEqual([60, 90]);
    expect(layout.xaxis?.title).toMatchObject({ text: "Stimulus duration (ms)" });
    expect(summary).toBe(
      "60\u202f% correct at 250 to 400\u202fms, 90\u202f% at 401 to 750\u202fms. 100 trials in 2 bins of about equally many.",
    );
  });

  it("tells the value at which it is worst, where that is between the ends", () => {
    const bins = [bin(10, 10, 40), bin(18, 18, 28), bin(26, 26, 45)];
    const { summary } = conditionPlot({ ...data, unit: "Hz", series: [{ ...intact, bins }] }, context);
    expect(summary).toContain(
      "80\u202f% correct at 10\u202fHz, 90\u202f% at 26\u202fHz; least between them: 56\u202f% at 18\u202fHz.",
    );
  });

  it("names chance beside the plot, where no data can be", () => {
    const { layout } = conditionPlot({ ...data, chance: 0.5 }, phone);
    const name = layout.annotations?.find(({ text }) => text?.startsWith("chance"));
    expect(name).toMatchObject({ xref: "paper", x: 1, xanchor: "left", y: 50 });
    expect(layout.margin?.r).toBeGreaterThanOrEqual(48);
  });

  it("has ticks at values that are few", () => {
    const series = [intact, lesioned].map((one) => ({ ...one, bins: [bin(0, 0, 30), bin(1, 1, 45)] }));
    const spec = conditionPlot({ ...data, title: "Direction", unit: "", series }, context);
    expect(spec.layout.xaxis?.ticktext).toEqual(["0", "1"]);
    expect(spec.summary).not.toContain("bins");
    expect(spec.table().rows).toHaveLength(4);
  });

  it("has an axis for one value alone", () => {
    const series = [{ ...intact, bins: [bin(0, 0, 30)] }];
    expect(conditionPlot({ ...data, series }, context).layout.xaxis?.range).toEqual([-0.06, 0.06]);
  });
});

describe("confusion", () => {
  const counts = [
    [437, 61],
    [1, 501],
  ];

  it("counts trials by right and chosen output", () => {
    const spec = confusionPlot({ series: [{ ...intact, counts }], iteration: 5 }, context);
    expect((spec.traces[0] as unknown as { z: number[][] }).z[1]).toEqual([1 / 502, 501 / 502]);
    expect(spec.layout.annotations?.map(({ text }) => text)).toEqual(["437", "61", "1", "501"]);
    expect(spec.summary).toContain("938 of 1,000 trials on the diagonal (correct); output 2 was chosen most");
    const even = [
      [3, 0],
      [0, 3],
    ];
    const tied = confusionPlot({ series: [{ ...intact, counts: even }], iteration: 5 }, context);
    expect(tied.summary).toContain("no output was chosen more often than in 50\u202f%.");
    expect(spec.table().rows).toEqual([
      ["Without lesion", 1, 437, 61, 498],
      ["Without lesion", 2, 1, 501, 502],
    ]);
  });

  it("sets the lesion beside it, the colour bar once, beside both", () => {
    const series = [
      { ...intact, counts },
      {
        ...lesioned,
        counts: [
          [0, 0],
          [3, 0],
        ],
      },
    ];
    const spec = confusionPlot({ series, iteration: 5 }, context);
    expect(spec.traces.map(({ xaxis }) => xaxis)).toEqual(["x2", "x"]);
    expect(barPlace(spec.layout).left).toBeGreaterThan(context.width - 70);
    const shown = withColourBars(spec.traces) as { showscale?: boolean }[];
    expect(shown.map(({ showscale }) => showscale)).toEqual([false, true]);
    expect(spec.summary).toContain("With lesion: 0 of 3 trials");
  });

  it("of many outputs has colours and no numbers", () => {
    const many = Array.from({ length: 20 }, (_, right) =>
      Array.from({ length: 20 }, (_, chosen) => Number(right === chosen)),
    );
    const spec = confusionPlot({ series: [{ ...intact, counts: many }], iteration: 5 }, context);
    expect(spec.layout.annotations).toEqual([]);
    expect(spec.table().rows).toHaveLength(20);
  });
});
