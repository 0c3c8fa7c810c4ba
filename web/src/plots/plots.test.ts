import type { Run, Trials } from "nullcline";
import { describe, expect, it } from "vitest";
import { received } from "../features/activity/received";
import { context } from "../testing/plot-context";
import { activityPlot, byPeak, responding } from "./activity";
import { diverging, sequential } from "./colour";
import { learningCurve, type LearningData } from "./learning-curve";
import { epochNames, valueAxis } from "./layout";
import { finiteExtent, spread, toCsv, type PlotSpec } from "./plot";
import { tracesPlot } from "./traces";
import { leastOfTwoPanels, trialPlot, varyingParams } from "./trial";
import { relativeChange, weightMap } from "./weight-map";

function trace(spec: PlotSpec, index: number) {
  const found = spec.traces[index];
  if (!found) throw new Error(`no trace ${index}`);
  return found;
}

const test = (accuracy: number, iteration: number) => ({
  count: 1000,
  scored: 1000,
  correct: 1000 * accuracy,
  accuracy,
  loss: 0.1,
  iteration,
});

describe("learning curve", () => {
  const data: LearningData = {
    history: [
      { iteration: 10, loss: 0.25, accuracy: 0.5 },
      { iteration: 20, loss: 0.125, accuracy: NaN },
      { iteration: 30, loss: 0.0625, accuracy: 0.75 },
    ],
    iterations: 100,
    every: 10,
    N_batch: 128,
    chance: 0.5,
    before: test(0.51, 0),
    now: test(0.76, 30),
    logLoss: false,
    stages: [],
    stage: 0,
    metrics: [],
  };

  it("draws accuracy, tests on fresh trials, and loss", () => {
    const spec = learningCurve(data, context);
    expect(trace(spec, 0).y).toEqual([50, NaN, 75]);
    expect(trace(spec, 1).x).toEqual([0, 30]);
    expect(trace(spec, 2).y).toEqual([0.25, 0.125, 0.0625]);
    expect(spec.layout.yaxis2?.range).toEqual([0, 104]);
  });

  it("keeps its width from the first iteration to the last", () => {
    expect(learningCurve({ ...data, history: [] }, context).layout.xaxis?.range).toEqual(
      learningCurve(data, context).layout.xaxis?.range,
    );
  });

  it("draws chance where there is such a thing", () => {
    expect(learningCurve(data, context).layout.shapes).toHaveLength(1);
    expect(learningCurve({ ...data, chance: null }, context).layout.shapes).toHaveLength(0);
    const name = learningCurve(data, context).layout.annotations?.[0];
    expect(name).toMatchObject({ text: "chance<br>50\u202f%", x: 1, xanchor: "left", yref: "y2", y: 50 });
  });

  it("has numbers beside a loss on a log scale, and none before there is a loss", () => {
    const { yaxis } = learningCurve({ ...data, logLoss: true }, context).layout;
    expect(yaxis?.type).toBe("log");
    expect(yaxis?.ticktext).toEqual(["0.05", "0.1", "0.2"]);
    const axisOf = (...losses: number[]) => {
      const history = losses.map((loss, index) => ({ iteration: index + 1, loss, accuracy: 1 }));
      const { layout } = learningCurve({ ...data, history, before: null, logLoss: true }, context);
      return [layout.yaxis?.title, layout.yaxis?.ticktext] as const;
    };
    // None of them so long that it would reach the title.
    expect(axisOf(0.2, 0.002)).toMatchObject([
      { text: "Loss" },
      ["0.002", "0.005", "0.01", "0.02", "0.05", "0.1", "0.2"],
    ]);
    expect(axisOf(9e-4, 2e-4)).toMatchObject([{ text: "Loss (10⁻⁴)" }, ["2", "5", "10"]]);
    expect(axisOf(0.2, 2e-7)).toMatchObject([
      { text: "Loss" },
      ["10⁻⁶", "10⁻⁵", "10⁻⁴", "10⁻³", "10⁻²", "10⁻¹"],
    ]);
    const untouched = { ...data, history: [], before: null, logLoss: true };
    expect(learningCurve(untouched, context).layout.yaxis?.tickvals).toEqual([]);
  });

  it("shows the loss alone where there is nothing to choose", () => {
    const unscored = (one: ReturnType<typeof test>) => ({ ...one, accuracy: NaN, scored: 0, correct: 0 });
    const nothing = {
      ...data,
      chance: null,
      before: unscored(test(0.5, 0)),
      now: null,
      history: data.history.map((point) => ({ ...point, accuracy: NaN })),
    };
    const { traces, layout, summary, table } = learningCurve(nothing, context);
    expect(layout.yaxis2).toBeUndefined();
    expect(layout.yaxis?.domain).toEqual([0, 0.9]);
    expect(traces.some(({ yaxis }) => yaxis === "y2")).toBe(false);
    expect(traces[0]).toMatchObject({ x: [0], y: [0.1], marker: { symbol: "diamond" } });
    expect(summary).toContain("There is nothing to choose");
    expect(summary).not.toContain("correct");
    expect(table().rows[0]?.[2]).toBe("no choice asked");
    const untrained = learningCurve({ ...nothing, history: [] }, context);
    expect(untrained.summary).not.toMatch(/accuracy/i);
    // So it is of several outputs whose trials ask for no choice.
    expect(learningCurve({ ...nothing, chance: 0.5 }, context).layout.yaxis2).toBeUndefined();
  });

  it("has its axis from the loss before training on", () => {
    expect(learningCurve({ ...data, history: [] }, context).layout.yaxis?.range).toEqual([0, 0.12]);
  });

  it("has an axis for what is drawn, not for the untrained loss or a few losses far above the others", () => {
    const drawn = learningCurve({ ...data, before: { ...test(0.5, 0), loss: 15.1 } }, context);
    expect(drawn.layout.yaxis?.range).toEqual([0, 0.3]);
    const history = Array.from({ length: 40 }, (_, index) => ({
      iteration: 10 * (index + 1),
      loss: index === 0 ? 15.1 : 0.25,
      accuracy: 0.5,
    }));
    const { yaxis, annotations } = learningCurve({ ...data, history }, context).layout;
    expect(yaxis?.range).toEqual([0, 0.3]);
    const small = learningCurve({ ...data, history: [{ iteration: 1, loss: 2e-4, accuracy: 1 }] }, context);
    expect(small.layout.yaxis?.title).toMatchObject({ text: "Loss (10⁻⁴)" });
    expect(annotations?.at(-1)?.text).toBe("↑ up to 15.1 at iteration 10");
    const log = learningCurve({ ...data, history, logLoss: true }, context).layout;
    expect(log.yaxis?.range?.[1]).toBeGreaterThan(Math.log10(15.1));
    expect(log.annotations?.some(({ text }) => text?.includes("up to"))).toBe(false);
  });

  it("names its numbers", () => {
    const spec = learningCurve(data, context);
    expect(spec.summary).toBe(
      "At iteration 30: loss 0.0625, 75\u202f% correct on a batch of 128 trials (lines, not smoothed). Diamonds: 1,000 fresh trials before training and since.",
    );
    const untrained = learningCurve({ ...data, history: [], now: null }, context);
    expect(untrained.summary).toBe(
      "Loss and accuracy of every 10th batch appear here as lines while the network trains. Diamond: 1,000 fresh trials before training.",
    );
    const texts = (one: typeof spec) => one.layout.annotations?.map(({ text }) => text);
    expect(texts(untrained)).toContain("━ every 10th batch  ◇ fresh trials");
    expect(untrained.table().caption).toContain("measured on every 10th batch (128 trials)");
    const each = learningCurve({ ...data, every: 1 }, context);
    expect(texts(each)).toContain("━ each batch  ◇ fresh trials");
    expect(texts(learningCurve(data, { ...context, height: 150 }))?.join()).not.toContain("◇");
    expect(spec.table().rows[1]).toEqual([20, "0.125", "no choice asked"]);
    expect(toCsv(spec.data?.() ?? spec.table())).toBe(
      "iteration,loss,accuracy,test_loss,test_accuracy,test_trials\n0,,,0.1,0.51,1000\n" +
        "10,0.25,0.5,,,\n20,0.125,,,,\n30,0.0625,0.75,0.1,0.76,1000\n",
    );
  });
});

