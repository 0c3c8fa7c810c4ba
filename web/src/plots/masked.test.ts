import { expect, it } from "vitest";
import { maskedStretches, maskOutline, targetLine } from "./masked";

const one = (length: number, at: number) => Array.from({ length }, (_, step) => (step === at ? 1 : 0));

it("finds where a mask counts", () => {
  expect(maskedStretches([0, 1, 2, 0, 0, 0.5])).toEqual([
    { from: 1, to: 3 },
    { from: 5, to: 6 },
  ]);
  expect(maskedStretches([0, 0])).toEqual([]);
});

it("a target of one step in two thousand, or of the last one, has a piece that can be seen", () => {
  const y = one(2000, 1001);
  const inner = targetLine(y, y, { dt: 1, end: 2000, least: 40 }, 500);
  expect(inner.x).toEqual([981, 1001, 1021, 1021]);
  expect(inner.y).toEqual([1, 1, 1, null]);
  expect(inner.customdata).toEqual([1001, 1001, 1001, 1021]);
  const last = one(10, 9);
  expect(targetLine(last, last, { dt: 100, end: 1000, least: 20 }, 500).x).toEqual([890, 900, 910, 910]);
  expect(targetLine(last, last, { dt: 100, end: 1000, least: 300 }, 500).x).toEqual([700, 900, 1000, 1000]);
});

it("a long target is thinned within its pieces, to their last step", () => {
  const y = Array.from({ length: 1000 }, (_, step) => step);
  const mask = y.map((step) => (step >= 100 && step < 900 ? 1 : 0));
  const { x } = targetLine(y, mask, { dt: 1, end: 1000, least: 2 }, 100);
  expect([x[0], x[1], x.at(-2)]).toEqual([100, 108, 899]);
});

it("a target that nowhere counts is a point without a value", () => {
  expect(targetLine([1, 1], [0, 0], { dt: 1, end: 2, least: 1 }, 10).y).toEqual([NaN]);
});

it("the outline of a mask has every change, and every step however short", () => {
  const varied = maskOutline([0, 1, 1, 0.5, 0], { dt: 10, end: 50, least: 1 });
  expect(varied.x).toEqual([0, 10, 10, 30, 30, 40, 40, 50]);
  expect(varied.y).toEqual([0, 0, 1, 1, 0.5, 0.5, 0, 0]);
  expect(maskOutline(one(2000, 1001), { dt: 1, end: 2000, least: 10 }).x.slice(1, 3)).toEqual([996.5, 996.5]);
  expect(maskOutline(one(10, 9), { dt: 1, end: 10, least: 0.1 }).x).toEqual([0, 9, 9, 10, 10, 10]);
});
