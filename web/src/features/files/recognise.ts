/** What a file is, by what stands in it; its name says nothing. Nothing of it is run. */

import { NullclineError, type Arrays, type ExperimentDocument, type Json } from "nullcline";
import { namesInNpz, readNpz } from "nullcline/npz";
import { bytes as inBytes } from "../../plots/numbers";
import { isObject } from "../../json";
import { isBroken, readDocument } from "../experiment/text/read";
import { hasGates, holdsTrials, holdsWeights } from "./archives";
import { FileProblem, looksLikeTrials, parseTrials } from "./csv";
import { isZip, npyHeader, npyText, startsWith } from "./npy";
import { tooLarge } from "./size";

/** The sizes of the network that weights belong to. */
export interface WeightSizes {
  type: "Basic" | "LSTM";
  N_in: number;
  N_rec: number;
  N_out: number;
}

export type Found =
  | { kind: "experiment"; name: string; document: ExperimentDocument }
  /** Trials; `dt` where the file has times. */
  | { kind: "trials"; name: string; content: Uint8Array | Arrays; count: number; dt: number | null }
  | { kind: "weights"; name: string; content: Uint8Array; sizes: WeightSizes }
  /** A run, and the experiment that it belongs to. */
  | {
      kind: "state";
      name: string;
      content: Uint8Array;
      document: ExperimentDocument;
      arithmetic: string;
    }
  /** Any other arrays, which a document may name. */
  | { kind: "arrays"; name: string; content: Uint8Array; keys: string[] }
  /** Nothing that can be opened: one sentence on why, and what whoever chose the file can do. */
  | { kind: "refused"; name: string; reason: string; hint?: string };

const mostDocumentBytes = 10_000_000;
const deepest = 50;

const readable = "Read are trials (.npz, .csv), weights and runs (.npz), and experiments (.json).";

export function recognise(bytes: Uint8Array, name: string): Found {
  const refused = (reason: string, hint = ""): Found => ({ kind: "refused", name, reason, hint });
  try {
    const large = tooLarge(name, bytes.length);
    if (large) return refused(large);
    if (bytes.length === 0) return refused(`${name} is empty.`);
    if (isZip(bytes)) return archive(bytes, name);
    const other = kinds.find(({ start }) => startsWith(bytes, start));
    if (other) return refused(`${name} is ${other.what}.`, other.hint ?? readable);
    return text(bytes, name);
  } catch (error) {
    if (error instanceof FileProblem) return refused(error.message, error.hint);
    if (error instanceof NullclineError) return refused(error.message, error.hint);
    throw error;
  }
}

const ascii = (letters: string) => [...new TextEncoder().encode(letters)];

/** Files that people have, told apart by how they begin. */
const kinds: { start: number[]; what: string; hint?: string }[] = [
  {
    start: [0x93, ...ascii("NUMPY")],
    what: "a single NumPy array (.npy)",
    hint: "numpy.savez(file, x=x, y=y, mask=mask) writes an archive of trials.",
  },
  { start: ascii("MATLAB"), what: "a MATLAB file", hint: "Save its trials as .npz or .csv." },
  { start: [0x89, ...ascii("HDF")], what: "an HDF5 file", hint: "Save its arrays as .npz." },
  { start: [0x80, 2], what: "a Python pickle, which could run code and is not read" },
  { start: [0x80, 3], what: "a Python pickle, which could run code and is not read" },
  { start: [0x80, 4], what: "a Python pickle, which could run code and is not read" },
  { start: [0x80, 5], what: "a Python pickle, which could run code and is not read" },
  { start: [0x1f, 0x8b], what: "compressed with gzip", hint: "Unpack it first." },
  { start: [0x89, ...ascii("PNG")], what: "a picture" },
  { start: [0xff, 0xd8, 0xff], what: "a picture" },
  { start: ascii("%PDF"), what: "a PDF" },
  { start: ascii("<"), what: "a web page, or other text with tags" },
];

