/** Numbers of units, inputs or rows as people write them: "3, 7–9". */

/** What the numbers are of. */
export interface Numbered {
  /** The number of the first one. */
  first: number;
  length: number;
  /** For example "unit". */
  kind: string;
}

const range = /^(\d+)(?:–(\d+))?$/;

/** The places that a text means, counted from 0, each once and in order; or what is wrong with it, in a sentence. */
export function parseNumbers(text: string, numbered: Numbered): number[] | string {
  const { first, length, kind } = numbered;
  const last = first + length - 1;
  if (/^\s*all\s*$/i.test(text)) return Array.from({ length }, (_, place) => place);
  const places = new Set<number>();
  for (const written of text.replace(/\s*[-–—−:]\s*/g, "–").split(/[,;\s]+/)) {
    if (written === "") continue;
    const found = range.exec(written);
    if (!found)
      return `“${written}” is no number and no range; write for example “${example(numbered)}” or “all”.`;
    const ends = [Number(found[1]), Number(found[2] ?? found[1])];
    const wrong = ends.find((end) => end < first || end > last);
    if (wrong !== undefined) return `There is no ${kind} ${wrong}; ${kind}s go from ${first} to ${last}.`;
    // A range that runs backwards means the same.
    for (let number = Math.min(...ends); number <= Math.max(...ends); number++) places.add(number - first);
  }
  return sorted(places);
}

/** The same where nothing would be too little. */
export function parseSomeNumbers(text: string, numbered: Numbered): number[] | string {
  const places = parseNumbers(text, numbered);
  return places.length > 0
    ? places
    : `Choose at least one ${numbered.kind}, for example “${example(numbered)}” or “all”.`;
}

function example({ first, length }: Numbered): string {
  return length === 1 ? String(first) : `${first}–${first + Math.min(length - 1, 4)}`;
}

/** "3, 7–9" from the places 3, 7, 8, 9, where the first one has the number `first`; runs of two stay apart. */
export function numbersText(places: number[], first = 0): string {
  return runsOf(places)
    .map(([from, to]) => {
      const between = to === from + 1 ? ", " : "–";
      return from === to ? `${from + first}` : `${from + first}${between}${to + first}`;
    })
    .join(", ");
}

/** Neighbouring places as their first and last, in order. */
export function runsOf(places: number[]): [number, number][] {
  const runs: [number, number][] = [];
  for (const place of sorted(places)) {
    const run = runs.at(-1);
    if (run?.[1] === place - 1) run[1] = place;
    else runs.push([place, place]);
  }
  return runs;
}

/** The most parts that a sentence lists; longer lists are counted. */
const mostParts = 8;

/** "unit 3", "units 3, 7–9", or "23 units" where a list would be too long for a sentence. */
export function unitsInWords(units: number[]): string {
  const [only] = units;
  if (units.length === 1 && only !== undefined) return `unit ${only}`;
  return runsOf(units).length > mostParts ? `${units.length} units` : `units ${numbersText(units)}`;
}

/** Numbers in order, each once. */
export function sorted(numbers: Iterable<number>): number[] {
  return [...new Set(numbers)].sort((a, b) => a - b);
}
