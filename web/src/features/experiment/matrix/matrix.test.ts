import type { Json, Matrix } from "nullcline";
import { describe, expect, it } from "vitest";
import { diverging } from "../../../plots/colour";
import { readFile } from "./files";
import {
  aboutMatrix,
  filled,
  firstPattern,
  readMatrix,
  sizesOf,
  sizeText,
  ticksOf,
  valueAt,
  writeMatrix,
} from "./matrix";
import {
  cellsBetween,
  inverted,
  isMask,
  movedBy,
  painted,
  transposed,
  valueOf,
  within,
  type Brush,
} from "./paint";
import { readPaste } from "./paste";
import { pixelsOf } from "./pixels";

const sizes = { N_in: 2, N_rec: 4, N_out: 3 };
const size = (rows: number, columns: number) => ({ rows, columns, list: false });

function matrixOf(rows: number[][]): Matrix {
  const matrix = readMatrix(rows);
  if (!matrix) throw new Error("No matrix.");
  return matrix;
}

describe("what a matrix is about", () => {
  const about = (path: string, document: Json = {}) =>
    aboutMatrix(path.split("."), document, sizes, {
      W_f: { rows: 4, columns: 6 },
      b_f: { rows: 4, columns: 1 },
    });

  it("follows from its name: the weights, the size, and whether it is a mask", () => {
    expect(about("network.input_connectivity")).toEqual({
      variable: "W_in",
      role: "connectivity",
      size: size(4, 2),
    });
    expect(about("network.rec_connectivity").size).toEqual(size(4, 4));
    expect(about("network.output_connectivity").size).toEqual(size(3, 4));
    expect(about("training.fixed_weights.W_out")).toEqual({
      variable: "W_out",
      role: "fixed",
      size: size(3, 4),
    });
    expect(about("network.initializer.b_out")).toEqual({
      variable: "b_out",
      role: "numbers",
      size: { rows: 1, columns: 3, list: true },
    });
    expect(about("network.Dale_rec").size).toEqual({ rows: 1, columns: 4, list: true });
  });

  it("takes the sizes of other networks' weights from the network that is there", () => {
    expect(about("training.fixed_weights.W_f").size).toEqual(size(4, 6));
    expect(about("training.fixed_weights.b_f").size).toEqual({ rows: 1, columns: 4, list: true });
    expect(about("training.fixed_weights.W_x").size).toBeNull();
  });

  it("counts the modules of a pattern", () => {
    const document = { network: { rec_connectivity: { pattern: "modules", sizes: [1, 2, 1] } } };
    expect(about("network.rec_connectivity.connected", document).size).toEqual(size(3, 3));
    expect(about("network.rec_connectivity.connected").size).toBeNull();
  });

  it("follows the number of units that the draft asks for, even while something is wrong", () => {
    expect(sizesOf({ network: { N_rec: 7 } }, sizes)).toEqual({ ...sizes, N_rec: 7 });
    for (const N_rec of ["x", -1, 2.5, 1e9, null])
      expect(sizesOf({ network: { N_rec } }, sizes)).toEqual(sizes);
    expect(sizesOf({}, null)).toBeNull();
  });

  it("gives patterns a first form that suits the size", () => {
    expect(firstPattern("modules", size(5, 5))).toEqual({
      pattern: "modules", sizes: [2, 3], connected: [[1, 0], [0, 1]] }); // prettier-ignore
    expect(firstPattern("modules", size(1, 1))).toEqual({ pattern: "modules", sizes: [1], connected: [[1]] });
    expect(firstPattern("columns", size(4, 2))).toEqual({ pattern: "columns", from: 0, to: 1 });
    expect(firstPattern("block", size(4, 2))).toMatchObject({ row_to: 2, column_to: 1 });
    expect(firstPattern("ring", size(4, 4))).toBeNull();
    expect(firstPattern("rows", null)).toBeNull();
  });
});