const trials: Trials = {
  count: 1,
  N_steps: 4,
  N_in: 2,
  N_out: 2,
  x: Float32Array.from([1, 10, 2, 20, 3, 30, 4, 40]),
  y: Float32Array.from([0, 0, 0, 0, 1, 0.25, 1, 0.25]),
  mask: Float32Array.from([0, 0, 0, 0, 1, 1, 1, 1]),
  params: [{ coherence: 0.125, onset_time: 200 }],
  epochs: [
    [
      { name: "stimulus", from: 0, to: 20 },
      { name: "response", from: 20, to: 40 },
    ],
  ],
};

const run: Run = {
  count: 1,
  N_steps: 4,
  N_out: 2,
  N_rec: 3,
  outputs: Float32Array.from([0, 0, 0.25, 0, 0.5, 0.125, 1, 0.25]),
  states: new Float32Array(12),
  // Unit 0 peaks last, unit 1 is silent, unit 2 peaks first.
  rates: Float32Array.from([0, 0, 4, 1, 0, 2, 2, 0, 1, 3, 0, 0]),
  correct: Int8Array.from([1]),
};

describe("trial", () => {
  const spec = trialPlot(
    { trial: trials, run, index: 2, of: 16, dt: 10, varying: ["coherence", "onset_time"] },
    context,
  );

  it("draws inputs, targets where they count, outputs and the mask", () => {
    expect(spec.traces).toHaveLength(2 + 2 + 2 + 1 + 2);
    expect(trace(spec, 0).y).toEqual([1, 2, 3, 4]);
    expect(trace(spec, 1).y).toEqual([10, 20, 30, 40]);
    expect(trace(spec, 2).x).toEqual([20, 30, 30]);
    expect(trace(spec, 2).y).toEqual([1, 1, null]);
    expect(trace(spec, 5).y).toEqual([0, 0, 0.125, 0.25]);
    // The strip ends where the last step does.
    expect(trace(spec, 6).x).toEqual([0, 20, 20, 40, 40, 40]);
    expect(trace(spec, 6).y).toEqual([0, 0, 1, 1, 0, 0]);
  });

  it("gives a channel one colour in input, target and output", () => {
    const colours = [0, 2, 4].map((index) => trace(spec, index).line?.color);
    expect(new Set(colours).size).toBe(1);
    expect(trace(spec, 2).line?.dash).toBe("dash");
    expect(trace(spec, 4).line?.dash).toBeUndefined();
  });

  it("has time in milliseconds from the start of the trial, and epochs with names", () => {
    expect(trace(spec, 0).x).toEqual([0, 10, 20, 30]);
    expect(spec.layout.xaxis?.range).toEqual([0, 40]);
    expect(spec.layout.annotations?.slice(0, 2).map(({ text }) => text)).toEqual(["stimulus", "response"]);
  });

  it("says what the network chose", () => {
    expect(spec.summary).toBe(
      "Trial 3 of 16 (coherence 0.125, stimulus onset 200\u202fms): the network's choice is correct.",
    );
    const wrong = trialPlot(
      { trial: trials, run: { ...run, correct: Int8Array.from([0]) }, index: 0, of: 16, dt: 10, varying: [] },
      context,
    );
    expect(wrong.summary).toContain("wrong");
    const none = trialPlot(
      {
        trial: trials,
        run: { ...run, correct: Int8Array.from([-1]) },
        losses: { run: 0.0123, lesioned: null },
        index: 0,
        of: 16,
        dt: 10,
        varying: [],
      },
      context,
    );
    expect(none.summary).toContain(": there is nothing to choose; loss 0.0123.");
  });

  it("leaves times that its epochs show out of a sentence that would be long", () => {
    const params = { f1: 34, f2: 26, stimulus_1: 0, decision: 20, end: 40, choice: 0 };
    const { summary } = trialPlot(
      { trial: { ...trials, params: [params] }, run, index: 0, of: 16, dt: 10, varying: Object.keys(params) },
      context,
    );
    expect(summary).toContain("(f1 34\u202fHz, f2 26\u202fHz, output 1 is right)");
  });

  it("leaves the inputs to the table where it is low, and the names of lines where they have no room", () => {
    const small = (width: number, height: number) =>
      trialPlot(
        { trial: trials, run, index: 2, of: 16, dt: 10, varying: ["coherence"] },
        { ...context, width, height },
      );
    const texts = ({ layout }: PlotSpec) => layout.annotations?.map(({ text }) => text);
    const low = small(324, 190);
    expect(low.traces.every(({ yaxis }) => yaxis !== "y2")).toBe(true);
    expect(low.layout.yaxis2).toBeUndefined();
    expect(low.layout.yaxis?.domain?.[1]).toBe(1);
    // A label's height above the strip, which has its own.
    expect((low.layout.yaxis?.domain?.[0] ?? 0) * (190 - 64)).toBeCloseTo(16);
    expect(low.layout.xaxis?.nticks).toBe(4);
    expect(texts(low)).toContain("━ output  ╌ target");
    expect(low.table()).toEqual(spec.table());
    expect(texts(small(284, 190))).not.toContain("━ output  ╌ target");
    expect(texts(small(284, 190))).toContain("loss mask");
    const high = small(324, leastOfTwoPanels);
    expect(high.layout.yaxis2?.domain).toEqual([0.64, 1]);
    expect((0.64 - (high.layout.yaxis?.domain?.[1] ?? 0)) * (leastOfTwoPanels - 64)).toBeCloseTo(14);
    expect(small(492, 250).layout.yaxis?.domain).toEqual([0.075, 0.56]);
    expect(texts(high)).toContain("━ output  ╌ target");
  });

  it("has a column for every line", () => {
    const table = spec.table();
    expect(table.columns).toEqual([
      "time (ms)",
      "input 1",
      "input 2",
      "target 1",
      "target 2",
      "output 1",
      "output 2",
      "mask 1",
      "mask 2",
    ]);
    expect(table.rows[3]).toEqual([30, "4", "40", "1", "0.25", "1", "0.25", "1", "1"]);
  });
});

