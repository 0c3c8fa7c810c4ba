import { expect, it } from "vitest";
import { barTicks, barPlace, gradient, withColourBars } from "./colour-bar";

const bar = (low: number, high: number) => ({
  title: "Rate",
  scale: [[0, "rgb(0,0,0)"] as [number, string], [1, "rgb(255,255,255)"] as [number, string]],
  limits: [low, high] as [number, number],
});

it("has about five round ticks between its limits", () => {
  expect(barTicks(bar(0, 1.5)).map(({ text }) => text)).toEqual(["0", "0.5", "1", "1.5"]);
  expect(barTicks(bar(-0.6, 0.6)).map(({ text }) => text)).toEqual(["−0.5", "0", "0.5"]);
  expect(barTicks(bar(0, 10)).map(({ share }) => share)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
});

it("stands beside the plot, as high as its area", () => {
  const layout = {
    width: 500,
    height: 280,
    margin: { l: 52, r: 64, t: 24, b: 40 },
    xaxis: { domain: [0.25, 0.75] },
  };
  expect(barPlace(layout)).toEqual({ left: 52 + 0.75 * 384 + 10, top: 24, width: 10, height: 216 });
  expect(gradient(bar(0, 1))).toBe("linear-gradient(to top, rgb(0,0,0) 0%, rgb(255,255,255) 100%)");
});

it("is drawn by Plotly in a saved picture", () => {
  const [map, line] = withColourBars([{ colorbar: {}, showscale: false }, { type: "scatter" }]);
  expect(map?.showscale).toBe(true);
  expect(line).toEqual({ type: "scatter" });
});
