import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { membersOf, npyFile } from "./archives.js";

export { membersOf, npy, npz } from "./archives.js";

/** Arrays and archives as the tests make and read them, by code of their own but for the container. */

export interface NpyArray {
  shape: number[];
  values: number[];
}

/** The pickle of an object array without dimensions that holds None, .8 or {"a": 1}, as NumPy 1.24 writes it. */
export function pickled(value: "None" | "float" | "object"): Uint8Array {
  const begin =
    "gANjbnVtcHkuY29yZS5tdWx0aWFycmF5Cl9yZWNvbnN0cnVjdApxAGNudW1weQpuZGFycmF5CnEBSwCFcQJDAWJxA4dxBFJxBShLASljbnVtcHkKZHR5cGUK" +
    "cQZYAgAAAE84cQeJiIdxCFJxCShLA1gBAAAAfHEKTk5OSv////9K/////0s/dHELYoldcQ";
  const end = {
    None: "xOYXRxDWIu",
    float: "xHP+mZmZmZmZphdHENYi4=",
    object: "x9cQ1YAQAAAGFxDksBc2F0cQ9iLg==",
  };
  return npyFile("|O", "()", Buffer.from(begin + end[value], "base64"));
}

/** Reads a .npy file of format 1 with floats or integers in C order. */
export function parseNpy(file: Uint8Array): NpyArray {
  const start = 10 + (file[8] ?? 0) + 256 * (file[9] ?? 0);
  const header = Buffer.from(file.subarray(10, start)).toString();
  const type = /'descr': '<(\w\w)'/.exec(header)?.[1] ?? "";
  const shape = (/'shape': \(([^)]*)\)/.exec(header)?.[1] ?? "").split(",").filter((part) => part.trim());
  const buffer = file.slice(start).buffer;
  const values =
    type === "f4"
      ? [...new Float32Array(buffer)]
      : type === "f8"
        ? [...new Float64Array(buffer)]
        : [...new BigInt64Array(buffer)].map(Number);
  return { shape: shape.map(Number), values };
}

/** The same without one key. */
export function without<Value>(object: { [key: string]: Value }, key: string): { [key: string]: Value } {
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));
}

export function goldenBytes(name: string): Uint8Array {
  return readFileSync(fileURLToPath(new URL(`../golden/${name}.npz`, import.meta.url)));
}

export function golden(name: string, key: string): NpyArray {
  return parseNpy(membersOf(goldenBytes(name))[key] ?? new Uint8Array(12));
}

/** The largest difference relative to the largest value wanted. */
export function deviation(found: ArrayLike<number>, wanted: ArrayLike<number>): number {
  if (found.length !== wanted.length) return Infinity;
  let difference = 0;
  let scale = 1e-6;
  for (let i = 0; i < wanted.length; ++i) {
    difference = Math.max(difference, Math.abs((found[i] ?? NaN) - (wanted[i] ?? NaN)));
    scale = Math.max(scale, Math.abs(wanted[i] ?? NaN));
  }
  return difference / scale;
}
