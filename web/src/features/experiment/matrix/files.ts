import { namesInNpz, writeNpz } from "nullcline/npz";
import { NullclineError } from "nullcline";
import type { Matrix } from "nullcline";
import { isNpy, isZip } from "../../files/npy";
import type { Size } from "./matrix";
import { readPaste } from "./paste";

/** What a file holds for a matrix: numbers to take in, or arrays that the document names. */
export type FromFile =
  | { matrix: Matrix }
  /** An archive of arrays, under the name that the document gives it, and which of them to begin with. */
  | { name: string; bytes: Uint8Array; keys: string[]; key: string }
  | { wrong: string };

/** Reads a file of NumPy (.npz, .npy) or a text of numbers (CSV). `wanted` is the array that would be chosen. */
export function readFile(name: string, bytes: Uint8Array, wanted: string, size: Size | null): FromFile {
  if (isNpy(bytes)) {
    const key = name.replace(/\.npy$/i, "") || wanted;
    return { name: `${key}.npz`, bytes: writeNpz([{ key, bytes }]), keys: [key], key };
  }
  if (isZip(bytes) || /\.npz$/i.test(name)) return readArchive(name, bytes, wanted);
  let text;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return { wrong: `${name} is neither a file of NumPy (.npz, .npy) nor a text of numbers (CSV).` };
  }
  const pasted = readPaste(text, size);
  return "wrong" in pasted ? { wrong: `${name}: ${pasted.wrong}` } : pasted;
}

function readArchive(name: string, bytes: Uint8Array, wanted: string): FromFile {
  const keys = arraysIn(name, bytes);
  if ("wrong" in keys) return keys;
  const key = keys.keys.find((one) => one === wanted) ?? keys.keys[0];
  return key === undefined ? { wrong: `${name} holds no arrays.` } : { name, bytes, keys: keys.keys, key };
}

/** The names of the arrays in a file of arrays. */
export function arraysIn(name: string, bytes: Uint8Array): { keys: string[] } | { wrong: string } {
  try {
    return { keys: namesInNpz(bytes, name) };
  } catch (error) {
    if (error instanceof NullclineError) return { wrong: error.message };
    throw error;
  }
}
