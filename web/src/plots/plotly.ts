import type * as Plotly from "plotly.js";

export type PlotlyModule = Pick<typeof Plotly, "animate" | "react" | "relayout" | "purge" | "toImage">;

let loading: Promise<PlotlyModule> | null = null;

/** The plotting library, fetched when the first plot is about to be drawn. */
export function loadPlotly(): Promise<PlotlyModule> {
  loading ??= import("plotly.js-cartesian-dist-min").then(
    (module) => module.default,
    (error: unknown) => {
      // The next plot tries again: a lost connection is no reason to stay without.
      loading = null;
      throw error;
    },
  );
  return loading;
}