it("tells trials apart by what is not the same in all of them", () => {
  const params = [
    { coherence: 0.1, stim_noise: 0.1 },
    { coherence: 0.2, stim_noise: 0.1 },
  ];
  expect(varyingParams(params)).toEqual(["coherence"]);
  expect(varyingParams([])).toEqual([]);
});

describe("unit activity", () => {
  const data = { run, epochs: trials.epochs[0] ?? [], dt: 10 };

  it("sorts units by the time of their peak, silent ones last", () => {
    expect(byPeak(run).map(({ unit, peakStep }) => [unit, peakStep])).toEqual([
      [2, 0],
      [0, 3],
      [1, 0],
    ]);
  });

  it("is a heat map from zero", () => {
    const map = activityPlot(data, context);
    const heat = trace(map, 0) as { zmin?: number; zmax?: number; x0?: number; dx?: number };
    expect([heat.zmin, heat.zmax]).toEqual([0, 4]);
    // The cell of a step begins when it does.
    expect([heat.x0, heat.dx]).toEqual([5, 10]);
    expect(map.summary).toContain("2 of 3 units respond");
    expect(map.help).toContain("10\u202f% of the largest variation");
  });

  it("counts a unit as responding when its rate varies, not when it is merely active", () => {
    // Unit 0 varies by 10, unit 1 is high and still, unit 2 varies by a tenth of the most, unit 3 by more than that.
    const rates = Float32Array.from([0, 7, 1, 0, 10, 7, 0, 2]);
    const units = byPeak({ ...run, N_steps: 2, N_rec: 4, rates });
    expect(
      responding(units)
        .map(({ unit }) => unit)
        .sort(),
    ).toEqual([0, 3]);
    expect(responding(byPeak({ ...run, rates: new Float32Array(12) }))).toEqual([]);
  });

  it("does not count a unit that is silenced or sends nothing among those that respond", () => {
    const silent = received(run, { units: [0] }, 10);
    const { summary, table } = activityPlot({ ...data, run: silent, silent: [0] }, context);
    expect(summary).toContain("1 of 3 units respond in this trial, unit 2 most strongly, at 0\u202fms. ");
    expect(summary).toContain("Unit 0 is silent: drawn is 0, what the network receives from it.");
    expect(table().columns[1]).toBe("sends");
    expect(table().rows.find(([unit]) => unit === 0)?.[1]).toBe("nothing (lesion)");
    const cut = tracesPlot({ ...data, cut: [0, 2] }, context);
    expect(cut.summary).toContain("0 of 3 units respond in this trial. Units 0 and 2 send nothing");
    expect(cut.traces).toHaveLength(0);
    const inWindow = (window: [number, number]) => {
      const heard = received(run, { units: [2], window }, 10);
      return activityPlot({ ...data, run: heard, silent: [2], window }, context).summary;
    };
    expect(inWindow([20, 40])).toContain("unit 2 most strongly");
    expect(inWindow([0, 10])).toContain(
      "unit 0 most strongly, at 30\u202fms. Unit 2 is silent from 0\u202fms to 10\u202fms: drawn is 0, what the network receives from it then.",
    );
  });

  it("says when the activity grows beyond any number, and draws what came before", () => {
    const rates = Float32Array.from([1, 0, 0, 2, 0, 0, Infinity, 0, 3, NaN, 0, 4]);
    const map = activityPlot({ ...data, run: { ...run, rates } }, context);
    expect(map.summary).toContain(
      "The activity grew beyond any number in this trial, in unit 0 first, at 20\u202fms",
    );
    expect((trace(map, 0) as { zmax?: number }).zmax).toBe(4);
    const outputs = Float32Array.from([0, 0, NaN, 0, NaN, 0, NaN, 0]);
    const trial = trialPlot(
      { trial: trials, run: { ...run, outputs }, index: 0, of: 16, dt: 10, varying: [] },
      context,
    );
    expect(trial.summary).toContain("the output grew beyond any number at 10\u202fms");
  });

  it("takes a scale symmetric about zero where rates are signed", () => {
    const signed = { ...run, rates: run.rates.map((rate, index) => (index % 2 ? -rate : rate)) };
    const heat = trace(activityPlot({ ...data, run: signed }, context), 0) as {
      zmin?: number;
      zmax?: number;
    };
    expect(heat.zmin).toBe(-(heat.zmax ?? NaN));
  });

  it("saves all rates", () => {
    const table = activityPlot(data, context).data?.();
    expect(table?.columns).toEqual(["unit", "0 ms", "10 ms", "20 ms", "30 ms"]);
    expect(table?.rows[0]).toEqual([2, 4, 2, 1, 0]);
  });
});

