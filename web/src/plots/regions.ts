/** A line about all cells of a grid that belong to a region, in cells from the upper left corner. */

export interface Segment {
  from: [number, number];
  to: [number, number];
}

/** The edges between cells inside and cells outside, straight ones in one piece; null where there are more than `most`. */
export function outlineOf(
  inside: (row: number, column: number) => boolean,
  rows: number,
  columns: number,
  most = Infinity,
): Segment[] | null {
  const within = (row: number, column: number) =>
    row >= 0 && row < rows && column >= 0 && column < columns && inside(row, column);
  const segments: Segment[] = [];
  const scan = (
    lines: number,
    length: number,
    edge: (line: number, at: number) => boolean,
    across: boolean,
  ) => {
    for (let line = 0; line <= lines && segments.length <= most; line++) {
      let start = -1;
      for (let at = 0; at <= length; at++) {
        const is = at < length && edge(line, at);
        if (is && start < 0) start = at;
        if (is || start < 0) continue;
        segments.push(
          across ? { from: [start, line], to: [at, line] } : { from: [line, start], to: [line, at] },
        );
        start = -1;
      }
    }
  };
  scan(rows, columns, (row, column) => within(row - 1, column) !== within(row, column), true);
  scan(columns, rows, (column, row) => within(row, column - 1) !== within(row, column), false);
  return segments.length > most ? null : segments;
}

/**
 * Oblique lines through the cells inside, each through neighbouring corners in one piece: one line in `every`, and one
 * through every cell that stands alone. Null where there are more than `most`.
 */
export function hatchingOf(
  inside: (row: number, column: number) => boolean,
  rows: number,
  columns: number,
  every = 1,
  most = Infinity,
): Segment[] | null {
  const within = (row: number, column: number) =>
    row >= 0 && row < rows && column >= 0 && column < columns && inside(row, column);
  const isAlone = (row: number, column: number) =>
    !within(row - 1, column) &&
    !within(row + 1, column) &&
    !within(row, column - 1) &&
    !within(row, column + 1);
  const segments: Segment[] = [];
  for (let diagonal = 0; diagonal <= rows + columns - 2; diagonal++) {
    let last: Segment | null = null;
    // From the lower left to the upper right.
    for (let row = Math.min(diagonal, rows - 1); row >= Math.max(0, diagonal - columns + 1); row--) {
      const column = diagonal - row;
      if (!within(row, column) || (diagonal % every !== 0 && !isAlone(row, column))) last = null;
      else if (last) last.to = [column + 1, row];
      else segments.push((last = { from: [column, row + 1], to: [column + 1, row] }));
    }
    if (segments.length > most) return null;
  }
  return segments;
}

/** Segments as a path, moved and in the numbers of an axis. */
export function segmentsPath(segments: Segment[], left = 0, top = 0): string {
  return segments
    .map(({ from, to }) => `M${left + from[0]},${top + from[1]}L${left + to[0]},${top + to[1]}`)
    .join("");
}
