/** Where the loss counts, as lines that show it however short it is. */

/** Steps from `from` up to, but not including, `to`. */
export interface Stretch {
  from: number;
  to: number;
}

/** The stretches of steps with a mask above zero. */
export function maskedStretches(mask: number[]): Stretch[] {
  const found: Stretch[] = [];
  for (const [step, weight] of mask.entries()) {
    if (!(weight > 0)) continue;
    const last = found.at(-1);
    if (last?.to === step) last.to = step + 1;
    else found.push({ from: step, to: step + 1 });
  }
  return found;
}

/** Where a line is drawn: the length of a step, the end of the axis, and the shortest piece that can be seen, in its units. */
export interface Extent {
  dt: number;
  end: number;
  least: number;
}

export interface TargetLine {
  x: number[];
  y: (number | null)[];
  /** The times that the points stand for. */
  customdata: number[];
}

/** A target where its loss counts, with gaps between; a piece too short to be seen is drawn longer. At most about `most` points a piece. */
export function targetLine(
  y: number[],
  mask: number[],
  { dt, end, least }: Extent,
  most: number,
): TargetLine {
  const line: TargetLine = { x: [], y: [], customdata: [] };
  for (const { from, to } of maskedStretches(mask)) {
    const stride = Math.max(1, Math.ceil((to - from) / most));
    const steps = Array.from(
      { length: Math.ceil((to - from) / stride) },
      (_, index) => from + index * stride,
    );
    if (steps.at(-1) !== to - 1) steps.push(to - 1);
    const times = steps.map((step) => step * dt);
    const [first, last] = seen(from * dt, (to - 1) * dt, end, least);
    const values = steps.map((step) => y[step] ?? NaN);
    const withEnds = (points: number[], start: number, stop: number) =>
      first === times[0] && last === times.at(-1) ? points : [start, ...points, stop];
    line.x.push(...withEnds(times, first, last), last);
    line.y.push(...withEnds(values, values[0] ?? NaN, values.at(-1) ?? NaN), null);
    line.customdata.push(...withEnds(times, times[0] ?? NaN, times.at(-1) ?? NaN), last);
  }
  return line.x.length > 0 ? line : { x: [0], y: [NaN], customdata: [0] };
}

/** The outline of a mask: level between the steps at which it changes, back to zero at its ends. */
export function maskOutline(mask: number[], { dt, end, least }: Extent): { x: number[]; y: number[] } {
  const x = [0];
  const y = [0];
  for (const { from, to } of maskedStretches(mask)) {
    const [first, last] = seen(from * dt, to * dt, end, least);
    if (last - first > (to - from) * dt) {
      // As high as it gets: within so short a piece no more can be seen.
      x.push(first, first, last, last);
      const highest = Math.max(...mask.slice(from, to));
      y.push(0, highest, highest, 0);
      continue;
    }
    let before = 0;
    for (let step = from; step < to; step++) {
      const weight = mask[step] ?? 0;
      if (weight === before) continue;
      x.push(step * dt, step * dt);
      y.push(before, weight);
      before = weight;
    }
    x.push(to * dt, to * dt);
    y.push(before, 0);
  }
  x.push(end);
  y.push(0);
  return { x, y };
}

/** A piece of a line, made longer about its middle where it is too short to be seen, and kept within the axis. */
function seen(from: number, to: number, end: number, least: number): [number, number] {
  if (to - from >= least) return [from, to];
  const start = Math.max(0, Math.min((from + to - least) / 2, end - least));
  return [start, start + least];
}
