import { expect, it } from "vitest";
import { unitsCutOut } from "./types";

const matrix = (rows: number, columns: number, data: number[]) => ({
  rows,
  columns,
  data: Float32Array.from(data),
});

it("a unit without a connection to units and outputs sends nothing", () => {
  const W_rec = matrix(3, 3, [0, 0, 1, 0, 0, 0, 0, 0, 0]);
  expect(unitsCutOut({ W_rec, W_out: matrix(1, 3, [0, 0, 0]) })).toEqual([0, 1]);
  expect(unitsCutOut({ W_rec, W_out: matrix(1, 3, [0, 2, 0]) })).toEqual([0]);
  expect(unitsCutOut({ W_f: W_rec })).toEqual([]);
  expect(unitsCutOut(null)).toEqual([]);
});
