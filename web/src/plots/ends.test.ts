import { expect, it } from "vitest";
import { asRow, endsOf, endTitle, entryName } from "./ends";

const size = (rows: number, columns: number) => ({ rows, columns });

it("knows what the rows and columns of every variable stand for", () => {
  const titles = (name: string, rows: number, columns: number) => {
    const ends = endsOf(name, size(rows, columns));
    return [endTitle(ends.columns), endTitle(ends.rows)];
  };
  expect(titles("W_rec", 4, 4)).toEqual(["From unit", "To unit"]);
  expect(titles("W_in", 4, 2)).toEqual(["From input", "To unit"]);
  expect(titles("W_out", 1, 4)).toEqual(["From unit", "To output"]);
  expect(titles("W_f", 6, 4)).toEqual(["To unit", "From unit, then input"]);
  expect(titles("b_rec", 1, 4)).toEqual(["Unit", ""]);
  expect(titles("b_out", 1, 2)).toEqual(["Output", ""]);
  expect(titles("init_state", 1, 4)).toEqual(["Unit", ""]);
  expect(titles("init_cell", 8, 4)).toEqual(["Unit", "Trial"]);
});

it("names a weight by its ends, units from 0 and channels from 1", () => {
  expect(entryName(endsOf("W_rec", size(4, 4)), 3, 1, 4)).toBe("from unit 1 to unit 3");
  expect(entryName(endsOf("W_rec", size(4, 4)), 3, 1, 4, "inhibitory")).toBe(
    "from unit 1 (inhibitory) to unit 3",
  );
  expect(entryName(endsOf("W_in", size(4, 2)), 3, 1, 4)).toBe("from input 2 to unit 3");
  expect(entryName(endsOf("W_out", size(2, 4)), 0, 3, 4)).toBe("from unit 3 to output 1");
  expect(entryName(endsOf("W_i", size(6, 4)), 3, 1, 4)).toBe("from unit 3 to unit 1");
  expect(entryName(endsOf("W_i", size(6, 4)), 5, 1, 4)).toBe("from input 2 to unit 1");
  expect(entryName(endsOf("b_rec", size(1, 4)), 0, 2, 4)).toBe("unit 2");
  expect(entryName(endsOf("init_hidden", size(8, 4)), 1, 2, 4)).toBe("unit 2 of trial 2");
});

it("lays a vector out as one row, with the same numbers", () => {
  const data = Float32Array.from([1, 2, 3]);
  expect(asRow({ rows: 3, columns: 1, data })).toEqual({ rows: 1, columns: 3, data });
  expect(asRow({ rows: 3, columns: 3, data })).toEqual({ rows: 3, columns: 3, data });
});
