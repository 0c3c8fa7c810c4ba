import { expect, it } from "vitest";
import { numberHeight, placedNames, placedNumbers, shortName, widthOf } from "./names";

/** The epochs of a delayed discrimination. */
const delayed = [
  { name: "fixation", from: 0, to: 30 },
  { name: "stimulus 1", from: 30, to: 70 },
  { name: "delay", from: 70, to: 190 },
  { name: "stimulus 2", from: 190, to: 230 },
  { name: "decision", from: 230, to: 250 },
];

it("stand in the middle where there is room", () => {
  const placed = placedNames(
    [
      { name: "stimulus", from: 0, to: 100 },
      { name: "response", from: 100, to: 300 },
    ],
    300,
  );
  expect(placed).toEqual([
    { name: "stimulus", middle: 50 },
    { name: "response", middle: 200 },
  ]);
});

it("give way to each other, shortened where they must, and stay within the plot", () => {
  const wide = placedNames(
    delayed.map(({ name, from, to }) => ({ name, from: 2 * from, to: 2 * to })),
    500,
  );
  expect(wide.map(({ name }) => name)).toEqual(delayed.map(({ name }) => name));
  const narrow = placedNames(delayed, 250);
  expect(narrow.map(({ name }) => name)).toEqual(["fix.", "stim. 1", "delay", "stim. 2", "dec."]);
  for (const placed of [wide, narrow])
    placed.forEach(({ name, middle }, index) => {
      const half = widthOf(name) / 2;
      const next = placed[index + 1];
      expect(middle - half).toBeGreaterThanOrEqual(0);
      expect(middle + half).toBeLessThanOrEqual(placed === wide ? 500 : 250);
      if (next) expect(middle + half).toBeLessThan(next.middle - widthOf(next.name) / 2);
    });
});

it("are left out where they would stand above another's stretch", () => {
  const crowded = [
    { name: "fixation", from: 0, to: 2 },
    { name: "stimulus", from: 2, to: 4 },
    { name: "response", from: 4, to: 400 },
  ];
  expect(placedNames(crowded, 400).map(({ name }) => name)).toEqual(["fixation", "response"]);
  expect(placedNames([], 400)).toEqual([]);
});

it("have short forms", () => {
  expect(["stimulus 2", "inter-trial", "delay"].map(shortName)).toEqual(["stim. 2", "ITI", "delay"]);
});

it("number every row as near to it as the others let them, as long as there is room", () => {
  const placed = (middles: number[], height: number) =>
    placedNumbers(
      middles.map((middle) => ({ middle })),
      height,
    );
  expect(placed([2, 50, 98], 100).map(({ at }) => at)).toEqual([2, 50, 98]);
  const close = placed([40, 45, 50, 90], 100);
  expect(close.map(({ middle }) => middle)).toEqual([40, 45, 50, 90]);
  expect(close.map(({ at }) => at)).toEqual([45 - numberHeight, 45, 45 + numberHeight, 90]);
  // Rows of 2 pixels, of which there are too many.
  const rows = Array.from({ length: 20 }, (_, row) => 1 + 2 * row);
  expect(placed(rows, 40).map(({ at }) => at)).toEqual([1, 15, 29]);
  expect(placed([], 40)).toEqual([]);
});
