import type { Json, Matrix } from "nullcline";
import { isObject } from "../../../json";
import { type Path } from "../../../document/schema";

/** Matrices as the document writes them, and what each of them is about. */

/** What a matrix field is about. */
export interface About {
  /** The weights that it belongs to, for example "W_rec". */
  variable: string;
  /** Which connections exist, which weights never move, or numbers in their own right. */
  role: "connectivity" | "fixed" | "numbers";
  /** Its size; null where it is not known. */
  size: Size | null;
}

export interface Size {
  rows: number;
  columns: number;
  /** Written as one list of numbers rather than as rows. */
  list: boolean;
}

export interface Sizes {
  N_in: number;
  N_rec: number;
  N_out: number;
}

const variables: { [name: string]: string } = {
  input_connectivity: "W_in",
  rec_connectivity: "W_rec",
  output_connectivity: "W_out",
};

/** The last name in a path. */
function nameOf(path: Path): string {
  return String(path.at(-1) ?? "");
}

/** What the matrix field at a path is about; sizes that the document does not say are those of the network that is there. */
export function aboutMatrix(
  path: Path,
  document: Json,
  sizes: Sizes | null,
  weights: { [name: string]: { rows: number; columns: number } },
): About {
  const name = nameOf(path);
  const variable = variables[name] ?? name;
  const role =
    name in variables || name === "connected"
      ? "connectivity"
      : path.includes("fixed_weights")
        ? "fixed"
        : "numbers";
  return { variable, role, size: sizeOf(variable, path, document, sizes, weights) };
}

function sizeOf(
  variable: string,
  path: Path,
  document: Json,
  sizes: Sizes | null,
  weights: { [name: string]: { rows: number; columns: number } },
): Size | null {
  if (variable === "connected") {
    const modules = valueAt(document, [...path.slice(0, -1), "sizes"]);
    return Array.isArray(modules) ? { rows: modules.length, columns: modules.length, list: false } : null;
  }
  if (sizes) {
    const { N_in, N_rec, N_out } = sizes;
    const list = (columns: number) => ({ rows: 1, columns, list: true });
    const known: { [name: string]: Size } = {
      W_in: { rows: N_rec, columns: N_in, list: false },
      W_rec: { rows: N_rec, columns: N_rec, list: false },
      W_out: { rows: N_out, columns: N_rec, list: false },
      b_rec: list(N_rec),
      b_out: list(N_out),
      init_state: list(N_rec),
      Dale_rec: list(N_rec),
      Dale_out: list(N_rec),
    };
    const found = known[variable];
    if (found) return found;
  }
  const weight = weights[variable];
  if (!weight) return null;
  const list = weight.rows === 1 || (weight.columns === 1 && variable.startsWith("b_"));
  return list
    ? { rows: 1, columns: weight.rows * weight.columns, list }
    : { rows: weight.rows, columns: weight.columns, list };
}

export function valueAt(document: Json, path: Path): Json | undefined {
  let value: Json | undefined = document;
  for (const part of path) {
    if (Array.isArray(value)) value = value[Number(part)];
    else if (isObject(value)) value = value[part];
    else return undefined;
  }
  return value;
}

/** A written matrix as numbers; a list is one row. Null where it is no matrix of numbers. */
export function readMatrix(value: Json | undefined): Matrix | null {
  if (!Array.isArray(value) || value.length === 0) return null;
  const rows = value.every(Array.isArray) ? (value as Json[][]) : [value];
  const columns = rows[0]?.length ?? 0;
  if (columns === 0 || rows.some((row) => row.length !== columns)) return null;
  const data = new Float32Array(rows.length * columns);
  for (const [to, row] of rows.entries()) {
    for (const [from, number] of row.entries()) {
      if (typeof number !== "number") return null;
      data[to * columns + from] = number;
    }
  }
  return { rows: rows.length, columns, data };
}

/** The matrix as the document writes it. */
export function writeMatrix({ rows, columns, data }: Matrix, list: boolean): Json[] {
  const row = (to: number) => Array.from(data.subarray(to * columns, (to + 1) * columns), shortest);
  return list && rows === 1 ? row(0) : Array.from({ length: rows }, (_, to) => row(to));
}

/** The shortest number that is this one in single precision: 0.1 rather than 0.10000000149011612. */
function shortest(value: number): number {
  if (Number.isInteger(value)) return value;
  for (const digits of [6, 7, 8]) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return Number(value.toPrecision(9));
}

export function filled({ rows, columns }: { rows: number; columns: number }, value: number): Matrix {
  return { rows, columns, data: new Float32Array(rows * columns).fill(value) };
}

/** "50 × 2", or "50 values" of a list. */
export function sizeText({ rows, columns, list }: Size): string {
  return list ? `${columns} values` : `${rows} × ${columns}`;
}

/** A first pattern of a kind that suits the size; null where the description's own start will do. */
export function firstPattern(pattern: Json | undefined, size: Size | null): { [name: string]: Json } | null {
  if (!size || typeof pattern !== "string") return null;
  const { rows, columns } = size;
  const halves = (count: number) => Math.max(1, Math.floor(count / 2));
  switch (pattern) {
    case "modules": {
      const first = halves(rows);
      return first < rows
        ? { pattern, sizes: [first, rows - first], connected: [[1, 0], [0, 1]] } // prettier-ignore
        : { pattern, sizes: [rows], connected: [[1]] };
    }
    case "rows":
      return { pattern, from: 0, to: halves(rows) };
    case "columns":
      return { pattern, from: 0, to: halves(columns) };
    case "block":
      return { pattern, row_from: 0, row_to: halves(rows), column_from: 0, column_to: halves(columns) };
    default:
      return null;
  }
}

/** The sizes that the draft asks for, as far as it can be told while something in it is wrong. */
export function sizesOf(draft: Json, shape: Sizes | null): Sizes | null {
  if (!shape) return null;
  const N_rec = valueAt(draft, ["network", "N_rec"]);
  const isCount = typeof N_rec === "number" && Number.isInteger(N_rec) && N_rec > 0 && N_rec <= 4096;
  return { N_in: shape.N_in, N_out: shape.N_out, N_rec: isCount ? N_rec : shape.N_rec };
}

/** The numbers beside an axis of so many cells in so many pixels, each at the middle of its cell, at least `apart` from the next. */
export function ticksOf(cells: number, pixels: number, apart: number): { at: number; place: number }[] {
  const cell = pixels / cells;
  const step = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].find((one) => one * cell >= apart);
  if (step === undefined) return [];
  return Array.from({ length: Math.ceil(cells / step) }, (_, index) => ({
    at: index * step,
    place: (index * step + 0.5) * cell,
  }));
}
