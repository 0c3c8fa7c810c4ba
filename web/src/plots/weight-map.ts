import type { Shape } from "plotly.js";
import type { Matrix, VariableConstraint } from "nullcline";
import { unitsInWords } from "../number-list";
import { coloursOf } from "./colour-bar";
import { diverging } from "./colour";
import { asRow, corner, endsOf, endTitle, type End, type Ends } from "./ends";
import { aboutZero, held } from "./ranges";
import { hatchingOf, outlineOf, segmentsPath } from "./regions";
import { shrink } from "./shrink";
import { axis, baseLayout } from "./layout";
import { count, fromTo, percent, plural, significant } from "./numbers";
import type { Cell, PlotContext, PlotSpec, Trace } from "./plot";
import type { PlotTheme } from "./theme";

export type WeightsShown = "before" | "now" | "change";

export interface WeightData {
  /** For example "W_rec". */
  name: string;
  before: Matrix;
  now: Matrix;
  /** Which is drawn; the colour limits are those of both matrices, or of the change alone. */
  view: WeightsShown;
  /** What training changes, rather than what acts. */
  raw?: boolean;
  /** What "before" is before; training, unless said otherwise. */
  since?: "training" | "the edit";
  /** What holds for these weights; its marks are drawn. */
  constraint?: VariableConstraint | null;
  /** The sign of what each unit sends, under Dale's law: units are then ordered, excitatory ones first. */
  unitSigns?: Float32Array | null;
  /** Connections of a lesion, 0 where one is cut; these are hatched. Null where none is. */
  cut?: Float32Array | null;
  /** Units that a lesion silences; all that they send is hatched as well. */
  silent?: number[];
  /** When the lesion does so; throughout the trial without. */
  window?: [number, number] | null;
}

/** The largest matrix that is drawn weight by weight. */
const mostCells = 300;

/** An outline of more pieces would hide what it surrounds. */
const mostPieces = 4000;

/** How a matrix is laid out: what its ends are, and which row and column stands where. */
export interface Arrangement {
  ends: Ends;
  rows: number[];
  columns: number[];
}

export function arrangementOf(
  name: string,
  matrix: { rows: number; columns: number },
  unitSigns: Float32Array | null = null,
): Arrangement {
  const ends = endsOf(name, matrix);
  return { ends, rows: orderOf(ends.rows, unitSigns), columns: orderOf(ends.columns, unitSigns) };
}

/** Units that excite before units that inhibit, and else in the order of their numbers. */
function orderOf(end: End, unitSigns: Float32Array | null): number[] {
  const indices = Array.from({ length: end.length }, (_, index) => index);
  const signs = signsAlong(end, unitSigns);
  return signs
    ? indices.sort((a, b) => Math.sign(signs[b] ?? 0) - Math.sign(signs[a] ?? 0) || a - b)
    : indices;
}

function signsAlong(end: End, unitSigns: Float32Array | null): Float32Array | null {
  return end.kind === "unit" && unitSigns?.length === end.length ? unitSigns : null;
}

/** Whether there is no connection, by a mask or because Dale's law leaves the column none. */
export function isMasked(
  constraint: VariableConstraint | null | undefined,
  columns: number,
  index: number,
): boolean {
  return constraint?.connectivity?.[index] === 0 || constraint?.signs?.[index % columns] === 0;
}

/** Whether training holds a weight, wholly or in part, that is a connection. */
export function isHeld(
  constraint: VariableConstraint | null | undefined,
  columns: number,
  index: number,
): boolean {
  return (constraint?.fixed?.[index] ?? 0) > 0 && !isMasked(constraint, columns, index);
}

/** Which weights are no connections, and which of the others training holds; null where there are none such. */
interface Marked {
  masked: Uint8Array | null;
  held: Uint8Array | null;
  maskedCount: number;
  heldCount: number;
}

const markedBy = new WeakMap<VariableConstraint, Marked>();

/** The marks of a constraint, which are found once: the weights change more often than what holds for them. */
function markedOf(constraint: VariableConstraint | null | undefined, { columns, data }: Matrix): Marked {
  const none = { masked: null, held: null, maskedCount: 0, heldCount: 0 };
  if (!constraint) return none;
  const known = markedBy.get(constraint);
  if (known) return known;
  const marks = (is: typeof isMasked) =>
    Uint8Array.from({ length: data.length }, (_, index) => Number(is(constraint, columns, index)));
  const masked = marks(isMasked);
  const held = marks(isHeld);
  const sum = (values: Uint8Array) => values.reduce((total, value) => total + value, 0);
  const [maskedCount, heldCount] = [sum(masked), sum(held)];
  const found = {
    masked: maskedCount > 0 ? masked : null,
    held: heldCount > 0 ? held : null,
    maskedCount,
    heldCount,
  };
  markedBy.set(constraint, found);
  return found;
}

