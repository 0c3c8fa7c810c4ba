import { readNpz, writeNpz } from "nullcline/npz";

/** Arrays and archives as tests make them, in Node and in browsers. */

/** A .npy file of float32 values; `shape` may be another than the values have. */
export function npy(shape: number[], values: number[] | Float32Array, shapeText?: string): Uint8Array {
  const data = Float32Array.from(values);
  const text = shapeText ?? `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;
  return npyFile("<f4", text, new Uint8Array(data.buffer));
}

export function npyFile(type: string, shape: string, data: Uint8Array): Uint8Array {
  const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
  const dictionary = `{'descr': '${type}', 'fortran_order': False, 'shape': ${shape}, }`;
  const header = dictionary.padEnd(Math.ceil((dictionary.length + 11) / 64) * 64 - 11) + "\n";
  const file = new Uint8Array(10 + header.length + data.length);
  file.set([0x93, ...ascii("NUMPY"), 1, 0, header.length & 0xff, header.length >> 8]);
  file.set(ascii(header), 10);
  file.set(data, 10 + header.length);
  return file;
}

export function npz(members: { [key: string]: Uint8Array }, compress = false): Uint8Array {
  return writeNpz(
    Object.entries(members).map(([key, bytes]) => ({ key, bytes })),
    compress,
  );
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
