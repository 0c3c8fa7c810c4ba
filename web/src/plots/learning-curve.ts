import type { HistoryPoint, TestResult } from "nullcline";
import type { LayoutAxis } from "plotly.js";
import { axis, baseLayout } from "./layout";
import { count, percent, significant } from "./numbers";
import { mostPoints, outline } from "./shrink";
import { roundLimit } from "./ranges";
import { finiteExtent, type PlotContext, type PlotSpec, type Trace } from "./plot";

export interface LearningData {
  history: HistoryPoint[];
  iterations: number;
  N_batch: number;
  /** Accuracy of guessing, where the task has one. */
  chance: number | null;
  /** Fresh trials before training and at an iteration since; null where not measured. */
  before: TestResult | null;
  now: (TestResult & { iteration: number }) | null;
  logLoss: boolean;
}

/** Accuracy above, loss below, over iterations. */
export function learningCurve(data: LearningData, context: PlotContext): PlotSpec {
  const { theme } = context;
  const iteration = data.history.map((point) => point.iteration);
  const tests = [
    ...(data.before ? [{ ...data.before, iteration: 0 }] : []),
    ...(data.now && data.now.iteration > 0 ? [data.now] : []),
  ].filter((test) => Number.isFinite(test.accuracy));
  const end = Math.max(data.iterations, iteration.at(-1) ?? 0, 1);

  const most = mostPoints(context.width - 72);
  const curve = (y: number[]) => {
    const line = outline(iteration, y, most);
    return orNothing(line.x, line.y);
  };

  const batch = count(data.N_batch);
  const traces: Trace[] = [
    {
      type: "scatter",
      mode: iteration.length > 120 ? "lines" : "lines+markers",
      ...curve(data.history.map((point) => 100 * point.accuracy)),
      yaxis: "y2",
      line: { color: theme.accent, width: 1.5 },
      marker: { color: theme.accent, size: 3.5 },
      connectgaps: true,
      hovertemplate: `iteration %{x}: %{y:.1f} % of the batch's ${batch} trials<extra></extra>`,
    },
    {
      type: "scatter",
      mode: "markers",
      ...orNothing(
        tests.map((test) => test.iteration),
        tests.map((test) => 100 * test.accuracy),
      ),
      yaxis: "y2",
      marker: { symbol: "diamond", size: 10, color: theme.surface, line: { color: theme.ink, width: 1.75 } },
      text: tests.map((test) => `${percent(test.accuracy, 1)} of ${count(test.scored)} fresh trials`),
      hovertemplate: "iteration %{x}: %{text}<extra></extra>",
      cliponaxis: false,
    },
    {
      type: "scatter",
      mode: iteration.length > 120 ? "lines" : "lines+markers",
      ...curve(data.history.map((point) => point.loss)),
      line: { color: theme.ink, width: 1.5 },
      marker: { color: theme.ink, size: 3.5 },
      hovertemplate: "iteration %{x}: loss %{y:.4g}<extra></extra>",
    },
  ];

  const range = [-end * 0.015, end * 1.015];
  // The loss before training tells the axis where the curve will begin.
  const losses = finiteExtent([...data.history.map((point) => point.loss), data.before?.loss ?? NaN]);
  const last = data.history.at(-1);
  return {
    traces,
    layout: {
      ...baseLayout(context, { t: 16, l: 56 }),
      xaxis: axis(context, "Iteration", { range, anchor: "y", domain: [0, 1] }),
      yaxis: axis(context, "Loss", {
        domain: [0, 0.46],
        nticks: 4,
        showgrid: true,
        ...lossScale(losses, data.logLoss),
      }),
      yaxis2: axis(context, "Accuracy (%)", {
        domain: [0.56, 1],
        range: [0, 104],
        tickvals: [0, 25, 50, 75, 100],
        showgrid: true,
        anchor: "x",
      }),
      shapes:
        data.chance === null
          ? []
          : [
              {
                type: "line",
                xref: "paper",
                x0: 0,
                x1: 1,
                yref: "y2",
                y0: 100 * data.chance,
                y1: 100 * data.chance,
                line: { color: theme.inkSoft, width: 1.5, dash: "dot" },
              },
            ],
      annotations: [
        ...(data.chance === null
          ? []
          : [
              {
                text: `chance ${percent(data.chance)}`,
                xref: "paper" as const,
                x: 1,
                xanchor: "right" as const,
                yref: "y2" as const,
                y: 100 * data.chance,
                yanchor: "top" as const,
                showarrow: false,
                font: { size: 12, color: theme.inkSoft },
              },
            ]),
      ],
    },
    summary: learningSummary(data, last),
    table: () => ({
      caption: `Learning curve, measured on the batch of each iteration (${batch} trials), not smoothed`,
      columns: ["iteration", "loss", "accuracy"],
      rows: data.history.map((point) => [
        point.iteration,
        significant(point.loss, 4),
        Number.isFinite(point.accuracy) ? percent(point.accuracy, 1) : "no choice asked",
      ]),
    }),
    data: () => ({
      caption: "Learning curve",
      columns: ["iteration", "loss", "accuracy"],
      rows: data.history.map((point) => [
        point.iteration,
        point.loss,
        Number.isFinite(point.accuracy) ? point.accuracy : "",
      ]),
    }),
  };
}

/** A point without a value where there is no point yet: to Plotly an empty line is one that is not there. */
function orNothing(x: number[], y: number[]): { x: number[]; y: number[] } {
  return x.length > 0 ? { x, y } : { x: [0], y: [NaN] };
}

/** Range and ticks of the loss; before there is any loss, an axis without numbers. */
function lossScale(extent: [number, number] | null, log: boolean): Partial<LayoutAxis> {
  if (!extent) return { range: [0, 1], tickvals: [] };
  const [low, high] = extent;
  if (!log || low <= 0) return { range: [0, roundLimit(high * 1.03)] };
  // Ends at fifths of a decade: the axis stays where it is while the loss falls a little.
  const range = [Math.floor(5 * Math.log10(low) - 0.25) / 5, Math.ceil(5 * Math.log10(high) + 0.25) / 5];
  // 1, 2 and 5 of every decade, so that a curve within one decade has numbers beside it.
  const decades = Array.from({ length: 14 }, (_, index) => 10 ** (index - 10));
  const tickvals = decades
    .flatMap((decade) => [decade, 2 * decade, 5 * decade])
    .filter((tick) => Math.log10(tick) >= (range[0] ?? 0) && Math.log10(tick) <= (range[1] ?? 0));
  const shown =
    tickvals.length > 7 ? tickvals.filter((tick) => Number.isInteger(Math.log10(tick))) : tickvals;
  return { type: "log", range, tickvals: shown, ticktext: shown.map((tick) => significant(tick, 1)) };
}

function learningSummary(data: LearningData, last: HistoryPoint | undefined): string {
  if (!last) return "Loss and accuracy of each batch appear here while the network trains.";
  const accuracy = Number.isFinite(last.accuracy) ? `, ${percent(last.accuracy)} correct` : "";
  return `At iteration ${count(last.iteration)}: loss ${significant(last.loss)}${accuracy} on a batch of ${count(data.N_batch)} trials, not smoothed. Diamonds: fresh trials.`;
}
