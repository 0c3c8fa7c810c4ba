/** Numbers as the page writes them: sensible digits, real minus signs, units after a thin space. */

const thin = "\u202f";

/** "96 %" from 0.957; "–" where there is no number. Only all is 100 % and only none is 0 %: 0.995 is "99.5 %". */
export function percent(share: number, digits = 0): string {
  return Number.isFinite(share) ? `${inPercent(share, digits)}${thin}%` : "–";
}

/** "96 to 98.5 %" */
export function percentRange(low: number, high: number, digits = 0): string {
  return `${inPercent(low, digits)} to ${percent(high, digits)}`;
}

/** More digits than these are no count of trials. */
const mostDigits = 4;

function inPercent(share: number, digits: number): string {
  const isPart = share > 0 && share < 1;
  for (let more = digits; more <= mostDigits; more++) {
    const text = (share * 100).toFixed(more);
    if (!isPart || (Number(text) > 0 && Number(text) < 100)) return text;
  }
  return (share * 100).toFixed(digits);
}

/** "1,000" */
export function count(value: number): string {
  return Math.round(value).toLocaleString("en-GB");
}

/** "1st", "10th" */
export function ordinal(value: number): string {
  const teens = value % 100 > 10 && value % 100 < 14;
  return `${count(value)}${(teens ? undefined : ["th", "st", "nd", "rd"][value % 10]) ?? "th"}`;
}

/** A number to so many significant digits, without trailing noise: 0.0123, 1.5, 240, 1e-9. */
export function significant(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return "–";
  if (value === 0) return "0";
  const size = Math.abs(value);
  const text =
    size >= 1e6 || size < 1e-4
      ? value
          .toExponential(digits - 1)
          .replace(/\.?0+e/, "e")
          .replace("e+", "e")
      : String(Number(value.toPrecision(digits)));
  return text.replace(/-/g, "−");
}

/** "10²⁷" */
export function powerOfTen(exponent: number): string {
  const digits = String(Math.abs(exponent)).replace(/\d/g, (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹".charAt(Number(digit)));
  return `10${exponent < 0 ? "⁻" : ""}${digits}`;
}

export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** "3.2 MB" */
export function bytes(value: number): string {
  if (value < 1e6) return `${Math.max(1, Math.round(value / 1e3))}${thin}kB`;
  if (value < 1e9) return `${value < 1e7 ? (value / 1e6).toFixed(1) : Math.round(value / 1e6)}${thin}MB`;
  return `${(value / 1e9).toFixed(1)}${thin}GB`;
}

/** "4 s", "2 min 5 s", "1 h 20 min" */
export function duration(milliseconds: number): string {
  if (!Number.isFinite(milliseconds)) return "–";
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  if (seconds < 60) return `${seconds}${thin}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}${thin}min${seconds % 60 ? ` ${seconds % 60}${thin}s` : ""}`;
  return `${Math.floor(minutes / 60)}${thin}h${minutes % 60 ? ` ${minutes % 60}${thin}min` : ""}`;
}

/** "1,240 ms" */
export function milliseconds(value: number): string {
  return `${Number(value.toFixed(1)).toLocaleString("en-GB")}${thin}ms`;
}

/** "from 200 ms to 400 ms" */
export function fromTo([from, to]: [number, number]): string {
  return `from ${milliseconds(from)} to ${milliseconds(to)}`;
}

/** "0.5", "8 Hz", "85.5°" */
export function withUnit(text: string, unit: string): string {
  return `${text}${unit === "" || unit === "°" ? "" : thin}${unit}`;
}

/**
 * The ends of intervals, each as round as it can be: they hold what they held, and nothing of their neighbours, or next to
 * nothing where those are too close for round numbers.
 */
export function roundBounds(intervals: readonly { from: number; to: number }[]): [string, string][] {
  return intervals.map(({ from, to }, at) => {
    if (from === to) return [significant(from), significant(to)];
    const width = to - from;
    const below = Math.max(intervals[at - 1]?.to ?? -Infinity, from - freeShare * width);
    const above = Math.min(intervals[at + 1]?.from ?? Infinity, to + freeShare * width);
    const finest = 10 ** (Math.floor(Math.log10(width)) - 2);
    return [significant(-roundUp(-from, -below, finest), 12), significant(roundUp(to, above, finest), 12)];
  });
}

/** As a share of the interval's width, so far an end may move. */
const freeShare = 0.02;

/** The roundest number from `value` up to, but not including, `limit`; at the finest step whatever the limit is. */
function roundUp(value: number, limit: number, finest: number): number {
  const largest = Math.max(Math.abs(value), finest);
  for (let step = 10 ** Math.ceil(Math.log10(largest)); ; step /= 10) {
    const end = Number((Math.ceil(value / step - 1e-9) * step).toPrecision(12)) || 0;
    if ((end >= value && end < limit) || step <= finest * 1.5) return Math.max(end, value);
  }
}