/** The weights, or their change; NaN where there is no connection. */
function valuesOf({ before, now, view }: WeightData, { masked }: Marked): Float32Array {
  const { data } = view === "before" ? before : now;
  if (!masked && view !== "change") return data;
  const values = data.slice();
  for (let index = 0; index < values.length; index++) {
    if (view === "change") values[index] = (data[index] ?? 0) - (before.data[index] ?? 0);
    if (masked?.[index]) values[index] = NaN;
  }
  return values;
}

/** One matrix of weights as a heat map, red above zero and blue below, white at zero, grey where there is no connection. */
export function weightMap(given: WeightData, context: PlotContext): PlotSpec {
  const data = { ...given, before: asRow(given.before), now: asRow(given.now) };
  const { name, before, now, view, raw = false, constraint, unitSigns = null } = data;
  const arrangement = arrangementOf(name, now, unitSigns);
  const { ends } = arrangement;
  const marked = markedOf(constraint, now);
  const values = valuesOf(data, marked);
  const natural = rowsOf(values, now.columns);
  const isOrdered = arrangement.columns.every((column, at) => column === at);
  const rows = arrangement.rows.map((row) => {
    const whole = natural[row] ?? new Float32Array();
    return isOrdered ? whole : Float32Array.from(arrangement.columns, (column) => whole[column] ?? NaN);
  });
  const size = view === "change" ? largest(values) : Math.max(largest(before.data), largest(now.data));
  const scaleName = `${name}${view === "change" ? " change" : ""}${raw ? " raw" : ""}`;
  const limits = held(context.scales?.[scaleName], [-size, size], aboutZero);

  const { units } = ends.rows;
  const margin = { l: units === undefined ? 52 : 84, r: 64, t: 24, b: 40 };
  const area = { width: context.width - margin.l - margin.r, height: context.height - margin.t - margin.b };
  const [across, down] = domains(now, area);
  const { rows: cells, rowsPerCell, columnsPerCell } = shrink(rows, mostCells, mostCells);
  const colourBar = { title: view === "change" ? "Change" : "Weight", scale: diverging, limits };
  const trace = {
    type: "heatmap",
    x0: ends.columns.first + (columnsPerCell - 1) / 2,
    dx: columnsPerCell,
    y0: ends.rows.first + (rowsPerCell - 1) / 2,
    dy: rowsPerCell,
    z: cells,
    ...coloursOf(colourBar, context, across[1]),
    hoverongaps: false,
    hovertemplate: "from %{x} to %{y}: %{z:.3g}<extra></extra>",
  };
  const outline = heldOutline(marked, now, arrangement, cells === rows);
  const cellSize = Math.min(
    (area.height * (down[1] - down[0])) / now.rows,
    (area.width * (across[1] - across[0])) / now.columns,
  );
  const taken = takenOf(data, marked, ends);
  const hatching = taken && takenHatching(taken, now, arrangement, cells === rows, cellSize);
  const shapes = [
    ...signEdges(ends, unitSigns, across, down, area, context.theme),
    ...(units === undefined ? [] : [{ ...heldShape, path: inputsEdge(units, now.columns) }]),
    ...(outline?.path ? [{ ...heldShape, path: outline.path }] : []),
    ...(hatching ? hatchShapes.map((shape) => ({ ...shape, path: hatching })) : []),
  ];
  return {
    traces: [trace as unknown as Trace],
    layout: {
      ...baseLayout(context, margin),
      ...(marked.masked ? { plot_bgcolor: noConnection } : {}),
      xaxis: endAxis(ends.columns, arrangement.columns, across, [-0.5, now.columns - 0.5], context),
      yaxis: endAxis(ends.rows, arrangement.rows, down, [now.rows - 0.5, -0.5], context),
      ...(shapes.length > 0 ? { shapes } : {}),
    },
    colourBar,
    scales: { [scaleName]: limits },
    ...pointing(arrangement),
    summary: [
      weightSummary(data, values),
      ...signWords(ends, unitSigns),
      ...markWords(marked, outline?.hidden ?? false),
      ...(taken ? [takenSentence(taken, data, hatching !== "")] : []),
      ...(cells === rows ? [] : [`A cell is the mean of ${rowsPerCell} × ${columnsPerCell} weights.`]),
    ].join(" "),
    table: () => ({
      caption: `${name} ${viewWords[view]}: ${ends.rows.role === "from" ? "outgoing weights of" : "incoming weights of"} each row`,
      columns: [
        ends.rows.role === "from" ? "from" : "to",
        "smallest",
        "mean",
        "largest",
        "above zero",
        "below zero",
      ],
      rows: natural.map((row, index): Cell[] => rowDigest(row, index + ends.rows.first)),
    }),
    data: () => ({
      caption: name,
      columns: [
        corner(ends),
        ...Array.from({ length: now.columns }, (_, column) => String(column + ends.columns.first)),
      ].map(String),
      rows: natural.map((row, index): Cell[] => [
        index + ends.rows.first,
        ...[...row].map((value) => (Number.isNaN(value) ? "" : value)),
      ]),
    }),
  };
}

