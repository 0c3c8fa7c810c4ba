import type { Epoch, Run } from "nullcline";
import type { LayoutAxis, Shape } from "plotly.js";
import { coloursOf } from "./colour-bar";
import { diverging, sequential } from "./colour";
import {
  axis,
  baseLayout,
  epochBorders,
  epochNames,
  roomForNames,
  textIn,
  windowName,
  windowShapes,
} from "./layout";
import { numberHeight, placedNumbers } from "./names";
import { fromTo, milliseconds, percent, plural, significant } from "./numbers";
import type { Cell, PlotContext, PlotSpec, Trace } from "./plot";
import { aboutZero, fromZero, held } from "./ranges";
import { shrink } from "./shrink";
import { steps, timeMarks } from "./trial";

/** Rates of all units over one trial, or their means over several. */
export type Rates = Pick<Run, "N_steps" | "N_rec" | "rates">;

/** What units are sorted by. */
export type Order = "number" | "peak" | "type" | "selectivity";

export interface ActivityData {
  /** The network's run on one trial, or the mean of several. */
  run: Rates;
  epochs: Epoch[];
  dt: number;
  /** What the rates are those of; "this trial" without. */
  of?: string;
  /** By the time of the peak without. */
  order?: Order;
  /** 1 for excitatory units, -1 for inhibitory ones, under Dale's law. */
  types?: ArrayLike<number> | null;
  /** How much each unit tells the choices apart, and a sentence that says how that is computed. */
  selectivity?: { values: ArrayLike<number>; how: string } | null;
  /** Units to be drawn as traces, where there are any; in a map by number, those that are to be numbered beside it. */
  chosen?: number[];
  /** A lesion: its silent units, whose rates are those that the network receives, 0; and when. */
  silent?: number[];
  /** Units that send nothing, to no unit and no output. */
  cut?: number[];
  window?: [number, number] | null;
}

export interface UnitActivity {
  unit: number;
  /** Rate at every step. */
  rates: Float32Array;
  peak: number;
  peakStep: number;
  /** Highest less lowest rate. */
  variation: number;
  /** The step at which the rate grows beyond any number; null where it does not. */
  overflow: number | null;
}

/** A unit responds when its rate varies by more than this share of the largest variation of any unit. */
const respondingShare = 0.1;

/** Activity of each unit in the first trial of a run, by the time of its peak; units that stay silent come last. */
export function byPeak(run: Rates): UnitActivity[] {
  const units = Array.from({ length: run.N_rec }, (_, unit): UnitActivity => {
    const rates = new Float32Array(run.N_steps);
    let [peak, peakStep] = [0, 0];
    let [lowest, highest] = [Infinity, -Infinity];
    let overflow: number | null = null;
    for (let step = 0; step < run.N_steps; step++) {
      const rate = run.rates[step * run.N_rec + unit] ?? 0;
      rates[step] = rate;
      if (!Number.isFinite(rate)) {
        overflow ??= step;
        continue;
      }
      lowest = Math.min(lowest, rate);
      highest = Math.max(highest, rate);
      if (Math.abs(rate) > Math.abs(peak)) [peak, peakStep] = [rate, step];
    }
    return { unit, rates, peak, peakStep, variation: Math.max(0, highest - lowest), overflow };
  });
  const silent = (unit: UnitActivity) => (unit.peak === 0 ? 1 : 0);
  return units.sort((a, b) => silent(a) - silent(b) || a.peakStep - b.peakStep || a.unit - b.unit);
}

/** Activity of each unit in the order asked for; units that are alike in that stay in the order of their peaks. */
export function sortedUnits({
  run,
  order = "peak",
  types,
  selectivity,
}: Pick<ActivityData, "run" | "order" | "types" | "selectivity">): UnitActivity[] {
  const units = byPeak(run);
  if (order === "number") return units.sort((a, b) => a.unit - b.unit);
  const by = order === "type" ? types : order === "selectivity" ? selectivity?.values : null;
  return by ? units.sort((a, b) => (by[b.unit] ?? 0) - (by[a.unit] ?? 0)) : units;
}

/** What the rows stand in the order of, for the axis and for the sentence. */
const orderWords: { [order in Order]: string } = {
  number: "by number",
  peak: "by time of peak",
  type: "by type",
  selectivity: "by selectivity",
};

export function responding(units: UnitActivity[]): UnitActivity[] {
  const largest = Math.max(0, ...units.map(({ variation }) => variation));
  return units.filter(({ variation }) => variation > respondingShare * largest);
}

