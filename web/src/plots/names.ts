/** Names in a row above the stretches that they are of, and numbers beside rows. Lengths are in pixels. */

import { rising, spread } from "./plot";

export interface NamedStretch {
  name: string;
  from: number;
  to: number;
}

/** The least space between two names. */
const gap = 8;

/** About the width of a name in letters of 12 pixels. */
export function widthOf(name: string): number {
  return [...name.matchAll(/./gu)].reduce(
    (sum, [letter]) => sum + (/[fijlrtI.\s-]/.test(letter) ? 4 : /[mw]/.test(letter) ? 10.5 : 7),
    0,
  );
}

const shortForms: [RegExp, string][] = [
  [/^stimulus/, "stim."],
  [/^fixation/, "fix."],
  [/^response/, "resp."],
  [/^decision/, "dec."],
  [/^inter-?trial.*/, "ITI"],
];

/** "stim. 1" */
export function shortName(name: string): string {
  return shortForms.reduce((short, [long, form]) => short.replace(long, form), name);
}

/** Where the middle of each name stands. Names are shortened, and then left out, where not all can touch their stretch. */
export function placedNames(stretches: NamedStretch[], width: number): { name: string; middle: number }[] {
  for (const form of [(name: string) => name, shortName]) {
    const placed = inARow(
      stretches.map((stretch) => ({ ...stretch, name: form(stretch.name) })),
      width,
    );
    if (placed) return placed;
  }
  const shortest = Math.min(...stretches.map(({ from, to }) => to - from));
  const least = stretches.findLastIndex(({ from, to }) => to - from <= shortest + 1e-6);
  return placedNames(stretches.toSpliced(least, 1), width);
}

/** The names side by side, each as near to the middle of its stretch as the others let it; null where one would not touch its own. */
function inARow(stretches: NamedStretch[], width: number): { name: string; middle: number }[] | null {
  const widths = stretches.map(({ name }) => widthOf(name));
  const before = widths.map((_, index) => widths.slice(0, index).reduce((sum, one) => sum + one + gap, 0));
  const total = (before.at(-1) ?? 0) + (widths.at(-1) ?? 0);
  if (total > width) return null;
  const wanted = stretches.map(
    ({ from, to }, index) => (from + to - (widths[index] ?? 0)) / 2 - (before[index] ?? 0),
  );
  const lefts = rising(wanted).map(
    (left, index) => Math.min(Math.max(left, 0), width - total) + (before[index] ?? 0),
  );
  const touches = stretches.every(({ from, to }, index) => {
    const left = lefts[index] ?? 0;
    return left <= to && left + (widths[index] ?? 0) >= from;
  });
  return touches
    ? stretches.map(({ name }, index) => ({ name, middle: (lefts[index] ?? 0) + (widths[index] ?? 0) / 2 }))
    : null;
}

/** Height of a number beside a row. */
export const numberHeight = 13;

/**
 * Where the numbers of rows stand beside a map of this height, by the middles of the rows from the top: apart from each other
 * and as near to their rows as they can. Of more than have room those are left out that would touch the one above.
 */
export function placedNumbers<Row extends { middle: number }>(
  rows: Row[],
  height: number,
): (Row & { at: number })[] {
  if (rows.length * numberHeight <= height) {
    const places = spread(
      rows.map(({ middle }) => middle),
      numberHeight,
      0,
      height,
    );
    return rows.map((row, index) => ({ ...row, at: places[index] ?? row.middle }));
  }
  let last = -Infinity;
  return rows.flatMap((row) => {
    if (row.middle - last < numberHeight) return [];
    last = row.middle;
    return [{ ...row, at: row.middle }];
  });
}
