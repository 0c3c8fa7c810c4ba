import { expect, it } from "vitest";
import { standardNormals } from "./normals";

const mean = (values: Float32Array, of: (value: number, index: number) => number) =>
  values.reduce((sum, value, index) => sum + of(value, index), 0) / values.length;

it("are standard, and independent of their neighbours", async () => {
  const values = await standardNormals(200_001, 3);
  expect(values).toHaveLength(200_001);
  expect(values.every(Number.isFinite)).toBe(true);
  expect(Math.abs(mean(values, (value) => value))).toBeLessThan(0.01);
  expect(Math.abs(mean(values, (value) => value ** 2) - 1)).toBeLessThan(0.02);
  expect(Math.abs(mean(values, (value) => value ** 4) - 3)).toBeLessThan(0.15);
  for (const lag of [1, 2, 50])
    expect(Math.abs(mean(values, (value, index) => value * (values[index + lag] ?? 0)))).toBeLessThan(0.01);
});

it("are the same for one seed and others for another", async () => {
  const [one, again, other] = await Promise.all([
    standardNormals(2000, 100_000),
    standardNormals(2000, 100_000),
    standardNormals(2000, 100_001),
  ]);
  expect(one).toEqual(again);
  expect(Math.abs(mean(one, (value, index) => value * (other[index] ?? 0)))).toBeLessThan(0.1);
  expect(await standardNormals(0, 1)).toHaveLength(0);
});
