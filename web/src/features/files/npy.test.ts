import { describe, expect, it } from "vitest";
import { npyBytes, npyHeader, npyText } from "./npy";

function npy(header: string, data: Uint8Array<ArrayBuffer> = new Uint8Array()): Uint8Array {
  const text = new TextEncoder().encode(header);
  return Uint8Array.of(0x93, 78, 85, 77, 80, 89, 1, 0, text.length & 255, text.length >> 8, ...text, ...data);
}

describe("a NumPy array", () => {
  it("is written as NumPy writes it", () => {
    const bytes = npyBytes([2, 1, 2], Float32Array.of(1, 2, 3, -4.5));
    const header = npyHeader(bytes);
    expect(header).toEqual({ type: "<f4", shape: [2, 1, 2], start: 128 });
    expect(bytes.length).toBe(128 + 16);
    expect(new Float32Array(bytes.buffer, 128)).toEqual(Float32Array.of(1, 2, 3, -4.5));
    expect(npyHeader(npyBytes([3], [1, 2, 3]))?.shape).toEqual([3]);
  });

  it("tells its shape, Python 2's numbers too", () => {
    expect(npyHeader(npy("{'descr': '|O', 'fortran_order': False, 'shape': (), }"))?.shape).toEqual([]);
    expect(npyHeader(npy("{'descr': '<f8', 'fortran_order': True, 'shape': (3L, 4L), }"))?.shape).toEqual([
      3, 4,
    ]);
  });

  it("is none where it does not begin as one, or ends too early", () => {
    expect(npyHeader(new Uint8Array())).toBeNull();
    expect(npyHeader(new TextEncoder().encode("just some text"))).toBeNull();
    expect(
      npyHeader(npy("{'descr': '<f8', 'fortran_order': True, 'shape': (3,), }").subarray(0, 30)),
    ).toBeNull();
    expect(npyHeader(npy("{'descr': '<f8'}"))).toBeNull();
  });

  it("may be a text", () => {
    const data = new Uint8Array(Uint32Array.of(0x61, 0x3b1, 0x1f600, 0).buffer);
    const header = "{'descr': '<U4', 'fortran_order': False, 'shape': (), }";
    expect(npyText(npy(header, data))).toBe("aα😀");
    expect(npyText(npy(header, data.slice(4)))).toBeNull();
    expect(npyText(npy(header, new Uint8Array(16).fill(255)))).toBeNull();
    expect(npyText(npyBytes([1], [1]))).toBeNull();
  });
});