describe("weights", () => {
  const before = { rows: 2, columns: 2, data: Float32Array.from([1, -1, 0.5, 0]) };
  const now = { rows: 2, columns: 2, data: Float32Array.from([1, -4, 0.5, 0]) };

  it("have limits symmetric about zero, the same before and after", () => {
    for (const view of ["before", "now"] as const) {
      const heat = trace(weightMap({ name: "W_rec", before, now, view }, context), 0) as {
        zmin?: number;
        zmax?: number;
      };
      expect([heat.zmin, heat.zmax]).toEqual([-4, 4]);
    }
  });

  it("are drawn to × from, with the first unit on top", () => {
    const spec = weightMap({ name: "W_rec", before, now, view: "now" }, context);
    const heat = trace(spec, 0) as unknown as { z: Float32Array[] };
    expect(heat.z.map((row) => [...row])).toEqual([
      [1, -4],
      [0.5, 0],
    ]);
    expect(spec.layout.yaxis?.range).toEqual([1.5, -0.5]);
    expect(spec.summary).toContain("2 × 2 weights of W_rec now, from −4 to 1, changed by 200\u202f%");
  });

  it("have square cells where rows and columns are the same units", () => {
    const { layout } = weightMap({ name: "W_rec", before, now, view: "now" }, context);
    const width = (layout.xaxis?.domain?.[1] ?? 0) - (layout.xaxis?.domain?.[0] ?? 0);
    const height = (layout.yaxis?.domain?.[1] ?? 0) - (layout.yaxis?.domain?.[0] ?? 0);
    expect(width * (context.width - 52 - 64)).toBeCloseTo(height * (context.height - 24 - 40));
  });

  it("of a large network are shown as means of blocks", () => {
    const large = { rows: 600, columns: 600, data: new Float32Array(360_000).fill(0.5) };
    const spec = weightMap({ name: "W_rec", before: large, now: large, view: "now" }, context);
    const heat = trace(spec, 0) as unknown as { z: Float32Array[]; dx: number };
    expect([heat.z.length, heat.z[0]?.length, heat.dx]).toEqual([300, 300, 2]);
    expect(spec.summary).toContain("A cell is the mean of 2 × 2 weights.");
    expect(spec.data?.().rows).toHaveLength(600);
  });

  it("that grow beyond measure have changed by so many times their norm", () => {
    const huge = { ...now, data: Float32Array.from([1e30, -1, 0.5, 0]) };
    expect(weightMap({ name: "W_rec", before, now: huge, view: "now" }, context).summary).toContain(
      "changed by 6.7e29 times their norm",
    );
  });

  it("change by nothing when nothing changed", () => {
    expect(relativeChange(before, before)).toBe(0);
  });
});

