import type { Annotations, Layout, LayoutAxis, Shape } from "plotly.js";
import type { Epoch } from "nullcline";
import type { PlotContext } from "./plot";

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
    // Looking for labels that stick out costs more than any that does.
    ticklabeloverflow: "allow",
    ...more,
  };
}

/** Shading of every other epoch, from top to bottom of the plot. */
export function epochShapes({ theme }: PlotContext, epochs: Epoch[]): Partial<Shape>[] {
  return epochs
    .filter((_, index) => index % 2 === 1)
    .map(({ from, to }) => ({
      type: "rect",
      xref: "x",
      yref: "paper",
      x0: from,
      x1: to,
      y0: 0,
      y1: 1,
      line: { width: 0 },
      fillcolor: theme.shade,
      layer: "below",
    }));
}

/** Borders between epochs, for plots whose own colours fill the area. */
export function epochBorders({ theme }: PlotContext, epochs: Epoch[]): Partial<Shape>[] {
  return epochs.slice(1).map(({ from }) => ({
    type: "line",
    xref: "x",
    yref: "paper",
    x0: from,
    x1: from,
    y0: 0,
    y1: 1,
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
  const common = { xref: "x", yref: "paper", y0: 0, y1: 1 } as const;
  return [
    ...(filled
      ? [
          {
            ...common,
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
      ...common,
      type: "line" as const,
      x0: at,
      x1: at,
      line: { width: 1.5, color: theme.accent },
    })),
  ];
}

/** The name of a lesion's window, at its upper left corner. */
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
      yanchor: "top",
      showarrow: false,
      font: { size: 12, color: theme.ink },
      bgcolor: theme.surface,
      borderpad: 1,
    },
  ];
}

/** Names of the epochs above the plot, as far as they fit. */
export function epochNames(
  { theme, width }: PlotContext,
  epochs: Epoch[],
  margins: number,
): Partial<Annotations>[] {
  const end = epochs.at(-1)?.to ?? 0;
  const start = epochs[0]?.from ?? 0;
  const pixels = (width - margins) / (end - start || 1);
  let free = -Infinity;
  return epochs.flatMap(({ name, from, to }) => {
    const middle = (from + to) / 2;
    const half = (name.length * 6.5) / 2 / pixels;
    // A name may be wider than its epoch as long as it touches no other name.
    if (middle - half < free || middle + half > end + 40 / pixels) return [];
    free = middle + half + 6 / pixels;
    return [
      {
        text: name,
        x: middle,
        xref: "x" as const,
        y: 1,
        yref: "paper" as const,
        yanchor: "bottom" as const,
        showarrow: false,
        font: { size: 12, color: theme.inkSoft },
      },
    ];
  });
}