/** Rates of all units over one trial as a heat map of sorted units. */
export function activityPlot(data: ActivityData, context: PlotContext): PlotSpec {
  const units = sortedUnits(data);
  return describedActivity(
    data,
    units,
    heatMap(data, units, context),
    `Sorted ${orderWords[data.order ?? "peak"]}.`,
  );
}

/** A drawing of the units' rates with its words and numbers; `which` says which units are drawn, or in what order. */
export function describedActivity(
  data: ActivityData,
  units: UnitActivity[],
  drawing: Omit<PlotSpec, "summary" | "table">,
  which: string,
): PlotSpec {
  const { of = "this trial", types, selectivity, order = "peak", silent = [], cut = [] } = data;
  const heard = heardOf(data, units);
  const most = mostOf(heard);
  const overflow = firstOverflow(units);
  const anySilent = silent.length > 0 || cut.length > 0;
  const columns = [
    "unit",
    ...(anySilent ? ["sends"] : []),
    "time of peak (ms)",
    "peak rate",
    "mean rate",
    ...(types ? ["type"] : []),
    ...(selectivity ? ["selectivity"] : []),
  ];
  return {
    ...drawing,
    summary:
      (overflow
        ? `The activity grew beyond any number in ${of}, in unit ${overflow.unit} first, at ${milliseconds((overflow.overflow ?? 0) * data.dt)}; what came before is drawn.`
        : `${responding(heard).length} of ${plural(units.length, "unit")} respond in ${of}` +
          (most ? `, unit ${most.unit} most strongly, at ${milliseconds(most.peakStep * data.dt)}.` : ".")) +
      `${silenceWords(data)} ${which}`,
    help:
      `A unit responds when its rate varies over the trial by more than ${percent(respondingShare)} of the largest variation among all units. Units that stay at zero throughout come last where units are sorted by the time of their peak.` +
      (selectivity ? ` ${selectivity.how}` : ""),
    table: () => ({
      caption: `Peak of each unit in ${of}, ${orderWords[order].replace("by time of peak", "by time")}`,
      columns,
      rows: units.map(({ unit, peak, peakStep, rates }): Cell[] => [
        unit,
        ...(anySilent ? [sends(data, unit)] : []),
        peak === 0 ? "at rest" : peakStep * data.dt,
        significant(peak),
        significant(rates.reduce((sum, rate) => sum + rate, 0) / rates.length),
        ...(types ? [typeName(types[unit])] : []),
        ...(selectivity ? [significant(selectivity.values[unit] ?? NaN)] : []),
      ]),
    }),
    data: () => ({
      caption: silent.length > 0 ? "Rates, 0 while a unit is silent" : "Rates",
      columns: ["unit", ...steps(data.run.N_steps, data.dt).map((time) => `${time} ms`)],
      rows: units.map(({ unit, rates }): Cell[] => [unit, ...rates]),
    }),
  };
}

/** The units that send anything. */
export function heardOf({ cut = [] }: ActivityData, units: UnitActivity[]): UnitActivity[] {
  return units.filter(({ unit }) => !cut.includes(unit));
}

/** The unit with the largest peak; null where all are at rest. */
function mostOf(units: UnitActivity[]): UnitActivity | null {
  return units
    .filter(({ peak }) => peak !== 0)
    .reduce<UnitActivity | null>(
      (most, unit) => (most === null || Math.abs(unit.peak) > Math.abs(most.peak) ? unit : most),
      null,
    );
}

/** The unit that responds most strongly, which the sentence names. */
export function strongest(data: ActivityData | null): UnitActivity | null {
  return data && mostOf(heardOf(data, sortedUnits(data)));
}

/** What a unit sends, for the table. */
function sends({ silent = [], cut = [], window }: ActivityData, unit: number): string {
  if (cut.includes(unit)) return "nothing";
  if (!silent.includes(unit)) return "its rate";
  return window ? `nothing from ${window[0]} to ${window[1]} ms` : "nothing (lesion)";
}

/** The unit that grows beyond any number first. */
function firstOverflow(units: UnitActivity[]): UnitActivity | null {
  const over = units.filter(({ overflow }) => overflow !== null);
  return over.sort((a, b) => (a.overflow ?? 0) - (b.overflow ?? 0) || a.unit - b.unit)[0] ?? null;
}