describe("pointing", () => {
  const activity = activityPlot({ run, epochs: [], dt: 10 }, context);
  const matrix = { rows: 3, columns: 3, data: new Float32Array(9) };
  const weights = weightMap({ name: "W_rec", before: matrix, now: matrix, view: "now" }, context);
  const trial = trialPlot({ trial: trials, run, index: 0, of: 16, varying: [], dt: 10 }, context);

  it("at a row of the activity means that unit, wherever it is sorted to", () => {
    expect(activity.point?.(20, 0)).toEqual({ units: [2], time: 20 });
    expect(weights.marks?.({ units: [2], time: 20 })).toEqual([
      { axis: "y", from: 1.5, to: 2.5 },
      { axis: "x", from: 1.5, to: 2.5 },
    ]);
    expect(trial.marks?.({ units: [2], time: 20 })).toEqual([{ axis: "x", from: 20, to: 20 }]);
  });

  it("at a weight means the units at both its ends", () => {
    expect(weights.point?.(0, 1)).toEqual({ units: [1, 0], time: null });
    expect(activity.marks?.({ units: [1, 0], time: null })).toEqual([
      { axis: "y", from: 1.5, to: 2.5 },
      { axis: "y", from: 0.5, to: 1.5 },
    ]);
    const input = weightMap({ name: "W_in", before: matrix, now: matrix, view: "now" }, context);
    expect(input.point?.(0, 1)).toEqual({ units: [1], time: null });
  });
});

