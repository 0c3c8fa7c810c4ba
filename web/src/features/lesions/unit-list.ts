/** Numbers of units as people write them: "3, 7–9". */

export type UnitList = { units: number[] } | { problem: string };

const range = /^(\d+)(?:–(\d+))?$/;

/** The units of a text, each once and in order; or what is wrong with it, in a sentence. */
export function parseUnits(text: string, N_rec: number): UnitList {
  const allowed = `units are numbered from 0 to ${N_rec - 1}`;
  const units = new Set<number>();
  for (const written of text.replace(/\s*[-–−]\s*/g, "–").split(/[,;\s]+/)) {
    if (written === "") continue;
    const found = range.exec(written);
    if (!found)
      return { problem: `“${written}” is not a unit: write numbers and ranges, for example 3, 7–9.` };
    const first = Number(found[1]);
    const last = Number(found[2] ?? found[1]);
    if (last < first)
      return { problem: `${written} runs backwards: write the smaller number first, ${last}–${first}.` };
    if (last >= N_rec) return { problem: `There is no unit ${last}: ${allowed}.` };
    for (let unit = first; unit <= last; unit++) units.add(unit);
  }
  return { units: sorted(units) };
}

/** "3, 7–9" from 3, 7, 8, 9; runs of two stay apart. */
export function unitsText(units: number[]): string {
  return runs(units)
    .flatMap(([first, last]) =>
      last === first ? [String(first)] : last === first + 1 ? [`${first}`, `${last}`] : [`${first}–${last}`],
    )
    .join(", ");
}

/** The most parts that a sentence lists; longer lists are counted. */
const mostParts = 8;

/** "unit 3", "units 3, 7–9", or "23 units" where a list would be too long for a sentence. */
export function unitsInWords(units: number[]): string {
  const [only] = units;
  if (units.length === 1 && only !== undefined) return `unit ${only}`;
  return runs(units).length > mostParts ? `${units.length} units` : `units ${unitsText(units)}`;
}

/** Units in order, each once. */
export function sorted(units: Iterable<number>): number[] {
  return [...new Set(units)].sort((a, b) => a - b);
}

function runs(units: number[]): [number, number][] {
  const found: [number, number][] = [];
  for (const unit of sorted(units)) {
    const run = found.at(-1);
    if (run?.[1] === unit - 1) run[1] = unit;
    else found.push([unit, unit]);
  }
  return found;
}
