import { writeNpz } from "nullcline/npz";
import { describe, expect, it } from "vitest";
import { npyBytes } from "./npy";
import { recognise, type Found } from "./recognise";
import { mostBytes, tooLarge } from "./size";

const encode = (text: string) => new TextEncoder().encode(text);

function npz(shapes: { [key: string]: number[] }): Uint8Array {
  return writeNpz(
    Object.entries(shapes).map(([key, shape]) => ({
      key,
      bytes: npyBytes(shape, new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(1)),
    })),
    true,
  );
}

function reasonOf(found: Found): string {
  return found.kind === "refused" ? `${found.reason} ${found.hint ?? ""}`.trim() : `taken as ${found.kind}`;
}

describe("a file is known by what stands in it", () => {
  it("as trials, whatever it is called", () => {
    const found = recognise(npz({ x: [3, 4, 2], y: [3, 4, 1], mask: [3, 4, 1] }), "photo.png");
    expect(found).toMatchObject({ kind: "trials", name: "photo.png", count: 3, dt: null });
  });

  it("as trials in a table", () => {
    const found = recognise(encode("time,input_1,target_1,mask\n0,1,1,1\n5,1,1,1\n"), "own.txt");
    expect(found).toMatchObject({ kind: "trials", count: 1, dt: 5 });
  });

  it("as weights, with the sizes of their network", () => {
    const basic = npz({ W_in: [7, 3], W_rec: [7, 7], W_out: [2, 7], b_rec: [7] });
    expect(recognise(basic, "w")).toMatchObject({
      kind: "weights",
      sizes: { type: "Basic", N_in: 3, N_rec: 7, N_out: 2 },
    });
    const lstm = npz({ W_f: [10, 7], W_i: [10, 7], W_out: [2, 7] });
    expect(recognise(lstm, "w")).toMatchObject({
      kind: "weights",
      sizes: { type: "LSTM", N_in: 3, N_rec: 7, N_out: 2 },
    });
    expect(reasonOf(recognise(npz({ W_in: [1], W_rec: [1], W_out: [1] }), "w"))).toContain(
      "their shapes are not those of a network",
    );
  });

  it("as other arrays where weights or trials lack some", () => {
    const [W_in, W_rec, W_out, gate] = [
      [7, 3],
      [7, 7],
      [2, 7],
      [10, 7],
    ];
    // PsychRNN's files of LSTMs hold W_in and W_rec, too, of zeros.
    for (const shapes of [
      { W_in, W_rec },
      { W_rec, W_out },
      { W_in, W_rec, W_i: gate, W_out },
      { x: W_in, y: W_in },
    ])
      expect(recognise(npz(shapes), "w")).toMatchObject({ kind: "arrays", keys: Object.keys(shapes) });
  });

  it("as an experiment", () => {
    const found = recognise(encode('\ufeff {"nullcline": 1, "task": {}}'), "a.csv");
    expect(found).toEqual({ kind: "experiment", name: "a.csv", document: { nullcline: 1, task: {} } });
  });

  it("as other arrays", () => {
    expect(recognise(npz({ M: [2, 2], N: [1] }), "m")).toMatchObject({ kind: "arrays", keys: ["M", "N"] });
    // They are not unpacked, whatever they hold.
    const damaged = npz({ M: [2, 2] });
    damaged.fill(0xff, 35, 40);
    expect(recognise(damaged, "m")).toMatchObject({ kind: "arrays", keys: ["M"] });
  });
});

describe("a file that cannot be opened is refused in a sentence", () => {
  it.each<[string, Uint8Array, string]>([
    ["empty", new Uint8Array(), "f is empty."],
    ["blank", encode("\n \n"), "f is empty."],
    ["an array alone", npyBytes([1], [1]), "f is a single NumPy array (.npy). numpy.savez"],
    ["a pickle", Uint8Array.of(0x80, 4, 0x95), "f is a Python pickle, which could run code and is not read."],
    ["MATLAB", encode("MATLAB 5.0 MAT-file"), "f is a MATLAB file. Save its trials as .npz or .csv."],
    ["HDF5", Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0x0d), "f is an HDF5 file."],
    ["a picture", Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 1), "f is a picture."],
    ["bytes", Uint8Array.of(1, 2, 0xff, 0xfe), "f is neither text nor a NumPy archive."],
    ["zeros", new Uint8Array(64), "f is neither text nor a NumPy archive."],
    ["a web page", encode("<!doctype html>"), "f is a web page, or other text with tags. Read are trials"],
    [
      "prose",
      encode("Dear reader,\nhello"),
      "f is text, but neither an experiment nor trials. The first line",
    ],
    ["other JSON", encode('{"a": 1}'), 'f is JSON, but no experiment: it has no field "nullcline".'],
    ["a list", encode("[1, 2]"), 'f is JSON, but no experiment: it has no field "nullcline".'],
    [
      "a field twice",
      encode('{"nullcline": 1, "task": {"type": "Choice"},\n"task": {"type": "Memory"}}'),
      'f, line 2: The document holds the name "task" twice in the same braces.',
    ],
    [
      "a number beyond any",
      encode('{"nullcline": 1, "task": {"T": 1e400}}'),
      "f, line 1: The document holds 1e400, and numbers go up to 1.8e308.",
    ],
    ["broken JSON", encode('{"nullcline": 1,'), "f begins like JSON, but cannot be read as such"],
    [
      "deep JSON",
      encode(`{"nullcline": ${"[".repeat(1e5)}${"]".repeat(1e5)}}`),
      "f is nested more than 50 deep",
    ],
    [
      "a broken archive",
      Uint8Array.of(0x50, 0x4b, 3, 4, 9, 9),
      "f is not a NumPy archive (.npz), or it is damaged.",
    ],
    ["an archive of nothing", writeNpz([]), "f is an archive without arrays in it."],
    ["a bad table", encode("input_1,target_1,mask\n1,2\n"), "f, line 2: 2 values found"],
  ])("%s", (_, bytes, reason) => {
    expect(reasonOf(recognise(bytes, "f"))).toContain(reason);
  });

  it("damage within an archive is told", () => {
    const bytes = npz({ x: [3, 4, 2], y: [3, 4, 1], mask: [3, 4, 1] });
    bytes[60] = (bytes[60] ?? 0) ^ 0x55;
    expect(reasonOf(recognise(bytes, "own.npz"))).toMatch(/damaged/);
  });

  it("too large, before it is read", () => {
    expect(tooLarge("f", mostBytes)).toBeNull();
    expect(tooLarge("f", 2 * mostBytes)).toBe("f has 200\u202fMB; files of up to 100\u202fMB are read.");
  });
});