/** Where there is no connection: neither white, which is zero, nor any colour. */
const noConnection = "#9aa2ab";

const heldShape: Partial<Shape> = {
  type: "path",
  xref: "x",
  yref: "y",
  line: { width: 1.5, color: "#17212c" },
};

/** Dark on a light edge, so that the hatching of what a lesion cuts is seen on any colour. */
const hatchShapes: Partial<Shape>[] = [
  { ...heldShape, line: { width: 2.5, color: "rgba(255, 255, 255, 0.6)" } },
  { ...heldShape, line: { width: 1, color: "#17212c" } },
];

/** Lines of a hatching lie at least so far apart, in CSS pixels. */
const hatchGap = 8;

const viewWords = { before: "before", now: "now", change: "change" } as const;

function rowsOf(values: Float32Array, columns: number): Float32Array[] {
  return Array.from({ length: values.length / Math.max(1, columns) }, (_, row) =>
    values.subarray(row * columns, (row + 1) * columns),
  );
}

/** Square cells for square matrices, a strip for a vector; the colour bar stays beside them. */
function domains(
  matrix: Matrix,
  area: { width: number; height: number },
): [[number, number], [number, number]] {
  const whole: [number, number] = [0, 1];
  if (area.width <= 0 || area.height <= 0) return [whole, whole];
  if (matrix.rows === 1) return [whole, centred(Math.min(1, 48 / area.height))];
  if (matrix.rows !== matrix.columns) return [whole, whole];
  const side = Math.max(1, Math.min(area.width, area.height));
  return [centred(side / area.width), centred(side / area.height)];
}

function centred(share: number): [number, number] {
  return [(1 - share) / 2, (1 + share) / 2];
}

/** An axis of whole numbers; of units in another order than that of their numbers, the numbers that stand there. */
function endAxis(
  end: End,
  order: number[],
  domain: [number, number],
  [from, to]: [number, number],
  context: PlotContext,
) {
  const jump = Math.max(1, Math.ceil(order.length / 8));
  const places = order.flatMap((index, at) => (index !== at && at % jump === 0 ? [at] : []));
  const reordered = order.some((index, at) => index !== at);
  const every = order.flatMap((_, at) => (at % jump === 0 ? [at] : []));
  return axis(context, endTitle(end), {
    range: [from + end.first, to + end.first],
    showline: false,
    domain,
    ...(end.length <= 8 ? { dtick: 1 } : {}),
    ...(end.kind === "none" ? { showticklabels: false, ticks: "" as const } : {}),
    ...(reordered && places.length > 0
      ? { tickvals: every, ticktext: every.map((at) => String(order[at] ?? at)) }
      : {}),
    ...(end.units === undefined ? {} : inputTicks(end.units, end.length, every, jump)),
  });
}

/** A line between a gate's rows of units and those of inputs. */
function inputsEdge(units: number, columns: number): string {
  return segmentsPath([{ from: [0, units], to: [columns, units] }], -0.5, -0.5);
}

