import type { Matrix } from "nullcline";
import { capitalised } from "../words";
import type { Cell } from "./plot";

/** What the rows or the columns of a variable stand for. */
export interface End {
  /** "none": there is one only, which has no number. */
  kind: "unit" | "input" | "output" | "unit or input" | "trial" | "none";
  role: "from" | "to" | "of";
  length: number;
  /** How many of them are units, where inputs follow. */
  units?: number;
  /** The number of the first: units count from 0, as everywhere; channels from 1, as in the plot of a trial. */
  first: 0 | 1;
}

export interface Ends {
  rows: End;
  columns: End;
}

/** Vectors as one row: the numbers stand in memory as they stood. */
export function asRow(matrix: Matrix): Matrix {
  return matrix.columns === 1 && matrix.rows > 1 ? { ...matrix, rows: 1, columns: matrix.rows } : matrix;
}

/** What the rows and columns of a variable stand for. Matrices are to × from, but for the gates of an LSTM. */
export function endsOf(name: string, { rows, columns }: { rows: number; columns: number }): Ends {
  const end = (kind: End["kind"], role: End["role"], length: number): End => ({
    kind: length === 1 && role === "of" ? "none" : kind,
    role,
    length,
    first: kind === "input" || kind === "output" || kind === "trial" ? 1 : 0,
  });
  if (/^W_[fico]$/.test(name))
    return {
      rows: { ...end("unit or input", "from", rows), units: columns },
      columns: end("unit", "to", columns),
    };
  if (name.startsWith("b_"))
    return {
      rows: end("none", "of", rows),
      columns: end(name === "b_out" ? "output" : "unit", "of", columns),
    };
  if (name.startsWith("init_"))
    return { rows: end("trial", "of", rows), columns: end("unit", "of", columns) };
  return {
    rows: end(name.endsWith("_out") ? "output" : "unit", "to", rows),
    columns: end(name.endsWith("_in") ? "input" : "unit", "from", columns),
  };
}

/** "From unit", for an axis. */
export function endTitle({ kind, role }: End): string {
  if (kind === "none") return "";
  if (kind === "unit or input") return "From unit, then input";
  return role === "of" ? capitalised(kind) : `${capitalised(role)} ${kind}`;
}

/** "unit 3"; of an LSTM's gate, whose rows are units and then inputs, "input 1". */
function endName(end: End, index: number, N_rec: number): string {
  if (end.kind === "none") return "";
  if (end.kind !== "unit or input") return `${end.kind} ${index + end.first}`;
  return index < N_rec ? `unit ${index}` : `input ${index - N_rec + 1}`;
}

/** "from unit 3 to unit 5", "unit 3" of a bias; `sender` is said of where it comes from, for example "excitatory". */
export function entryName(
  { rows, columns }: Ends,
  row: number,
  column: number,
  N_rec: number,
  sender = "",
): string {
  const [from, to] = rows.role === "from" ? [rows, columns] : [columns, rows];
  const name = (end: End) => endName(end, end === rows ? row : column, N_rec);
  if (from.role === "from") return `from ${name(from)}${sender && ` (${sender})`} to ${name(to)}`;
  return [name(columns), name(rows)].filter(Boolean).join(" of ");
}

/** The names of the rows down a table and of its columns, for a matrix written out. */
export function corner({ rows, columns }: Ends): Cell {
  return rows.role === "of" ? "" : `${rows.role} \\ ${columns.role}`;
}
