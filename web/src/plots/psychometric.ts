import { shareOf } from "../statistics/share";
import {
  fitPsychometric,
  probability,
  threshold,
  type Level,
  type NoCurve,
  type PsychometricCurve,
} from "../statistics/psychometric";
import { capitalised } from "../words";
import { chanceLabel, chanceLine, chanceMargin } from "./accuracy";
import { axis, baseLayout, textIn } from "./layout";
import { count, percent, significant, withUnit } from "./numbers";
import { spread, type Cell, type PlotContext, type PlotSpec, type Trace } from "./plot";
import { narrow, seriesColour, seriesKey, seriesLabel, sharePoints, type Series } from "./series";

export interface PsychometricSeries extends Series {
  levels: Level[];
  fit: PsychometricCurve | NoCurve;
}

export interface PsychometricData {
  series: PsychometricSeries[];
  /** "Signed coherence" */
  title: string;
  unit: string;
  /** What the sign means. */
  meaning: string;
  /** The choice that is counted: "output 2". */
  choice: string;
  iteration: number;
  /** Whether levels are left out beyond which nothing changes. */
  near: boolean;
}

/** Levels and their fit; the fit is made once and not with each drawing. */
export function psychometricSeries(series: Series, levels: Level[]): PsychometricSeries {
  const fit = fitPsychometric(levels);
  if (typeof fit === "string") return { ...series, levels, fit };
  const farthest = Math.max(...levels.map(({ x }) => Math.abs(x)));
  const midpoint = Math.abs(fit.midpoint) < rounding * farthest ? 0 : fit.midpoint;
  return { ...series, levels, fit: { ...fit, midpoint } };
}

/** What is so near zero, beside the levels that were tried, is zero but for rounding. */
const rounding = 1e-6;

const margin = { l: 56, r: 16, t: 12, b: 40 };
const curvePoints = 240;

/** The share of one choice against the signed stimulus, with intervals and the fitted curve. */
export function psychometricPlot(data: PsychometricData, context: PlotContext): PlotSpec {
  const unit = data.unit ? ` (${data.unit})` : "";
  const compared = data.series.length > 1;
  const beside = compared && context.width >= narrow;
  const farthest = extent(data);
  const range: [number, number] = [-1.05 * farthest, 1.05 * farthest];
  return {
    traces: data.series.flatMap((one) => [curve(one, range, context), points(one, data, context)]),
    layout: {
      ...baseLayout(context, {
        ...margin,
        r: beside ? 112 : chanceMargin,
        ...(compared && !beside ? { t: 28 } : {}),
      }),
      xaxis: axis(context, `${data.title}${unit}`, {
        range,
        nticks: context.width < narrow ? 5 : 7,
        tickangle: 0,
      }),
      yaxis: axis(context, `Chose ${data.choice} (%)`, {
        range: [-3, 103],
        tickvals: [0, 25, 50, 75, 100],
        showgrid: true,
      }),
      shapes: [chanceLine(context, "y", 50), zeroLine(context)],
      annotations: [
        // Beside the plot, unless the names of its lines stand there.
        beside
          ? { ...chanceLabel(context, "chance", 50), xanchor: "right", xshift: 0, yanchor: "top" }
          : chanceLabel(context, "chance", 50),
        ...(beside ? labels(data.series, range, context) : []),
        ...(compared && !beside ? [seriesKey(data.series, context)] : []),
      ],
    },
    summary: psychometricSummary(data),
    help:
      `${data.meaning} Points: trials with the same stimulus; bars: 95 % confidence intervals (Wilson’s). ` +
      "Line: logistic curve of the greatest likelihood, with lapse rates (choices that do not depend on the stimulus) where they explain the choices better by Bayes’ criterion. " +
      "Midpoint: where the curve is halfway; threshold: how far from there the sigmoid is three quarters up.",
    table: () => table(data, (value) => percent(value, 1), significant),
    data: () =>
      table(
        data,
        (value) => value,
        (value) => value,
      ),
  };
}

