import type { Layout } from "plotly.js";
import type { Run, Trials } from "nullcline";
import { describe, expect, it } from "vitest";
import { context } from "../testing/plot-context";
import { activityPlot, sortedUnits, type ActivityData, type Order } from "./activity";
import { blend } from "./colour";
import { conditionColour, conditionMeans, type ConditionMeansData } from "./condition-means";
import type { PlotSpec } from "./plot";
import { tracesPlot } from "./traces";
import { trialPlot } from "./trial";
import { tuningPlot, type TuningData } from "./tuning";

function trace(spec: PlotSpec, index: number) {
  const found = spec.traces[index];
  if (!found) throw new Error(`no trace ${index}`);
  return found;
}

/** The name of a lesion's window stands above the plot, in its margin, and above the names of the epochs. */
function expectAbove({ layout }: PlotSpec, window: [number, number]): void {
  const names = (layout.annotations ?? []).filter(({ text }) => text === "lesion");
  expect(names).toHaveLength(1);
  expect(names[0]).toMatchObject({ x: window[0], y: 1, yref: "paper", yanchor: "bottom" });
  const shift = names[0]?.yshift ?? 0;
  expect(shift).toBeGreaterThanOrEqual(16);
  expect(layout.margin?.t ?? 0).toBeGreaterThanOrEqual(shift + 16);
}

const epochs = [
  { name: "stimulus", from: 0, to: 20 },
  { name: "response", from: 20, to: 40 },
];

describe("activity of sorted units", () => {
  // Unit 0 peaks last, unit 1 is silent, unit 2 peaks first.
  const run = { N_steps: 4, N_rec: 3, rates: Float32Array.from([0, 0, 4, 1, 0, 2, 2, 0, 1, 3, 0, 0]) };
  const data: ActivityData = { run, epochs, dt: 10 };
  const types = [-1, 1, 1];
  const selectivity = { values: [0.5, -1, 2], how: "Selectivity: how." };
  const order = (more: Partial<ActivityData>) => sortedUnits({ ...data, ...more }).map(({ unit }) => unit);

  it("stands in the order asked for", () => {
    expect(order({})).toEqual([2, 0, 1]);
    expect(order({ order: "number" })).toEqual([0, 1, 2]);
    // Excitatory units first, by peak among themselves.
    expect(order({ order: "type", types })).toEqual([2, 1, 0]);
    expect(order({ order: "selectivity", selectivity })).toEqual([2, 0, 1]);
    expect(order({ order: "selectivity" })).toEqual([2, 0, 1]);
  });

  it("leaves the ticks without a text that the number of a chosen unit would touch", () => {
    const many = { N_steps: 1, N_rec: 50, rates: new Float32Array(50) };
    // Rows of 4 pixels.
    const ticks = (chosen: number[], order: Order) =>
      activityPlot({ run: many, epochs, dt: 10, chosen, order }, { ...context, height: 264 }).layout.yaxis
        ?.labelalias;
    expect(Object.keys(ticks([21], "number") ?? {})).toEqual(["18", "19", "20", "21", "22", "23", "24"]);
    expect(ticks([21], "number")).toMatchObject({ 20: "\u2007\u2007" });
    expect(ticks([], "number")).toEqual({});
    expect(ticks([21], "peak")).toBeUndefined();
  });

  it("says what it is sorted by, and of what", () => {
    const spec = activityPlot({ ...data, order: "type", types, of: "the mean of 12 fresh trials" }, context);
    expect(spec.summary).toContain("respond in the mean of 12 fresh trials");
    expect(spec.summary).toContain("Sorted by type.");
    expect(spec.layout.yaxis?.title).toMatchObject({ text: "Unit, by type" });
    expect(spec.table().columns).toContain("type");
    expect(spec.table().rows[0]).toContain("excitatory");
  });

  it("says how selectivity is computed, and lists it", () => {
    const spec = activityPlot({ ...data, order: "selectivity", selectivity }, context);
    expect(spec.help).toContain("Selectivity: how.");
    expect(spec.table().rows.map((row) => row.at(-1))).toEqual(["2", "0.5", "−1"]);
  });

  it("has a strip of the types' two colours", () => {
    const { shapes = [] } = activityPlot({ ...data, order: "type", types }, context).layout;
    const strip = shapes.filter(({ xref, type }) => xref === "paper" && type === "rect");
    expect(strip.map(({ fillcolor, y0, y1 }) => [fillcolor, y0, y1])).toEqual([
      [context.theme.excitatory, -0.5, 1.5],
      [context.theme.inhibitory, 1.5, 2.5],
    ]);
  });

  it("fades silent rows as long as they are silent, and marks the window", () => {
    const spec = activityPlot({ ...data, silent: [0, 2], window: [10, 30] }, context);
    const { shapes = [] } = spec.layout;
    expectAbove(spec, [10, 30]);
    expectAbove(tracesPlot({ ...data, silent: [0, 2], window: [10, 30] }, context), [10, 30]);
    const veil = shapes.filter(({ opacity }) => opacity === 0.7);
    expect(veil.map(({ x0, x1, y0, y1 }) => [x0, x1, y0, y1])).toEqual([[10, 30, -0.5, 1.5]]);
    expect(shapes.filter(({ line }) => line?.color === context.theme.accent)).toHaveLength(2);
    const whole = activityPlot({ ...data, silent: [1] }, context).layout.shapes ?? [];
    expect(whole.filter(({ opacity }) => opacity === 0.7).map(({ x0, x1 }) => [x0, x1])).toEqual([[0, 40]]);
  });
});

