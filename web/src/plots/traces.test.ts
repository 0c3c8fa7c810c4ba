import { describe, expect, it } from "vitest";
import { context } from "../testing/plot-context";
import type { ActivityData } from "./activity";
import type { PlotContext, PlotSpec } from "./plot";
import { lineStyles, tracesPlot } from "./traces";

const colours = ["#0072b2", "#d55e00", "#008f68", "#b9588f", "#a87400", "#2c8fc2", "#17212c"];
const place: PlotContext = { ...context, theme: { ...context.theme, channels: colours } };

/** Rates of so many units over five steps of 10 ms; `last` says where each ends. */
function rising(N_rec: number, last: (unit: number) => number): ActivityData {
  const N_steps = 5;
  const rates = new Float32Array(N_steps * N_rec);
  for (let unit = 0; unit < N_rec; unit++)
    for (let step = 0; step < N_steps; step++)
      rates[step * N_rec + unit] = (last(unit) * step) / (N_steps - 1);
  return { run: { N_steps, N_rec, rates }, epochs: [], dt: 10 };
}

interface Name {
  text: string;
  x: number;
  y: number;
  /** Middle of the name, in pixels from the top of the plot. */
  top: number;
  color: string;
  leads: boolean;
}

function names({ layout }: PlotSpec, { height }: PlotContext = place): Name[] {
  const { t = 0, b = 0 } = layout.margin ?? {};
  const [low, high] = layout.yaxis?.range as [number, number];
  return (layout.annotations ?? [])
    .filter(({ text }) => text?.includes("unit"))
    .map(({ text = "", x, y, ay, arrowcolor = "", showarrow = false }) => ({
      text,
      x: Number(x),
      y: Number(y),
      top: ((high - Number(y)) / (high - low)) * (height - t - b) + Number(ay),
      color: arrowcolor,
      leads: showarrow,
    }));
}

function expectApart(found: Name[], { height }: PlotContext, { layout }: PlotSpec): void {
  const { t = 0, b = 0 } = layout.margin ?? {};
  const tops = found.map(({ top }) => top).sort((one, other) => one - other);
  tops.slice(1).forEach((top, index) => {
    expect(top - (tops[index] ?? 0)).toBeGreaterThanOrEqual(14 - 1e-6);
  });
  expect(tops[0]).toBeGreaterThanOrEqual(7 - 1e-6);
  expect(tops.at(-1)).toBeLessThanOrEqual(height - t - b - 7 + 1e-6);
}

describe("traces of units", () => {
  it("have names that are tied to the ends of their lines, in their colours", () => {
    const data = rising(3, (unit) => [0.2, 3, 1][unit] ?? 0);
    const spec = tracesPlot(data, place);
    expect(spec.summary).toContain("Shown: the 3 with the largest peaks.");
    const found = names(spec);
    expect(found.map(({ text, x, leads }) => [text, x, leads])).toEqual([
      ['<span style="color:#0072b2">━</span> unit 0', 40, true],
      ['<span style="color:#d55e00">━</span> unit 1', 40, true],
      ['<span style="color:#008f68">━</span> unit 2', 40, true],
    ]);
    spec.traces.forEach((trace, index) => {
      const y = trace.y as number[];
      expect(found[index]?.y).toBeCloseTo(y.at(-1) ?? NaN);
      expect(found[index]?.color).toBe(trace.line?.color);
    });
  });

  it("keep their names apart where lines end together, and in the order of the ends", () => {
    const data = rising(40, (unit) => 1 + unit / 1000);
    const spec = tracesPlot(data, place);
    const found = names(spec);
    expect(found).toHaveLength(12);
    expectApart(found, place, spec);
    spec.traces.forEach(({ line }, index) => {
      expect(found[index]?.text).toContain(line?.dash === "dash" ? "╌" : "━");
    });
    const byPlace = [...found].sort((one, other) => one.top - other.top);
    expect(byPlace.map(({ y }) => y)).toEqual(found.map(({ y }) => y).sort((one, other) => other - one));
  });

  it("are as many as there is room for names", () => {
    const low = { ...place, height: 180 };
    const spec = tracesPlot(
      rising(40, (unit) => unit),
      low,
    );
    const found = names(spec, low);
    expect(found.length).toBeLessThan(12);
    expect(found).toHaveLength(spec.traces.length);
    expect(spec.summary).toContain(`Shown: the ${found.length} with the largest peaks.`);
    expectApart(found, low, spec);
  });

  it("look different each, and neighbours by colour", () => {
    for (const stride of [1, 5, 7, 11]) {
      const ends = Array.from({ length: 12 }, (_, unit) => (unit * stride) % 12);
      const styles = lineStyles(ends, place);
      expect(new Set(styles.map(({ color, dash }) => `${color} ${dash}`)).size).toBe(12);
      const order = [...ends.keys()].sort((one, other) => (ends[one] ?? 0) - (ends[other] ?? 0));
      order.slice(1).forEach((line, index) => {
        expect(styles[line]?.color).not.toBe(styles[order[index] ?? 0]?.color);
      });
      // Where there are colours enough, they stay with their units.
      expect(styles.slice(0, 7).map(({ color }) => color)).toEqual(colours);
    }
  });

  it("are of the chosen units, those alone", () => {
    const data = rising(4, (unit) => unit);
    const spec = tracesPlot({ ...data, chosen: [2, 0] }, place);
    expect(names(spec).map(({ text }) => text.replace(/.* unit/, "unit"))).toEqual(["unit 0", "unit 2"]);
    expect(spec.summary).toContain("Shown: the units chosen.");
    const many = rising(40, (unit) => unit);
    const all = tracesPlot({ ...many, chosen: [...Array(40).keys()] }, place);
    expect(all.summary).toContain("Shown: the first 12 units chosen.");
  });

  it("show a unit's type beside its name, and begin a name where the activity was last a number", () => {
    const data = rising(2, () => 1);
    data.run.rates.set([NaN, 1], 8);
    const spec = tracesPlot({ ...data, types: [1, -1] }, place);
    const [first, second] = names(spec);
    expect(first?.text).toContain(`<span style="color:${place.theme.excitatory}">■</span>`);
    expect(second?.text).toContain(`<span style="color:${place.theme.inhibitory}">■</span>`);
    expect([first?.x, first?.y]).toEqual([30, 0.75]);
  });
});
