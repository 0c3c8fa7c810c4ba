import type { Matrix, VariableConstraint } from "nullcline";
import { parseNumber } from "../../document/document";
import { fromTo, plural, significant } from "../../plots/numbers";
import type { Ends } from "../../plots/ends";
import { isHeld, isMasked } from "../../plots/weight-map";

/** What an edit of weights does, in numbers and in words. */

/** Rows and columns of a matrix, ascending. */
export interface Block {
  rows: number[];
  columns: number[];
}

export type Edit = { kind: "set"; value: number } | { kind: "scale"; factor: number };

/** Some elements of a matrix and what stands there. */
export interface Patch {
  indices: Uint32Array;
  values: Float32Array;
}

/** A number that a weight can be; null where the text is none. */
export function numberOf(text: string): number | null {
  const number = parseNumber(text);
  return typeof number === "number" && Number.isFinite(Math.fround(number)) ? number : null;
}

/** Whether something is written that is no such number. */
export function isNoNumber(text: string): boolean {
  return text.trim() !== "" && numberOf(text) === null;
}

type Constraint = VariableConstraint | null | undefined;

/** Visits the places of a block's elements in the matrix. */
function visit(block: Block, columns: number, action: (index: number) => void): void {
  for (const row of block.rows) for (const column of block.columns) action(row * columns + column);
}

/** The places of a block's connections in the matrix. */
export function connectionsOf(block: Block, columns: number, constraint: Constraint): number[] {
  const places: number[] = [];
  visit(block, columns, (index) => {
    if (!isMasked(constraint, columns, index)) places.push(index);
  });
  return places;
}

/**
 * The elements that an edit of the raw weights changes, and their new values. Where there is no connection nothing is
 * changed: no weight there would have an effect.
 */
export function patchOf(raw: Matrix, block: Block, edit: Edit, constraint: Constraint): Patch {
  const indices: number[] = [];
  const values: number[] = [];
  visit(block, raw.columns, (index) => {
    if (isMasked(constraint, raw.columns, index)) return;
    const old = raw.data[index] ?? 0;
    const next = Math.fround(edit.kind === "set" ? edit.value : old * edit.factor);
    if (next === old) return;
    indices.push(index);
    values.push(next);
  });
  return { indices: Uint32Array.from(indices), values: Float32Array.from(values) };
}

/** A copy of the matrix with the patch in its place. */
export function patched(matrix: Matrix, { indices, values }: Patch): Matrix {
  const data = matrix.data.slice();
  indices.forEach((index, at) => (data[index] = values[at] ?? 0));
  return { ...matrix, data };
}

export interface BlockFacts {
  count: number;
  /** Elements where there is no connection. */
  masked: number;
  /** Connections that training holds. */
  held: number;
  /** Of the connections. */
  low: number;
  mean: number;
  high: number;
}

export function factsOf(shown: Matrix, block: Block, constraint: Constraint): BlockFacts {
  let [masked, held, sum, low, high] = [0, 0, 0, Infinity, -Infinity];
  visit(block, shown.columns, (index) => {
    if (isMasked(constraint, shown.columns, index)) {
      masked++;
      return;
    }
    if (isHeld(constraint, shown.columns, index)) held++;
    const value = shown.data[index] ?? NaN;
    sum += value;
    low = Math.min(low, value);
    high = Math.max(high, value);
  });
  const count = block.rows.length * block.columns.length;
  return { count, masked, held, low, mean: sum / (count - masked), high };
}

/** What is chosen, and what holds there. */
export function factsSentence({ count, masked, held, low, mean, high }: BlockFacts): string {
  const connected = count - masked;
  if (connected === 0)
    return count === 1
      ? "There is no connection: a weight here would have no effect."
      : `There is no connection at any of these ${plural(count, "place")}: a weight here would have no effect.`;
  const values =
    connected === 1
      ? `${count === 1 ? "The weight is" : "One weight,"} ${significant(low, 4)}`
      : low === high
        ? `${plural(connected, "weight")}, all ${significant(low, 4)}`
        : `${plural(connected, "weight")} from ${significant(low)} to ${significant(high)}, ${significant(mean)} on average`;
  return [
    `${values}.`,
    ...(masked > 0
      ? [`At ${plural(masked, "more place")} there is no connection; an edit leaves them as they are.`]
      : []),
    ...(held > 0
      ? [
          count === 1
            ? "Training holds it: it stays as you set it."
            : `Training holds ${held === connected ? "them" : `${held} of them`}: they stay as you set them.`,
        ]
      : []),
  ].join(" ");
}

/** Says where Dale's law makes something else of an edit; empty where it does not. */
export function signSentence(block: Block, columns: number, edit: Edit, constraint: Constraint): string {
  const signs = constraint?.signs;
  if (!signs) return "";
  if (edit.kind === "scale")
    return edit.factor < 0
      ? "Dale's law keeps the signs as they are: only the size of the weights is scaled."
      : "";
  const turned = block.columns.filter((column) => (signs[column % columns] ?? 0) * edit.value < 0);
  if (turned.length === 0) return "";
  const acts = significant(-edit.value, 4);
  return turned.length === block.columns.length
    ? `By Dale's law the weights of these columns are ${edit.value > 0 ? "negative" : "positive"}: it acts as ${acts}.`
    : `By Dale's law it acts as ${acts} in ${plural(turned.length, "column")} of the other sign.`;
}

/** What was done. */
export function doneSentence(name: string, changed: number, edit: Edit): string {
  const what =
    edit.kind === "set" ? `set to ${significant(edit.value, 4)}` : `scaled by ${significant(edit.factor, 4)}`;
  return `${plural(changed, "weight")} of ${name} ${what}. Training starts anew from here.`;
}

/** Why connections cannot be cut in a matrix other than W_rec, and what to do; empty for what holds no connections. */
export function uncutWords({ columns }: Ends, hasW_rec: boolean): string {
  if (columns.role === "of") return "";
  return `${hasW_rec ? "Connections are cut in W_rec only" : "This network has no W_rec to cut"}: set these to 0 instead.`;
}

/** What is chosen, and what a lesion cuts of it, and when. */
export function cutSentence(
  connections: number,
  cut: number,
  window: [number, number] | null = null,
): string {
  if (connections === 0) return "There is no connection here that could be cut.";
  const isCut = `cut${window ? ` ${fromTo(window)}` : ""}`;
  if (connections === 1) return cut === 1 ? `The connection is ${isCut}.` : "The connection is whole.";
  const chosen = `${plural(connections, "connection")} chosen`;
  return cut === 0
    ? `${chosen}, none of them cut.`
    : cut === connections
      ? `${chosen}, all of them ${isCut}.`
      : `${chosen}, ${cut} of them ${isCut}.`;
}
