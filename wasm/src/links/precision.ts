import type { Matrix, Weights } from "../api.js";
import { NullclineError, problem } from "../errors.js";
import { badLink } from "./errors.js";

/** How weights are rounded: to whole numbers from -127 to 127 with a scale a row, or to 16-bit floating point. */
export type Precision = "int8" | "float16";

/** Bytes of one matrix as a link holds it. */
export interface Packing {
  size: (rows: number, columns: number) => number;
  pack: (matrix: Matrix, name: string) => Uint8Array;
  /** The inverse; `name` is what messages call the matrix. */
  unpack: (bytes: Uint8Array, rows: number, columns: number, name: string) => Float32Array;
}

/** Weights exactly as the reader of a link gets them. */
export function quantise(weights: Weights, precision: Precision): Weights {
  const { pack, unpack } = packings[precision];
  return Object.fromEntries(
    Object.entries(weights).map(([name, matrix]) => {
      const { rows, columns } = matrix;
      return [name, { rows, columns, data: unpack(pack(matrix, name), rows, columns, name) }];
    }),
  );
}

/** A vector has one scale, whether it stands as a row or as a column. */
function scalesOf(rows: number, columns: number): number {
  return columns === 1 ? 1 : rows;
}

/** Scales (2 bytes each, little-endian: the upper half of a float32), then the numbers, one byte each. */
const int8: Packing = {
  size: (rows, columns) => 2 * scalesOf(rows, columns) + rows * columns,
  pack({ rows, columns, data }, name) {
    const bytes = new Uint8Array(int8.size(rows, columns));
    const view = new DataView(bytes.buffer);
    const scales = scalesOf(rows, columns);
    const length = data.length / scales;
    for (let row = 0; row < scales; ++row) {
      const values = data.subarray(row * length, (row + 1) * length);
      const largest = values.reduce((most, value) => Math.max(most, Math.abs(finite(value, name))), 0);
      const upper = nearestUpperHalf(largest / 127, name);
      view.setUint16(2 * row, upper, true);
      const scale = fromUpperHalf(upper);
      values.forEach((value, i) => {
        view.setInt8(
          2 * scales + row * length + i,
          scale === 0 ? 0 : Math.max(-127, Math.min(127, nearest(value / scale))),
        );
      });
    }
    return bytes;
  },
  unpack(bytes, rows, columns, name) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const scales = scalesOf(rows, columns);
    const length = (rows * columns) / scales;
    const data = new Float32Array(rows * columns);
    for (let row = 0; row < scales; ++row) {
      const scale = fromUpperHalf(view.getUint16(2 * row, true));
      if (!(scale >= 0 && 127 * scale <= largestFloat)) throw badLink(`a scale of ${name} is no number`);
      for (let i = row * length; i < (row + 1) * length; ++i) {
        const value = view.getInt8(2 * scales + i);
        if (value === -128) throw badLink(`${name} holds a number that is never written`);
        data[i] = value * scale;
      }
    }
    return data;
  },
};

/** Half precision (IEEE 754), little-endian. */
const float16: Packing = {
  size: (rows, columns) => 2 * rows * columns,
  pack({ data }, name) {
    const bytes = new Uint8Array(2 * data.length);
    const view = new DataView(bytes.buffer);
    data.forEach((value, i) => {
      view.setUint16(2 * i, toHalf(finite(value, name), name), true);
    });
    return bytes;
  },
  unpack(bytes, rows, columns, name) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return Float32Array.from({ length: rows * columns }, (_, i) =>
      fromHalf(view.getUint16(2 * i, true), name),
    );
  },
};

export const packings: { [name in Precision]: Packing } = { int8, float16 };

const largestFloat = 3.4028234663852886e38;
const largestHalf = 65504;
/** From here on numbers round to beyond the largest. */
const beyondHalf = 65520;
const smallestNormalHalf = 2 ** -14;
const smallestHalf = 2 ** -24;

function finite(value: number, name: string): number {
  if (Number.isFinite(value)) return value;
  throw new NullclineError(
    problem(
      "not_finite",
      `${name} holds ${value}, which no link can carry.`,
      "Share the experiment instead.",
    ),
  );
}

/** To the nearest whole number, and to the even one of two that are as near. */
function nearest(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest !== 0.5) return rest < 0.5 ? below : below + 1;
  return below % 2 === 0 ? below : below + 1;
}

const scratch = new DataView(new ArrayBuffer(4));

function fromUpperHalf(upper: number): number {
  scratch.setUint32(0, upper * 0x10000);
  return scratch.getFloat32(0);
}

/**
 * The upper half of the float32 nearest to `value` that has no lower half. The largest number of a row is 127 of these then, so
 * that rounding what was rounded changes nothing.
 */
function nearestUpperHalf(value: number, name: string): number {
  scratch.setFloat32(0, value);
  const upper = scratch.getUint16(0) + (scratch.getUint16(2) < 0x8000 ? 0 : 1);
  if (127 * fromUpperHalf(upper) <= largestFloat) return upper;
  throw outOfRange(name, 127 * value, "int8");
}

function toHalf(value: number, name: string): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (size >= beyondHalf) throw outOfRange(name, value, "float16");
  if (size < smallestNormalHalf) return sign + nearest(size / smallestHalf);
  // size = (1 + fraction / 1024) · 2^exponent; a fraction that is rounded up to 1024 carries into the exponent
  scratch.setFloat32(0, size);
  const exponent = (scratch.getUint32(0) >>> 23) - 127;
  return sign + (exponent + 15) * 1024 + nearest((size / 2 ** exponent - 1) * 1024);
}

function fromHalf(half: number, name: string): number {
  const exponent = (half >>> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 31) throw badLink(`${name} holds a value that is no number`);
  const size = exponent === 0 ? fraction * smallestHalf : (1 + fraction / 1024) * 2 ** (exponent - 15);
  return half & 0x8000 ? -size : size;
}

function outOfRange(name: string, value: number, precision: Precision): NullclineError {
  const limit = precision === "float16" ? `at most ${largestHalf}` : "at most 3.4e38";
  return new NullclineError(
    problem(
      "out_of_range",
      `${name} holds ${Number(value.toPrecision(6))}, which ${precision} cannot hold (${limit}).`,
      "Share the model as a file.",
    ),
  );
}
