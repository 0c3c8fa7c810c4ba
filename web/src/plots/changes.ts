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
  | "everything";

/** The keys of a trace that hold its numbers and what is said of them. */
const numbers = ["x", "y", "z", "zmin", "zmax", "text", "customdata", "hovertemplate"] as const;

function isNumbers(key: string): boolean {
  return (numbers as readonly string[]).includes(key);
}

export function changeBetween(before: PlotSpec, after: PlotSpec): Change {
  if (before.traces.length !== after.traces.length || !equalValues(before.layout, after.layout))
    return "everything";
  const keys = after.traces.flatMap((trace, index) => differingKeys(before.traces[index] ?? {}, trace));
  if (keys.length === 0) return "nothing";
  // An axis that finds its own range may find another one.
  return keys.every(isNumbers) && hasRanges(after) ? "numbers" : "everything";
}

function differingKeys(before: Trace, after: Trace): string[] {
  const [a, b] = [before, after] as { [key: string]: unknown }[];
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].filter((key) => !equalValues(a?.[key], b?.[key]));
}

function hasRanges({ layout }: PlotSpec): boolean {
  return Object.entries(layout).every(
    ([name, part]) =>
      !/^[xy]axis\d*$/.test(name) || (part as { range?: unknown } | undefined)?.range !== undefined,
  );
}

/** The numbers of a trace and nothing else. */
export function numbersOf(trace: Trace): Trace {
  return Object.fromEntries(Object.entries(trace).filter(([key]) => isNumbers(key)));
}
