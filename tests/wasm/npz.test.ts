import { describe, expect, it } from "vitest";
import { namesInNpz, readNpz } from "../../wasm/dist/npz.js";
import { membersOf, npy, npz } from "./arrays.js";
import { failureOf } from "./support.js";

const matrix = npy([2, 3], [1, 2, 3, 4, 5, 6]);
const large = npy([100, 100], new Float32Array(10_000));

/** Where a signature of the zip format stands for the last time. */
function placeOf(archive: Uint8Array, signature: number[]): number {
  return Buffer.from(archive).lastIndexOf(Buffer.from(signature));
}

const entry = [0x50, 0x4b, 1, 2];
const end = [0x50, 0x4b, 5, 6];

/** The archive with numbers of its last entry, or of its end, changed. */
function changed(
  archive: Uint8Array,
  signature: number[],
  field: number,
  bytes: number,
  value: number,
): Uint8Array {
  const copy = archive.slice();
  const view = new DataView(copy.buffer);
  const place = placeOf(copy, signature) + field;
  if (bytes === 4) view.setUint32(place, value, true);
  else view.setUint16(place, value, true);
  return copy;
}

const refused = (archive: Uint8Array): Promise<{ code: string; message: string; path: string }> =>
  failureOf(() => readNpz(archive, "w.npz"));

describe("archives of arrays", () => {
  it.each([false, true])("come back as they were written (deflated: %s)", (compress) => {
    const archive = npz({ W_rec: matrix, "raw/W_in": large }, compress);
    expect(archive.length < large.length).toBe(compress);
    expect(membersOf(archive)).toEqual({ W_rec: matrix, "raw/W_in": large });
    expect(npz({ W_rec: matrix, "raw/W_in": large }, compress)).toEqual(archive);
  });

  it("are read from any part of a buffer, with a comment, and with members that are no arrays", () => {
    const archive = npz({ W_rec: matrix });
    const within = new Uint8Array(archive.length + 20);
    within.set(archive, 10);
    expect(membersOf(within.subarray(10, 10 + archive.length))).toEqual({ W_rec: matrix });
    const commented = new Uint8Array(archive.length + 3);
    commented.set(changed(archive, end, 20, 2, 3));
    expect(membersOf(commented)).toEqual({ W_rec: matrix });
    expect(readNpz(archive.slice().buffer, "w.npz")).toHaveLength(1);
  });

  it("are refused when they are cut short anywhere", async () => {
    const archive = npz({ W_rec: matrix, W_in: matrix }, true);
    for (let length = 0; length < archive.length; length += 7) {
      const failure = await refused(archive.slice(0, length));
      expect(failure.code).toBe("bad_file");
      expect(failure.message).toContain("w.npz");
    }
  });

  it("are refused, or read to the same arrays, whichever byte is wrong", () => {
    const archive = npz({ W_rec: matrix, W_in: large }, true);
    const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");
    const intact = Object.values(membersOf(archive)).map(text);
    for (let i = 0; i < archive.length; ++i) {
      const damaged = archive.slice();
      damaged[i] = (damaged[i] ?? 0) ^ 0x41;
      let read: { [key: string]: Uint8Array };
      try {
        read = membersOf(damaged);
      } catch (error) {
        expect(String(error)).toContain("NullclineError");
        continue;
      }
      expect(intact).toEqual(expect.arrayContaining(Object.values(read).map(text)));
    }
  });

  it.each([false, true])("are refused when a checksum is wrong (deflated: %s)", async (compress) => {
    const archive = npz({ W_rec: matrix }, compress);
    expect(await refused(changed(archive, entry, 16, 4, 1))).toMatchObject({
      code: "bad_file",
      path: "w.npz: W_rec",
      message: "w.npz: W_rec is damaged: it does not unpack to what the archive says.",
    });
  });

  it("are refused when a member is longer or shorter than it says", async () => {
    const archive = npz({ W_rec: large }, true);
    for (const size of [large.length - 1, large.length + 1, 10]) {
      expect((await refused(changed(archive, entry, 24, 4, size))).message).toContain("does not unpack");
    }
    expect((await refused(changed(npz({ W_rec: matrix }), entry, 24, 4, 17))).code).toBe("bad_file");
  });

  it("are refused when they would unpack to more than there can be", async () => {
    const archive = npz({ W_rec: large }, true);
    const bomb = await refused(changed(archive, entry, 24, 4, 0x3fffffff));
    expect(bomb).toMatchObject({ code: "too_large", path: "w.npz: W_rec" });
    expect(bomb.message).toContain("which cannot be");
    expect((await refused(changed(archive, entry, 24, 4, 0xffffffff))).code).toBe("too_large");
    const members = Object.fromEntries(Array.from({ length: 10_001 }, (_, i) => [`a${i}`, new Uint8Array()]));
    expect((await refused(npz(members))).message).toContain("10001 arrays; at most 10000");
  });

  it("are refused by what they list, before anything is unpacked", async () => {
    const zeros = npz({ W_rec: new Uint8Array(1_000_000) }, true);
    const damaged = changed(zeros, entry, 16, 4, 1);
    expect(namesInNpz(damaged, "w.npz")).toEqual(["W_rec"]);
    const longer = changed(npz({ W_rec: new Uint8Array(300_000) }), entry, 24, 4, 300_000_000);
    const bomb = changed(longer, entry, 10, 2, 8);
    const failure = await failureOf(() => namesInNpz(bomb, "w.npz"));
    expect(failure).toMatchObject({
      code: "too_large",
      message: "w.npz unpacks to 300 MB; up to 268 MB are read.",
    });
    expect((await refused(bomb)).message).toBe(failure.message);
  });

  it("are refused when they are packed to far more than they are", async () => {
    const blocks = new Uint8Array(5_000_000);
    // Stored blocks of no bytes: 0 for "not the last, stored", the length 0 and its complement.
    for (let place = 0; place < blocks.length; place += 5) blocks.set([0, 0, 0, 0xff, 0xff], place);
    const archive = changed(npz({ W_rec: blocks }), entry, 24, 4, matrix.length);
    const failure = await refused(changed(archive, entry, 10, 2, 8));
    expect(failure).toMatchObject({ code: "bad_file", path: "w.npz: W_rec" });
    expect(failure.message).toBe(
      `w.npz: W_rec is packed to 5000000 bytes from ${matrix.length}, which is not read.`,
    );
  });

  it("are refused when names lead out of the file", async () => {
    for (const name of ["../W_rec", "a/../../b", "/etc/passwd", "..\\W_rec", "a\\b", "C:/w", "./a"]) {
      const failure = await refused(npz({ [name]: matrix }));
      expect(failure.code, name).toBe("bad_file");
      expect(failure.message, name).toContain("leads out of the file");
    }
  });

  it("are refused when they are encrypted, packed by another method, or no archives", async () => {
    const archive = npz({ W_rec: matrix });
    expect((await refused(changed(archive, entry, 8, 2, 1))).message).toContain("encrypted");
    expect((await refused(changed(archive, entry, 10, 2, 12))).message).toContain("method");
    expect((await refused(matrix)).message).toContain("is not a NumPy archive");
    expect((await refused(new Uint8Array())).code).toBe("bad_file");
  });
});
