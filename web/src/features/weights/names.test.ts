import { expect, it } from "vitest";
import { matrixNames } from "./names";

it("offers matrices, the recurrent one first", () => {
  const matrix = (rows: number, columns: number) => ({
    rows,
    columns,
    data: new Float32Array(rows * columns),
  });
  const weights = { W_in: matrix(4, 2), W_rec: matrix(4, 4), W_out: matrix(2, 4), b_rec: matrix(1, 4) };
  expect(matrixNames(weights)).toEqual(["W_rec", "W_in", "W_out"]);
  const gates = { W_out: matrix(2, 4), W_f: matrix(6, 4), W_i: matrix(6, 4) };
  expect(matrixNames(gates)).toEqual(["W_f", "W_i", "W_out"]);
});
