import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { deflateRawSync } from "node:zlib";
import type { ExperimentDocument, Matrix, Weights } from "nullcline";
import {
  decodeLink,
  encodeLink,
  isLink,
  lengthAdvice,
  quantise,
  type Link,
  type ModelLink,
  type Precision,
  type RecipeLink,
} from "nullcline/links";
import { describe, expect, it } from "vitest";
import { checksumOf } from "../../wasm/dist/checksum.js";
import { dictionary } from "../../wasm/dist/links/dictionary.js";
import { seal } from "../../wasm/dist/links/seal.js";
import { engineOfTheGroup, failureOf, helloWorld, small } from "./support.js";

const hash = "0123456789abcdef";
const precisions: Precision[] = ["int8", "float16"];

function matrix(rows: number, columns: number, data: number[] | Float32Array): Matrix {
  return { rows, columns, data: Float32Array.from(data) };
}

/** Weights as those of a network of N units, without a pattern that deflates. */
function weightsOf(N: number): Weights {
  let seed = 7;
  const draw = (): number => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed / 2 ** 32;
  };
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw()) * 0.2;
  const drawn = (rows: number, columns: number): Matrix =>
    matrix(rows, columns, Float32Array.from({ length: rows * columns }, normal));
  return {
    W_in: drawn(N, 2),
    W_rec: drawn(N, N),
    W_out: drawn(2, N),
    b_rec: drawn(N, 1),
    b_out: drawn(2, 1),
    init_state: drawn(1, N),
  };
}

function recipe(document: ExperimentDocument = helloWorld({ network: { N_rec: 50 } })): RecipeLink {
  return { kind: "recipe", document, iteration: 391, arithmetic: "fused", numericsVersion: 1, hash };
}

function model(precision: Precision, N = 8): ModelLink {
  const document = helloWorld({ network: { N_rec: N } });
  return { kind: "model", document, iteration: 391, precision, weights: weightsOf(N), hash };
}

/** The link that a reader gets. */
function read(link: Link): Link {
  return link.kind === "recipe" ? link : { ...link, weights: quantise(link.weights, link.precision) };
}

/** What a link is refused with: one sentence with a hint, and a code. */
async function refused(fragment: string): Promise<{ code: string; message: string }> {
  const { code, message, hint } = await failureOf(() => decodeLink(fragment));
  expect(message).toMatch(/^[A-Z].{10,180}\.$/);
  expect(message).not.toMatch(/\. [A-Z]/);
  expect(hint).toMatch(/^[A-Z].{10,120}\.$/);
  return { code, message };
}

/** A link with that head and those numbers, whatever they are. */
function sealed(head: unknown, numbers: number[] | Uint8Array = [], key = "m1"): string {
  return seal(key, contentOf(typeof head === "string" ? head : JSON.stringify(head), numbers));
}

function contentOf(head: string, numbers: number[] | Uint8Array): Uint8Array {
  const text = Buffer.from(head);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  return Uint8Array.from(Buffer.concat([length, text, Uint8Array.from(numbers)]));
}

/** A link of deflated bytes that claim to become `size`. */
function wrapped(key: string, packed: Uint8Array, size: number): string {
  const header = Buffer.alloc(10);
  header.writeUIntLE(packed.length, 0, 3);
  header.writeUIntLE(size, 3, 3);
  header.writeUInt32LE(checksumOf(Buffer.from(key), header.subarray(3, 6), packed), 6);
  return `${key}=${Buffer.concat([header, packed]).toString("base64url")}`;
}