it("of a trial with more channels than fixed colours has one for each, and a key from the first to the last", () => {
  const N_in = 16;
  const x = Float32Array.from({ length: 4 * N_in }, (_, index) => index % 5);
  const many = { trial: { ...trials, N_in, x }, run, index: 0, of: 16, dt: 10, varying: [] };
  const spec = trialPlot(many, { ...context, height: 400 });
  const inputs = spec.traces.slice(0, N_in).map(({ line }) => line?.color);
  const outputs = spec.traces.slice(N_in, -3).map(({ line }) => line?.color);
  expect(new Set(inputs).size).toBe(N_in);
  expect(new Set(outputs)).toEqual(new Set(context.theme.channels));
  expect(inputs.filter((colour) => outputs.includes(colour))).toEqual([]);
  const key = (trace(spec, -2 + spec.traces.length).text as string[]).map((text) =>
    text.replace(/<.*?>/g, ""),
  );
  expect(key.map((text) => text.trim())).toEqual(["━ input 1", "━ input 8", "━ input 16"]);
});

it("of a trial whose many inputs are directions has colours around a circle, and a key back to the first", () => {
  const N_in = 16;
  const x = new Float32Array(4 * N_in);
  const circular = { input: true, output: true };
  const many = { trial: { ...trials, N_in, x }, run, index: 0, of: 16, dt: 10, varying: [], circular };
  const keyAt = (height: number) => {
    const spec = trialPlot(many, { ...context, height });
    const key = trace(spec, -2 + spec.traces.length).text as string[];
    return key.map((text) => text.replace(/<.*?>/g, "").trim());
  };
  expect(keyAt(250)).toEqual(["━ input 1", "━ input 9", "↻ input 1"]);
  expect(keyAt(400)).toEqual(["━ input 1", "━ input 5", "━ input 9", "━ input 13", "↻ input 1"]);
  const spec = trialPlot(many, context);
  const colours = spec.traces.slice(0, N_in).map(({ line }) => rgb(String(line?.color)));
  const apart = (a: number[] = [], b: number[] = []) =>
    Math.hypot(...a.map((part, at) => part - (b[at] ?? 0)));
  const steps = colours.map((colour, at) => apart(colour, colours[(at + 1) % N_in]));
  expect(steps.at(-1)).toBeLessThan(1.2 * Math.max(...steps.slice(0, -1)));
  expect(Math.max(...steps)).toBeLessThan(apart(colours[0], colours[8]) / 2);
  // Two outputs have colours of their own.
  expect(spec.help).toMatch(/^The inputs stand for directions/);
  expect(trialPlot({ ...many, circular: { input: false, output: true } }, context).help).toBeUndefined();
});

