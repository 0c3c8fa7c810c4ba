import type { Epoch, Run } from "nullcline";
import { coloursOf } from "./colour-bar";
import { diverging, sequential } from "./colour";
import { axis, baseLayout, epochBorders, epochNames, epochShapes } from "./layout";
import { milliseconds, percent, plural, significant } from "./numbers";
import type { Cell, PlotContext, PlotSpec, Trace } from "./plot";
import { aboutZero, fromZero, held, roundRange } from "./ranges";
import { mostPoints, outline, shrink } from "./shrink";
import { steps, timeMarks } from "./trial";

export interface ActivityData {
  /** The network's run on one trial. */
  run: Run;
  epochs: Epoch[];
  dt: number;
  view: "map" | "traces";
}

export interface UnitActivity {
  unit: number;
  /** Rate at every step. */
  rates: Float32Array;
  peak: number;
  peakStep: number;
  /** Highest less lowest rate. */
  variation: number;
}

/** A unit responds when its rate varies by more than this share of the largest variation of any unit. */
export const respondingShare = 0.1;

/** How many units are drawn as lines. */
export const tracedUnits = 12;

/** Activity of each unit in the first trial of a run, by the time of its peak; units that stay silent come last. */
export function byPeak(run: Run): UnitActivity[] {
  const units = Array.from({ length: run.N_rec }, (_, unit): UnitActivity => {
    const rates = new Float32Array(run.N_steps);
    let peakStep = 0;
    let [lowest, highest] = [Infinity, -Infinity];
    for (let step = 0; step < run.N_steps; step++) {
      const rate = run.rates[step * run.N_rec + unit] ?? 0;
      rates[step] = rate;
      lowest = Math.min(lowest, rate);
      highest = Math.max(highest, rate);
      if (Math.abs(rate) > Math.abs(rates[peakStep] ?? 0)) peakStep = step;
    }
    return { unit, rates, peak: rates[peakStep] ?? 0, peakStep, variation: highest - lowest };
  });
  const silent = (unit: UnitActivity) => (unit.peak === 0 ? 1 : 0);
  return units.sort((a, b) => silent(a) - silent(b) || a.peakStep - b.peakStep || a.unit - b.unit);
}

export function responding(units: UnitActivity[]): UnitActivity[] {
  const largest = Math.max(0, ...units.map(({ variation }) => variation));
  return units.filter(({ variation }) => variation > respondingShare * largest);
}

/** Rates of all units over one trial: as a heat map sorted by the time of the peak, or the most active ones as lines. */
export function activityPlot(data: ActivityData, context: PlotContext): PlotSpec {
  const units = byPeak(data.run);
  const active = units.filter((unit) => unit.peak !== 0);
  const spec = data.view === "map" ? heatMap(data, units, context) : lines(data, active, context);
  const strongest = active.reduce<UnitActivity | null>(
    (most, unit) => (most === null || Math.abs(unit.peak) > Math.abs(most.peak) ? unit : most),
    null,
  );
  return {
    ...spec,
    summary:
      `${responding(units).length} of ${plural(units.length, "unit")} respond in this trial` +
      (strongest
        ? `, unit ${strongest.unit} most strongly, at ${milliseconds(strongest.peakStep * data.dt)}.`
        : ".") +
      (data.view === "map"
        ? " Sorted by time of peak."
        : ` Shown: the ${Math.min(tracedUnits, active.length)} with the largest peaks.`),
    help: `A unit responds when its rate varies over the trial by more than ${percent(respondingShare)} of the largest variation among all units. Units that stay at zero throughout come last.`,
    table: () => ({
      caption: "Peak of each unit in this trial, by time",
      columns: ["unit", "time of peak (ms)", "peak rate", "mean rate"],
      rows: units.map(({ unit, peak, peakStep, rates }): Cell[] => [
        unit,
        peak === 0 ? "silent" : peakStep * data.dt,
        significant(peak),
        significant(rates.reduce((sum, rate) => sum + rate, 0) / rates.length),
      ]),
    }),
    data: () => ({
      caption: "Rates",
      columns: ["unit", ...steps(data.run.N_steps, data.dt).map((time) => `${time} ms`)],
      rows: units.map(({ unit, rates }): Cell[] => [unit, ...rates]),
    }),
  };
}

