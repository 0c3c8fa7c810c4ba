import { describe, expect, it } from "vitest";
import { isBroken, lineOf, rangeOfLine, readDocument } from "./read";
import { writeDocument } from "./write";

function read(text: string) {
  const reading = readDocument(text);
  if (isBroken(reading)) throw new Error(reading.message);
  return reading;
}

const text = `{
  "nullcline": 1,
  "task": { "type": "Choice",
    "dt": 5 },
  "curriculum": {
    "stages": [
      { "task": { "coherence": 0.5 } },
      {
        "task": {
          "coherence": [
            0.1,
            -1
          ]
        }
      }
    ]
  }
}`;

describe("reading a document", () => {
  it("says what it says, and on which line each part stands", () => {
    const { document, lines } = read(text);
    expect(document).toEqual(JSON.parse(text));
    const at = (path: string) => lineOf(lines, path);
    expect(at("task")).toBe(3);
    expect(at("task.type")).toBe(3);
    expect(at("task.dt")).toBe(4);
    expect(at("curriculum.stages.0.task.coherence")).toBe(7);
    expect(at("curriculum.stages.1.task.coherence")).toBe(10);
    expect(at("curriculum.stages.1.task.coherence.1")).toBe(12);
  });

  it("falls back to what stands around a path, and to the first line", () => {
    const { lines } = read(text);
    expect(lineOf(lines, "task.tau")).toBe(3);
    expect(lineOf(lines, "network.N_rec")).toBe(1);
    expect(lineOf(lines, "")).toBe(1);
  });

  it.each<[string, string, number, number, string]>([
    ["nothing", "", 1, 1, "The document must be an object in braces, { … }; the text ends here."],
    ["a list", "[1]", 1, 1, "The document must be an object in braces, { … }; found [."],
    ["an open object", '{ "a": 1', 1, 9, "Expected a comma or } here; the text ends here."],
    ["a missing comma", '{\n  "a": 1\n  "b": 2\n}', 3, 3, 'Expected a comma or } here; found ".'],
    ["a comma too many", '{\n  "a": 1,\n}', 2, 9, "Nothing follows this comma before }. Take it away."],
    [
      "a name twice",
      '{ "a": 1,\n  "b": { "a": 1 }, "\\u0061": 2 }',
      2,
      20,
      'The document holds the name "a" twice in the same braces.',
    ],
    [
      "a number beyond any",
      '{ "a": [1, -1e400] }',
      1,
      12,
      "The document holds -1e400, and numbers go up to 1.8e308.",
    ],
    ["a bare name", "{ a: 1 }", 1, 3, 'Expected the name of a field in double quotes, "…"; found a.'],
    ["a missing colon", '{ "a" 1 }', 1, 7, 'Expected a colon after "a"; found 1.'],
    ["a bare word", '{ "a": relu }', 1, 8, "Expected a value; words stand in double quotes; found relu."],
    [
      "a word of Python",
      '{ "a": True }',
      1,
      8,
      "Expected a value; words stand in double quotes; found True.",
    ],
    ["a short number", '{ "a": .5 }', 1, 8, "Numbers are written like 0.5, -2 or 1e-8; found .5."],
    [
      "a number with a comma",
      '{ "a": 0,5 }',
      1,
      10,
      'Expected the name of a field in double quotes, "…"; found 5.',
    ],
    ["no number", '{ "a": NaN }', 1, 8, "Numbers are written like 0.5, -2 or 1e-8; found NaN."],
    ["a zero too many", '{ "a": 01 }', 1, 8, "Numbers are written like 0.5, -2 or 1e-8; found 01."],
    ["an open text", '{\n "a": "relu\n}', 2, 7, "This text has no closing quote on its line."],
    ["more than one document", "{} {}", 1, 4, "The document ends with its closing brace; found {."],
    ["a comment", "{ // here\n}", 1, 3, 'Expected the name of a field in double quotes, "…"; found //.'],
  ])("says where %s stops being JSON", (_, broken, line, column, message) => {
    expect(readDocument(broken)).toEqual({ line, column, message });
  });

  it("says that a backslash must be doubled", () => {
    expect(readDocument('{ "a": "C:\\data" }')).toMatchObject({ line: 1, column: 8 });
  });

  it("reads whatever JSON is, and refuses what would be too deep", () => {
    const odd = '{"__proto__":{"x":1},"é\\u00e9\\n":[[],{},"",-0.5e-3,true,false,null]}';
    expect(read(odd).document).toEqual(JSON.parse(odd));
    const deep = `{"a":${"[".repeat(5000)}${"]".repeat(5000)}}`;
    expect(readDocument(deep)).toMatchObject({
      message: "Values may lie 100 deep in each other, no deeper.",
    });
  });

  it("accepts and refuses just what JSON.parse does", () => {
    const characters = ['{"a":', "}", "[", "]", ",", "1", "-", ".5", "e3", '"x"', "true", " ", "\n", "nul"];
    let seed = 1;
    const next = (below: number) => (seed = (seed * 48271) % 2147483647) % below;
    for (let round = 0; round < 3000; round++) {
      const body = Array.from({ length: next(8) }, () => characters[next(characters.length)] ?? "").join("");
      const tried = `{"a":${body}}`;
      let parses = true;
      try {
        JSON.parse(tried);
      } catch {
        parses = false;
      }
      expect([tried, !isBroken(readDocument(tried))]).toEqual([tried, parses]);
    }
  });
});

it("finds a line in a text", () => {
  expect(rangeOfLine("ab\ncd\n", 1)).toEqual([0, 2]);
  expect(rangeOfLine("ab\ncd\n", 2)).toEqual([3, 5]);
  expect(rangeOfLine("ab\ncd", 9)).toEqual([3, 5]);
});

describe("writing a document", () => {
  it("puts short values on one line, and rows of numbers whatever their length", () => {
    const row = Array.from({ length: 40 }, (_, index) => index / 10);
    const document = {
      nullcline: 1,
      task: { type: "Choice" },
      network: { type: "Plain", W_rec: [row, row] },
      e: {},
    };
    expect(writeDocument(document)).toBe(`{
  "nullcline": 1,
  "task": { "type": "Choice" },
  "network": {
    "type": "Plain",
    "W_rec": [
      [${row.join(", ")}],
      [${row.join(", ")}]
    ]
  },
  "e": {}
}
`);
  });

  it("reads back as the same document", () => {
    expect(read(writeDocument(read(text).document)).document).toEqual(JSON.parse(text));
  });
});