/** Numbers at the units of a gate, and the name of the inputs that follow them at their middle. */
function inputTicks(units: number, length: number, every: number[], jump: number) {
  const middle = (units + length - 1) / 2;
  const kept = every.filter((at) => at < units && middle - at >= jump / 2);
  const name = length - units === 1 ? "input 1" : `inputs 1–${length - units}`;
  return { tickvals: [...kept, middle], ticktext: [...kept.map(String), name] };
}

/** A strip above the columns and one beside the rows, where these are units under Dale's law, in the two colours. */
function signEdges(
  ends: Ends,
  unitSigns: Float32Array | null,
  across: [number, number],
  down: [number, number],
  area: { width: number; height: number },
  theme: PlotTheme,
): Partial<Shape>[] {
  const [near, far] = [2, 6];
  const strip = (end: End, along: "x" | "y", beyond: [number, number]): Partial<Shape>[] => {
    const signs = signsAlong(end, unitSigns);
    if (!signs) return [];
    const excitatory = signs.filter((sign) => sign > 0).length;
    const runs: [number, number, string][] = [
      [0, excitatory, theme.excitatory],
      [excitatory, signs.length, theme.inhibitory],
    ];
    return runs
      .filter(([from, to]) => to > from)
      .map(([from, to, fillcolor]) => ({
        type: "rect",
        xref: along === "x" ? "x" : "paper",
        yref: along === "y" ? "y" : "paper",
        [`${along}0`]: from - 0.5,
        [`${along}1`]: to - 0.5,
        [along === "x" ? "y0" : "x0"]: beyond[0],
        [along === "x" ? "y1" : "x1"]: beyond[1],
        line: { width: 0 },
        fillcolor,
      }));
  };
  return [
    ...strip(ends.columns, "x", [down[1] + near / area.height, down[1] + far / area.height]),
    ...strip(ends.rows, "y", [across[1] + near / area.width, across[1] + far / area.width]),
  ];
}

/** A line about the weights that training holds; `hidden` where it would be too fine to be seen. */
function heldOutline(
  { held }: Marked,
  { rows, columns }: Matrix,
  arrangement: Arrangement,
  isWhole: boolean,
): { path: string; hidden: boolean } | null {
  if (!held) return null;
  const { ends } = arrangement;
  const at = (row: number, column: number) =>
    (arrangement.rows[row] ?? 0) * columns + (arrangement.columns[column] ?? 0);
  const segments = isWhole
    ? outlineOf((row, column) => held[at(row, column)] === 1, rows, columns, mostPieces)
    : null;
  if (!segments) return { path: "", hidden: true };
  return { path: segmentsPath(segments, ends.columns.first - 0.5, ends.rows.first - 0.5), hidden: false };
}

/** What a lesion takes of the connections of a matrix. */
interface Taken {
  is: Uint8Array;
  /** Connections from silent units, and others that are cut. */
  silenced: number;
  cut: number;
}

/** The unit that a weight comes from; of biases and the like there is none. */
export function senderOf({ rows, columns }: Ends, index: number): number | null {
  if (rows.role === "from") return Math.floor(index / columns.length);
  return columns.role === "from" && columns.kind === "unit" ? index % columns.length : null;
}

function takenOf({ cut, silent = [], now }: WeightData, { masked }: Marked, ends: Ends): Taken | null {
  if (!cut && silent.length === 0) return null;
  const quiet = new Set<number | null>(silent);
  const taken: Taken = { is: new Uint8Array(now.data.length), silenced: 0, cut: 0 };
  for (let index = 0; index < now.data.length; index++) {
    const isSilenced = !masked?.[index] && quiet.has(senderOf(ends, index));
    const isCut = !masked?.[index] && !isSilenced && cut?.[index] === 0;
    taken.is[index] = Number(isSilenced || isCut);
    taken.silenced += Number(isSilenced);
    taken.cut += Number(isCut);
  }
  return taken.silenced + taken.cut > 0 ? taken : null;
}

/** An outline about what a lesion takes, and oblique lines through it; empty where these would be too fine to be seen. */
function takenHatching(
  { is }: Taken,
  now: Matrix,
  { ends, rows, columns }: Arrangement,
  isWhole: boolean,
  cellSize: number,
): string {
  const inside = (row: number, column: number) =>
    is[(rows[row] ?? 0) * now.columns + (columns[column] ?? 0)] === 1;
  const every = Math.max(1, Math.ceil(hatchGap / Math.max(1, cellSize)));
  const edges = isWhole ? outlineOf(inside, now.rows, now.columns, mostPieces) : null;
  const lines = edges && hatchingOf(inside, now.rows, now.columns, every, mostPieces);
  return lines ? segmentsPath([...edges, ...lines], ends.columns.first - 0.5, ends.rows.first - 0.5) : "";
}

