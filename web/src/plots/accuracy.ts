import type { Annotations, Shape } from "plotly.js";
import type { Share } from "../statistics/share";
import { axis, baseLayout, textIn } from "./layout";
import { count, percent, percentRange, plural, significant } from "./numbers";
import type { PlotContext, PlotSpec, Trace } from "./plot";
import { capitalised, noChoice } from "../words";
import { seriesColour, type Series } from "./series";

/** What a network was measured to do. */
export interface AccuracyRow extends Series {
  /** Whether this is the network before its training, to compare with. */
  before: boolean;
  accuracy: Share;
  /** Trials, those included that ask for no choice. */
  trials: number;
  /** Trials whose outputs grew beyond any number, which count as wrong. */
  beyond?: number;
  /** NaN where it is not known. */
  loss: number;
}

export interface AccuracyData {
  /** From the top. */
  rows: AccuracyRow[];
  /** Accuracy of guessing, where the task has one. */
  chance: number | null;
  /** What a trial is: "fresh trial". */
  trial: string;
  iteration: number;
}

const margin = { l: 16, r: 16, t: 12, b: 40 };

/** Accuracy of one network or several, each with its 95 % interval. */
export function accuracyPlot(data: AccuracyData, context: PlotContext): PlotSpec {
  const { theme } = context;
  const rows = data.rows.filter(isScored);
  const traces = rows.map((row): Trace => {
    const { share, low, high } = row.accuracy;
    const colour = row.before ? theme.inkSoft : seriesColour(row, theme);
    return {
      type: "scatter",
      mode: "markers",
      x: [100 * share],
      y: [data.rows.indexOf(row)],
      error_x: {
        type: "data",
        symmetric: false,
        array: [100 * (high - share)],
        arrayminus: [100 * (share - low)],
        color: colour,
        thickness: 2,
        width: 6,
      },
      marker: { color: colour, size: 10 },
      hovertemplate: `${row.name}: ${withInterval(row.accuracy)}<extra></extra>`,
      cliponaxis: false,
    };
  });
  return {
    traces: traces.length > 0 ? traces : [{ type: "scatter", x: [0], y: [NaN] }],
    layout: {
      ...baseLayout(context, margin),
      xaxis: axis(context, "Accuracy (%)", {
        range: [-1, 101],
        tickvals: [0, 25, 50, 75, 100],
        showgrid: true,
        // There is none.
        visible: rows.length > 0,
      }),
      yaxis: axis(context, "", {
        range: [Math.max(2, data.rows.length) - 0.4, -0.75],
        showticklabels: false,
        ticks: "",
        showline: false,
        fixedrange: true,
      }),
      shapes: [
        ...(data.chance === null ? [] : [chanceLine(context, "x", 100 * data.chance)]),
        ...(rows.length === 0 ? [] : data.rows.map((_, index) => nameBand(index, context))),
      ],
      annotations: [
        ...data.rows.map((row, index) => ({
          text: rowText(row),
          x: 0,
          xref: "paper" as const,
          xanchor: "left" as const,
          y: index,
          yanchor: "bottom" as const,
          yshift: nameShift,
          align: "left" as const,
          ...textIn(theme.ink),
        })),
        ...(data.chance === null
          ? []
          : [
              {
                text: `chance ${percent(data.chance)}`,
                x: 100 * data.chance,
                xanchor: "left" as const,
                xshift: 4,
                y: 0,
                yref: "paper" as const,
                yanchor: "bottom" as const,
                ...textIn(theme.inkSoft),
                bgcolor: theme.surface,
              },
            ]),
      ],
    },
    summary: accuracySummary(data),
    help:
      (rows.length > 0
        ? "Bars are 95 % confidence intervals (Wilson’s): they hold the true accuracy in 95 of 100 such measurements. "
        : "") +
      "The loss is the mean over trials, steps and outputs, without penalties. " +
      "The sentence above the views and the diamonds of the learning curve tell of other fresh trials: the two differ as two such measurements do.",
    table: () => ({
      caption: `Accuracy with 95 % confidence intervals (Wilson) at iteration ${count(data.iteration)}`,
      columns: ["network", "accuracy", "from", "to", "correct", "asked for a choice", "trials", "loss"],
      rows: data.rows.map(({ name, accuracy, trials, loss }) => [
        name,
        percent(accuracy.share, 1),
        percent(accuracy.low, 1),
        percent(accuracy.high, 1),
        accuracy.hits,
        accuracy.count,
        trials,
        significant(loss),
      ]),
    }),
    data: () => ({
      caption: "Accuracy",
      columns: ["network", "accuracy", "low", "high", "correct", "scored", "trials", "loss"],
      rows: data.rows.map(({ name, accuracy, trials, loss }) => [
        name,
        accuracy.share,
        accuracy.low,
        accuracy.high,
        accuracy.hits,
        accuracy.count,
        trials,
        loss,
      ]),
    }),
  };
}