function archive(content: Uint8Array, name: string): Found {
  const keys = namesInNpz(content, name);
  const isState = ["numerics_version", "experiment", "arithmetic"].every((key) => keys.includes(key));
  const isTrials = holdsTrials(keys);
  const isWeights = holdsWeights(keys);
  if (keys.length === 0) throw new FileProblem(`${name} is an archive without arrays in it.`, readable);
  // Arrays that nothing here reads are not unpacked.
  if (!isState && !isTrials && !isWeights) return { kind: "arrays", name, content, keys };

  const members = readNpz(content, name);
  const bytesOf = (key: string) => {
    const member = members.find((found) => found.key === key);
    return member && "bytes" in member ? member.bytes : new Uint8Array();
  };
  const shapeOf = (key: string) => npyHeader(bytesOf(key))?.shape ?? [];

  if (isState) {
    const document = parseDocument(npyText(bytesOf("experiment")) ?? "", `${name}: experiment`);
    return { kind: "state", name, content, document, arithmetic: npyText(bytesOf("arithmetic")) ?? "" };
  }
  if (isTrials) return { kind: "trials", name, content, count: shapeOf("x")[0] ?? 0, dt: null };
  const [N_out = 0, N_rec = 0] = shapeOf("W_out");
  const lstm = hasGates(keys);
  // An LSTM's gates see the inputs first and then the units.
  const N_in = lstm ? (shapeOf("W_f")[0] ?? 0) - N_rec : (shapeOf("W_in")[1] ?? 0);
  const sizes: WeightSizes = { type: lstm ? "LSTM" : "Basic", N_in, N_rec, N_out };
  if (Object.values(sizes).some((size) => typeof size === "number" && !(size > 0)))
    throw new FileProblem(
      `${name} holds weights, but their shapes are not those of a network: W_in must be N_rec × N_in and W_out N_out × N_rec.`,
    );
  return { kind: "weights", name, content, sizes };
}

function text(bytes: Uint8Array, name: string): Found {
  const unreadable = new FileProblem(`${name} is neither text nor a NumPy archive.`, readable);
  let decoded: string;
  try {
    decoded = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw unreadable;
  }
  if (decoded.includes("\0")) throw unreadable;
  const start = decoded.trimStart();
  if (start === "") throw new FileProblem(`${name} is empty.`);
  if (start.startsWith("{") || start.startsWith("["))
    return { kind: "experiment", name, document: parseDocument(decoded, name) };
  const [firstLine = ""] = start.split("\n", 1);
  if (!looksLikeTrials(firstLine))
    throw new FileProblem(
      `${name} is text, but neither an experiment nor trials.`,
      "The first line of trials names the columns time, input_1, …, target_1, …, mask.",
    );
  const { x, y, mask, dt } = parseTrials(decoded, name);
  return { kind: "trials", name, content: { x, y, mask }, count: x.shape[0] ?? 0, dt };
}

function parseDocument(source: string, name: string): ExperimentDocument {
  if (source.length > mostDocumentBytes)
    throw new FileProblem(
      `${name} has ${inBytes(source.length)}; experiments of up to ${inBytes(mostDocumentBytes)} are read.`,
    );
  const plain = source.replace(/^\ufeff/, "");
  let value: Json;
  try {
    value = JSON.parse(plain) as Json;
  } catch (error) {
    const where = error instanceof Error ? `: ${error.message}` : "";
    throw new FileProblem(`${name} begins like JSON, but cannot be read as such${where}.`);
  }
  if (!isObject(value) || value.nullcline === undefined)
    throw new FileProblem(`${name} is JSON, but no experiment: it has no field "nullcline".`);
  if (depth(value) > deepest)
    throw new FileProblem(`${name} is nested more than ${deepest} deep, which no experiment is.`);
  // What JSON lets pass and nobody means: a name twice, numbers beyond any.
  const reading = readDocument(plain);
  if (isBroken(reading)) throw new FileProblem(`${name}, line ${reading.line}: ${reading.message}`);
  return reading.document;
}

/** How deep lists and objects are nested, as far as it matters. */
function depth(value: Json): number {
  let level: Json[] = [value];
  for (let deep = 0; deep <= deepest; deep++) {
    level = level.flatMap((item) =>
      typeof item === "object" && item !== null ? Object.values(item as { [key: string]: Json }) : [],
    );
    if (level.length === 0) return deep;
  }
  return deepest + 1;
}
