import type { Bin } from "../statistics/bins";
import type { Share } from "../statistics/share";
import { chanceLabel, chanceLine, chanceMargin } from "./accuracy";
import { axis, baseLayout } from "./layout";
import { count, percent, plural, roundBounds, significant, withUnit } from "./numbers";
import type { Cell, PlotContext, PlotSpec, Trace } from "./plot";
import { narrow, sentenceOf, seriesColour, seriesKey, sharePoints, type Series } from "./series";

export interface ConditionSeries extends Series {
  bins: { bin: Bin; share: Share }[];
}

export interface ConditionData {
  /** "Stimulus duration" */
  title: string;
  unit: string;
  series: ConditionSeries[];
  chance: number | null;
  iteration: number;
}

/** Accuracy by the values of a parameter of the trials, each with its 95 % interval. */
export function conditionPlot(data: ConditionData, context: PlotContext): PlotSpec {
  const bins = data.series.flatMap((series) => series.bins.map(({ bin }) => bin));
  const places = bins.map(({ mean }) => mean);
  const [low, high] = [Math.min(...places), Math.max(...places)];
  // One value alone still has an axis.
  const room = 0.06 * (high - low || Math.abs(high) || 1);
  const compared = data.series.length > 1;
  const discrete = bins.every(({ from, to }) => from === to);
  const title = `${data.title}${data.unit ? ` (${data.unit})` : ""}`;
  return {
    traces: data.series.map((series) =>
      points(series, data, compared ? (series.lesioned ? 0.06 : -0.06) * room : 0, context),
    ),
    layout: {
      ...baseLayout(context, { l: 56, r: data.chance === null ? 16 : chanceMargin, t: compared ? 28 : 12 }),
      xaxis: axis(context, title, {
        range: [low - room, high + room],
        nticks: context.width < narrow ? 5 : 7,
        tickangle: 0,
        ...(discrete && new Set(places).size <= 8 ? discreteTicks(places) : {}),
      }),
      yaxis: axis(context, "Accuracy (%)", {
        range: [-3, 103],
        tickvals: [0, 25, 50, 75, 100],
        showgrid: true,
      }),
      shapes: data.chance === null ? [] : [chanceLine(context, "y", 100 * data.chance)],
      annotations: [
        ...(data.chance === null
          ? []
          : [chanceLabel(context, `chance<br>${percent(data.chance)}`, 100 * data.chance)]),
        ...(compared ? [seriesKey(data.series, context)] : []),
      ],
    },
    summary: conditionSummary(data, discrete),
    help:
      "Each point: the trials with that value or, where values are drawn from a range, about an eighth of the trials, " +
      "at their mean. Bars: 95 % confidence intervals (Wilson’s).",
    table: () => table(data, (value) => percent(value, 1), boundsOf),
    data: () =>
      table(
        data,
        (value) => value,
        ({ bins }) => bins.map(({ bin }) => [bin.from, bin.to]),
      ),
  };
}

function discreteTicks(places: number[]) {
  const tickvals = [...new Set(places)].sort((a, b) => a - b);
  return { tickvals, ticktext: tickvals.map((value) => significant(value)) };
}

function points(series: ConditionSeries, data: ConditionData, shift: number, { theme }: PlotContext): Trace {
  const shares = series.bins.map(({ share }) => share);
  const bounds = boundsOf(series);
  return {
    ...sharePoints(series, shares, theme),
    mode: "lines+markers",
    x: series.bins.map(({ bin }) => bin.mean + shift),
    line: { color: seriesColour(series, theme), width: 1 },
    text: series.bins.map(
      ({ share }, at) => `${rangeText(bounds[at], data.unit)}: ${count(share.hits)} of ${count(share.count)}`,
    ),
    hovertemplate: `${series.name}, %{text} correct, %{y:.1f} %<extra></extra>`,
    cliponaxis: false,
  };
}

function boundsOf({ bins }: ConditionSeries): [string, string][] {
  return roundBounds(bins.map(({ bin }) => bin));
}

/** "0.1", "200 to 340 ms" */
function rangeText([from, to]: [string, string] = ["–", "–"], unit: string): string {
  return withUnit(from === to ? from : `${from} to ${to}`, unit);
}

function table(
  data: ConditionData,
  share: (value: number) => Cell,
  ends: (series: ConditionSeries) => [Cell, Cell][],
) {
  const unit = data.unit ? ` (${data.unit})` : "";
  const name = data.title.toLowerCase();
  return {
    caption: `Accuracy by ${name} at iteration ${count(data.iteration)}, with 95 % confidence intervals (Wilson)`,
    columns: [
      "network",
      `${name} from${unit}`,
      `to${unit}`,
      "accuracy",
      "from",
      "to",
      "correct",
      "of trials",
    ],
    rows: data.series.flatMap((series) => {
      const written = ends(series);
      return series.bins.map(({ share: measured }, at): Cell[] => [
        series.name,
        ...(written[at] ?? ["", ""]),
        share(measured.share),
        share(measured.low),
        share(measured.high),
        measured.hits,
        measured.count,
      ]);
    }),
  };
}

function conditionSummary(data: ConditionData, discrete: boolean): string {
  const told = data.series.map((series) => {
    const [first, last] = [series.bins[0], series.bins.at(-1)];
    if (!first || !last) return sentenceOf(series, data.series, "no trial asks for a choice.");
    const worst = series.bins.reduce((low, one) => (one.share.share < low.share.share ? one : low));
    const bounds = boundsOf(series);
    const at = (one: typeof first, correct = "") =>
      `${percent(one.share.share)}${correct} at ${rangeText(bounds[series.bins.indexOf(one)], data.unit)}`;
    const isEnd = worst.share.share >= Math.min(first.share.share, last.share.share);
    const sentence =
      at(first, " correct") +
      (first === last ? "" : `, ${at(last)}`) +
      (isEnd ? "." : `; least between them: ${at(worst)}.`);
    return sentenceOf(series, data.series, sentence);
  });
  const [one] = data.series;
  const trials = one?.bins.reduce((sum, { share }) => sum + share.count, 0) ?? 0;
  const binned = discrete ? "" : ` in ${plural(one?.bins.length ?? 0, "bin")} of about equally many`;
  return `${told.join(" ")} ${plural(trials, "trial")}${binned}.`;
}