/** How far from zero the axis goes, to both sides. */
export function extent({ series, near }: PsychometricData): number {
  const sizes = [...new Set(series.flatMap(({ levels }) => levels.map(({ x }) => Math.abs(x))))];
  sizes.sort((a, b) => a - b);
  const farthest = sizes.at(-1) ?? 1;
  if (!near) return farthest;
  const changing = Math.max(0, ...series.map(lastChange));
  // Two levels of what comes after show that nothing changes any more.
  return sizes[sizes.findIndex((size) => size >= changing) + 2] ?? farthest;
}

/** The distance from zero beyond which, on both sides, all choices are about those of the end. */
function lastChange({ levels }: PsychometricSeries): number {
  const measured = levels.filter((level) => level.count > 0);
  const differs = (ends: Level[]) => {
    const end = ends[0];
    const changed = ends.find(
      (level) => end && Math.abs(level.hits / level.count - Math.round(end.hits / end.count)) > 0.1,
    );
    return Math.abs(changed?.x ?? 0);
  };
  return Math.max(
    differs(measured.filter(({ x }) => x < 0)),
    differs(measured.filter(({ x }) => x > 0).toReversed()),
  );
}

function zeroLine({ theme }: PlotContext) {
  const line = { width: 1, color: theme.line };
  return { type: "line", x0: 0, x1: 0, yref: "paper", y0: 0, y1: 1, line, layer: "below" } as const;
}

function points(series: PsychometricSeries, data: PsychometricData, { theme }: PlotContext): Trace {
  const levels = series.levels.filter((level) => level.count > 0);
  const shares = levels.map((level) => shareOf(level.hits, level.count));
  return {
    ...sharePoints(series, shares, theme),
    mode: "markers",
    x: levels.map(({ x }) => x),
    text: levels.map(({ hits, count: trials }) => `${count(hits)} of ${count(trials)}`),
    hovertemplate: `${series.name}, %{x:.4g}${data.unit && ` ${data.unit}`}: %{y:.1f} % (%{text} chose ${data.choice})<extra></extra>`,
    cliponaxis: false,
  };
}

function curve(series: PsychometricSeries, [from, to]: [number, number], { theme }: PlotContext): Trace {
  const { fit } = series;
  const x = Array.from({ length: curvePoints + 1 }, (_, index) => from + ((to - from) * index) / curvePoints);
  return {
    type: "scatter",
    mode: "lines",
    x,
    y: x.map((at) => (typeof fit === "string" ? NaN : 100 * probability(fit, at))),
    line: { color: seriesColour(series, theme), width: 2 },
    hoverinfo: "skip",
  };
}

/** Names beside the right-hand ends. */
function labels(series: PsychometricSeries[], [, to]: [number, number], { theme, height }: PlotContext) {
  const perPixel = 106 / Math.max(1, height - margin.t - margin.b);
  const places = spread(
    series.map(({ fit, levels }) => 100 * endOf(fit, levels, to)),
    18 * perPixel,
    0,
    100,
  );
  return series.map((one, index) => ({
    text: seriesLabel(one, theme),
    xref: "paper" as const,
    x: 1,
    xanchor: "left" as const,
    xshift: 4,
    y: places[index] ?? 50,
    yanchor: "middle" as const,
    ...textIn(theme.ink),
  }));
}

function endOf(fit: PsychometricCurve | NoCurve, levels: Level[], to: number): number {
  if (typeof fit !== "string") return probability(fit, to);
  const last = levels.findLast(({ count }) => count > 0);
  return last ? last.hits / last.count : 0.5;
}

function table(data: PsychometricData, share: (value: number) => Cell, number: (value: number) => Cell) {
  const x = `${data.title.toLowerCase()}${data.unit ? ` (${data.unit})` : ""}`;
  return {
    caption: `How often ${data.choice} was chosen at iteration ${count(data.iteration)}, with 95 % confidence intervals (Wilson). ${data.meaning}`,
    columns: ["network", x, `chose ${data.choice}`, "from", "to", "of trials", "fitted"],
    rows: data.series.flatMap(({ name, levels, fit }) =>
      levels.map((level): Cell[] => {
        const measured = shareOf(level.hits, level.count);
        return [
          name,
          number(level.x),
          share(measured.share),
          share(measured.low),
          share(measured.high),
          level.count,
          typeof fit === "string" ? "–" : share(probability(fit, level.x)),
        ];
      }),
    ),
  };
}