/** So many units are called by their numbers in a sentence. */
const mostNamed = 4;

/** " Unit 3 is silent: drawn is 0, what the network receives from it." */
export function silentWords(silent: number[], window: ActivityData["window"]): string {
  if (silent.length === 0) return "";
  const when = window ? ` ${fromTo(window)}` : "";
  const from = `${silent.length === 1 ? "it" : "them"}${window ? " then" : ""}`;
  return ` ${unitsWords(silent, "is", "are")} silent${when}: drawn is 0, what the network receives from ${from}.`;
}

function silenceWords({ silent = [], cut = [], window }: ActivityData): string {
  const cutOnly = cut.filter((unit) => !silent.includes(unit));
  return (
    silentWords(silent, window) +
    (cutOnly.length > 0
      ? ` ${unitsWords(cutOnly, "sends", "send")} nothing, neither to units nor to outputs.`
      : "")
  );
}

function unitsWords(numbers: number[], one: string, many: string): string {
  if (numbers.length > mostNamed) return `${numbers.length} units ${many}`;
  const named = numbers.slice(0, -1).join(", ");
  return numbers.length === 1
    ? `Unit ${numbers[0] ?? ""} ${one}`
    : `Units ${named} and ${numbers.at(-1) ?? ""} ${many}`;
}

/** "excitatory", "inhibitory", or that there is no telling. */
export function typeName(type: number | undefined): string {
  return type === 1 ? "excitatory" : type === -1 ? "inhibitory" : "–";
}

function heatMap(
  data: ActivityData,
  units: UnitActivity[],
  context: PlotContext,
): Omit<PlotSpec, "summary" | "table"> {
  const { run, epochs, dt, order = "peak", types, silent = [], cut = [], window = null } = data;
  const { theme } = context;
  const margin = marginOf(data, context);
  let [lowest, highest] = [0, 0];
  for (const { rates } of units) {
    for (const rate of rates) {
      if (!Number.isFinite(rate)) continue;
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
    // A cell is as wide as its steps, and stands in their middle.
    x0: (dt * columnsPerCell) / 2,
    dx: dt * columnsPerCell,
    y0: (rowsPerCell - 1) / 2,
    dy: rowsPerCell,
    z: rows,
    ...coloursOf(colourBar, context),
    customdata: rows.map((row, cell) =>
      new Array<string>(row.length).fill(unitName(units, cell, rowsPerCell, types)),
    ),
    hovertemplate: "%{customdata} at %{x} ms: rate %{z:.3g}<extra></extra>",
  };
  const end = run.N_steps * dt;
  const ranks = new Map(units.map(({ unit }, rank) => [unit, rank]));
  return {
    traces: [trace as unknown as Trace],
    layout: {
      ...baseLayout(context, margin),
      xaxis: axis(context, "Time (ms)", { range: [0, end], nticks: 6 }),
      yaxis: axis(context, `Unit, ${orderWords[order]}`, {
        range: [units.length - 0.5, -0.5],
        ...(order === "number"
          ? { nticks: 6, ...unnumbered(data, context.height - margin.t - margin.b) }
          : { tickvals: [] }),
        showline: !types,
        // Beside the strip of types, and clear of the numbers of chosen units.
        title: {
          text: `Unit, ${orderWords[order]}`,
          font: { size: 12, color: theme.inkSoft },
          standoff: order === "number" ? 10 : 28,
        },
      }),
      shapes: [
        ...epochBorders(context, epochs),
        ...veils(
          silent.map((unit) => ranks.get(unit) ?? -1),
          window ?? [0, end],
          context,
        ),
        ...veils(
          cut.map((unit) => ranks.get(unit) ?? -1),
          [0, end],
          context,
        ),
        ...windowShapes(context, window, false),
        ...(types
          ? typeStrip(
              units.map(({ unit }) => types[unit] ?? 0),
              context,
            )
          : []),
      ],
      annotations: [
        ...epochNames(context, epochs, margin.l + margin.r),
        ...windowName(context, window),
        ...(types ? typeNames(context) : []),
      ],
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
        const rank = ranks.get(wanted) ?? -1;
        return { axis: "y" as const, from: rank - 0.5, to: rank + 0.5 };
      }),
    ],
  };
}

