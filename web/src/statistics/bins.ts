/** Values that are taken together, and where they came from. */
export interface Bin {
  /** Lowest and highest value. */
  from: number;
  to: number;
  mean: number;
  /** Positions in the list of values. */
  members: number[];
}

/**
 * A bin a value where there are at most `most` different ones; else quantile bins, of about equally many values each,
 * equal values always together. Values that are no numbers are left out.
 */
export function binned(values: readonly number[], most = 8): Bin[] {
  const valueAt = (index: number) => values[index] ?? NaN;
  const order = values
    .map((_, index) => index)
    .filter((index) => Number.isFinite(valueAt(index)))
    .sort((a, b) => valueAt(a) - valueAt(b));
  const different = new Set(order.map(valueAt)).size;
  const bins: number[][] = [];
  for (const [rank, index] of order.entries()) {
    const last = bins.at(-1);
    const same = last !== undefined && valueAt(last.at(-1) ?? -1) === valueAt(index);
    const full = different <= most || rank >= (bins.length * order.length) / most;
    if (last && (same || !full)) last.push(index);
    else bins.push([index]);
  }
  return bins.map((members) => ({
    from: valueAt(members[0] ?? -1),
    to: valueAt(members.at(-1) ?? -1),
    mean: members.reduce((sum, index) => sum + valueAt(index), 0) / members.length,
    members,
  }));
}
