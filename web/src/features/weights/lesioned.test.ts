import { expect, it } from "vitest";
import { lesionedMatrix } from "./lesioned";

const matrix = { rows: 2, columns: 2, data: Float32Array.from([1, 2, 3, 4]) };

it("takes the columns of silenced units away, and the connections that a lesion takes", () => {
  expect([...(lesionedMatrix(matrix, { units: [1] })?.data ?? [])]).toEqual([1, 0, 3, 0]);
  expect([...(lesionedMatrix(matrix, { connectivity: [0, 1, 0.5, 1] })?.data ?? [])]).toEqual([0, 2, 1.5, 4]);
});

it("is nothing where there is no lesion, or one that changes from step to step", () => {
  expect(lesionedMatrix(matrix, null)).toBeNull();
  expect(lesionedMatrix(matrix, { units: [] })).toBeNull();
  expect(lesionedMatrix(matrix, { tConnectivity: [1, 1, 1, 1] })).toBeNull();
});
