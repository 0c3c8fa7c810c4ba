import type { Layout, PlotData } from "plotly.js";
import type { ColourScale } from "./colour";
import type { Mark, Pointed } from "./pointing";
import type { Scales } from "./ranges";
import type { PlotTheme } from "./theme";

export type Trace = Partial<PlotData>;

/** What a plot needs to know of where it is drawn. Sizes are in CSS pixels. */
export interface PlotContext {
  theme: PlotTheme;
  width: number;
  height: number;
  /** The scales of the plot that stands there. */
  scales?: Scales;
}

export type Cell = string | number;

/** The numbers behind a plot. */
export interface Table {
  caption: string;
  columns: string[];
  rows: Cell[][];
}

export interface ColourBar {
  title: string;
  scale: ColourScale;
  limits: [number, number];
}

/** A plot as a value: drawn by `Plot.svelte`, tested without a browser. */
export interface PlotSpec {
  traces: Trace[];
  layout: Partial<Layout>;
  /** Stands beside a heat map; as an element of the page, since Plotly draws all anew when a limit moves. */
  colourBar?: ColourBar;
  /** Scales to hold while the numbers fit them. */
  scales?: Scales;
  /** One sentence that says what the plot shows. */
  summary: string;
  /** What its words mean, for those who ask. */
  help?: string;
  /** A table that a person can read; made when asked for. */
  table: () => Table;
  /** What a point of the plot, by its coordinates, stands for in other plots. */
  point?: (x: number, y: number) => Pointed | null;
  /** What to mark when something is pointed at in another plot. */
  marks?: (pointed: Pointed) => Mark[];
  /** All the numbers, where the readable table is a digest of them. */
  data?: () => Table;
}

/** The largest table that is put on the page; a saved file holds all of it. */
export const tableRows = 200;

export function toCsv(table: Table): string {
  const quote = (cell: Cell) => {
    const text = String(cell);
    return /[",\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
  };
  return [table.columns, ...table.rows].map((row) => row.map(quote).join(",") + "\n").join("");
}

export function finiteExtent(values: Iterable<number>): [number, number] | null {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : null;
}

/** Moves labels apart so that neighbours are at least `gap` away, keeping their order and being as near to their places as they can. */
export function spread(places: number[], gap: number, low: number, high: number): number[] {
  const order = places.map((_, index) => index).sort((a, b) => (places[a] ?? 0) - (places[b] ?? 0));
  const last = high - gap * (places.length - 1);
  const result = [...places];
  rising(order.map((index, rank) => (places[index] ?? 0) - gap * rank)).forEach((place, rank) => {
    result[order[rank] ?? 0] = Math.min(Math.max(place, low), last) + gap * rank;
  });
  return result;
}

/** The list that never falls and is nearest to the given one: neighbours that would fall are averaged. */
export function rising(values: number[]): number[] {
  const groups: { sum: number; count: number }[] = [];
  const mean = ({ sum, count }: { sum: number; count: number }) => sum / count;
  for (const value of values) {
    let group = { sum: value, count: 1 };
    for (let last = groups.at(-1); last && mean(last) > mean(group); last = groups.at(-1)) {
      group = { sum: group.sum + last.sum, count: group.count + last.count };
      groups.pop();
    }
    groups.push(group);
  }
  return groups.flatMap((group) => Array<number>(group.count).fill(mean(group)));
}