describe("a trial with a lesion", () => {
  const trial: Trials = {
    count: 1,
    N_steps: 4,
    N_in: 1,
    N_out: 1,
    x: new Float32Array(4),
    y: Float32Array.from([0, 0, 1, 1]),
    mask: Float32Array.from([0, 0, 1, 1]),
    params: [{ coherence: 0.5 }],
    epochs: [epochs],
  };
  const run: Run = {
    count: 1,
    N_steps: 4,
    N_out: 1,
    N_rec: 1,
    outputs: Float32Array.from([0, 0.5, 1, 1]),
    states: new Float32Array(4),
    rates: new Float32Array(4),
    correct: Int8Array.from([1]),
  };
  const lesioned = { ...run, outputs: new Float32Array(4).fill(-2), correct: Int8Array.from([0]) };
  const common = { trial, run, index: 0, of: 16, varying: [], dt: 10 };

  it("shows the outputs with it and, faintly, those without", () => {
    const plain = trialPlot(common, context);
    const spec = trialPlot({ ...common, lesioned, window: [10, 20] }, context);
    expect(spec.traces).toHaveLength(plain.traces.length + 1);
    expect(trace(spec, 2).y).toEqual([0, 0.5, 1, 1]);
    expect(trace(spec, 2).opacity).toBeLessThan(1);
    expect(trace(spec, 3).y).toEqual([-2, -2, -2, -2]);
    expect(trace(spec, 3).line?.color).toBe(trace(spec, 2).line?.color);
    expect(spec.layout.yaxis?.range?.[0]).toBeLessThan(-2);
    expect(spec.layout.annotations?.map(({ text }) => text).join()).toContain("without (faint)");
    const tinted = spec.layout.shapes?.find(({ fillcolor }) => fillcolor === context.theme.accent);
    expect([tinted?.x0, tinted?.x1]).toEqual([10, 20]);
    expectAbove(spec, [10, 20]);
    // What stands there without a window has its room.
    expect(plain.layout.margin?.t).toBe(24);
  });

  it("says both choices, and has columns for both", () => {
    const spec = trialPlot({ ...common, lesioned }, context);
    expect(spec.summary).toBe(
      "Trial 1 of 16: with the lesion the network's choice is wrong; without it, correct.",
    );
    const unscored = { ...run, correct: Int8Array.from([-1]) };
    const losses = { run: 0.0123, lesioned: 0.4 };
    expect(trialPlot({ ...common, run: unscored, lesioned: unscored, losses }, context).summary).toBe(
      "Trial 1 of 16: there is nothing to choose; loss 0.4 with the lesion, 0.0123 without it.",
    );
    expect(spec.table().columns).toEqual([
      "time (ms)",
      "input 1",
      "target 1",
      "output with the lesion 1",
      "output without the lesion 1",
      "mask 1",
    ]);
  });
});

