import type { Annotations, Layout, LayoutAxis, Shape } from "plotly.js";
import type { Epoch } from "nullcline";
import { powerOfTen, significant } from "./numbers";
import type { PlotContext } from "./plot";
import { placedNames } from "./names";
import { roundTicks } from "./ranges";

/** Parts of the layout that all plots share. */

export function baseLayout(
  { theme, width, height }: PlotContext,
  margin: Partial<Layout["margin"]> = {},
): Partial<Layout> {
  return {
    width,
    height,
    autosize: false,
    margin: { l: 52, r: 16, t: 12, b: 40, pad: 0, ...margin },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: theme.fontFamily, size: 12, color: theme.ink },
    showlegend: false,
    hovermode: "closest",
    hoverlabel: { bgcolor: theme.surface, bordercolor: theme.inkSoft, font: { color: theme.ink, size: 12 } },
    // The same value in every drawing keeps a reader's zoom while new data arrive.
    uirevision: "kept",
  };
}

/** A text that points at nothing, as all in plots are. */
export function textIn(colour: string) {
  return { showarrow: false, font: { size: 12, color: colour } } as const;
}

/** From top to bottom of a plot, between two places in time. */
export const fullHeight = { xref: "x", yref: "paper", y0: 0, y1: 1 } as const;

export function axis(
  { theme }: PlotContext,
  title: string,
  more: Partial<LayoutAxis> = {},
): Partial<LayoutAxis> {
  return {
    title: { text: title, font: { size: 12, color: theme.inkSoft }, standoff: 6 },
    tickfont: { size: 12, color: theme.inkSoft },
    gridcolor: theme.line,
    linecolor: theme.inkSoft,
    zeroline: false,
    showgrid: false,
    showline: true,
    ticks: "outside",
    ticklen: 4,
    tickcolor: theme.inkSoft,
    nticks: 5,
    exponentformat: "power",
    minexponent: 6,
    tickangle: 0,
    // Looking for labels that stick out costs more than any that does.
    ticklabeloverflow: "allow",
    ...more,
  };
}

/** Values outside these have labels that are too long to stand beside a plot. */
const shortest = 0.005;
const longest = 1e4;

/** An axis of values of any size: where they are very large or very small, its title has their power of ten. */
export function valueAxis(
  context: PlotContext,
  title: string,
  range: [number, number],
  more: Partial<LayoutAxis> = {},
): Partial<LayoutAxis> {
  const largest = Math.max(...range.map(Math.abs));
  if (!(largest > 0) || (largest >= shortest && largest < longest))
    return axis(context, title, { ...more, range });
  const exponent = Math.floor(Math.log10(largest));
  const tickvals = roundTicks(range, more.nticks);
  return axis(context, `${title} (${powerOfTen(exponent)})`, {
    ...more,
    range,
    tickvals,
    ticktext: tickvals.map((value) => significant(value / 10 ** exponent)),
  });
}

/** Shading of every other epoch, from top to bottom of the plot. */
export function epochShapes({ theme }: PlotContext, epochs: Epoch[]): Partial<Shape>[] {
  return epochs
    .filter((_, index) => index % 2 === 1)
    .map(({ from, to }) => ({
      ...fullHeight,
      type: "rect",
      x0: from,
      x1: to,
      line: { width: 0 },
      fillcolor: theme.shade,
      layer: "below",
    }));
}

/** Borders between epochs, for plots whose own colours fill the area. */
export function epochBorders({ theme }: PlotContext, epochs: Epoch[]): Partial<Shape>[] {
  return epochs.slice(1).map(({ from }) => ({
    ...fullHeight,
    type: "line",
    x0: from,
    x1: from,
    line: { width: 1, color: theme.inkSoft, dash: "dot" },
  }));
}

/** The window of a lesion: a tinted stretch of time with its name, or only its borders where a plot's own colours fill the area. */
export function windowShapes(
  { theme }: PlotContext,
  window: [number, number] | null,
  filled = true,
): Partial<Shape>[] {
  if (!window) return [];
  return [
    ...(filled
      ? [
          {
            ...fullHeight,
            type: "rect" as const,
            x0: window[0],
            x1: window[1],
            line: { width: 0 },
            fillcolor: theme.accent,
            opacity: 0.14,
            layer: "below" as const,
          },
        ]
      : []),
    ...window.map((at) => ({
      ...fullHeight,
      type: "line" as const,
      x0: at,
      x1: at,
      line: { width: 1.5, color: theme.accent },
    })),
  ];
}

/** Height of a line of names above a plot. */
const nameLine = 16;

/** Room above a plot for the names of its epochs and, above them, for that of a lesion's window. */
export function roomForNames(window: [number, number] | null): number {
  return 24 + (window ? nameLine : 0);
}

/** The name of a lesion's window: above the names of the epochs, where it covers nothing. */
export function windowName({ theme }: PlotContext, window: [number, number] | null): Partial<Annotations>[] {
  if (!window) return [];
  return [
    {
      text: "lesion",
      x: window[0],
      xref: "x",
      xanchor: "left",
      y: 1,
      yref: "paper",
      yanchor: "bottom",
      yshift: nameLine,
      ...textIn(theme.ink),
    },
  ];
}

/** Names of the epochs above the plot: each over its epoch, or at least beginning or ending there; left out where none can. */
export function epochNames(
  { theme, width }: PlotContext,
  epochs: Epoch[],
  margins: number,
): Partial<Annotations>[] {
  const start = epochs[0]?.from ?? 0;
  const pixels = (width - margins) / ((epochs.at(-1)?.to ?? 0) - start || 1);
  const stretches = epochs.map(({ name, from, to }) => ({
    name,
    from: (from - start) * pixels,
    to: (to - start) * pixels,
  }));
  return placedNames(stretches, width - margins).map(({ name, middle }) => ({
    text: name,
    x: start + middle / pixels,
    xref: "x",
    y: 1,
    yref: "paper",
    yanchor: "bottom",
    ...textIn(theme.inkSoft),
  }));
}
