import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { readNpz, writeNpz } from "../../wasm/dist/npz.js";

/** Arrays and archives as the tests make and read them, by code of their own but for the container. */

export interface NpyArray {
  shape: number[];
  values: number[];
}

/** A .npy file of float32 values; `shape` may be another than the values have. */
export function npy(shape: number[], values: number[] | Float32Array, shapeText?: string): Uint8Array {
  const data = Float32Array.from(values);
  const text = shapeText ?? `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;
  return npyFile("<f4", text, new Uint8Array(data.buffer));
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

function npyFile(type: string, shape: string, data: Uint8Array): Uint8Array {
  const dictionary = `{'descr': '${type}', 'fortran_order': False, 'shape': ${shape}, }`;
  const header = dictionary.padEnd(Math.ceil((dictionary.length + 11) / 64) * 64 - 11) + "\n";
  const file = new Uint8Array(10 + header.length + data.length);
  file.set([0x93, ...Buffer.from("NUMPY"), 1, 0, header.length & 0xff, header.length >> 8]);
  file.set(Buffer.from(header), 10);
  file.set(data, 10 + header.length);
  return file;
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

export function npz(members: { [key: string]: Uint8Array }, compress = false): Uint8Array {
  return writeNpz(
    Object.entries(members).map(([key, bytes]) => ({ key, bytes })),
    compress,
  );
}

/** The same without one key. */
export function without<Value>(object: { [key: string]: Value }, key: string): { [key: string]: Value } {
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));
}

/** The .npy files of an archive. */
export function membersOf(archive: Uint8Array): { [key: string]: Uint8Array } {
  return Object.fromEntries(
    readNpz(archive, "archive").map((member) => [
      member.key,
      "bytes" in member ? member.bytes : new Uint8Array(),
    ]),
  );
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
