/**
 * Ends of axes and of colour scales, rounded outwards and held: they stay where they are while the numbers move a little,
 * so that nothing jumps, and new numbers are drawn into axes that are there.
 */

/** Lowest and highest value of each axis or colour scale that follows its numbers. */
export type Scales = { [name: string]: [number, number] };

const limits = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];

/** The next round number that is not below a positive one. */
export function roundLimit(value: number): number {
  const decade = 10 ** Math.floor(Math.log10(value));
  const limit = limits.find((one) => one * decade >= value * (1 - 1e-9));
  return Number(((limit ?? 10) * decade).toPrecision(3));
}

/** Round values within a range, at most about so many. */
export function roundTicks([low, high]: [number, number], most = 5): number[] {
  const span = high - low;
  const decade = 10 ** Math.floor(Math.log10(span / most));
  const step = ([1, 2, 5, 10].find((one) => one * decade >= (span / most) * (1 - 1e-9)) ?? 10) * decade;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
}

/** A range with room beyond its ends, by default a little for the lines' width. */
export function withRoom([low, high]: [number, number], share = 0.02): [number, number] {
  const room = share * (high - low);
  return [low - room, high + room];
}

/** A range that holds another one with a little room, its ends at multiples of about a sixteenth of its length. */
export function roundRange(low: number, high: number): [number, number] {
  const span = high - low || 1;
  const step = roundLimit(span / 16);
  const room = span * 0.02;
  const end = (steps: number) => Number((steps * step).toPrecision(12));
  return [end(Math.floor((low - room) / step)), end(Math.ceil((high + room) / step))];
}

/** A held range serves as long as it holds the numbers and they fill at least this share of it. */
const leastShare = 0.6;

/** The range held so far where it still serves the numbers from `low` to `high`, else another one. */
export function held(
  [from, to]: [number, number] | undefined = [NaN, NaN],
  [low, high]: [number, number],
  another: (low: number, high: number) => [number, number] = roundRange,
): [number, number] {
  const serves = from <= low && high <= to && high - low >= leastShare * (to - from);
  return serves ? [from, to] : another(low, high);
}

/** From zero to the largest value. */
export function fromZero(_: number, high: number): [number, number] {
  return [0, roundLimit(high || 1)];
}

/** As far below zero as above it. */
export function aboutZero(low: number, high: number): [number, number] {
  const limit = roundLimit(Math.max(Math.abs(low), Math.abs(high)) || 1);
  return [-limit, limit];
}
