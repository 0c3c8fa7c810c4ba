import type { Annotations } from "plotly.js";
import type { Share } from "../statistics/share";
import { capitalised } from "../words";
import { textIn } from "./layout";
import type { PlotContext, Trace } from "./plot";
import { channelColour, type PlotTheme } from "./theme";

/** A network's measurements in a plot that compares it with and without its lesion. */
export interface Series {
  name: string;
  lesioned: boolean;
}

/** Below this width, in CSS pixels, there is no room beside a plot and for fewer ticks. */
export const narrow = 440;

/** Fixed colours of the two, apart from those of the channels that most tasks have. */
export function seriesColour({ lesioned }: Series, theme: PlotTheme): string {
  return lesioned ? channelColour(theme, 3) : theme.accent;
}

/** Points of the two differ in form as well as in colour. */
function seriesSymbol({ lesioned }: Series): "square" | "circle" {
  return lesioned ? "square" : "circle";
}

/** What shares of trials, as points in per cent, have in common: their confidence intervals and their marks. */
export function sharePoints(series: Series, shares: readonly Share[], theme: PlotTheme): Trace {
  const color = seriesColour(series, theme);
  return {
    type: "scatter",
    y: shares.map(({ share }) => 100 * share),
    error_y: {
      type: "data",
      symmetric: false,
      array: shares.map(({ share, high }) => 100 * (high - share)),
      arrayminus: shares.map(({ share, low }) => 100 * (share - low)),
      color,
      thickness: 1.25,
      width: 0,
    },
    marker: { color, size: 7, symbol: seriesSymbol(series) },
  };
}

/** "● without lesion" */
export function seriesLabel(series: Series, theme: PlotTheme): string {
  const symbol = series.lesioned ? "■" : "●";
  return `<span style="color:${seriesColour(series, theme)}">${symbol}</span> ${series.name.toLowerCase()}`;
}

/** The names of several series above a plot, where there is no room beside the lines. */
export function seriesKey(series: readonly Series[], { theme }: PlotContext): Partial<Annotations> {
  return {
    text: series.map((one) => seriesLabel(one, theme)).join("\u2003"),
    xref: "paper",
    x: 0,
    xanchor: "left",
    yref: "paper",
    y: 1,
    yanchor: "bottom",
    yshift: 6,
    ...textIn(theme.ink),
  };
}

/** The name of a series before a sentence on it; nothing where the sentence stands alone. */
export function sentenceOf(series: Series, all: readonly Series[], sentence: string): string {
  return all.length > 1 ? `${series.name}: ${sentence}` : capitalised(sentence);
}