describe("a matrix in the document", () => {
  it("is read and written as rows, or as a list", () => {
    const rows = [[0.1, 1e-8], [-3, 123456.78]]; // prettier-ignore
    expect(writeMatrix(matrixOf(rows), false)).toEqual(rows);
    const list = readMatrix([1, 2, 3]);
    expect(list).toMatchObject({ rows: 1, columns: 3 });
    expect(list && writeMatrix(list, true)).toEqual([1, 2, 3]);
    expect(list && writeMatrix(list, false)).toEqual([[1, 2, 3]]);
  });

  it("says so where it is none", () => {
    for (const value of [null, 1, "x", [], [[]], [[1], [1, 2]], [[1, "a"]], [1, [2]], {}, [[null]]])
      expect(readMatrix(value as Json)).toBeNull();
  });

  it("is found by its path", () => {
    expect(valueAt({ a: [{ b: 3 }] }, ["a", 0, "b"])).toBe(3);
    expect(valueAt({ a: 1 }, ["a", "b"])).toBeUndefined();
  });

  it("tells its size", () => {
    expect(sizeText(size(4, 2))).toBe("4 × 2");
    expect(sizeText({ rows: 1, columns: 4, list: true })).toBe("4 values");
  });
});

describe("pasting", () => {
  const numbers = (text: string) => {
    const read = readPaste(text, null);
    return "matrix" in read ? writeMatrix(read.matrix, false) : read.wrong;
  };

  it.each<[string, string, number[][]]>([
    ["a spreadsheet", "0\t1\r\n1\t0\r\n", [[0, 1], [1, 0]]],
    ["a spreadsheet with decimal commas", "0,5\t1\n-1,25\t2", [[0.5, 1], [-1.25, 2]]],
    ["semicolons", "0,5;1\n2;3;\n".replace("3;", "3"), [[0.5, 1], [2, 3]]],
    ["commas", "1,2\n3, 4", [[1, 2], [3, 4]]],
    ["a comma after every cell", "1,2,\n3,4,\n", [[1, 2], [3, 4]]],
    ["spaces and an empty line", "  1   2\n\n3 -4e-1 ", [[1, 2], [3, -0.4]]],
    ["quotes and a true minus", '"1","−2"', [[1, -2]]],
    ["JSON", "[[1, 0], [0, 1]]", [[1, 0], [0, 1]]],
    ["one number", "7", [[7]]],
  ])("reads %s", (_, text, rows) => {
    expect(numbers(text)).toEqual(rows);
  }); // prettier-ignore

  it.each<[string, string]>([
    ["", "There are no numbers in it. Copy the cells of a spreadsheet first."],
    ["1 2\n3", "Row 2 has 1 cell, the first row 2; all rows must be of one length."],
    ["1\tx\n3\t4", "Row 1, cell 2 is “x”, which is no number."],
    ["1\t\t3", "Row 1, cell 2 is empty; write 0 where there is nothing."],
    ["1e999 2", "Row 1, cell 1 is “1e999”, which is no number."],
    ["1 0x", "Row 1, cell 2 is “0x”, which is no number."],
    ["[[1, 2], [3]]", "This begins like JSON but is no matrix: write rows of numbers, [[1, 0], [0, 1]]."],
  ])("says what is wrong with %j", (text, wrong) => {
    expect(numbers(text)).toBe(wrong);
  });

  it("says what size is needed", () => {
    const wrong = (text: string, wanted: Parameters<typeof readPaste>[1]) => {
      const read = readPaste(text, wanted);
      return "wrong" in read ? read.wrong : "";
    };
    expect(wrong("1 2 3", size(2, 2))).toBe("This is 1 × 3; 2 × 2 (to × from) is needed.");
    expect(wrong("1 2 3", size(3, 1))).toContain("transpose");
    expect(wrong("1 2", { rows: 1, columns: 3, list: true })).toBe("This is 1 × 2; 3 values are needed.");
    expect(wrong("1\n2\n3", { rows: 1, columns: 3, list: true })).toBe("");
  });
});

