import { silentWords } from "./activity";
import { axis, baseLayout, valueAxis } from "./layout";
import { plural, significant } from "./numbers";
import { finiteExtent, type Cell, type PlotContext, type PlotSpec, type Trace } from "./plot";
import { held } from "./ranges";

/** Mean rate over the trials of a group. */
export interface TuningMean {
  value: number;
  label: string;
  count: number;
  mean: number;
  error: number;
}

export interface TuningData {
  unit: number;
  /** "excitatory", where it is known. */
  type: string;
  /** The parameter, and the title of its axis. */
  parameter: string;
  label: string;
  /** Values are numbers of a choice, or few: ticks stand at them. */
  discrete: boolean;
  points: TuningMean[];
  /** The same without the lesion, where the others are with one. */
  intact?: TuningMean[] | null;
  /** Every trial: the parameter and the mean rate. */
  trials: { values: ArrayLike<number>; rates: ArrayLike<number> };
  /** What the rate is averaged over: "stimulus, 200 to 700 ms". */
  stretch: string;
  lesioned: boolean;
  /** Whether the lesion silences the unit, whose rates are then those that the network receives, 0; and when. */
  silent?: boolean;
  window?: [number, number] | null;
  /** What a trial is: "fresh trial". */
  trial: string;
  timing: string;
}

const margin = { l: 60, r: 24, t: 16, b: 44 };

/** Normal quantile of a 95 % interval. */
const quantile = 1.96;

/** From zero, or below it, to the highest rate; where all are the same there is still an axis. */
export function rateExtent(low: number, high: number): [number, number] {
  const from = Math.min(0, low);
  return [from, high > from ? high : from + 1];
}

/** Where the unit responds most, if it does. */
function told({ points, parameter, trials }: TuningData): string {
  const rates = Array.from(trials.rates);
  const beyond = rates.filter((rate) => !Number.isFinite(rate)).length;
  if (beyond > 0) return `its rate grew beyond any number on ${beyond} of ${plural(rates.length, "trial")}. `;
  if (rates.every((rate) => rate === 0)) return "rate 0 on every trial. ";
  const [first] = points;
  if (!first) return "";
  const most = points.reduce((best, point) => (point.mean > best.mean ? point : best), first);
  return points.every(({ mean }) => mean === first.mean)
    ? "the same everywhere. "
    : `highest at ${parameter} ${most.label}. `;
}

/** Half the size of a marker, in pixels. */
const markerRadius = 3.5;

/** What the bars are, and whether they can be seen beside their markers. */
function barsText({ points }: TuningData, [low, high]: [number, number], { height }: PlotContext): string {
  const perPixel = (high - low) / Math.max(1, height - margin.t - margin.b);
  const covered = points.filter(({ error }) => quantile * error <= markerRadius * perPixel).length;
  const bars = "Bars: 95\u202f% intervals of the mean";
  if (covered === 0) return `${bars}.`;
  return `${bars}, ${covered === points.length ? "all" : "some"} smaller than their markers.`;
}

/** Means with their intervals; those that others are compared with stand behind, thin and hollow. */
function curve(points: TuningMean[], color: string, behind = ""): Trace {
  return {
    type: "scatter",
    mode: "lines+markers",
    x: points.map(({ value }) => value),
    y: points.map(({ mean }) => mean),
    error_y: {
      type: "data",
      array: points.map(({ error }) => quantile * error),
      visible: true,
      color,
      thickness: behind ? 1 : 1.5,
      width: 4,
    },
    line: behind ? { width: 1, dash: "dash", color } : { width: 1.75, color },
    marker: { size: behind ? 6 : 2 * markerRadius, color, ...(behind ? { symbol: "circle-open" } : {}) },
    customdata: points.map(({ label: of, count }) => `${of} (${plural(count, "trial")})`),
    hovertemplate: `%{customdata}${behind}: mean rate %{y:.3g}<extra></extra>`,
  };
}

/** Mean rate of one unit against a parameter of the task, with intervals and every trial behind them. */
export function tuningPlot(data: TuningData, context: PlotContext): PlotSpec {
  const { unit, points, trials, label, parameter, intact = null } = data;
  const { theme } = context;
  const values = points.map(({ value }) => value);
  const [left, right] = finiteExtent(Array.from(trials.values)) ?? [0, 1];
  const room = 0.05 * (right - left || 1);
  const [low, high] = finiteExtent([
    ...Array.from(trials.rates),
    ...[...points, ...(intact ?? [])].flatMap(({ mean, error }) => [
      mean - quantile * error,
      mean + quantile * error,
    ]),
  ]) ?? [0, 1];
  const range = held(context.scales?.rate, rateExtent(low, high));
  const total = points.reduce((sum, { count }) => sum + count, 0);
  const traces: Trace[] = [
    {
      type: "scatter",
      mode: "markers",
      x: Array.from(trials.values),
      y: Array.from(trials.rates),
      marker: { size: 4, color: theme.inkSoft, opacity: 0.35, line: { width: 0 } },
      hovertemplate: `one trial at %{x:.3g}: rate %{y:.3g}<extra></extra>`,
    },
    ...(intact ? [curve(intact, theme.inkSoft, ", without the lesion")] : []),
    curve(points, theme.accent),
  ];
  return {
    traces,
    layout: {
      ...baseLayout(context, margin),
      xaxis: axis(context, label, {
        range: [left - room, right + room],
        nticks: 7,
        ...(data.discrete ? { tickvals: values, ticktext: values.map((value) => significant(value)) } : {}),
      }),
      yaxis: valueAxis(context, `Mean rate of unit ${unit}`, range, { nticks: 5, showgrid: true }),
    },
    scales: { rate: range },
    summary:
      `Unit ${unit}${data.type ? ` (${data.type})` : ""}: mean rate in the ${data.stretch} against ${parameter}, on ${plural(total, data.trial)}${data.lesioned ? ", with the lesion" : ""}${intact ? " (dashed: without it)" : ""}; ` +
      told(data) +
      barsText(data, range, context) +
      silentWords(data.silent ? [unit] : [], data.window),
    help: `Large markers, joined by a line: the mean over the trials with that value, or of a range of values. Bars: ${quantile} standard errors of the mean to either side, which a marker may cover. Small grey dots: single trials. ${data.timing}`,
    table: () => ({
      caption: `Tuning of unit ${unit} to ${parameter}`,
      columns: [
        parameter,
        "trials",
        "mean rate",
        "standard error",
        ...(intact ? ["mean rate without the lesion", "standard error without"] : []),
      ],
      rows: points.map(({ label: of, count, mean, error }, index): Cell[] => {
        const whole = intact?.[index];
        return [
          of,
          count,
          significant(mean),
          significant(error),
          ...(whole ? [significant(whole.mean), significant(whole.error)] : []),
        ];
      }),
    }),
    data: () => ({
      caption: `Rates of unit ${unit} on every trial`,
      columns: [parameter, "mean rate"],
      rows: Array.from(trials.values, (value, trial): Cell[] => [value, trials.rates[trial] ?? NaN]),
    }),
  };
}
