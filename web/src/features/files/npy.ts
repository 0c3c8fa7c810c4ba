/**
 * The members of a .npz archive as far as the page must know them: what shape an array has, and single texts and numbers.
 * All else about them the engine reads. Nothing here believes more of a member than its bytes say.
 */

import type { NumericArray } from "nullcline";

export interface NpyHeader {
  /** NumPy's name of the values' type, for example "<f4". */
  type: string;
  shape: number[];
  /** Where the values begin. */
  start: number;
}

const magic = [0x93, ...new TextEncoder().encode("NUMPY")];
const longestHeader = 65536;

export function startsWith(bytes: Uint8Array, start: number[]): boolean {
  return start.every((byte, index) => bytes[index] === byte);
}

export function isNpy(bytes: Uint8Array): boolean {
  return startsWith(bytes, magic);
}

/** Archives (.npz) begin so. */
export function isZip(bytes: Uint8Array): boolean {
  return startsWith(bytes, [0x50, 0x4b]);
}

/** What stands at the beginning of a .npy file; null where it does not begin as one. */
export function npyHeader(bytes: Uint8Array): NpyHeader | null {
  if (bytes.length < 12 || !isNpy(bytes)) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [from, length] = bytes[6] === 1 ? [10, view.getUint16(8, true)] : [12, view.getUint32(8, true)];
  const start = from + length;
  if (length > longestHeader || start > bytes.length) return null;
  const text = new TextDecoder().decode(bytes.subarray(from, start));
  const type = /'descr':\s*'([^']*)'/.exec(text)?.[1];
  const shape = /'shape':\s*\(([\d,\sL]*)\)/.exec(text)?.[1];
  if (type === undefined || shape === undefined) return null;
  return { type, shape: (shape.match(/\d+/g) ?? []).map(Number), start };
}

/** The text of a .npy file that holds a single one; null where it holds anything else. */
export function npyText(bytes: Uint8Array): string | null {
  const header = npyHeader(bytes);
  const length = Number(/^<U(\d+)$/.exec(header?.type ?? "")?.[1] ?? NaN);
  if (!header || header.shape.length > 0 || bytes.length !== header.start + 4 * length) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset + header.start, 4 * length);
  let text = "";
  for (let i = 0; i < length; i++) {
    const code = view.getUint32(4 * i, true);
    if (code > 0x10ffff) return null;
    text += String.fromCodePoint(code);
  }
  return text.replace(/\0+$/, "");
}

/** A .npy file of 4-byte numbers. */
export function npyBytes(shape: number[], values: NumericArray): Uint8Array {
  const tuple = shape.length === 1 ? `${shape.join()},` : shape.join(", ");
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${tuple}), }`;
  // NumPy has the values begin at a multiple of 64.
  const start = Math.ceil((10 + text.length + 1) / 64) * 64;
  const bytes = new Uint8Array(start + 4 * values.length);
  bytes.set([...magic, 1, 0]);
  bytes.set(new TextEncoder().encode(`${text.padEnd(start - 11)}\n`), 10);
  const view = new DataView(bytes.buffer);
  view.setUint16(8, start - 10, true);
  for (const [i, value] of values.entries()) view.setFloat32(start + 4 * i, value, true);
  return bytes;
}
