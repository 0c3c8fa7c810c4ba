/** A share of trials with its 95 % confidence interval. */
export interface Share {
  hits: number;
  count: number;
  /** hits / count, 0…1; NaN, as the interval, where there is no trial. */
  share: number;
  low: number;
  high: number;
}

/** The 97.5 % point of the standard normal distribution. */
const z = 1.959963984540054;

/** Wilson's score interval, which is right for few trials too and never leaves 0…1. */
export function shareOf(hits: number, count: number): Share {
  if (count === 0) return { hits, count, share: NaN, low: NaN, high: NaN };
  const share = hits / count;
  const spread = z * z;
  const middle = (share + spread / (2 * count)) / (1 + spread / count);
  const half = (z / (1 + spread / count)) * Math.sqrt((share * (1 - share) + spread / (4 * count)) / count);
  // Rounding must not put an end beyond what was measured.
  return {
    hits,
    count,
    share,
    low: Math.max(0, Math.min(share, middle - half)),
    high: Math.min(1, Math.max(share, middle + half)),
  };
}