/** Red, green and blue of "rgb(…)". */
function rgb(colour: string): number[] {
  return (colour.match(/\d+/g) ?? []).map(Number);
}

describe("colour scales", () => {
  const lightness = (colour: string) => {
    const [red = 0, green = 0, blue = 0] = rgb(colour);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };

  it("of rates get darker all the way on light, lighter on dark", () => {
    const light = sequential(false).map(([, colour]) => lightness(colour));
    const dark = sequential(true).map(([, colour]) => lightness(colour));
    expect(light).toEqual([...light].sort((a, b) => b - a));
    expect(dark).toEqual([...dark].sort((a, b) => a - b));
  });

  it("of weights are white at zero, blue below and red above", () => {
    expect(diverging[8]).toEqual([0.5, "rgb(255,255,255)"]);
    const [red = 0, , blue = 0] = (diverging[16]?.[1].match(/\d+/g) ?? []).map(Number);
    expect(red).toBeGreaterThan(2 * blue);
  });
});

describe("axes of values", () => {
  it("have the power of ten of very large and very small ones in their title", () => {
    const huge = valueAxis(context, "Output", [-3e27, 1e26]);
    expect(huge.title).toMatchObject({ text: "Output (10²⁷)" });
    expect(huge.ticktext).toEqual(["−3", "−2", "−1", "0"]);
    expect(valueAxis(context, "Rate", [0, 5e-7]).title).toMatchObject({ text: "Rate (10⁻⁷)" });
    const plain = valueAxis(context, "Rate", [0, 2]);
    expect([plain.title, plain.tickvals]).toMatchObject([{ text: "Rate" }, undefined]);
  });
});

describe("labels", () => {
  it("are moved apart and kept inside", () => {
    expect(spread([0, 0, 10], 2, 0, 10)).toEqual([0, 2, 10]);
    expect(spread([9.5, 10], 2, 0, 10)).toEqual([8, 10]);
    // Neither way more than the other.
    expect(spread([5, 5.2, 4.8, 1], 2, 0, 10)).toEqual([5, 7, 3, 1]);
  });

  it("of epochs are left out where they do not fit", () => {
    const epochs = [
      { name: "fixation", from: 0, to: 10 },
      { name: "stimulus", from: 10, to: 20 },
      { name: "response", from: 20, to: 2000 },
    ];
    expect(epochNames(context, epochs, 100).map(({ text }) => text)).toEqual(["fixation", "response"]);
  });
});

it("finds the extent of what is finite", () => {
  expect(finiteExtent([NaN, 2, -1, Infinity])).toEqual([-1, 2]);
  expect(finiteExtent([NaN])).toBeNull();
});

it("quotes what needs quotes in CSV", () => {
  expect(toCsv({ caption: "", columns: ["a", 'b "c"'], rows: [["x, y", 1]] })).toBe(
    'a,"b ""c"""\n"x, y",1\n',
  );
});
