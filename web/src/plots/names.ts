/** Names in a row above the stretches that they are of. Lengths are in pixels. */

import { rising } from "./plot";

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