/** How far above its mark the name of a row begins, and how high it is, in pixels. */
const nameShift = 8;
const nameHeight = 18;

/** Clears the place of a row's name of the lines of the plot. */
function nameBand(index: number, { theme }: PlotContext): Partial<Shape> {
  return {
    type: "rect",
    xref: "paper",
    x0: 0,
    x1: 1,
    yref: "y",
    ysizemode: "pixel",
    yanchor: index,
    y0: nameShift,
    y1: nameShift + nameHeight,
    line: { width: 0 },
    fillcolor: theme.surface,
  };
}

/** A dotted line across a plot at the level of guessing. */
export function chanceLine({ theme }: PlotContext, along: "x" | "y", at: number) {
  const line = { width: 1.5, color: theme.inkSoft, dash: "dot" as const };
  return along === "x"
    ? ({ type: "line", x0: at, x1: at, yref: "paper", y0: 0, y1: 1, line } as const)
    : ({ type: "line", xref: "paper", x0: 0, x1: 1, y0: at, y1: at, line } as const);
}

/** Room for the name of the line beside a plot, where no data can be. */
export const chanceMargin = 56;

export function chanceLabel({ theme }: PlotContext, text: string, at: number): Partial<Annotations> {
  return {
    text,
    xref: "paper",
    x: 1,
    xanchor: "left",
    xshift: 4,
    y: at,
    yanchor: "middle",
    align: "left",
    ...textIn(theme.inkSoft),
  };
}

/** "95.4 % (93.9 to 96.6 %)" */
export function withInterval({ share, low, high }: Share): string {
  return `${percent(share, 1)} (${percentRange(low, high, 1)})`;
}

function rowText({ name, accuracy, loss }: AccuracyRow): string {
  const lossText = Number.isFinite(loss) ? `, loss ${significant(loss)}` : "";
  return accuracy.count === 0
    ? `${name}: ${noChoice}${lossText}`
    : `${name}: <b>${percent(accuracy.share, 1)}</b> (${percentRange(accuracy.low, accuracy.high, 1)})${lossText}`;
}

function beyondText({ name, beyond = 0, accuracy }: AccuracyRow): string {
  return `${name}: on ${count(beyond)} of ${plural(accuracy.count, "trial")} the outputs grew beyond any number, which counts as wrong. `;
}

function isScored({ accuracy }: AccuracyRow): boolean {
  return accuracy.count > 0;
}

/** Where no trial asks for a choice: that there is no accuracy, and the loss instead. Null where one does. */
export function noAccuracy({ rows, trial }: Pick<AccuracyData, "rows" | "trial">): string | null {
  if (rows.some(isScored)) return null;
  const losses = rows.map(({ name, loss, trials }) => {
    const of = rows.length === 1 ? "" : ` ${name.toLowerCase()}`;
    return `loss ${significant(loss)}${of} on ${plural(trials, trial)}`;
  });
  return `${capitalised(noChoice)} in these trials, so that there is no accuracy: ${losses.join("; ")}.`;
}

function accuracySummary({ rows, trial, iteration }: AccuracyData): string {
  const [before, ...after] = rows.filter(isScored);
  if (!before) return noAccuracy({ rows, trial }) ?? "";
  const told = [before, ...after].map((row, index) => {
    const name = index === 0 && rows.length === 1 ? "" : ` ${row.name.toLowerCase()}`;
    // Fresh trials are drawn for each measurement: those before training are others.
    const other = before.before && !row.before && trial.startsWith("fresh") ? `other ${trial}` : trial;
    return `${percent(row.accuracy.share, 1)} correct${name} on ${plural(row.accuracy.count, other)}`;
  });
  const beyond = rows.filter((row) => (row.beyond ?? 0) > 0).map(beyondText);
  // The headline's test has trials of its own.
  const others = trial.startsWith("fresh") ? " The headline, of other trials, differs by chance." : "";
  return `${told.join("; ")}. ${beyond.join("")}Iteration ${count(iteration)}; bars: 95\u202f% confidence intervals.${others}`;
}
