/**
 * Trials as text: one row a step, one block of rows a trial, blank lines between the blocks.
 *
 *     time,input_1,input_2,target_1,target_2,mask
 *     0,0.2,0,0,0,0
 *     10,0.9,0.1,1,0,1
 *
 *     0,0.1,0,0,0,0
 *     10,0,0.8,0,1,1
 *
 * Columns: `input_1`, `input_2`, …; `target_1`, …; a `mask` for all targets or `mask_1`, … for each; if they are there,
 * equal steps of `time` in ms. In any order, separated by commas, semicolons or tabs. All blocks are of the same length.
 * The numbers have a decimal point, or a decimal comma where semicolons or tabs separate them.
 */

import type { ArrayData } from "nullcline";
import { plural } from "../../plots/numbers";

export interface TextTrials {
  x: ArrayData;
  y: ArrayData;
  mask: ArrayData;
  /** Time step in ms, where the file has times. */
  dt: number | null;
}

/** What is wrong with a file: one sentence. */
export class FileProblem extends Error {
  /** What whoever chose the file can do; empty where the message says all. */
  readonly hint: string;

  constructor(message: string, hint = "") {
    super(message);
    this.hint = hint;
  }
}

const mostChannels = 1000;
/** Those of inputs, targets and masks, and the time. */
const mostColumns = 3 * mostChannels + 1;
const mostValues = 20_000_000;

interface Columns {
  time: number | null;
  input: number[];
  target: number[];
  mask: number[];
}

/** Trials from text. Throws a `FileProblem` that says what is wrong, and in which line. */
export function parseTrials(text: string, name: string): TextTrials {
  const reader = new Reader(text.replace(/^\ufeff/, ""), name);
  return reader.read();
}

/** Whether a line reads as this format's first one. */
export function looksLikeTrials(firstLine: string): boolean {
  return /(^|[,;\t])\s*"?(input|target)_\d+"?\s*([,;\t]|$)/i.test(firstLine);
}

function shortened(cell: string): string {
  const text = cell.trim();
  return text === "" ? "nothing" : `“${text.length > 24 ? `${text.slice(0, 24)}…` : text}”`;
}

class Reader {
  readonly #text: string;
  readonly #name: string;
  #place = 0;
  #line = 0;
  readonly #x: number[] = [];
  readonly #y: number[] = [];
  readonly #mask: number[] = [];

  constructor(text: string, name: string) {
    this.#text = text;
    this.#name = name;
  }

  read(): TextTrials {
    const first = this.#nextRow() ?? this.#fail("holds no rows. The first one names the columns.");
    const separator = [";", "\t"].find((mark) => first.includes(mark)) ?? ",";
    const cells = first.split(separator, mostColumns + 1);
    if (cells.length > mostColumns)
      this.#failHere(`there are more than ${mostColumns} columns, which is not read.`);
    const columns = this.#columns(cells);
    const decimalComma = separator !== ",";

    const clock = new Clock();
    let trials = 0;
    let steps = 0;
    let length = 0;
    let last = 0;
    const endOfBlock = () => {
      if (steps === 0) return;
      if (trials > 0 && steps !== length)
        this.#failAt(
          last,
          `trial ${trials + 1} ends here with ${plural(steps, "row")}; the first trial has ${length}.`,
        );
      length = steps;
      trials++;
      steps = 0;
      clock.restart();
    };
    for (let row = this.#nextLine(); row !== null; row = this.#nextLine()) {
      if (row.trim() === "") {
        endOfBlock();
        continue;
      }
      this.#row(row.split(separator), cells.length, columns, decimalComma, clock);
      steps++;
      last = this.#line;
    }
    endOfBlock();
    if (trials === 0) this.#fail("holds the names of columns, but no trial.");
    if (!this.#mask.some((value) => value !== 0))
      this.#fail("has a mask that is 0 everywhere, so that there is nothing to learn.");

    const array = (channels: number[], data: number[]): ArrayData => ({
      shape: [trials, length, channels.length],
      data: Float32Array.from(data),
    });
    return {
      x: array(columns.input, this.#x),
      y: array(columns.target, this.#y),
      mask: array(columns.target, this.#mask),
      dt: clock.step,
    };
  }

  #columns(cells: string[]): Columns {
    const names = cells.map((cell) =>
      cell
        .trim()
        .replace(/^"(.*)"$/, "$1")
        .toLowerCase(),
    );
    const known = /^(?:time|mask|(?:input|target|mask)_([1-9]\d*))$/;
    names.forEach((name, index) => {
      if (!known.test(name))
        this.#failHere(
          `column ${index + 1} is called ${shortened(cells[index] ?? "")}; allowed are time, input_1, …, target_1, …, and mask or mask_1, ….`,
        );
      if (names.indexOf(name) !== index) this.#failHere(`the column ${name} is there twice.`);
    });
    const place = (name: string): number | null => (names.includes(name) ? names.indexOf(name) : null);
    const group = (kind: string): number[] => {
      const count = names.filter((name) => name.startsWith(`${kind}_`)).length;
      if (count > mostChannels)
        this.#failHere(`there are ${count} columns ${kind}_…; at most ${mostChannels} are read.`);
      return Array.from(
        { length: count },
        (_, index) =>
          place(`${kind}_${index + 1}`) ??
          this.#failHere(`there are ${count} columns ${kind}_…, but ${kind}_${index + 1} is not among them.`),
      );
    };
    const [input, target, own] = [group("input"), group("target"), group("mask")];
    if (input.length === 0) this.#failHere("there is no column input_1.");
    if (target.length === 0) this.#failHere("there is no column target_1.");
    const shared = place("mask");
    if (shared === null && own.length === 0) this.#failHere("there is no column mask, nor mask_1.");
    if (shared !== null && own.length > 0)
      this.#failHere("there is a column mask for all targets and others for each; one kind is allowed.");
    if (shared === null && own.length !== target.length)
      this.#failHere(
        `there are ${plural(target.length, "target")} and ${plural(own.length, "mask")}; each target needs its mask, or all one column mask.`,
      );
    const mask = shared === null ? own : target.map(() => shared);
    return { time: place("time"), input, target, mask };
  }

