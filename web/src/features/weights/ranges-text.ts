/** Numbers of units as a reader writes them: "0–4, 7". */

/** "0–4, 7" from the places 0 to 4 and 7, where the first has the number `first`. */
export function rangesText(places: number[], first: number): string {
  const parts: string[] = [];
  for (const [from, to] of runsOf(places))
    parts.push(from === to ? String(from + first) : `${from + first}–${to + first}`);
  return parts.join(", ");
}

/** Neighbouring places as their first and last. */
export function runsOf(places: number[]): [number, number][] {
  const runs: [number, number][] = [];
  for (const place of places) {
    const last = runs.at(-1);
    if (last && place === last[1] + 1) last[1] = place;
    else runs.push([place, place]);
  }
  return runs;
}

/** The places that a text means, ascending, or what is wrong with it. `what` is what they are of, for example "unit". */
export function parseRanges(
  text: string,
  { first, length, kind }: { first: number; length: number; kind: string },
): number[] | string {
  const last = length - 1 + first;
  const allowed = `${kind}s go from ${first} to ${last}`;
  if (/^\s*all\s*$/i.test(text)) return Array.from({ length }, (_, place) => place);
  const places = new Set<number>();
  for (const part of text.split(/[,;]|(?<=\d)\s+(?=\d)/)) {
    const found = /^\s*(\d+)\s*(?:[-–—−:]\s*(\d+)\s*)?$/.exec(part);
    if (!found)
      return part.trim() === ""
        ? `Choose at least one ${kind}, for example “${first}–${Math.min(last, first + 4)}” or “all”.`
        : `“${part.trim()}” is no number and no range; write for example “${first}–${Math.min(last, first + 4)}” or “all”.`;
    const from = Number(found[1]);
    const to = Number(found[2] ?? found[1]);
    const wrong = [from, to].find((number) => number < first || number > last);
    if (wrong !== undefined) return `There is no ${kind} ${wrong}; ${allowed}.`;
    for (let number = Math.min(from, to); number <= Math.max(from, to); number++) places.add(number - first);
  }
  return [...places].sort((a, b) => a - b);
}
