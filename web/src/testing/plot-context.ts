import type { PlotContext } from "../plots/plot";

/** A place to draw in, for tests of plots. */
export const context: PlotContext = {
  theme: {
    dark: false,
    ink: "#111",
    inkSoft: "#555",
    line: "#ddd",
    surface: "#fff",
    shade: "#eee",
    accent: "#077",
    channels: ["#00f", "#f00"],
    excitatory: "#c00",
    inhibitory: "#00c",
    fontFamily: "sans-serif",
  },
  width: 500,
  height: 280,
};