/** Which units the pointer means, and which rows and columns are theirs. */
function pointing({ ends, rows, columns }: Arrangement): Pick<PlotSpec, "point" | "marks"> {
  const axes = [
    { name: "y" as const, end: ends.rows, order: rows },
    { name: "x" as const, end: ends.columns, order: columns },
  ].filter(({ end }) => end.kind === "unit");
  return {
    point: (x, y) => ({
      units: [...new Set(axes.flatMap(({ name, order }) => order[Math.round(name === "y" ? y : x)] ?? []))],
      time: null,
    }),
    marks: ({ units }) =>
      units.flatMap((unit) =>
        axes.flatMap(({ name, order }) => {
          const at = order.indexOf(unit);
          return at < 0 ? [] : [{ axis: name, from: at - 0.5, to: at + 0.5 }];
        }),
      ),
  };
}

function largest(values: Float32Array): number {
  let size = 0;
  for (const value of values) if (Math.abs(value) > size) size = Math.abs(value);
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

function rowDigest(row: Float32Array, number: number): Cell[] {
  const weights = row.filter((weight) => !Number.isNaN(weight));
  if (weights.length === 0) return [number, "–", "–", "–", 0, 0];
  return [
    number,
    significant(Math.min(...weights)),
    significant(weights.reduce((sum, weight) => sum + weight, 0) / weights.length),
    significant(Math.max(...weights)),
    weights.filter((weight) => weight > 0).length,
    weights.filter((weight) => weight < 0).length,
  ];
}

function weightSummary(
  { name, before, now, view, raw, since = "training" }: WeightData,
  values: Float32Array,
): string {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const change = relativeChange(before, now);
  const size = now.rows === 1 ? count(now.columns) : `${count(now.rows)} × ${count(now.columns)}`;
  const what = `${size} ${raw ? "raw " : ""}weights of ${name}`;
  const range = low <= high ? `, from ${significant(low)} to ${significant(high)}` : "";
  const start = since === "training" ? "the start" : "before the edit";
  const began = `all were 0 ${since === "training" ? "at the start" : start}`;
  const fromNothing = change === Infinity;
  const moved = change > 0;
  const amount = change < 100 ? `${percent(change)} of` : `${significant(change, 2)} times`;
  const share = `${amount} their norm since ${start}`;
  if (view === "change")
    return moved
      ? `Change of the ${what}${range}: ${fromNothing ? began : share}.`
      : `The ${what} are as they were ${since === "training" ? "at the start" : start}.`;
  const changed = view === "now" && moved ? `, ${fromNothing ? began : `changed by ${share}`}` : "";
  return `${what} ${view === "before" ? `before ${since}` : "now"}${range}${changed}.`;
}

function signWords(ends: Ends, unitSigns: Float32Array | null): string[] {
  const signs = signsAlong(ends.columns, unitSigns) ?? signsAlong(ends.rows, unitSigns);
  if (!signs) return [];
  const excitatory = signs.filter((sign) => sign > 0).length;
  return [
    `${count(excitatory)} excitatory units (red edge), then ${count(signs.length - excitatory)} inhibitory (blue edge).`,
  ];
}

function takenSentence(
  { silenced, cut }: Taken,
  { silent = [], window }: WeightData,
  isMarked: boolean,
): string {
  const parts = [
    ...(silenced > 0 ? [`${plural(silenced, "connection")} from silent ${unitsInWords(silent)}`] : []),
    ...(cut > 0 ? [`${plural(cut, "connection")} cut by the lesion`] : []),
  ];
  return `${isMarked ? "Hatched" : "Not marked, in too many places"}: ${parts.join(" and ")}${window ? `, ${fromTo(window)}` : ""}.`;
}

function markWords({ maskedCount, heldCount }: Marked, isOutlineHidden: boolean): string[] {
  const held = `${plural(heldCount, "weight")} that training holds`;
  return [
    ...(maskedCount > 0 ? [`Grey: no connection (${count(maskedCount)}).`] : []),
    ...(heldCount === 0
      ? []
      : isOutlineHidden
        ? [`Fixed: ${held}, in too many places to outline.`]
        : [`Outlined: ${held}.`]),
  ];
}