function heatMap(
  { run, epochs, dt }: ActivityData,
  units: UnitActivity[],
  context: PlotContext,
): Omit<PlotSpec, "summary" | "table"> {
  const { theme } = context;
  let [lowest, highest] = [0, 0];
  for (const { rates } of units) {
    for (const rate of rates) {
      if (rate < lowest) lowest = rate;
      if (rate > highest) highest = rate;
    }
  }
  const signed = lowest < 0;
  const name = signed ? "signed rates" : "rates";
  const limits = signed
    ? held(context.scales?.[name], largestBothWays(lowest, highest), aboutZero)
    : held(context.scales?.[name], [0, highest], fromZero);
  const { rows, rowsPerCell, columnsPerCell } = shrink(
    units.map(({ rates }) => rates),
    300,
    500,
  );
  const colourBar = { title: "Rate", scale: signed ? diverging : sequential(theme.dark), limits };
  const trace = {
    type: "heatmap",
    x0: 0,
    dx: dt * columnsPerCell,
    y0: (rowsPerCell - 1) / 2,
    dy: rowsPerCell,
    z: rows,
    ...coloursOf(colourBar, context),
    customdata: rows.map((row, cell) =>
      new Array<string>(row.length).fill(unitName(units, cell, rowsPerCell)),
    ),
    hovertemplate: "%{customdata} at %{x} ms: rate %{z:.3g}<extra></extra>",
  };
  const margin = { l: 52, r: 64, t: 24, b: 40 };
  return {
    traces: [trace as unknown as Trace],
    layout: {
      ...baseLayout(context, margin),
      xaxis: axis(context, "Time (ms)", { range: [0, run.N_steps * dt], nticks: 6 }),
      yaxis: axis(context, "Unit, by time of peak", {
        range: [units.length - 0.5, -0.5],
        tickvals: [],
        showline: true,
      }),
      shapes: epochBorders(context, epochs),
      annotations: epochNames(context, epochs, margin.l + margin.r),
    },
    colourBar,
    scales: { [name]: limits },
    point: (x, y) => ({
      units: units.slice(Math.round(y), Math.round(y) + 1).map(({ unit }) => unit),
      time: x,
    }),
    marks: (pointed) => [
      ...timeMarks(pointed),
      ...pointed.units.map((wanted) => {
        const rank = units.findIndex(({ unit }) => unit === wanted);
        return { axis: "y" as const, from: rank - 0.5, to: rank + 0.5 };
      }),
    ],
  };
}

function unitName(units: UnitActivity[], cell: number, rowsPerCell: number): string {
  return rowsPerCell === 1 ? `unit ${units[cell]?.unit ?? ""}` : `mean of ${rowsPerCell} units`;
}

function lines(
  { run, epochs, dt }: ActivityData,
  active: UnitActivity[],
  context: PlotContext,
): Omit<PlotSpec, "summary" | "table"> {
  const time = steps(run.N_steps, dt);
  const margin = { l: 52, r: 64, t: 24, b: 40 };
  const shown = [...active].sort((a, b) => Math.abs(b.peak) - Math.abs(a.peak)).slice(0, tracedUnits);
  const scale = sequential(context.theme.dark);
  const peaks = shown.map(({ peak }) => peak);
  const range = held(context.scales?.lines, [Math.min(0, ...peaks), Math.max(0, ...peaks)], (low, high) =>
    low < 0 ? roundRange(low, high) : fromZero(0, 1.05 * high),
  );
  return {
    traces: shown
      .sort((a, b) => a.peakStep - b.peakStep)
      .map(({ unit, rates }, index) => ({
        type: "scatter",
        mode: "lines",
        ...outline(time, [...rates], mostPoints(context.width - margin.l - margin.r)),
        // The pale end of the scale would not show on the page.
        line: {
          width: 1.5,
          color:
            scale[Math.round(6 + (10 * index) / Math.max(1, shown.length - 1))]?.[1] ?? context.theme.ink,
        },
        hovertemplate: `unit ${unit} at %{x} ms: rate %{y:.3g}<extra></extra>`,
      })),
    layout: {
      ...baseLayout(context, margin),
      xaxis: axis(context, "Time (ms)", { range: [0, run.N_steps * dt], nticks: 6 }),
      yaxis: axis(context, "Rate", { range, nticks: 5, showgrid: true }),
      shapes: epochShapes(context, epochs),
      annotations: epochNames(context, epochs, margin.l + margin.r),
    },
    scales: { lines: range },
    point: (x) => ({ units: [], time: x }),
    marks: timeMarks,
  };
}

function largestBothWays(low: number, high: number): [number, number] {
  const largest = Math.max(-low, high);
  return [-largest, largest];
}
