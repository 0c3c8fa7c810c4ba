import type { Matrix, VariableConstraint } from "nullcline";
import type { Layout } from "plotly.js";
import { describe, expect, it } from "vitest";
import { context } from "../testing/plot-context";
import { arrangementOf, isHeld, isMasked, weightMap, type WeightData } from "./weight-map";

const matrix = (rows: number, columns: number, data: number[]): Matrix => ({
  rows,
  columns,
  data: Float32Array.from(data),
});

function heat(data: WeightData) {
  const spec = weightMap(data, context);
  const trace = spec.traces[0] as unknown as { z: Float32Array[]; zmin: number; zmax: number };
  return { spec, trace, cells: trace.z.map((row) => [...row]) };
}

const endTitles = ({ xaxis, yaxis }: Partial<Layout>) =>
  [xaxis, yaxis].map((one) => (typeof one?.title === "object" ? one.title.text : one?.title));

const none: VariableConstraint = { connectivity: null, signs: null, fixed: null };

describe("the change of the weights", () => {
  const before = matrix(2, 2, [1, -4, 0.5, 0]);
  const now = matrix(2, 2, [1.5, -4, 0.25, 0]);

  it("has a symmetric scale of its own", () => {
    const { cells, trace, spec } = heat({ name: "W_rec", before, now, view: "change" });
    expect(cells).toEqual([
      [0.5, 0],
      [-0.25, 0],
    ]);
    expect([trace.zmin, trace.zmax]).toEqual([-0.5, 0.5]);
    expect(spec.colourBar?.title).toBe("Change");
    expect(spec.summary).toContain("from −0.25 to 0.5: 13\u202f% of their norm since the start.");
  });

  it("is told where there is none, and what it is since", () => {
    const still = heat({ name: "W_rec", before, now: before, view: "change" });
    expect(still.spec.summary).toContain("as they were at the start");
    const nothing = matrix(2, 2, [0, 0, 0, 0]);
    const fromNothing = heat({ name: "W_rec", before: nothing, now, view: "change" });
    expect(fromNothing.spec.summary).toContain("from −4 to 1.5: all were 0 at the start.");
    const stillNothing = heat({ name: "W_rec", before: nothing, now: nothing, view: "change" });
    expect(stillNothing.spec.summary).toContain("as they were at the start");
    const edited = heat({ name: "W_rec", before, now, view: "before", since: "the edit" });
    expect(edited.spec.summary).toContain("before the edit");
  });
});

describe("a network under Dale's law", () => {
  const unitSigns = Float32Array.from([1, -1, 1]);
  const weights = matrix(3, 3, [1, -2, 3, 4, -5, 6, 7, -8, 9]);
  const data: WeightData = {
    name: "W_rec",
    before: weights,
    now: weights,
    view: "now",
    constraint: { ...none, signs: unitSigns },
    unitSigns,
  };

  it("has its units ordered, excitatory ones first, along both ends", () => {
    expect(arrangementOf("W_rec", weights, unitSigns).columns).toEqual([0, 2, 1]);
    expect(heat(data).cells).toEqual([
      [1, 3, -2],
      [7, 9, -8],
      [4, 6, -5],
    ]);
    expect(heat(data).spec.layout.xaxis?.ticktext).toEqual(["0", "2", "1"]);
    const input = matrix(3, 2, [1, 2, 3, 4, 5, 6]);
    expect(heat({ ...data, name: "W_in", before: input, now: input, constraint: none }).cells).toEqual([
      [1, 2],
      [5, 6],
      [3, 4],
    ]);
  });

  it("has the two colours along its edges", () => {
    const { shapes } = heat(data).spec.layout;
    expect(shapes?.map(({ fillcolor }) => fillcolor)).toEqual(["#c00", "#00c", "#c00", "#00c"]);
    expect(shapes?.[0]).toMatchObject({ x0: -0.5, x1: 1.5 });
    expect(heat(data).spec.summary).toContain(
      "2 excitatory units (red edge), then 1 inhibitory (blue edge).",
    );
  });

  it("is pointed at by the numbers of its units, wherever they stand", () => {
    const { spec } = heat(data);
    expect(spec.point?.(2, 0)).toEqual({ units: [0, 1], time: null });
    expect(spec.marks?.({ units: [1], time: null })).toEqual([
      { axis: "y", from: 1.5, to: 2.5 },
      { axis: "x", from: 1.5, to: 2.5 },
    ]);
  });

  it("saves and tells its numbers in the order of the units", () => {
    const { spec } = heat(data);
    expect(spec.data?.().rows[1]).toEqual([1, 4, -5, 6]);
    expect(spec.table().rows[1]).toEqual([1, "−5", "1.67", "6", 2, 1]);
  });

  it("has no connection from units that do not reach the outputs", () => {
    const output = matrix(1, 3, [1, 0, 2]);
    const signs = Float32Array.from([1, 0, 1]);
    const read = heat({
      ...data,
      name: "W_out",
      before: output,
      now: output,
      constraint: { ...none, signs },
    });
    expect(read.cells).toEqual([[1, 2, NaN]]);
    expect(read.spec.summary).toContain("Grey: no connection (1).");
  });
});

