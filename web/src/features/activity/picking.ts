/** What a hand draws over a heat map of units, in terms of its rows, and how the rows chosen are marked. */

import type { Place } from "../../plots/pointing";

export interface Point {
  x: number;
  y: number;
}

/** A row of the map: its unit, and the pixel of its peak. */
export interface Row {
  unit: number;
  peak: Point;
}

export type Tool = "rectangle" | "lasso";

/** Shorter movements are clicks, in CSS pixels. */
const clickDistance = 4;

export function isClick(path: Point[]): boolean {
  const [first] = path;
  return !first || path.every(({ x, y }) => Math.hypot(x - first.x, y - first.y) < clickDistance);
}

/** The unit whose row a point is in; null beside all of them. */
export function rowAt(rows: Row[], { y }: Point, height: number): Row | null {
  return rows.find(({ peak }) => Math.abs(peak.y - y) <= height / 2) ?? null;
}

/** Units that a drawing takes: rows that a rectangle touches, or units whose peak lies inside a lasso. */
export function unitsIn(tool: Tool, path: Point[], rows: Row[], height: number): number[] {
  if (tool === "lasso") return rows.filter(({ peak }) => inside(peak, path)).map(({ unit }) => unit);
  const [from, to] = [path[0]?.y ?? 0, path.at(-1)?.y ?? 0];
  const [top, bottom] = [Math.min(from, to), Math.max(from, to)];
  return rows
    .filter(({ peak: { y } }) => y + height / 2 > top && y - height / 2 < bottom)
    .map(({ unit }) => unit);
}

/** Whether a point lies inside a closed line, by how often a ray from it crosses that. */
export function inside({ x, y }: Point, line: Point[]): boolean {
  let within = false;
  line.forEach((to, index) => {
    const from = line[(index + line.length - 1) % line.length] ?? to;
    const crosses = from.y > y !== to.y > y;
    if (crosses && x < from.x + ((y - from.y) / (to.y - from.y)) * (to.x - from.x)) within = !within;
  });
  return within;
}

/** The row that an arrow key leads to; null for other keys. */
export function rowByKey(key: string, row: number, rows: number): number | null {
  const moves: { [key: string]: number } = {
    ArrowUp: row - 1,
    ArrowLeft: row - 1,
    ArrowDown: row + 1,
    ArrowRight: row + 1,
    PageUp: row - 10,
    PageDown: row + 10,
    Home: 0,
    End: rows - 1,
  };
  const next = moves[key];
  return next === undefined ? null : Math.min(rows - 1, Math.max(0, next));
}

/** First and last row of each run of neighbouring rows that are chosen, from the top. */
export function chosenRuns(rows: readonly { unit: number }[], chosen: readonly number[]): [number, number][] {
  const wanted = new Set(chosen);
  const runs: [number, number][] = [];
  rows.forEach(({ unit }, rank) => {
    if (!wanted.has(unit)) return;
    const last = runs.at(-1);
    if (last?.[1] === rank - 1) last[1] = rank;
    else runs.push([rank, rank]);
  });
  return runs;
}

/** Beside rows of the map and clear of it, so that no datum is covered; rows lower than this still have a mark to be seen. */
export function markBeside({ left, top, width, height }: Place): Place {
  const seen = Math.max(height, leastMark);
  return { left: left + width + 2, top: top - (seen - height) / 2, width: 5, height: seen };
}

/** In CSS pixels. */
const leastMark = 4;
