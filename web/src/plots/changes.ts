import type { LayoutAxis } from "plotly.js";
import { equalValues } from "./equal";
import type { PlotSpec, Trace } from "./plot";

/**
 * What differs between two plots. Most drawings of a plot that follows a run differ from the one before in their numbers
 * only; to draw those anew costs a fraction of what a whole plot costs.
 */
export type Change =
  /** Nothing that is drawn. */
  | "nothing"
  /** The numbers of traces; axes, colours and labels are the same. */
  | "numbers"
  /** Where axes begin and end and which ticks they have, and perhaps numbers. */
  | "axes"
  | "everything";

/** The keys of a trace that hold its numbers and what is said of them. */
const numberKeys = ["x", "y", "z", "zmin", "zmax", "mode", "text", "customdata", "hovertemplate"];

/** The keys of an axis that follow the numbers. */
const axisKeys = ["range", "tickvals", "ticktext"];

type Values = { [key: string]: unknown };

export function changeBetween(before: PlotSpec, after: PlotSpec): Change {
  // To Plotly an empty line is one that is not there.
  if (!equalValues(before.traces.map(isEmpty), after.traces.map(isEmpty))) return "everything";
  const axes = axisChanges(before, after);
  const traces = after.traces.flatMap((trace, index) => differingKeys(before.traces[index] ?? {}, trace));
  if (axes === null || !traces.every((key) => numberKeys.includes(key))) return "everything";
  if (Object.keys(axes).length > 0) return "axes";
  if (traces.length === 0) return "nothing";
  // An axis that finds its own range may find another one.
  return axisNames(after).every((name) => rangeOf(after, name) !== undefined) ? "numbers" : "everything";
}

/** What to tell Plotly of axes that differ, as `{"yaxis.range": …}`; null where more than that differs in the layout. */
export function axisChanges(before: PlotSpec, after: PlotSpec): Values | null {
  const changes: Values = {};
  for (const part of differingKeys(before.layout, after.layout)) {
    const [from, to] = [before.layout, after.layout].map((layout) => (layout as Values)[part]);
    if (!isAxis(part) || !from || !to) return null;
    const keys = differingKeys(from, to);
    if (!keys.every((key) => axisKeys.includes(key))) return null;
    for (const key of keys) changes[`${part}.${key}`] = (to as Values)[key] ?? null;
    // Not told of it, Plotly leaves the title where it was, and labels that are longer now would reach it.
    if (part.startsWith("y")) changes[`${part}.title.standoff`] = standoffOf(to);
  }
  return changes;
}

function standoffOf({ title }: Partial<LayoutAxis>): number | null {
  return typeof title === "object" ? (title.standoff ?? null) : null;
}

export function axisNames({ layout }: PlotSpec): string[] {
  return Object.keys(layout).filter(isAxis);
}

export function rangeOf({ layout }: { layout: object }, axis: string): unknown {
  return ((layout as Values)[axis] as { range?: unknown } | undefined)?.range;
}

function isEmpty({ x }: Trace): boolean {
  return x?.length === 0;
}

function isAxis(name: string): boolean {
  return /^[xy]axis\d*$/.test(name);
}

function differingKeys(before: object, after: object): string[] {
  const [a, b] = [before as Values, after as Values];
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].filter((key) => !equalValues(a[key], b[key]));
}

/**
 * The traces to give Plotly for new numbers in the place of those it knows and those that stand there, by position: in each panel from the first that differs to the last, which
 * keeps them in their order, and one of each panel where none does, since a panel without any is emptied.
 */
export function tracesToDraw(before: PlotSpec[], after: PlotSpec): number[] {
  const panels = new Map<string, number[]>();
  for (const [index, { xaxis = "x", yaxis = "y" }] of after.traces.entries()) {
    const panel = `${xaxis} ${yaxis}`;
    panels.set(panel, [...(panels.get(panel) ?? []), index]);
  }
  const differs = (index: number) =>
    before.some(({ traces }) => !equalValues(traces[index], after.traces[index]));
  return [...panels.values()]
    .flatMap((indices) => {
      const first = indices.findIndex(differs);
      return first < 0 ? indices.slice(0, 1) : indices.slice(first, indices.findLastIndex(differs) + 1);
    })
    .sort((a, b) => a - b);
}

/** The numbers of a trace and nothing else. */
export function numbersOf(trace: Trace): Trace {
  return Object.fromEntries(Object.entries(trace).filter(([key]) => numberKeys.includes(key)));
}
