/** Fewer points for the same picture: what a screen cannot show need not be drawn. */

/**
 * Rows as arrays of numbers, block by block replaced by the means of what numbers they hold, and how many of each one
 * cell stands for.
 */
export interface Shrunk {
  rows: Float32Array[];
  rowsPerCell: number;
  columnsPerCell: number;
}

export function shrink(rows: Float32Array[], mostRows: number, mostColumns: number): Shrunk {
  const columns = rows[0]?.length ?? 0;
  const rowsPerCell = Math.max(1, Math.ceil(rows.length / mostRows));
  const columnsPerCell = Math.max(1, Math.ceil(columns / mostColumns));
  if (rowsPerCell === 1 && columnsPerCell === 1) return { rows, rowsPerCell, columnsPerCell };
  const across = Math.ceil(columns / columnsPerCell);
  const shrunk = Array.from({ length: Math.ceil(rows.length / rowsPerCell) }, (_, cellRow) => {
    const sums = new Float32Array(across);
    const counts = new Uint32Array(across);
    for (const row of rows.slice(cellRow * rowsPerCell, (cellRow + 1) * rowsPerCell)) {
      for (let column = 0; column < columns; column++) {
        const value = row[column] ?? NaN;
        if (!Number.isFinite(value)) continue;
        const cell = Math.floor(column / columnsPerCell);
        sums[cell] = (sums[cell] ?? 0) + value;
        counts[cell] = (counts[cell] ?? 0) + 1;
      }
    }
    // A block without any number has none.
    return sums.map((sum, cell) => sum / (counts[cell] ?? 0));
  });
  return { rows: shrunk, rowsPerCell, columnsPerCell };
}

/** Two points a pixel say all that a line can show there. */
export function mostPoints(width: number): number {
  return Math.max(200, 2 * Math.round(width));
}

/** A line with at most about `most` points that reaches as high and as low as the whole one everywhere. */
export function outline(x: number[], y: number[], most = 2000): { x: number[]; y: number[] } {
  if (y.length <= most) return { x, y };
  const bucket = Math.ceil((2 * y.length) / most);
  const kept: number[] = [];
  for (let from = 0; from < y.length; from += bucket) {
    // Where there is no number at all, one of the gaps is kept.
    let [low, high] = [from, from];
    for (let index = from; index < Math.min(from + bucket, y.length); index++) {
      const value = y[index] ?? NaN;
      if (!Number.isFinite(value)) continue;
      // Not "smaller than": every number is more than none.
      if (!(value >= (y[low] ?? NaN))) low = index;
      if (!(value <= (y[high] ?? NaN))) high = index;
    }
    kept.push(...(low === high ? [low] : low < high ? [low, high] : [high, low]));
  }
  return { x: kept.map((index) => x[index] ?? NaN), y: kept.map((index) => y[index] ?? NaN) };
}

/** Every so-manieth position, so that at most about `most` are left: for lines of straight pieces. */
export function every(length: number, most = 2000): number[] {
  const stride = Math.max(1, Math.ceil(length / most));
  return Array.from({ length: Math.ceil(length / stride) }, (_, index) => index * stride);
}
