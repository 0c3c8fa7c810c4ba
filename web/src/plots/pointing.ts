import type { Layout } from "plotly.js";

/** What the pointer is on, in terms that several plots share. */
export interface Pointed {
  units: number[];
  /** Time in the trial in ms. */
  time: number | null;
}

/** A stretch of an axis to be marked, from one edge of the plot to the other across it. */
export interface Mark {
  axis: "x" | "y";
  from: number;
  to: number;
}

/** A rectangle in CSS pixels. */
export interface Place {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** The rectangle as an element's style. */
export function placedAt({ left, top, width, height }: Place): string {
  return `left: ${left}px; top: ${top}px; width: ${width}px; height: ${height}px`;
}

/** Where the axes stand now: a reader may have zoomed. */
export interface AxisRanges {
  x: [number, number];
  y: [number, number];
}

/** The area within a plot's margins. */
export function areaOf({ margin, width = 0, height = 0 }: Partial<Layout>): Place {
  const { l = 0, r = 0, t = 0, b = 0 } = margin ?? {};
  return { left: l, top: t, width: width - l - r, height: height - t - b };
}

/** The area between a plot's first two axes. */
export function innerArea(layout: Partial<Layout>): Place {
  const { left, top, width, height } = areaOf(layout);
  const [from = 0, to = 1] = layout.xaxis?.domain ?? [];
  const [low = 0, high = 1] = layout.yaxis?.domain ?? [];
  return {
    left: left + width * from,
    top: top + height * (1 - high),
    width: width * (to - from),
    height: height * (high - low),
  };
}

/** Where a mark lies in a plot; null where it is out of sight. */
export function placeOf(mark: Mark, layout: Partial<Layout>, ranges: AxisRanges): Place | null {
  const { left: l, top: t, width, height } = areaOf(layout);
  const [left = 0, right = 1] = layout.xaxis?.domain ?? [];
  const [bottom = 0, top = 1] = layout.yaxis?.domain ?? [];
  const share = (at: number, [from, to]: [number, number]) =>
    Math.min(1, Math.max(0, (at - from) / (to - from)));
  const shares = [share(mark.from, ranges[mark.axis]), share(mark.to, ranges[mark.axis])] as const;
  const [low, high] = [Math.min(...shares), Math.max(...shares)];
  if (mark.from !== mark.to && low === high) return null;
  if (mark.axis === "x") {
    // A time runs through every panel of a plot.
    const from = l + width * (left + (right - left) * low);
    return { left: from, top: t, width: width * (right - left) * (high - low), height };
  }
  const from = t + height * (1 - (bottom + (top - bottom) * high));
  return {
    left: l + width * left,
    top: from,
    width: width * (right - left),
    height: height * (top - bottom) * (high - low),
  };
}