describe("links", () => {
  const engine = engineOfTheGroup();

  it("come back as they were made", async () => {
    const sharing = { hidden: ["network", "curriculum.stages[2].task"], locked: ["training.learning_rate"] };
    const document = { ...small(), name: "Daleʼs law — 神経 🧠" };
    for (const link of [
      recipe(),
      recipe(document),
      { ...recipe(), sharing },
      { ...recipe(), sharing: { hidden: ["*", "!network.N_rec"], locked: ["task", "!task.coherence"] } },
      model("int8"),
      model("float16"),
    ]) {
      const fragment = await encodeLink(link);
      expect(fragment).toMatch(/^[rm]2=[\w-]+$/);
      expect(isLink(fragment)).toBe(true);
      expect(await decodeLink(fragment)).toEqual(read(link));
      expect(await encodeLink(await decodeLink(fragment))).toBe(await encodeLink(read(link)));
    }
    const nothing = { hidden: [], locked: [] };
    expect(await decodeLink(await encodeLink({ ...recipe(), sharing: nothing }))).toEqual(recipe());
  });

  it("are as short as they are said to be", async () => {
    const length = async (link: Link): Promise<number> => (await encodeLink(link)).length;
    expect(await length(recipe())).toBeGreaterThan(60);
    expect(await length(recipe())).toBeLessThan(150);
    expect(await length(model("int8", 32))).toBeLessThan(2200);
    expect(await length(model("float16", 32))).toBeLessThan(3600);
    expect(await length(model("int8", 100))).toBeLessThan(15_500);
  });

  it("carry a trained network, which does its task", async () => {
    using session = engine().open(small());
    session.step({ iterations: 60 });
    const trials = session.trials({ count: 50 });
    const before = session.run(trials).outputs;
    const scale = before.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    for (const [precision, tolerance] of [["float16", 0.01] as const, ["int8", 0.1] as const]) {
      const link = { ...model(precision), document: small(), weights: session.weights("raw") };
      const found = (await decodeLink(await encodeLink(link))) as ModelLink;
      expect(found.weights).toEqual(quantise(link.weights, precision));
      using other = engine().open(found.document);
      other.setWeights(found.weights);
      const after = other.run(trials).outputs;
      after.forEach((value, i) => {
        expect(Math.abs(value - (before[i] ?? NaN))).toBeLessThan(tolerance * scale);
      });
    }
  });

  it("are read with what copying adds around them", async () => {
    const fragment = await encodeLink(recipe());
    const wrapped = fragment.replace(/.{76}/g, "$&\r\n  ");
    for (const text of [
      `#${fragment}`,
      ` ${fragment}\n`,
      `${fragment}).`,
      wrapped,
      fragment.replace("=", "%3D"),
    ]) {
      expect(await decodeLink(text)).toEqual(recipe());
      expect(isLink(text)).toBe(true);
    }
  });

  it("that were cut say so, wherever they were cut", async () => {
    for (const link of [recipe(), model("int8", 4)]) {
      const fragment = await encodeLink(link);
      for (let length = 3; length < fragment.length; ++length) {
        const { code, message } = await refused(fragment.slice(0, length));
        expect(code).toBe("cut_link");
        if (length < 17) expect(message).toBe(`This link is cut: ${length} characters arrived.`);
        else expect(message).toBe(`This link is cut: ${length} of ${fragment.length} characters arrived.`);
      }
      for (let length = 0; length < 3; ++length)
        expect((await refused(fragment.slice(0, length))).code).toBe("not_a_link");
    }
    const long = await encodeLink(model("int8", 32));
    expect((await refused(long.slice(0, 812))).message).toMatch(/: 812 of 1,9\d{2} characters arrived\.$/);
  });

  it("say that a length beyond every link's is damage, and no cut", async () => {
    const fragment = await encodeLink(recipe());
    expect(await refused(`${fragment.slice(0, 3)}____${fragment.slice(7)}`)).toEqual({
      code: "bad_link",
      message:
        "This link is damaged: it claims to be 22,369,637 characters long, and none is longer than 300,000.",
    });
  });

  it("are read with the fields that programs hang on to addresses, unless they were cut", async () => {
    const fragment = await encodeLink(recipe());
    for (const more of ["&utm_source=x", "?fbclid=AAAA", "&a=b&c=d", "&"])
      expect(await decodeLink(fragment + more)).toEqual(recipe());
    expect((await refused(`${fragment.slice(0, -5)}&utm_source=x`)).code).toBe("cut_link");
  });

  it("are refused whichever character is another", async () => {
    const characters = "AQgw059-_z%=.é";
    for (const link of [recipe(), model("float16", 2)]) {
      const fragment = await encodeLink(link);
      for (let place = 0; place < fragment.length; ++place) {
        for (const character of characters) {
          if (character === fragment[place]) continue;
          const { code } = await refused(fragment.slice(0, place) + character + fragment.slice(place + 1));
          expect(["bad_link", "cut_link", "newer_link", "not_a_link"]).toContain(code);
        }
      }
      expect((await refused(`${fragment}A`)).code).toBe("bad_link");
      expect((await refused(`${fragment}AAAA`)).message).toBe(
        "This link is damaged: 4 characters that do not belong to it stand behind its end.",
      );
      expect((await refused(fragment + fragment)).code).toBe("bad_link");
    }
  });

  it("of another kind, and of another version, are told apart", async () => {
    for (const text of ["", "#", "about", "r=abc", "r1", "x1=abc", "r01=abc", "task=dm1&N=64", "R1=AAAA"]) {
      expect(isLink(text)).toBe(false);
      expect((await refused(text)).code).toBe("not_a_link");
    }
    expect(await refused("r3=AAAAAAAAAAAAAAAAAA")).toEqual({
      code: "newer_link",
      message:
        "This link was made by a newer Nullcline: it has the version 3, and versions up to 2 are read here.",
    });
    expect((await refused((await encodeLink(recipe())).replace("r", "m"))).code).toBe("bad_link");
  });

  it("are made only of what can be read again", async () => {
    const failures: [Link, string][] = [
      [{ ...recipe(), hash: "abc" }, "not_shareable"],
      [{ ...recipe(), iteration: 1.5 }, "not_shareable"],
      [{ ...recipe(), sharing: { hidden: ["a b"] } }, "not_shareable"],
      [{ ...recipe(), sharing: { locked: ["task", "!network"] } }, "not_shareable"],
      [{ ...recipe(), document: { name: "x".repeat(2 ** 20) } }, "too_large"],
      [{ ...recipe(), document: null as unknown as ExperimentDocument }, "wrong_type"],
      [{ ...model("int8"), weights: {} }, "not_shareable"],
      [{ ...model("int8"), weights: { W_rec: matrix(2, 2, [1]) } }, "wrong_shape"],
      [{ ...model("int8"), weights: { W_rec: matrix(1, 1, [NaN]) } }, "not_finite"],
      [{ ...model("float16"), weights: { W_rec: matrix(1, 1, [-Infinity]) } }, "not_finite"],
      [{ ...model("float16"), weights: { W_rec: matrix(1, 1, [65520]) } }, "out_of_range"],
      [{ ...model("int8"), weights: { "W rec": matrix(1, 1, [1]) } }, "not_shareable"],
      [{ ...model("float16"), weights: weightsOf(400) }, "too_large"],
      [
        { ...model("int8"), weights: { W_rec: matrix(1500, 1500, new Float32Array(1500 ** 2)) } },
        "too_large",
      ],
    ];
    for (const [link, code] of failures) {
      expect(await failureOf(() => encodeLink(link)), JSON.stringify(link).slice(0, 100)).toMatchObject({
        code,
      });
    }
  });
});