/** Why there is no curve, after "No curve can be fitted: ". */
function reasonOf(why: NoCurve, { levels }: PsychometricSeries, data: PsychometricData): string {
  const stimulus = data.title.toLowerCase();
  if (why === "few") return "too few trials ask for this choice";
  if (why === "constant") {
    const always = levels.some(({ hits }) => hits > 0);
    return `${data.choice} was ${always ? "always" : "never"} chosen`;
  }
  if (why === "flat") return `the choices do not depend on the ${stimulus}`;
  const [from, to] = stepOf(levels);
  return `the choice changes at once, between ${stimulusText(from, data)} and ${stimulusText(to, data)}`;
}

/** The levels between which separated choices change. */
function stepOf(levels: Level[]): [number, number] {
  const hit = levels.filter(({ hits }) => hits > 0).map(({ x }) => x);
  const missed = levels.filter((level) => level.hits < level.count).map(({ x }) => x);
  const rising = Math.max(...missed) <= Math.min(...hit);
  const [below, above] = rising ? [missed, hit] : [hit, missed];
  const [from, to] = [Math.max(...below), Math.min(...above)];
  if (from < to) return [from, to];
  // One level is mixed: the change lies between its neighbours.
  const places = levels.map(({ x }) => x);
  return [
    Math.max(...places.filter((x) => x < from), Math.min(...places)),
    Math.min(...places.filter((x) => x > to), Math.max(...places)),
  ];
}

function stimulusText(value: number, { unit }: PsychometricData, digits = 3): string {
  return withUnit(significant(value, digits), unit);
}

function endsText({ levels }: PsychometricSeries, data: PsychometricData): string {
  const measured = levels.filter((level) => level.count > 0);
  const [first, last] = [measured[0], measured.at(-1)];
  if (!first || !last) return "no trial asks for this choice";
  return `${data.choice} chosen in ${percent(first.hits / first.count)} of trials at ${stimulusText(first.x, data)} and ${percent(last.hits / last.count)} at ${stimulusText(last.x, data)}`;
}

function fitText(series: PsychometricSeries, data: PsychometricData): string {
  const { fit } = series;
  if (typeof fit === "string") return `no curve can be fitted: ${reasonOf(fit, series, data)}`;
  const lapses =
    fit.lapseLow > 0 || fit.lapseHigh > 0
      ? `, lapses ${percent(fit.lapseLow)} and ${percent(fit.lapseHigh)}`
      : "";
  const slope = `slope ${significant(fit.slope, 2)}${data.unit ? ` per ${data.unit}` : ""}`;
  const { midpoint, reach } = measuredOf(fit, series.levels);
  if (midpoint === null) return `midpoint and threshold ${outside}, ${slope}${lapses}`;
  const told = reach === null ? outside : stimulusText(reach, data, 2);
  const steepness = fit.steep ? "steeper than these stimuli can tell" : `threshold ${told}, ${slope}`;
  return `midpoint ${stimulusText(midpoint, data, 2)}, ${steepness}${lapses}`;
}

const outside = "outside the range that was measured";

/** Midpoint and threshold of a curve, each where the stimuli that were tried reach it; null where it would be a guess. */
function measuredOf(
  fit: PsychometricCurve,
  levels: Level[],
): { midpoint: number | null; reach: number | null } {
  const places = levels.filter((level) => level.count > 0).map(({ x }) => x);
  const [low, high] = [Math.min(...places), Math.max(...places)];
  const { midpoint } = fit;
  if (!(midpoint >= low && midpoint <= high)) return { midpoint: null, reach: null };
  const reach = threshold(fit);
  return { midpoint, reach: midpoint + reach <= high || midpoint - reach >= low ? reach : null };
}

function psychometricSummary(data: PsychometricData): string {
  const all = data.series.flatMap(({ levels }) => levels.map((level) => level.count));
  const [fewest, most] = [Math.min(...all), Math.max(...all)];
  const each = fewest === most ? count(most) : `${count(fewest)} to ${count(most)}`;
  const told = data.series.map((series) => {
    const fit = fitText(series, data);
    const how = typeof series.fit === "string" ? "" : "logistic fit: ";
    return data.series.length > 1
      ? `${series.name}: ${fit}.`
      : `${capitalised(endsText(series, data))}; ${how}${fit}.`;
  });
  return `${told.join(" ")} ${each} trials a point.`;
}
