import type { Json, Matrix } from "nullcline";
import { readMatrix, sizeText, type Size } from "./matrix";

/** A matrix that was pasted or stood in a text file, or a sentence that says what is wrong with it. */
export type Pasted = { matrix: Matrix } | { wrong: string };

/** Reads rows of numbers: of a spreadsheet (tabs), of a CSV file (commas or semicolons), with spaces between, or JSON. */
export function readPaste(text: string, size: Size | null): Pasted {
  const trimmed = text.trim();
  if (trimmed === "") return { wrong: "There are no numbers in it. Copy the cells of a spreadsheet first." };
  const read = trimmed.startsWith("[") ? readJson(trimmed) : readRows(trimmed);
  return "wrong" in read || !size ? read : fitting(read.matrix, size);
}

function readJson(text: string): Pasted {
  let matrix = null;
  try {
    matrix = readMatrix(JSON.parse(text) as Json);
  } catch {
    // Said below.
  }
  return matrix
    ? { matrix }
    : { wrong: "This begins like JSON but is no matrix: write rows of numbers, [[1, 0], [0, 1]]." };
}

function readRows(text: string): Pasted {
  const lines = text.split(/\r\n|\r|\n/).map((line, index) => ({ line, number: index + 1 }));
  const rows: number[][] = [];
  for (const { line, number } of lines.filter(({ line }) => line.trim() !== "")) {
    const cells = cellsOf(line);
    const row: number[] = [];
    for (const [index, cell] of cells.entries()) {
      const value = numberOf(cell, /[\t;]/.test(line));
      if (value === null)
        return {
          wrong:
            cell === ""
              ? `Row ${number}, cell ${index + 1} is empty; write 0 where there is nothing.`
              : `Row ${number}, cell ${index + 1} is “${cell.slice(0, 20)}”, which is no number.`,
        };
      row.push(value);
    }
    const first = rows[0];
    if (first && first.length !== row.length)
      return {
        wrong: `Row ${number} has ${cellsText(row.length)}, the first row ${first.length}; all rows must be of one length.`,
      };
    rows.push(row);
  }
  const matrix = readMatrix(rows);
  return matrix ? { matrix } : { wrong: "There are no numbers in it." };
}

function cellsText(count: number): string {
  return count === 1 ? "1 cell" : `${count} cells`;
}

function cellsOf(line: string): string[] {
  // A tab or separator at the very end is what some programs put after every cell.
  const separator = line.includes("\t") ? /\t/ : line.includes(";") ? /;/ : line.includes(",") ? /,/ : null;
  if (!separator) return line.trim().split(/\s+/);
  const cells = line.split(separator).map((cell) => cell.trim().replace(/^"(.*)"$/, "$1"));
  return cells.length > 1 && cells.at(-1) === "" ? cells.slice(0, -1) : cells;
}

/** Where cells stand between tabs or semicolons, a comma is the decimal sign of many countries. */
function numberOf(cell: string, commaIsPoint: boolean): number | null {
  const plain = cell.replace(/^[−–]/, "-");
  const text = commaIsPoint ? plain.replace(/^([+-]?\d*),(\d+(?:[eE][+-]?\d+)?)$/, "$1.$2") : plain;
  const value = text === "" ? NaN : Number(text);
  return Number.isFinite(value) && Number.isFinite(Math.fround(value)) ? value : null;
}

function fitting(matrix: Matrix, size: Size): Pasted {
  const count = matrix.rows * matrix.columns;
  const isList = matrix.rows === 1 || matrix.columns === 1;
  if (size.list && isList && count === size.columns)
    return { matrix: { rows: 1, columns: count, data: matrix.data } };
  if (matrix.rows === size.rows && matrix.columns === size.columns) return { matrix };
  const found = `This is ${matrix.rows} × ${matrix.columns}`;
  const wanted = size.list ? `${sizeText(size)} are needed` : `${sizeText(size)} (to × from) is needed`;
  const turned =
    !size.list && matrix.rows === size.columns && matrix.columns === size.rows
      ? " Rows and columns seem to have changed places: transpose it first."
      : "";
  return { wrong: `${found}; ${wanted}.${turned}` };
}
