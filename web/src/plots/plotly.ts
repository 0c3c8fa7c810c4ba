import type * as Plotly from "plotly.js";

export type PlotlyModule = Pick<typeof Plotly, "animate" | "react" | "relayout" | "purge" | "toImage">;

let loading: Promise<PlotlyModule> | null = null;

/** Milliseconds. */
const headStart = 100;

/**
 * The plotting library, run when the first plot is about to be drawn. That keeps the page for a third of a second, so what
 * came with the plot's data goes first: who presses Train at once sees the training begin.
 */
export function loadPlotly(): Promise<PlotlyModule> {
  loading ??= after(headStart)
    .then(() => import("plotly.js-cartesian-dist-min"))
    .then(
      (module) => module.default,
      (error: unknown) => {
        // The next plot tries again: a lost connection is no reason to stay without.
        loading = null;
        throw error;
      },
    );
  return loading;
}

function after(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
