import { describe, expect, it } from "vitest";
import { placeOf } from "./pointing";

const layout = {
  width: 200,
  height: 100,
  margin: { l: 50, r: 50, t: 10, b: 10 },
  xaxis: { domain: [0, 1] },
  yaxis: { domain: [0.5, 1] },
};
const ranges = { x: [0, 1000] as [number, number], y: [9.5, -0.5] as [number, number] };

describe("placeOf", () => {
  it("puts a time across all panels", () => {
    expect(placeOf({ axis: "x", from: 500, to: 500 }, layout, ranges)).toEqual({
      left: 100,
      top: 10,
      width: 0,
      height: 80,
    });
  });

  it("puts a unit into its row, the first on top", () => {
    const place = placeOf({ axis: "y", from: -0.5, to: 0.5 }, layout, ranges);
    expect(place).toMatchObject({ left: 50, top: 10, width: 100 });
    expect(place?.height).toBeCloseTo(4);
  });

  it("leaves out what is out of sight, and cuts what sticks out", () => {
    const zoomed = { ...ranges, y: [4.5, 1.5] as [number, number] };
    expect(placeOf({ axis: "y", from: 6.5, to: 7.5 }, layout, zoomed)).toBeNull();
    expect(placeOf({ axis: "y", from: 1, to: 2 }, layout, zoomed)?.top).toBe(10);
  });
});
