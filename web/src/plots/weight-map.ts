import type { Matrix } from "nullcline";
import { coloursOf } from "./colour-bar";
import { diverging } from "./colour";
import { aboutZero, held } from "./ranges";
import { shrink } from "./shrink";
import { axis, baseLayout } from "./layout";
import { count, percent, significant } from "./numbers";
import type { Cell, PlotContext, PlotSpec, Trace } from "./plot";

export interface WeightData {
  /** For example "W_rec". */
  name: string;
  before: Matrix;
  now: Matrix;
  /** Which of the two is drawn; the colour limits are those of both. */
  view: "before" | "now";
}

/** One matrix of weights as a heat map, red above zero and blue below, white at zero. */
export function weightMap({ name, before, now, view }: WeightData, context: PlotContext): PlotSpec {
  const matrix = view === "before" ? before : now;
  const size = Math.max(largest(before), largest(now));
  const limits = held(context.scales?.[name], [-size, size], aboutZero);
  const rows = Array.from({ length: matrix.rows }, (_, to) =>
    matrix.data.subarray(to * matrix.columns, (to + 1) * matrix.columns),
  );
  const margin = { l: 52, r: 64, t: 24, b: 40 };
  const area = { width: context.width - margin.l - margin.r, height: context.height - margin.t - margin.b };
  // Square cells for square matrices; the colour bar stays beside them.
  const side = Math.max(1, Math.min(area.width, area.height));
  const square = matrix.rows === matrix.columns && area.width > 0 && area.height > 0;
  const across = square ? centred(side / area.width) : ([0, 1] as [number, number]);
  const down = square ? centred(side / area.height) : ([0, 1] as [number, number]);
  const { rows: cells, rowsPerCell, columnsPerCell } = shrink(rows, 300, 300);
  const colourBar = { title: "Weight", scale: diverging, limits };
  const trace = {
    type: "heatmap",
    x0: (columnsPerCell - 1) / 2,
    dx: columnsPerCell,
    y0: (rowsPerCell - 1) / 2,
    dy: rowsPerCell,
    z: cells,
    ...coloursOf(colourBar, context, across[1]),
    hovertemplate: "from %{x} to %{y}: %{z:.3g}<extra></extra>",
  };
  const [from, to] = ends(name);
  return {
    traces: [trace as unknown as Trace],
    layout: {
      ...baseLayout(context, margin),
      xaxis: axis(context, from, {
        range: [-0.5, matrix.columns - 0.5],
        showline: false,
        ...(matrix.columns <= 8 ? { dtick: 1 } : {}),
        domain: across,
      }),
      yaxis: axis(context, to, {
        range: [matrix.rows - 0.5, -0.5],
        showline: false,
        ...(matrix.rows <= 8 ? { dtick: 1 } : {}),
        domain: down,
      }),
    },
    colourBar,
    scales: { [name]: limits },
    point: (x, y) => ({
      units: [
        ...new Set([
          ...(to === "To unit" ? [Math.round(y)] : []),
          ...(from === "From unit" ? [Math.round(x)] : []),
        ]),
      ],
      time: null,
    }),
    marks: ({ units }) =>
      units.flatMap((unit) => [
        ...(to === "To unit" ? [{ axis: "y" as const, from: unit - 0.5, to: unit + 0.5 }] : []),
        ...(from === "From unit" ? [{ axis: "x" as const, from: unit - 0.5, to: unit + 0.5 }] : []),
      ]),
    summary:
      weightSummary(name, before, matrix, view) +
      (cells === rows ? "" : ` A cell is the mean of ${rowsPerCell} × ${columnsPerCell} weights.`),
    table: () => ({
      caption: `${name} ${view}: incoming weights of each row`,
      columns: ["to", "smallest", "mean", "largest", "above zero", "below zero"],
      rows: rows.map((row, index): Cell[] => [
        index,
        significant(Math.min(...row)),
        significant(row.reduce((sum, weight) => sum + weight, 0) / row.length),
        significant(Math.max(...row)),
        row.filter((weight) => weight > 0).length,
        row.filter((weight) => weight < 0).length,
      ]),
    }),
    data: () => ({
      caption: name,
      columns: ["to \\ from", ...Array.from({ length: matrix.columns }, (_, column) => String(column))],
      rows: rows.map((row, index): Cell[] => [index, ...row]),
    }),
  };
}

function centred(share: number): [number, number] {
  return [(1 - share) / 2, (1 + share) / 2];
}

/** What the columns and rows of a matrix stand for; matrices are to × from. */
function ends(name: string): [string, string] {
  if (name.endsWith("_in")) return ["From input", "To unit"];
  if (name.endsWith("_out")) return ["From unit", "To output"];
  return ["From unit", "To unit"];
}

function largest(matrix: Matrix): number {
  let size = 0;
  for (const weight of matrix.data) if (Math.abs(weight) > size) size = Math.abs(weight);
  return size;
}

/** Size of the change between two matrices, as a share of the size of the first (Frobenius norms). */
export function relativeChange(before: Matrix, now: Matrix): number {
  let change = 0;
  let size = 0;
  before.data.forEach((weight, index) => {
    change += ((now.data[index] ?? 0) - weight) ** 2;
    size += weight ** 2;
  });
  return Math.sqrt(change / size);
}

function weightSummary(name: string, before: Matrix, matrix: Matrix, view: "before" | "now"): string {
  let low = Infinity;
  let high = -Infinity;
  for (const weight of matrix.data) {
    low = Math.min(low, weight);
    high = Math.max(high, weight);
  }
  const change = relativeChange(before, matrix);
  const changed =
    view === "now" && change > 0 && Number.isFinite(change)
      ? `, changed by ${percent(change)} of their norm since the start`
      : "";
  return `${count(matrix.rows)} × ${count(matrix.columns)} weights of ${name} ${view === "before" ? "before training" : "now"}, from ${significant(low)} to ${significant(high)}${changed}.`;
}
