import type { Matrix } from "nullcline";

/** Painting on a matrix: every function gives a new one. */

export interface At {
  row: number;
  column: number;
}

export const brushes = [
  { value: "cell", text: "Cell" },
  { value: "square", text: "5 × 5" },
  { value: "row", text: "Row" },
  { value: "column", text: "Column" },
] as const;
export type Brush = (typeof brushes)[number]["value"];

export function valueOf(matrix: Matrix, { row, column }: At): number {
  return matrix.data[row * matrix.columns + column] ?? 0;
}

/** The cells from one place to another in a straight line, both ends with it: a quick hand leaves no holes. */
export function cellsBetween(from: At, to: At): At[] {
  const steps = Math.max(Math.abs(to.row - from.row), Math.abs(to.column - from.column), 1);
  return Array.from({ length: steps + 1 }, (_, step) => ({
    row: Math.round(from.row + ((to.row - from.row) * step) / steps),
    column: Math.round(from.column + ((to.column - from.column) * step) / steps),
  }));
}

/** The matrix with a value under the brush at each of these places. */
export function painted(matrix: Matrix, places: readonly At[], brush: Brush, value: number): Matrix {
  const { rows, columns } = matrix;
  const data = matrix.data.slice();
  for (const { row, column } of places) {
    const reach = brush === "square" ? 2 : 0;
    const top = brush === "column" ? 0 : Math.max(0, row - reach);
    const bottom = brush === "column" ? rows - 1 : Math.min(rows - 1, row + reach);
    const left = brush === "row" ? 0 : Math.max(0, column - reach);
    const right = brush === "row" ? columns - 1 : Math.min(columns - 1, column + reach);
    for (let to = top; to <= bottom; to++) data.fill(value, to * columns + left, to * columns + right + 1);
  }
  return { rows, columns, data };
}

export function inverted(matrix: Matrix): Matrix {
  return { ...matrix, data: matrix.data.map((value) => (value === 0 ? 1 : 0)) };
}

export function transposed({ rows, columns, data }: Matrix): Matrix {
  const turned = new Float32Array(data.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      turned[column * rows + row] = data[row * columns + column] ?? 0;
  return { rows: columns, columns: rows, data: turned };
}

const moves: { [key: string]: (at: At, last: At) => At } = {
  ArrowUp: ({ row, column }) => ({ row: row - 1, column }),
  ArrowDown: ({ row, column }) => ({ row: row + 1, column }),
  ArrowLeft: ({ row, column }) => ({ row, column: column - 1 }),
  ArrowRight: ({ row, column }) => ({ row, column: column + 1 }),
  PageUp: ({ row, column }) => ({ row: row - 10, column }),
  PageDown: ({ row, column }) => ({ row: row + 10, column }),
  Home: ({ row }) => ({ row, column: 0 }),
  End: ({ row }, last) => ({ row, column: last.column }),
};

/** Where a key takes the cursor; null where it is no key that moves. */
export function movedBy(key: string, at: At, matrix: Matrix): At | null {
  const last = { row: matrix.rows - 1, column: matrix.columns - 1 };
  const next = moves[key]?.(at, last);
  return next ? within(next, matrix) : null;
}

/** The place itself where it is in the matrix, the nearest one otherwise. */
export function within({ row, column }: At, { rows, columns }: { rows: number; columns: number }): At {
  return {
    row: Math.min(rows - 1, Math.max(0, row)),
    column: Math.min(columns - 1, Math.max(0, column)),
  };
}

/** Zeros and ones only. */
export function isMask({ data }: Matrix): boolean {
  return data.every((value) => value === 0 || value === 1);
}