describe("means by condition", () => {
  const line = (rate: number) => ({
    mean: new Float32Array(4).fill(rate),
    deviation: new Float32Array(4).fill(2),
  });
  const data: ConditionMeansData = {
    parameter: "signed coherence",
    signed: true,
    choice: false,
    turn: null,
    trial: "fresh trial",
    conditions: [
      { label: "−0.5 to −0.2", value: -0.3, count: 4 },
      { label: "−0.2 to −0.1", value: -0.1, count: 4 },
      { label: "0.1 to 0.5", value: 0.3, count: 16 },
    ],
    units: [{ unit: 7, lines: [line(1), line(2), line(3)] }],
    chosen: 1,
    band: "error",
    epochs,
    dt: 10,
    lesioned: false,
    timing: "",
  };

  it("are lines with bands of the standard error or the deviation", () => {
    const spec = conditionMeans(data, context);
    expect(spec.traces).toHaveLength(6);
    expect(trace(spec, 3).y).toEqual([1, 1, 1, 1]);
    expect(trace(spec, 0).y).toEqual([2, 2, 2, 2, 0, 0, 0, 0]);
    expect((trace(spec, 2).y as number[])[0]).toBeCloseTo(3.5);
    const wide = conditionMeans({ ...data, band: "deviation" }, context);
    expect((trace(wide, 2).y as number[])[0]).toBe(5);
    expect(wide.summary).toContain("±1 standard deviation over trials");
  });

  it("stand before those without the lesion, which are thin, dashed and listed", () => {
    const intact = [8, 9, 12].map((rate) => new Float32Array(4).fill(rate));
    const units = data.units.map((unit) => ({ ...unit, intact }));
    const spec = conditionMeans({ ...data, units, lesioned: true }, context);
    expect(spec.traces).toHaveLength(9);
    expect(trace(spec, 3)).toMatchObject({ y: [8, 8, 8, 8], line: { width: 1, dash: "dash" } });
    expect(trace(spec, 3).line?.color).toBe(trace(spec, 6).line?.color);
    expect(spec.layout.yaxis?.range?.[1]).toBeGreaterThanOrEqual(12);
    expect(spec.summary).toContain("with the lesion (dashed: on the same trials without it);");
    expect(spec.layout.annotations?.at(-1)?.text).toContain("╌ without the lesion");
    const table = spec.table();
    expect(table.columns[3]).toBe("unit 7, −0.5 to −0.2: mean without the lesion");
    expect(table.rows[0]?.[3]).toBe("8");
  });

  it("have a key that is whole, however long its labels are", () => {
    const label = "−0.137 to −0.004";
    const conditions = data.conditions.map((one) => ({ ...one, label, count: 1063 }));
    const room = ({ margin }: Partial<Layout>) => margin?.r ?? 0;
    expect(room(conditionMeans({ ...data, conditions }, context).layout)).toBeGreaterThan(24 + 22 * 6.5);
    expect(room(conditionMeans(data, context).layout)).toBe(152);
  });

  it("have their key under the plot on a phone, which leaves it the width", () => {
    const { margin, annotations, xaxis } = conditionMeans(data, { ...context, width: 350 }).layout;
    expect(margin).toMatchObject({ r: 16, b: 46 + 3 * 16 });
    expect(annotations?.at(-1)).toMatchObject({ x: 0, y: 0, yanchor: "top" });
    expect(annotations?.at(-1)?.text?.split("<br>")).toHaveLength(3);
    expect(xaxis?.tickangle).toBe(0);
  });

  it("state their counts, and what the bands are", () => {
    const spec = conditionMeans(data, context);
    expect(spec.summary).toBe(
      "Mean rate of unit 7 by signed coherence on 24 fresh trials; bands: ±1 standard error of the mean.",
    );
    const key = spec.layout.annotations?.at(-1)?.text ?? "";
    expect(key).toContain("(16)");
    expect(spec.table().columns[2]).toBe("unit 7, −0.5 to −0.2: standard error");
  });

  it("have a panel each, and say that there are more units than fit", () => {
    const units = [1, 2, 3].map((unit) => ({ unit, lines: [line(1), line(2), line(3)] }));
    const spec = conditionMeans({ ...data, units, chosen: 5 }, context);
    expect(spec.layout.yaxis?.domain?.[1]).toBe(1);
    expect((spec.layout as { yaxis3?: { domain: number[] } }).yaxis3?.domain[0]).toBeCloseTo(0);
    expect(spec.summary).toContain("The first 3 of 5 units chosen.");
    for (const width of [300, 500])
      expectAbove(conditionMeans({ ...data, window: [0, 20] }, { ...context, width }), [0, 20]);
    const silent = conditionMeans({ ...data, units, silent: [2, 8], lesioned: true }, context);
    expect(silent.summary).toContain(" Unit 2 is silent: drawn is 0, what the network receives from it.");
  });

  it("go around a circle of colours where they are directions, and the key says so", () => {
    const conditions = [0, 90, 270, 360].map((value) => ({ label: `${value}°`, value, count: 8 }));
    const around = { ...data, parameter: "angle", signed: false, turn: 360, conditions };
    const [right, up, down, full] = conditions.map((_, index) => conditionColour(around, index, context));
    expect(full).toBe(right);
    expect(new Set([right, up, down]).size).toBe(3);
    const { layout, help } = conditionMeans(around, context);
    expect(layout.annotations?.at(-1)?.text).toMatch(/^angle, a circle<br>/);
    expect(help).toContain("the last and the first are neighbours");
  });

  it("have the colour of the channel that is asked for, nearer to ink where the signal is strong", () => {
    const [, red] = context.theme.channels;
    const colours = [0, 1, 2].map((index) => conditionColour(data, index, context));
    expect([colours[0], colours[2]]).toEqual(["rgb(9,9,136)", "rgb(255,0,0)"]);
    expect(colours[1]).not.toBe(colours[0]);
    const choices = { signed: false, choice: true, turn: null, conditions: data.conditions.slice(0, 2) };
    const numbered = choices.conditions.map((one, index) => ({ ...one, value: index }));
    expect(conditionColour({ ...choices, conditions: numbered }, 1, context)).toBe(red);
    expect(blend("#000", "#ffffff", 0.5)).toBe("rgb(128,128,128)");
    expect(blend("rgb(1,2,3)", "#fff", 0.5)).toBe("rgb(1,2,3)");
  });
});

