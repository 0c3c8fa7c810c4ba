import { describe, expect, it } from "vitest";
import { context } from "../testing/plot-context";
import { learningCurve, learningTable, type LearningData } from "./learning-curve";
import { stageSpans } from "./stages";

const metric = (iteration: number, stage: number, value: number, earlier_stages: number[] = []) => ({
  iteration,
  stage,
  value,
  earlier_stages,
});

describe("the stretches of a curriculum's stages", () => {
  const metrics = [metric(10, 0, 0.6), metric(20, 0, 0.95), metric(30, 1, 0.7), metric(40, 1, 0.92)];

  it("end with the measurement that passes", () => {
    expect(stageSpans(metrics, 2, 3, 100)).toEqual([
      { stage: 0, from: 0, to: 20 },
      { stage: 1, from: 20, to: 40 },
      { stage: 2, from: 40, to: 100 },
    ]);
  });

  it("are all there once all are passed", () => {
    expect(stageSpans(metrics, 2, 2, 100)).toEqual([
      { stage: 0, from: 0, to: 20 },
      { stage: 1, from: 20, to: 40 },
    ]);
  });

  it("begin with the first stage before anything is measured", () => {
    expect(stageSpans([], 0, 4, 100)).toEqual([{ stage: 0, from: 0, to: 100 }]);
  });
});

describe("a curriculum on the learning curve", () => {
  const data: LearningData = {
    history: [
      { iteration: 10, loss: 0.25, accuracy: 0.5 },
      { iteration: 20, loss: 0.125, accuracy: 0.75 },
      { iteration: 30, loss: 0.1, accuracy: 0.75 },
    ],
    iterations: 100,
    every: 10,
    N_batch: 128,
    chance: 0.5,
    before: null,
    now: null,
    logLoss: false,
    stages: [
      { title: "coherence 0.7", metric: "accuracy", threshold: 0.9 },
      { title: "coherence 0.2", metric: "loss", threshold: 0.4 },
    ],
    stage: 1,
    metrics: [metric(15, 0, 0.92), metric(30, 1, 0.3, [0.875])],
  };

  it("draws each measurement beside the batch's numbers of the same kind", () => {
    const spec = learningCurve(data, context);
    const circles = spec.traces.slice(3).map(({ x, y, yaxis }) => ({ x, y, yaxis }));
    expect(circles).toEqual([
      { x: [30], y: [87.5], yaxis: "y2" },
      { x: [15], y: [92], yaxis: "y2" },
      { x: [0], y: [NaN], yaxis: "y" },
      { x: [30], y: [0.3], yaxis: "y" },
    ]);
    // The loss axis reaches up to the threshold.
    expect(spec.layout.yaxis?.range?.[1]).toBeGreaterThan(0.4);
  });

  it("shades every other stage, names them where they begin, and draws what they must reach", () => {
    const { layout } = learningCurve(data, { ...context, width: 900 });
    const shapes = layout.shapes ?? [];
    expect(shapes.filter(({ type }) => type === "rect")).toMatchObject([
      { x0: 15, x1: expect.closeTo(101.5) as number },
    ]);
    const thresholds = shapes.filter(({ xref, line }) => xref === "x" && line?.dash === "dot");
    expect(thresholds.map(({ x0, x1, y0, yref }) => [x0, x1, y0, yref])).toEqual([
      [-1.5, 15, 90, "y2"],
      [15, expect.closeTo(101.5), 0.4, "y"],
    ]);
    expect((layout.annotations ?? []).map(({ text }) => text)).toEqual([
      "chance<br>50\u202f%",
      "stage 1",
      "stage 2: coherence 0.2",
      "pass<br>0.4",
      "━ every 10th batch  ◇ fresh trials  ○ curriculum",
    ]);
    // Beside the plot: it covers no point.
    const pass = layout.annotations?.find(({ text }) => text?.startsWith("pass"));
    expect(pass).toMatchObject({ xref: "paper", x: 1, xanchor: "left" });
    expect(pass?.bgcolor).toBeUndefined();
  });

  it.each([
    [0.9, "middle", "top"],
    [0.5, "bottom", "top"],
    [0.3, "top", "bottom"],
  ])("names what a stage must reach (%s) on the other side than chance", (threshold, ofPass, ofChance) => {
    const stages = [{ title: "", metric: "accuracy" as const, threshold }];
    const { annotations = [] } = learningCurve({ ...data, stages, stage: 0, metrics: [] }, context).layout;
    const anchorOf = (name: string) => annotations.find(({ text }) => text?.startsWith(name))?.yanchor;
    expect([anchorOf("pass"), anchorOf("chance")]).toEqual([ofPass, ofChance]);
  });

  it("keeps its axes while a stage lasts", () => {
    const later = { ...data, metrics: [...data.metrics, metric(40, 1, 0.35, [0.9])] };
    expect(learningCurve(later, context).layout).toEqual(learningCurve(data, context).layout);
  });

  it("leaves out names for which there is no room", () => {
    const narrow = learningCurve({ ...data, stages: [...data.stages].reverse() }, { ...context, width: 200 });
    const texts = narrow.layout.annotations?.map(({ text }) => text);
    expect(texts).toContain("1");
    const crowded: LearningData = {
      ...data,
      stages: Array.from({ length: 40 }, () => ({ title: "", metric: "accuracy", threshold: 0.5 })),
      stage: 39,
      metrics: Array.from({ length: 39 }, (_, index) => metric(index + 1, index, 1)),
    };
    const names = learningCurve(crowded, { ...context, width: 200 }).layout.annotations ?? [];
    expect(names.length).toBeLessThan(20);
  });

  it("ends its axis where the last stage was passed", () => {
    const [, end] = learningCurve({ ...data, stage: 2 }, context).layout.xaxis?.range as [number, number];
    expect(end).toBeCloseTo(30.45);
  });

  it("says where the curriculum stands", () => {
    expect(learningCurve(data, context).summary).toBe(
      "Stage 2 of 2: loss 0.3 on fresh trials, at most 0.4 needed. Last batch of 128 trials: loss 0.1, 75\u202f% correct (lines). Circles: the curriculum’s own measurements.",
    );
    expect(learningCurve({ ...data, stages: data.stages.slice(0, 1), stage: 1 }, context).summary).toMatch(
      /^The only stage passed, at iteration 30\. /,
    );
    expect(learningCurve({ ...data, stage: 2 }, context).summary).toMatch(
      /^All 2 stages passed, the last at iteration 30\. /,
    );
    expect(learningCurve({ ...data, metrics: [], stage: 0 }, context).summary).toMatch(
      /^Stage 1 of 2: not measured yet, accuracy of at least 90.0\u202f% needed\. /,
    );
    expect(learningCurve({ ...data, history: [] }, context).summary).toContain(
      "the 2 stages of the curriculum",
    );
  });

  it("has stages and metric in its tables", () => {
    expect(learningTable(data)).toEqual({
      caption: "Learning curve",
      columns: [
        ...["iteration", "loss", "accuracy", "stage", "metric", "threshold"],
        ...["test_loss", "test_accuracy", "test_trials"],
      ],
      rows: [
        [10, 0.25, 0.5, 1, "", 0.9, "", "", ""],
        [15, "", "", 1, 0.92, 0.9, "", "", ""],
        [20, 0.125, 0.75, 2, "", 0.4, "", "", ""],
        [30, 0.1, 0.75, 2, 0.3, 0.4, "", "", ""],
      ],
    });
    expect(learningCurve(data, context).table().rows[1]).toEqual([
      15,
      "",
      "",
      1,
      "92.0\u202f%",
      "90.0\u202f%",
    ]);
  });
});