/** Blanks for the ticks that the numbers of chosen units would touch, in a map of this height that is sorted by number. */
function unnumbered({ chosen = [], run }: ActivityData, height: number): Partial<LayoutAxis> {
  const middleOf = (unit: number) => ((unit + 0.5) * height) / run.N_rec;
  const numbers = placedNumbers(
    chosen.map((unit) => ({ middle: middleOf(unit) })),
    height,
  );
  const blanks: { [tick: string]: string } = {};
  for (let unit = 0; unit < run.N_rec; unit++)
    if (numbers.some(({ at }) => Math.abs(at - middleOf(unit)) < numberHeight))
      // As wide as the number, so that the axis' title stays where it is.
      blanks[unit] = "\u2007".repeat(String(unit).length);
  // The type of Plotly's declarations is that of another field.
  return { labelalias: blanks as unknown as string };
}

/** On a narrow page the names of the types stand in a line of their own under the axis. */
export function marginOf(
  { types, window = null }: Pick<ActivityData, "types" | "window">,
  { width }: PlotContext,
) {
  return { l: 52, r: 64, t: roomForNames(window), b: types && width < narrow ? 58 : 40 };
}

const narrow = 440;

/** Stretches of equal values in a list: first and last position, and the value. */
function stretches(values: number[]): { from: number; to: number; value: number }[] {
  const found: { from: number; to: number; value: number }[] = [];
  for (const [index, value] of values.entries()) {
    const last = found.at(-1);
    if (last?.value === value) last.to = index;
    else found.push({ from: index, to: index, value });
  }
  return found;
}

const mostVeilLines = 60;

/** Rows of silent units, faded as long as they are silent, with a line through them. */
function veils(ranks: number[], [x0, x1]: [number, number], { theme }: PlotContext): Partial<Shape>[] {
  const present = new Set(ranks.filter((rank) => rank >= 0));
  const last = Math.max(-1, ...present);
  const rows = stretches(Array.from({ length: last + 1 }, (_, rank) => (present.has(rank) ? 1 : 0)));
  return [
    ...rows
      .filter(({ value }) => value === 1)
      .map(({ from, to }): Partial<Shape> => ({
        type: "rect",
        x0,
        x1,
        y0: from - 0.5,
        y1: to + 0.5,
        line: { width: 0 },
        fillcolor: theme.surface,
        opacity: 0.7,
      })),
    // Lines that touch would hide what they are drawn through.
    ...(present.size > mostVeilLines ? [] : [...present]).map((rank): Partial<Shape> => ({
      type: "line",
      x0,
      x1,
      y0: rank,
      y1: rank,
      line: { width: 1, color: theme.inkSoft },
    })),
  ];
}

/** Where the strip of types stands, as shares of the plot's width. */
const strip = { x0: -0.016, x1: -0.004 };

/** The type of each unit as a strip of colour beside the rows. */
function typeStrip(types: number[], { theme }: PlotContext): Partial<Shape>[] {
  return stretches(types).map(({ from, to, value }) => ({
    type: "rect",
    xref: "paper",
    yref: "y",
    ...strip,
    y0: from - 0.5,
    y1: to + 0.5,
    line: { width: 0 },
    fillcolor: typeColour(value, theme),
  }));
}

export function typeColour(type: number | undefined, theme: PlotContext["theme"]): string {
  return type === 1 ? theme.excitatory : type === -1 ? theme.inhibitory : theme.inkSoft;
}

/** What the strip's colours mean, under it. */
export function typeNames(context: PlotContext) {
  const { theme, width } = context;
  const { r, b } = marginOf({ types: [] }, context);
  const name = (colour: string, text: string) => `<span style="color:${colour}">■</span> ${text}`;
  return [
    {
      text: `${name(theme.excitatory, "excitatory")}  ${name(theme.inhibitory, "inhibitory")}`,
      xref: "paper" as const,
      x: 1,
      xanchor: "right" as const,
      xshift: r - 4,
      yref: "paper" as const,
      y: 0,
      yanchor: "top" as const,
      yshift: width < narrow ? 18 - b : -22,
      ...textIn(theme.inkSoft),
    },
  ];
}

function unitName(
  units: UnitActivity[],
  cell: number,
  rowsPerCell: number,
  types: ActivityData["types"],
): string {
  if (rowsPerCell > 1) return `mean of ${rowsPerCell} units`;
  const unit = units[cell]?.unit ?? 0;
  return `unit ${unit}${types ? ` (${typeName(types[unit])})` : ""}`;
}

function largestBothWays(low: number, high: number): [number, number] {
  const largest = Math.max(-low, high);
  return [-largest, largest];
}