describe("masked and fixed weights", () => {
  const weights = matrix(2, 2, [0, 1, 2, 0]);
  const constraint: VariableConstraint = {
    connectivity: Float32Array.from([0, 1, 1, 1]),
    signs: null,
    fixed: Float32Array.from([1, 0, 0, 1]),
  };
  const data: WeightData = { name: "W_rec", before: weights, now: weights, view: "now", constraint };

  it("are told apart: no connection, and one that training holds", () => {
    expect([0, 1, 2, 3].map((index) => isMasked(constraint, 2, index))).toEqual([true, false, false, false]);
    expect([0, 1, 2, 3].map((index) => isHeld(constraint, 2, index))).toEqual([false, false, false, true]);
  });

  it("are gaps on a grey ground, and outlined", () => {
    const { cells, spec } = heat(data);
    expect(cells).toEqual([
      [NaN, 1],
      [2, 0],
    ]);
    expect(spec.layout.plot_bgcolor).toMatch(/^#/);
    expect(spec.layout.shapes?.[0]?.path).toContain("M0.5,0.5L1.5,0.5");
    expect(spec.summary).toContain("Grey: no connection (1). Outlined: 1 weight that training holds.");
    expect(spec.table().rows[0]).toEqual([0, "1", "1", "1", 1, 0]);
  });

  it("are means of the weights that are there, where a cell stands for several", () => {
    const large = matrix(600, 600, new Array<number>(360_000).fill(0.5));
    const connectivity = Float32Array.from({ length: 360_000 }, (_, index) => (index % 600 === 0 ? 0 : 1));
    const fixed = new Float32Array(360_000).fill(1);
    const { cells, spec } = heat({
      ...data,
      before: large,
      now: large,
      constraint: { connectivity, signs: null, fixed },
    });
    expect(cells[0]?.[0]).toBe(0.5);
    expect(spec.layout.shapes).toBeUndefined();
    expect(spec.summary).toContain("in too many places to outline");
  });
});

describe("vectors and gates", () => {
  it("are drawn as a strip, and with their own ends", () => {
    const bias = matrix(4, 1, [1, 2, 3, 4]);
    const { cells, spec } = heat({ name: "b_rec", before: bias, now: bias, view: "now", constraint: none });
    expect(cells).toEqual([[1, 2, 3, 4]]);
    expect(spec.summary).toBe("4 weights of b_rec now, from 1 to 4.");
    const [low = 0, high = 1] = spec.layout.yaxis?.domain ?? [];
    expect((high - low) * (context.height - 24 - 40)).toBeCloseTo(48);
    const gate = matrix(3, 2, [1, 2, 3, 4, 5, 6]);
    const table = heat({ name: "W_f", before: gate, now: gate, view: "now" }).spec.table();
    expect(table.columns[0]).toBe("from");
    expect(table.caption).toBe("W_f now: outgoing weights of each row");
  });

  it("name the inputs after a gate's units, and part them by a line", () => {
    const gate = matrix(5, 3, new Array<number>(15).fill(1));
    const { layout } = heat({ name: "W_f", before: gate, now: gate, view: "now" }).spec;
    expect(layout.yaxis).toMatchObject({ tickvals: [0, 1, 2, 3.5], ticktext: ["0", "1", "2", "inputs 1–2"] });
    expect(layout.shapes?.at(-1)).toMatchObject({ type: "path", path: "M-0.5,2.5L2.5,2.5" });
    expect(endTitles(layout)).toEqual(["To unit", "From unit, then input"]);
    const one = matrix(3, 2, new Array<number>(6).fill(1));
    expect(
      heat({ name: "W_f", before: one, now: one, view: "now" }).spec.layout.yaxis?.ticktext?.at(-1),
    ).toBe("input 1");
  });

  it("count channels from one, as the plot of a trial does", () => {
    const input = matrix(2, 2, [1, 2, 3, 4]);
    const { spec } = heat({ name: "W_in", before: input, now: input, view: "now" });
    expect(spec.layout.xaxis?.range).toEqual([0.5, 2.5]);
    expect(spec.data?.().columns).toEqual(["to \\ from", "1", "2"]);
    expect(spec.point?.(1, 1)).toEqual({ units: [1], time: null });
  });
});

describe("connections that a lesion cuts", () => {
  const weights = matrix(3, 3, [1, -2, 3, 4, -5, 6, 7, -8, 9]);
  const cut = Float32Array.from([1, 0, 1, 1, 0, 1, 1, 1, 1]);
  const data: WeightData = { name: "W_rec", before: weights, now: weights, view: "now", cut };
  const paths = (given: WeightData) =>
    (heat(given).spec.layout.shapes ?? []).flatMap(({ type, path }) => (type === "path" ? [path ?? ""] : []));

  it("are hatched in their place, and told", () => {
    const [light, dark] = paths(data);
    expect(light).toBe(dark);
    expect(dark).toContain("M0.5,0.5L1.5,-0.5");
    expect(heat(data).spec.summary).toContain("Hatched: 2 connections cut by the lesion.");
    // Under Dale's law the inhibitory unit stands last.
    expect(paths({ ...data, unitSigns: Float32Array.from([1, -1, 1]) }).at(-1)).toContain(
      "M1.5,0.5L2.5,-0.5",
    );
  });

  it("are those of silent units too, whatever they send to", () => {
    const silenced = { ...data, silent: [0, 1] };
    expect(heat(silenced).spec.summary).toContain("Hatched: 6 connections from silent units 0, 1.");
    expect(paths(silenced).at(-1)).toMatch(/^M-0.5,-0.5L1.5,-0.5/);
    expect(heat({ ...data, silent: [2] }).spec.summary).toContain(
      "Hatched: 3 connections from silent unit 2 and 2 connections cut by the lesion.",
    );
    const output = matrix(2, 3, [1, -2, 3, 4, -5, 6]);
    const readout: WeightData = { name: "W_out", before: output, now: output, view: "now", silent: [1] };
    expect(heat(readout).spec.summary).toContain("Hatched: 2 connections from silent unit 1.");
    const input = matrix(3, 2, [1, -2, 3, 4, -5, 6]);
    expect(paths({ ...readout, name: "W_in", before: input, now: input })).toEqual([]);
    // Of a gate the rows are what is sent: two units and an input.
    const gate = { ...readout, name: "W_f", before: input, now: input };
    expect(paths(gate).at(-1)).toMatch(/^M-0.5,0.5L1.5,0.5/);
  });

  it("are told with the window that the lesion has", () => {
    const windowed = { ...data, silent: [2], window: [400, 900] as [number, number] };
    expect(heat(windowed).spec.summary).toContain(
      "from silent unit 2 and 2 connections cut by the lesion, from 400\u202fms to 900\u202fms.",
    );
  });

  it("are no marks where there is no connection, and none at all without a lesion", () => {
    const connectivity = Float32Array.from([1, 0, 1, 1, 0, 1, 1, 1, 1]);
    expect(paths({ ...data, constraint: { ...none, connectivity } })).toEqual([]);
    expect(paths({ ...data, cut: null })).toEqual([]);
    expect(paths({ ...data, cut: new Float32Array(9).fill(1) })).toEqual([]);
    expect(heat({ ...data, cut: null }).spec.summary).not.toContain("lesion");
  });

  it("are counted where they would be too fine to be seen", () => {
    const large = matrix(400, 400, new Array<number>(160_000).fill(0.5));
    const all = new Float32Array(160_000);
    const given = { name: "W_rec", before: large, now: large, view: "now" as const, cut: all };
    expect(paths(given)).toEqual([]);
    expect(heat(given).spec.summary).toContain("too many places: 160,000 connections cut");
  });
});