  #row(cells: string[], width: number, columns: Columns, decimalComma: boolean, clock: Clock): void {
    if (cells.length !== width)
      this.#failHere(
        `${plural(cells.length, "value")} found; the first row names ${plural(width, "column")}.`,
      );
    const value = (index: number): number => {
      const cell = (cells[index] ?? "").trim().replace(/^"(.*)"$/, "$1");
      const text = decimalComma ? cell.replace(",", ".") : cell;
      // Number takes hexadecimal and "Infinity" too, which no table holds.
      if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) || !Number.isFinite(Math.fround(Number(text))))
        this.#failHere(`column ${index + 1} holds ${shortened(cell)}; it must hold a number.`);
      return Number(text);
    };
    if (columns.time !== null) {
      const time = value(columns.time);
      const wrong = clock.tick(time);
      if (wrong) this.#failHere(wrong);
    }
    for (const index of columns.input) this.#x.push(value(index));
    for (const index of columns.target) this.#y.push(value(index));
    for (const index of columns.mask) this.#mask.push(value(index));
    if (this.#x.length + 2 * this.#y.length > mostValues)
      this.#fail(`holds more than ${mostValues / 1e6} million numbers. Save such trials as .npz.`);
  }

  /** The next line, without its end; null behind the last one. */
  #nextLine(): string | null {
    if (this.#place >= this.#text.length) return null;
    const end = this.#text.indexOf("\n", this.#place);
    const line = this.#text.slice(this.#place, end < 0 ? undefined : end).replace(/\r$/, "");
    this.#place = end < 0 ? this.#text.length : end + 1;
    this.#line++;
    return line;
  }

  #nextRow(): string | null {
    let line = this.#nextLine();
    while (line?.trim() === "") line = this.#nextLine();
    return line;
  }

  #fail(what: string): never {
    throw new FileProblem(`${this.#name} ${what}`);
  }

  #failHere(what: string): never {
    this.#failAt(this.#line, what);
  }

  #failAt(line: number, what: string): never {
    throw new FileProblem(`${this.#name}, line ${line}: ${what}`);
  }
}

/** Steps of time, which must be equal within each trial and from trial to trial. */
class Clock {
  step: number | null = null;
  #last: number | null = null;

  restart(): void {
    this.#last = null;
  }

  /** What is wrong with the time of a row; null where it follows the one before. */
  tick(time: number): string | null {
    const last = this.#last;
    this.#last = time;
    if (last === null) return null;
    const step = time - last;
    if (!(step > 0)) return `the time is ${time} after ${last}; it must grow from row to row of a trial.`;
    this.step ??= Number(step.toPrecision(9));
    return Math.abs(step - this.step) <= 1e-3 * this.step
      ? null
      : `the time grows by ${Number(step.toPrecision(6))} ms; before it grew by ${this.step} ms, and all steps must be equal.`;
  }
}
