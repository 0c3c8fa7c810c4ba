import { describe, expect, it } from "vitest";
import { axisChanges, changeBetween, numbersOf, tracesToDraw } from "./changes";
import type { PlotSpec } from "./plot";

const spec = (y: number[], more: { colour?: string; range?: number[]; title?: string } = {}): PlotSpec => ({
  traces: [{ type: "scatter", x: [0, 1], y, line: { color: more.colour ?? "red" } }],
  layout: {
    xaxis: { range: [0, 1] },
    yaxis: { range: more.range ?? [0, 4], title: { text: more.title ?? "Rate" } },
  },
  summary: "",
  table: () => ({ caption: "", columns: [], rows: [] }),
});

describe("what differs between two plots", () => {
  const plot = spec([1, NaN]);

  it.each<[string, PlotSpec, string]>([
    ["nothing, whoever made it", spec([1, NaN]), "nothing"],
    ["its numbers", spec([1, 2]), "numbers"],
    ["an axis' range", spec([1, NaN], { range: [0, 8] }), "axes"],
    ["an axis' range and numbers", spec([1, 7], { range: [0, 8] }), "axes"],
    ["an axis' title", spec([1, NaN], { title: "Loss" }), "everything"],
    ["whether there is a line", { ...plot, traces: [{ ...plot.traces[0], x: [], y: [] }] }, "everything"],
    ["a colour", spec([1, 2], { colour: "blue" }), "everything"],
    ["how many lines there are", { ...plot, traces: [...plot.traces, {}] }, "everything"],
  ])("is %s", (_, next, change) => {
    expect(changeBetween(plot, next)).toBe(change);
  });

  it("is all of a plot whose axes find their own ranges", () => {
    const free = (y: number[]) => ({ ...spec(y), layout: { xaxis: { range: [0, 1] }, yaxis: {} } });
    expect(changeBetween(free([1, 2]), free([1, 3]))).toBe("everything");
  });

  it("is told of axes as Plotly takes it, with null for what is gone", () => {
    const bare = { ...plot, layout: { ...plot.layout, yaxis: { ...plot.layout.yaxis, tickvals: [1] } } };
    expect(axisChanges(bare, spec([1, 2], { range: [0, 8] }))).toEqual({
      "yaxis.range": [0, 8],
      "yaxis.tickvals": null,
      "yaxis.title.standoff": null,
    });
    const placed = (range: number[]) => {
      const layout = { xaxis: { range }, yaxis: { range, title: { text: "Loss", standoff: 6 } } };
      return { ...plot, layout };
    };
    // Beside labels that may be longer now, the title is placed anew.
    expect(axisChanges(placed([0, 4]), placed([0, 8]))).toEqual({
      "xaxis.range": [0, 8],
      "yaxis.range": [0, 8],
      "yaxis.title.standoff": 6,
    });
    expect(axisChanges(placed([0, 4]), placed([0, 4]))).toEqual({});
    expect(axisChanges(plot, spec([1, 2], { title: "Loss" }))).toBeNull();
  });
});

it("draws from the first trace that differs to the last in each panel, and one where none does", () => {
  const panels = (numbers: number[]) => {
    const axes = ["y2", "y2", "y", "y", "y3", "y", "y"] as const;
    const traces = axes.map((yaxis, index) => ({ x: [0], y: [numbers[index] ?? 0], yaxis }));
    return { ...spec([]), traces };
  };
  const before = panels([0, 0, 0, 0, 0, 0, 0]);
  expect(tracesToDraw([before], panels([0, 0, 0, 1, 0, 1, 0]))).toEqual([0, 3, 4, 5]);
  expect(tracesToDraw([before], panels([0, 1, 1, 0, 0, 0, 1]))).toEqual([1, 2, 3, 4, 5, 6]);
  // What stands there differs, though Plotly knows no better.
  expect(tracesToDraw([before, panels([0, 0, 0, 0, 0, 1, 0])], before)).toEqual([0, 4, 5]);
});

it("takes the numbers of a trace and leaves its looks", () => {
  expect(numbersOf({ x: [1], y: [2], line: { color: "red" }, yaxis: "y2" })).toEqual({ x: [1], y: [2] });
});