describe("tuning", () => {
  it("of a silent unit is none, and its axis has plain numbers", () => {
    const points = data.points.map((point) => ({ ...point, mean: 0, error: 0 }));
    const silent = tuningPlot({ ...data, points, trials: { values: [10, 18], rates: [0, 0] } }, context);
    expect(silent.summary).toContain("rate 0 on every trial. Bars");
    expect(silent.summary).not.toContain("is silent");
    const lesioned = tuningPlot({ ...data, points, silent: true, window: [0, 10] }, context);
    expect(lesioned.summary).toContain(
      "Unit 3 is silent from 0\u202fms to 10\u202fms: drawn is 0, what the network receives from it then.",
    );
    expect(silent.layout.yaxis?.range?.[1]).toBeGreaterThanOrEqual(1);
    expect(silent.layout.yaxis?.exponentformat).toBe("power");
    const same = points.map((point) => ({ ...point, mean: 2 }));
    const flat = tuningPlot({ ...data, points: same, trials: { values: [10, 18], rates: [2, 2] } }, context);
    expect(flat.summary).toContain("the same everywhere");
    const beyond = tuningPlot({ ...data, trials: { values: [10, 18], rates: [NaN, 2] } }, context);
    expect(beyond.summary).toContain("its rate grew beyond any number on 1 of 2 trials.");
  });

  const data: TuningData = {
    unit: 3,
    type: "excitatory",
    parameter: "f1",
    label: "F1 (Hz)",
    discrete: true,
    trial: "fresh trial",
    points: [
      { value: 10, label: "10\u202fHz", count: 20, mean: 1, error: 0.5 },
      { value: 18, label: "18\u202fHz", count: 22, mean: 3, error: 0.25 },
    ],
    trials: { values: [10, 18], rates: [1, 4] },
    stretch: "stimulus 1 (0\u202fms to 20\u202fms)",
    lesioned: true,
    timing: "",
  };

  it("is drawn with 95 % intervals over every trial, and says so", () => {
    const spec = tuningPlot(data, context);
    expect(trace(spec, 0).y).toEqual([1, 4]);
    const error = (trace(spec, 1) as { error_y?: { array: number[] } }).error_y?.array;
    expect(error).toEqual([0.98, 0.49]);
    expect(spec.layout.xaxis?.title).toMatchObject({ text: "F1 (Hz)" });
    expect(spec.layout.xaxis?.tickvals).toEqual([10, 18]);
    expect(spec.summary).toBe(
      "Unit 3 (excitatory): mean rate in the stimulus 1 (0\u202fms to 20\u202fms) against f1, on 42 fresh trials, with the lesion; highest at f1 18\u202fHz. Bars: 95\u202f% intervals of the mean.",
    );
    expect(spec.help).toMatch(
      /^Large markers, joined by a line: the mean .* Small grey dots: single trials\./,
    );
    const [first, second] = data.points;
    const bars = (...errors: number[]) => {
      const points = [first, second].flatMap((point, at) =>
        point ? [{ ...point, error: errors[at] ?? 0 }] : [],
      );
      return tuningPlot({ ...data, points }, context).summary.split(" Bars: ")[1];
    };
    expect(bars(0.5, 0.001)).toBe("95\u202f% intervals of the mean, some smaller than their markers.");
    expect(bars(0.001, 0)).toBe("95\u202f% intervals of the mean, all smaller than their markers.");
    expect(spec.table().rows).toEqual([
      ["10\u202fHz", 20, "1", "0.5"],
      ["18\u202fHz", 22, "3", "0.25"],
    ]);
    expect(spec.data?.().rows).toEqual([
      [10, 1],
      [18, 4],
    ]);
  });

  it("stands before that without the lesion", () => {
    const intact = data.points.map((point) => ({ ...point, mean: point.mean + 9 }));
    const spec = tuningPlot({ ...data, intact }, context);
    expect(trace(spec, 1)).toMatchObject({ y: [10, 12], line: { dash: "dash" } });
    expect(trace(spec, 2).y).toEqual([1, 3]);
    expect(spec.layout.yaxis?.range?.[1]).toBeGreaterThan(12);
    expect(spec.summary).toContain("with the lesion (dashed: without it); highest at f1 18");
    expect(spec.table().columns.slice(4)).toEqual(["mean rate without the lesion", "standard error without"]);
    expect(spec.table().rows[0]?.slice(4)).toEqual(["10", "0.5"]);
  });
});