describe("painting", () => {
  const zeros = filled({ rows: 4, columns: 6 }, 0);
  const ones = (matrix: Matrix) => matrix.data.reduce((sum, value) => sum + value, 0);

  it("leaves no holes between two places", () => {
    expect(cellsBetween({ row: 0, column: 0 }, { row: 1, column: 3 })).toEqual([
      { row: 0, column: 0 },
      { row: 0, column: 1 },
      { row: 1, column: 2 },
      { row: 1, column: 3 },
    ]);
    expect(cellsBetween({ row: 2, column: 2 }, { row: 2, column: 2 })[0]).toEqual({ row: 2, column: 2 });
  });

  it("paints cells, squares, rows and columns, up to the edge and not beyond", () => {
    const count = (brush: Brush, row: number, column: number) =>
      ones(painted(zeros, [{ row, column }], brush, 1));
    expect(count("cell", 1, 1)).toBe(1);
    expect(count("row", 1, 1)).toBe(6);
    expect(count("column", 1, 1)).toBe(4);
    expect(count("square", 0, 0)).toBe(9);
    expect(count("square", 2, 3)).toBe(20);
    expect(ones(zeros)).toBe(0);
    expect(valueOf(painted(zeros, [{ row: 3, column: 5 }], "cell", -0.5), { row: 3, column: 5 })).toBe(-0.5);
  });

  it("turns, inverts and knows masks", () => {
    const matrix = matrixOf([[1, 0, 0], [0, 0, 1]]); // prettier-ignore
    expect(writeMatrix(transposed(matrix), false)).toEqual([[1, 0], [0, 0], [0, 1]]); // prettier-ignore
    expect(writeMatrix(inverted(matrix), false)).toEqual([[0, 1, 1], [1, 1, 0]]); // prettier-ignore
    expect(isMask(matrix)).toBe(true);
    expect(isMask(matrixOf([[0.5, 1]]))).toBe(false);
  });

  it("is walked by keys, and stays in the matrix", () => {
    expect(movedBy("ArrowDown", { row: 0, column: 0 }, zeros)).toEqual({ row: 1, column: 0 });
    expect(movedBy("ArrowUp", { row: 0, column: 0 }, zeros)).toEqual({ row: 0, column: 0 });
    expect(movedBy("End", { row: 2, column: 0 }, zeros)).toEqual({ row: 2, column: 5 });
    expect(movedBy("PageDown", { row: 2, column: 1 }, zeros)).toEqual({ row: 3, column: 1 });
    expect(movedBy("x", { row: 0, column: 0 }, zeros)).toBeNull();
    expect(within({ row: 9, column: -1 }, zeros)).toEqual({ row: 3, column: 0 });
  });
});

describe("the picture of a matrix", () => {
  it("is ink where a mask is 1, and red, white and blue for numbers", () => {
    expect([...pixelsOf(matrixOf([[1, 0]]), true)]).toEqual([0, 0, 0, 255, 0, 0, 0, 0]);
    const pixels = pixelsOf(matrixOf([[2, 0, -2]]), false);
    const colours = [16, 8, 0].map((step) => (diverging[step]?.[1].match(/\d+/g) ?? []).map(Number));
    expect([...pixels]).toEqual(colours.flatMap((colour) => [...colour, 255]));
    expect([...pixelsOf(matrixOf([[0]]), false)]).toEqual([255, 255, 255, 255]);
  });
});

describe("files", () => {
  const npy = Uint8Array.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);

  it("takes numbers of a text, and arrays by their names", () => {
    expect(readFile("W.csv", new TextEncoder().encode("1,0\n0,1"), "W_rec", size(2, 2))).toHaveProperty(
      "matrix",
    );
    const one = readFile("W.npy", npy, "W_rec", null);
    if (!("name" in one)) throw new Error("no archive");
    expect(one).toMatchObject({ name: "W.npz", keys: ["W"], key: "W" });
    expect(readFile("W.npz", one.bytes, "W_rec", null)).toMatchObject({
      name: "W.npz",
      keys: ["W"],
      key: "W",
    });
  });

  it("says what is wrong with a file", () => {
    const wrong = (name: string, bytes: Uint8Array) => {
      const read = readFile(name, bytes, "W_rec", null);
      return "wrong" in read ? read.wrong : "";
    };
    expect(wrong("a.csv", new TextEncoder().encode("1,x"))).toBe(
      "a.csv: Row 1, cell 2 is “x”, which is no number.",
    );
    expect(wrong("a.png", Uint8Array.from([0xff, 0xfe, 0x80]))).toContain("neither a file of NumPy");
    expect(wrong("a.npz", new TextEncoder().encode("no archive"))).not.toBe("");
  });
});

it("numbers beside a matrix stand at the middle of their cells, as many as have room", () => {
  const numbers = (cells: number, pixels: number) => ticksOf(cells, pixels, 16).map(({ at }) => at);
  expect(numbers(4, 200)).toEqual([0, 1, 2, 3]);
  expect(numbers(50, 500)).toEqual(Array.from({ length: 25 }, (_, index) => 2 * index));
  expect(numbers(100, 200)).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80, 90]);
  expect(ticksOf(4, 200, 16)[1]?.place).toBe(75);
  expect(numbers(50, 0)).toEqual([]);
});
