import { describe, expect, it } from "vitest";
import { chosenRuns, inside, isClick, markBeside, rowAt, rowByKey, unitsIn } from "./picking";
import { unitTypes } from "./types";

const rows = [
  { unit: 7, peak: { x: 10, y: 5 } },
  { unit: 2, peak: { x: 50, y: 15 } },
  { unit: 4, peak: { x: 90, y: 25 } },
];

describe("a hand over the map", () => {
  it("clicks a row", () => {
    expect(isClick([{ x: 1, y: 1 }])).toBe(true);
    expect(
      isClick([
        { x: 1, y: 1 },
        { x: 9, y: 1 },
      ]),
    ).toBe(false);
    expect(rowAt(rows, { x: 0, y: 12 }, 10)?.unit).toBe(2);
    expect(rowAt(rows, { x: 0, y: 31 }, 10)).toBeNull();
  });

  it("takes the rows that a rectangle touches, drawn either way", () => {
    expect(
      unitsIn(
        "rectangle",
        [
          { x: 0, y: 8 },
          { x: 9, y: 12 },
        ],
        rows,
        10,
      ),
    ).toEqual([7, 2]);
    expect(
      unitsIn(
        "rectangle",
        [
          { x: 0, y: 28 },
          { x: 9, y: 22 },
        ],
        rows,
        10,
      ),
    ).toEqual([4]);
  });

  it("takes the units whose peak lies in a lasso", () => {
    const lasso = [
      { x: 40, y: 0 },
      { x: 100, y: 0 },
      { x: 100, y: 40 },
      { x: 40, y: 40 },
    ];
    expect(unitsIn("lasso", lasso, rows, 10)).toEqual([2, 4]);
    expect(inside({ x: 5, y: 5 }, [])).toBe(false);
    const triangle = [
      { x: 0, y: 0 },
      { x: 10, y: 0 },
      { x: 0, y: 10 },
    ];
    expect([inside({ x: 2, y: 2 }, triangle), inside({ x: 8, y: 8 }, triangle)]).toEqual([true, false]);
  });

  it("goes from row to row by keys", () => {
    expect(rowByKey("ArrowDown", 1, 3)).toBe(2);
    expect(rowByKey("ArrowDown", 2, 3)).toBe(2);
    expect(rowByKey("PageUp", 2, 30)).toBe(0);
    expect(rowByKey("End", 0, 3)).toBe(2);
    expect(rowByKey("a", 0, 3)).toBeNull();
  });

  it("leaves marks beside the rows chosen, neighbours in one, and none over what they show", () => {
    const many = [7, 2, 4, 0, 1].map((unit) => ({ unit }));
    expect(chosenRuns(many, [4, 7, 2, 1])).toEqual([
      [0, 2],
      [4, 4],
    ]);
    expect(chosenRuns(many, [])).toEqual([]);
    const row = { left: 50, top: 20, width: 300, height: 40 };
    const mark = markBeside(row);
    expect(mark.left).toBeGreaterThan(row.left + row.width);
    expect([mark.top, mark.height]).toEqual([20, 40]);
    // A row of half a pixel is still to be found, and its mark is about its middle.
    const thin = markBeside({ ...row, height: 0.5 });
    expect(thin.height).toBeGreaterThanOrEqual(4);
    expect(thin.top + thin.height / 2).toBeCloseTo(20.25);
  });
});

it("types of units follow from the signs of what they send, under Dale's law only", () => {
  const W_rec = { rows: 2, columns: 3, data: Float32Array.from([1, -1, 0, 2, 0, 0]) };
  expect([...(unitTypes({ network: { dale_ratio: 0.5 } }, W_rec) ?? [])]).toEqual([1, -1, 0]);
  expect(unitTypes({ network: { dale_ratio: null } }, W_rec)).toBeNull();
  expect(unitTypes(null, undefined)).toBeNull();
});
