import { describe, expect, it } from "vitest";
import { context } from "../testing/plot-context";
import { diverging } from "./colour";
import { palette, pixelsOf } from "./picture";
import { weightMap } from "./weight-map";

describe("the picture of a heat map", () => {
  const before = { rows: 2, columns: 3, data: Float32Array.from([1, 0, -1, NaN, 9, -9]) };
  const now = { rows: 2, columns: 3, data: Float32Array.from([1, 0, -1, NaN, 1, -1]) };
  const pixel = (pixels: { data: Uint8ClampedArray } | null, index: number) => [
    ...(pixels?.data.slice(4 * index, 4 * index + 4) ?? []),
  ];

  it("has a pixel for each cell, the first row on top, and nothing where there is no number", () => {
    const pixels = pixelsOf(weightMap({ name: "W_in", before, now: before, view: "now" }, context));
    expect([pixels?.width, pixels?.height]).toEqual([3, 2]);
    // White, within the rounding of a colour.
    expect(Math.min(...pixel(pixels, 1))).toBeGreaterThanOrEqual(253);
    expect(pixel(pixels, 3)).toEqual([0, 0, 0, 0]);
    const [red = 0, , blue = 0] = pixel(pixels, 4);
    expect(red).toBeGreaterThan(2 * blue);
  });

  it("is turned with its axes", () => {
    const spec = weightMap({ name: "W_in", before: now, now, view: "now" }, context);
    const layout = { xaxis: { range: [2.5, -0.5] }, yaxis: { range: [-0.5, 1.5] } };
    const turned = pixelsOf({ ...spec, layout });
    const straight = pixelsOf(spec);
    expect([0, 1, 2, 3, 4, 5].map((index) => pixel(turned, index))).toEqual(
      [5, 4, 3, 2, 1, 0].map((index) => pixel(straight, index)),
    );
  });

  it("is not made of anything else", () => {
    const spec = weightMap({ name: "W_in", before, now, view: "now" }, context);
    expect(pixelsOf({ ...spec, traces: [{ type: "scatter", x: [], y: [] }] })).toBeNull();
    expect(pixelsOf({ ...spec, traces: [...spec.traces, ...spec.traces] })).toBeNull();
  });
});

it("has the colours of the scale from end to end", () => {
  const colours = palette(diverging);
  const written = ([red = 0, green = 0, blue = 0]: number[]) => `rgb(${red},${green},${blue})`;
  expect(written([...colours.slice(0, 3)])).toBe(diverging[0]?.[1]);
  expect(written([...colours.slice(-3)])).toBe(diverging.at(-1)?.[1]);
});