describe("hostile links", () => {
  const head = { document: {}, iteration: 1, hash };
  const int8 = { ...head, precision: "int8", matrices: [["W", 1, 2]] };
  const float16 = { ...int8, precision: "float16" };
  const good = [0x80, 0x3f, 1, 2];

  it("of a hand are read where they are right", async () => {
    const found = await decodeLink(sealed(int8, good));
    expect(found).toMatchObject({ kind: "model", weights: { W: matrix(1, 2, [1, 2]) } });
    expect(await decodeLink(sealed(float16, [0, 0x3c, 0, 0xc0]))).toMatchObject({
      weights: { W: matrix(1, 2, [1, -2]) },
    });
  });

  it("are refused before they take memory", async () => {
    const bomb = deflateRawSync(new Uint8Array(200 * 2 ** 20), { level: 9 });
    const deep = "[".repeat(100_000);
    const fragments = [
      wrapped("r1", bomb, 100),
      wrapped("r1", bomb, 4 * 2 ** 20),
      wrapped("r1", bomb, 0xffffff),
      wrapped("r2", bomb, 4 * 2 ** 20),
      wrapped("r1", Uint8Array.of(3, 0), 0xffffff),
      wrapped("r1", Uint8Array.of(3, 0), 100_000),
      sealed(`{"document":${deep}`, [], "r1"),
      sealed(`{"document":${'{"a":'.repeat(40)}1${"}".repeat(41)}`, [], "r1"),
      sealed({ ...head, document: { a: new Array(300_000).fill(1) } }, [], "r1"),
      sealed({ ...int8, matrices: [["W", 2 ** 31, 2 ** 31]] }, good),
      sealed({ ...int8, matrices: [["W", 2 ** 21, 2 ** 21]] }, good),
      sealed({ ...int8, matrices: Array.from({ length: 100_000 }, (_, i) => [`W${i}`, 0, 0]) }, []),
      "r1=".padEnd(10_000_000, "A"),
      " ".repeat(10_000_000),
    ];
    for (const fragment of fragments) {
      const before = process.memoryUsage().arrayBuffers;
      const { code } = await refused(fragment);
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 2 ** 20);
      expect(["bad_link", "too_large"]).toContain(code);
    }
  });

  it("are refused where their text is not plain data", async () => {
    const texts = [
      "",
      "null",
      "[]",
      "1",
      '"text"',
      "{",
      '{"document":{}}}',
      '{"document":{"a":1,"a":2},"iteration":1}',
      '{"document":{"a":1,"\\u0061":2},"iteration":1}',
      '{"document":{"a":1e999},"iteration":1}',
      '{"document":{"a":NaN},"iteration":1}',
      '{"document":{"a":"\u0001"},"iteration":1}',
      '{"document":{"__proto__":{"polluted":true}},"iteration":1}',
      '{"document":{"\\u005f_proto__":{"polluted":true}},"iteration":1}',
      '{"document":{"constructor":{"prototype":{"polluted":true}}},"iteration":1}',
      '{"__proto__":{"document":{}},"iteration":1}',
      '{"document":{"a',
      '{"document":{"a\\',
    ];
    for (const text of texts) expect((await refused(sealed(text, [], "r1"))).code, text).toBe("bad_link");
    expect(await refused(sealed(texts[7] ?? "", [], "r1"))).toMatchObject({ message: /"a" twice/ });
    expect((await refused(seal("r1", Uint8Array.of(2, 0, 0, 0, 0xc3, 0x28)))).message).toContain("UTF-8");
    for (const bytes of [[], [1], [255, 255, 255, 255], [1, 0, 0, 0], [0, 0, 16, 0]])
      expect((await refused(seal("m1", Uint8Array.from(bytes)))).code).toBe("bad_link");
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it("are refused where a field is missing, unknown or of another kind", async () => {
    const made = { ...head, arithmetic: "plain", numerics: 1 };
    expect((await decodeLink(sealed(made, [], "r1"))).kind).toBe("recipe");
    const changes = [
      { document: [] },
      { document: null },
      { document: undefined },
      { iteration: -1 },
      { iteration: 0.5 },
      { iteration: 2 ** 31 },
      { iteration: "1" },
      { hash: "0123456789ABCDEF" },
      { hash: `${hash}0` },
      { hash: `${hash}\n` },
      { arithmetic: "auto" },
      { numerics: undefined },
      { precision: "int8" },
      { unknown: 1 },
      { hidden: "network" },
      { hidden: ["network", 1] },
      { hidden: ["network..a"] },
      { locked: ["a".repeat(100)] },
      { locked: new Array(201).fill("a") },
      { hidden: ["__proto__".repeat(8)] },
    ];
    for (const change of changes)
      expect((await refused(sealed({ ...made, ...change }, [], "r1"))).code, JSON.stringify(change)).toBe(
        "bad_link",
      );
    expect((await refused(sealed(made, [1], "r1"))).message).toContain("more than it says");

    // What a list leaves out, and all of a document, are new in version 2.
    const lists = [
      ["*"],
      ["*", "!network", "!task.T"],
      ["network", "!network.N_rec"],
      ["a", "!a[1].b", "seed"],
    ];
    for (const hidden of lists) {
      expect(await decodeLink(sealed({ ...made, hidden }, [], "r2"))).toMatchObject({ sharing: { hidden } });
      expect((await refused(sealed({ ...made, hidden }, [], "r1"))).message).toContain(
        "not the path of a field",
      );
    }
    for (const locked of [["!"], ["!*", "*"], ["**"], ["*."], ["*", "!!task"], ["*", "! task"], ["task.*"]])
      expect((await refused(sealed({ ...made, locked }, [], "r2"))).message).toBe(
        "This link is damaged: what it locks is not the path of a field.",
      );
    for (const hidden of [
      ["!task"],
      ["network", "!task.T"],
      ["task.T", "!task"],
      ["network", "!network_too.a"],
    ])
      expect((await refused(sealed({ ...made, hidden }, [], "r2"))).message).toMatch(
        /^This link is damaged: what it hides leaves out "[\w.]+", which it did not name before\.$/,
      );
  });

  it("are refused where weights have no shape, no name or no number", async () => {
    const wrong = [
      { matrices: undefined },
      { matrices: [] },
      { matrices: {} },
      { matrices: [["W", 1]] },
      { matrices: [["W", 1, 2, 3]] },
      { matrices: [["W", "1", 2]] },
      { matrices: [["W", 1.5, 2]] },
      { matrices: [["W", -1, 2]] },
      { matrices: [["W", 2, 2]] },
      { matrices: [["W", 1, 3]] },
      { matrices: [[1, 1, 2]] },
      { matrices: [["", 1, 2]] },
      { matrices: [["toString", 1, 2]] },
      { matrices: [["a b", 1, 2]] },
      { matrices: [["a".repeat(65), 1, 2]] },
      {
        matrices: [
          ["W", 1, 2],
          ["W", 0, 1],
        ],
      },
      { precision: "int4" },
      { precision: undefined },
      { arithmetic: "plain" },
    ];
    for (const change of wrong)
      expect((await refused(sealed({ ...int8, ...change }, good))).code, JSON.stringify(change)).toBe(
        "bad_link",
      );
    for (const scale of [
      [0xc0, 0x7f],
      [0x80, 0x7f],
      [0x80, 0xbf],
      [0x7f, 0x7f],
    ])
      expect((await refused(sealed(int8, [...scale, 1, 2]))).message).toContain("W");
    expect((await refused(sealed(int8, [0x80, 0x3f, 0x80, 2]))).message).toContain("never written");
    for (const half of [0x7c, 0xfc, 0x7e])
      expect((await refused(sealed(float16, [0, 0x3c, 0, half]))).message).toContain("no number");
  });
});

describe("rounded weights", () => {
  const halves = (values: number[]): number[] =>
    Array.from(quantise({ W: matrix(1, values.length, values) }, "float16").W?.data ?? []);

  it("of float16 are the nearest, ties to even, subnormal ones included", () => {
    const tiny = 2 ** -24;
    const pairs: [number, number][] = [
      [0, 0],
      [1, 1],
      [-1.5, -1.5],
      [0.1, 0.0999755859375],
      [1 + 2 ** -11, 1],
      [1 + 3 * 2 ** -11, 1 + 2 ** -9],
      [2 - 2 ** -12, 2],
      [65504, 65504],
      [65519, 65504],
      [-65519, -65504],
      [2 ** -14, 2 ** -14],
      [2 ** -14 - 2 ** -26, 2 ** -14],
      [tiny, tiny],
      [1.5 * tiny, 2 * tiny],
      [2.5 * tiny, 2 * tiny],
      [tiny / 2, 0],
      [0.51 * tiny, tiny],
      [1e-40, 0],
    ];
    expect(halves(pairs.map(([value]) => value))).toEqual(pairs.map(([, rounded]) => rounded));
    expect(Object.is(halves([-0])[0], -0)).toBe(true);
  });

  it("of float16 stay what they are", () => {
    const all = Array.from({ length: 0x7c00 }, (_, half) => {
      const [exponent, fraction] = [half >> 10, half & 1023];
      return exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15);
    });
    expect(halves(all)).toEqual(all);
    for (let i = 1; i < all.length - 1; i += 97) {
      const [below = 0, value = 0, above = 0] = all.slice(i - 1, i + 2);
      expect(halves([value + (above - value) * 0.49, value - (value - below) * 0.49])).toEqual([
        value,
        value,
      ]);
    }
  });

  it("of int8 are within half a step of their row, and 0 stays 0", () => {
    const weights = weightsOf(20);
    weights.W_rec?.data.fill(0, 0, 20);
    weights.W_rec?.data.fill(0, 25, 30);
    const rounded = quantise(weights, "int8");
    for (const [name, { rows, columns, data }] of Object.entries(weights)) {
      const length = columns === 1 ? rows : columns;
      data.forEach((value, i) => {
        const row = data.slice(Math.floor(i / length) * length, (Math.floor(i / length) + 1) * length);
        const most = row.reduce((largest, other) => Math.max(largest, Math.abs(other)), 0);
        const found = rounded[name]?.data[i] ?? NaN;
        expect(Math.abs(found - value)).toBeLessThanOrEqual(((most / 127) * 1.01) / 2);
        if (value === 0) expect(Math.abs(found)).toBe(0);
        else expect(found * value).toBeGreaterThanOrEqual(0);
      });
    }
    expect(quantise(rounded, "int8")).toEqual(rounded);
  });

  it("of int8 may be as large, as small and as few as they like", () => {
    const extremes = {
      a: matrix(1, 2, [3e38, -1]),
      b: matrix(1, 2, [1e-44, 0]),
      c: matrix(0, 3, []),
      d: matrix(3, 0, []),
    };
    const rounded = quantise(extremes, "int8");
    expect(rounded.a?.data[0]).toBeGreaterThan(2.9e38);
    expect(rounded.b?.data[1]).toBe(0);
    expect([rounded.c?.data.length, rounded.d?.data.length]).toEqual([0, 0]);
  });

  it.each(precisions)("are not made of what is no number (%s)", async (precision) => {
    const failure = await failureOf(() => quantise({ W_rec: matrix(1, 1, [NaN]) }, precision));
    expect(failure.message).toContain("W_rec holds NaN");
  });
});

