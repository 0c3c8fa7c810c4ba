import type { Layout } from "plotly.js";
import { significant } from "./numbers";
import type { ColourBar, PlotContext, Trace } from "./plot";
import { areaOf, type Place } from "./pointing";
import { roundTicks } from "./ranges";

/** The bar's width, and its distance from the plot. */
const thickness = 10;
const gap = 10;

/**
 * A heat map's colours. The bar that goes with them is drawn by Plotly only where a plot is saved (`withColourBars`);
 * `x` is its left edge as a share of the plotting area's width.
 */
export function coloursOf({ title, scale, limits }: ColourBar, { theme }: PlotContext, x = 1): object {
  return {
    zmin: limits[0],
    zmax: limits[1],
    colorscale: scale,
    showscale: false,
    colorbar: {
      title: { text: title, side: "top", font: { size: 12, color: theme.inkSoft } },
      tickfont: { size: 12, color: theme.inkSoft },
      thickness,
      len: 1,
      lenmode: "fraction",
      x,
      xanchor: "left",
      y: 0.5,
      yanchor: "middle",
      xpad: gap,
      ypad: 0,
      outlinewidth: 0,
      nticks: 5,
    },
  };
}

/** Traces with the colour bars that they describe. */
export function withColourBars(traces: Trace[]): Trace[] {
  return traces.map((trace) => ("colorbar" in trace ? { ...trace, showscale: true } : trace));
}

/** Where the bar stands beside a plot, its title included. */
export function barPlace(layout: Partial<Layout>): Place {
  const area = areaOf(layout);
  const [, right = 1] = layout.xaxis?.domain ?? [];
  return { left: area.left + area.width * right + gap, top: area.top, width: thickness, height: area.height };
}

export function gradient({ scale }: ColourBar): string {
  return `linear-gradient(to top, ${scale.map(([at, colour]) => `${colour} ${100 * at}%`).join(", ")})`;
}

/** Round values between the limits, at most about five, with their share of the way up. */
export function barTicks({ limits }: ColourBar): { share: number; text: string }[] {
  const [low, high] = limits;
  return roundTicks(limits).map((value) => ({
    share: (value - low) / (high - low),
    text: significant(value),
  }));
}
