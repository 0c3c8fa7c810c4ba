import type { Annotations } from "plotly.js";
import { sequential } from "./colour";
import { coloursOf } from "./colour-bar";
import { axis, baseLayout, textIn } from "./layout";
import { count, percent } from "./numbers";
import type { Cell, PlotContext, PlotSpec, Trace } from "./plot";
import { sentenceOf, type Series } from "./series";

export interface ConfusionSeries extends Series {
  /** Trials by the right output (row) and the chosen one (column). */
  counts: number[][];
}

export interface ConfusionData {
  series: ConfusionSeries[];
  iteration: number;
}

/** So many outputs fit a map with numbers in its cells. */
const mostNumbered = 10;

const margin = { l: 52, r: 64, t: 28, b: 40 };

/** How often each output was chosen for each right one: counts, coloured by their share of the row. */
export function confusionPlot(data: ConfusionData, context: PlotContext): PlotSpec {
  const { theme } = context;
  const compared = data.series.length > 1;
  const colourBar = {
    title: "Share",
    scale: sequential(theme.dark),
    limits: [0, 1] as [number, number],
  };
  const colours = coloursOf(colourBar, context);
  const gap = compared ? 0.06 : 0;
  const width = (1 - gap * (data.series.length - 1)) / data.series.length;
  const layout = { ...baseLayout(context, margin) };
  const annotations: Partial<Annotations>[] = [];
  const traces = data.series.map((series, index): Trace => {
    const { counts } = series;
    const names = counts.map((_, output) => output + 1);
    // The last one has the axes that the colour bar stands beside.
    const last = index === data.series.length - 1;
    const number = last ? "" : String(index + 2);
    const [x, y] = [`x${number}`, `y${number}`];
    const from = index * (width + gap);
    const range: [number, number] = [0.5, counts.length + 0.5];
    const ticks = counts.length <= mostNumbered ? { tickvals: names } : {};
    Object.assign(layout, {
      [`xaxis${number}`]: axis(context, "Chosen output", {
        domain: [from, from + width],
        range,
        showline: false,
        anchor: y as "y",
        ...ticks,
      }),
      [`yaxis${number}`]: axis(context, index === 0 ? "Right output" : "", {
        range: [range[1], range[0]],
        showline: false,
        anchor: x as "x",
        ...(index === 0 ? {} : { showticklabels: false, ticks: "" }),
        ...ticks,
      }),
    });
    annotations.push(...cellTexts(series, x, y, context));
    if (compared)
      annotations.push({
        text: series.name,
        xref: "paper",
        x: from + width / 2,
        xanchor: "center",
        yref: "paper",
        y: 1,
        yanchor: "bottom",
        yshift: 4,
        ...textIn(theme.ink),
      });
    const trace = {
      type: "heatmap",
      x: names,
      y: names,
      z: counts.map((row) => shares(row)),
      xaxis: x,
      yaxis: y,
      xgap: 2,
      ygap: 2,
      customdata: counts,
      ...(last ? colours : withoutBar(colours)),
      hovertemplate: `${series.name}: right output %{y}, chose %{x}: %{customdata} trials, %{z:.1%} of these<extra></extra>`,
    };
    return trace as unknown as Trace;
  });
  return {
    traces,
    layout: { ...layout, annotations },
    colourBar,
    summary: confusionSummary(data),
    help: "A row holds the trials in which one output was right; the numbers are counts of trials, the colours their shares of the row. A network without errors has numbers on the diagonal only.",
    table: () => ({
      caption: `Trials by right and chosen output at iteration ${count(data.iteration)}`,
      columns: ["network", "right output", ...chosenNames(data), "of trials"],
      rows: data.series.flatMap(({ name, counts }) =>
        counts.map((row, right): Cell[] => [name, right + 1, ...row, total(row)]),
      ),
    }),
  };
}

/** Colours of a map beside which no bar is to stand. */
function withoutBar(colours: object): object {
  return Object.fromEntries(Object.entries(colours).filter(([key]) => key !== "colorbar"));
}

function chosenNames({ series }: ConfusionData): string[] {
  return (series[0]?.counts ?? []).map((_, output) => `chose ${output + 1}`);
}

function total(row: number[]): number {
  return row.reduce((sum, one) => sum + one, 0);
}

function shares(row: number[]): number[] {
  const all = total(row);
  return row.map((one) => (all === 0 ? NaN : one / all));
}

/** Counts, in ink on light cells and in the page's colour on dark ones. */
function cellTexts(
  { counts }: ConfusionSeries,
  xref: string,
  yref: string,
  { theme }: PlotContext,
): Partial<Annotations>[] {
  if (counts.length > mostNumbered) return [];
  return counts.flatMap((row, right) =>
    shares(row).map((share, chosen) => ({
      text: count(row[chosen] ?? 0),
      x: chosen + 1,
      y: right + 1,
      xref: xref as "x",
      yref: yref as "y",
      showarrow: false,
      font: { size: counts.length <= 4 ? 16 : 12, color: share > 0.55 ? theme.surface : theme.ink },
    })),
  );
}

function confusionSummary(data: ConfusionData): string {
  const told = data.series.map((series) => {
    const { counts } = series;
    const trials = counts.reduce((sum, row) => sum + total(row), 0);
    if (trials === 0) return sentenceOf(series, data.series, "no trial asks for a choice.");
    const correct = counts.reduce((sum, row, right) => sum + (row[right] ?? 0), 0);
    const chosen = counts.map((_, output) => counts.reduce((sum, row) => sum + (row[output] ?? 0), 0));
    const most = Math.max(...chosen);
    const share = percent(most / trials);
    const favourite =
      chosen.indexOf(most) === chosen.lastIndexOf(most)
        ? `output ${chosen.indexOf(most) + 1} was chosen most, in ${share}`
        : `no output was chosen more often than in ${share}`;
    return sentenceOf(
      series,
      data.series,
      `${count(correct)} of ${count(trials)} trials on the diagonal (correct); ${favourite}.`,
    );
  });
  return told.join(" ");
}