describe("advice on lengths", () => {
  it("says what a link survives", () => {
    const lost = (length: number): string[] =>
      lengthAdvice(length)
        .filter(({ survives }) => !survives)
        .map(({ name }) => name);
    expect(lost(400)).toEqual([]);
    expect(lost(2001)).toEqual(["mail and WhatsApp", "Discord"]);
    expect(lost(5000)).toEqual(["mail and WhatsApp", "Discord", "QR code", "Slack"]);
    expect(lost(2_000_000)).toHaveLength(lengthAdvice(0).length);
  });
});

interface Golden {
  name: string;
  fragment: string;
  /** As it is read, the numbers of matrices as lists. */
  link: Omit<RecipeLink, "kind"> | { weights: { [name: string]: { data: number[] } } };
}

describe("links of every version", () => {
  const engine = engineOfTheGroup();
  const goldensOf = (version: number): Golden[] => {
    const path = fileURLToPath(new URL(`../golden/links/version-${version}.json`, import.meta.url));
    return JSON.parse(readFileSync(path, "utf8")) as Golden[];
  };
  const goldens = [...goldensOf(1), ...goldensOf(2)];

  /** With the numbers of matrices as lists, as JSON can hold them. */
  const plain = (link: Link): unknown =>
    JSON.parse(
      JSON.stringify(link, (_, value: unknown) => (value instanceof Float32Array ? [...value] : value)),
    );

  it.each(goldens)("are read as ever: $name", async ({ fragment, link }) => {
    const found = await decodeLink(fragment);
    expect(plain(found)).toEqual(link);
    const { problems } = engine().check(found.document);
    expect(problems).toEqual([]);
    using session = engine().open(found.document);
    if (found.kind === "model") session.setWeights(found.weights);
    else if (
      found.numericsVersion === engine().build.numerics &&
      found.arithmetic === engine().build.arithmetic
    ) {
      session.step({ iterations: found.iteration });
      expect(session.hash()).toBe(found.hash);
    }
  });

  it("are written as ever in this version", async () => {
    for (const { fragment } of goldensOf(2))
      expect(await encodeLink(await decodeLink(fragment))).toBe(fragment);
  });

  it("of version 2 need their dictionary, byte by byte", () => {
    expect(checksumOf(dictionary)).toBe(1465521057);
    expect(dictionary).toHaveLength(1224);
  });
});
