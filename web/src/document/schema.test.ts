import type { Schema } from "nullcline";
import { describe, expect, it } from "vitest";
import { fakeSchema } from "../testing/fake-engine";
import { equal } from "../json";
import {
  blankDocument,
  chosenForm,
  chosenType,
  controlOf,
  fieldsOf,
  fits,
  inRange,
  inFull,
  nudge,
  rangeText,
  resolve,
  starter,
} from "./schema";

const task = resolve(fakeSchema, { $ref: "#/$defs/task/Choice" });
const coherence = task.properties?.coherence ?? {};
const alternatives = coherence.anyOf ?? [];

describe("resolve", () => {
  it("follows a reference and keeps the keywords beside it", () => {
    const resolved = resolve(fakeSchema, { $ref: "#/$defs/task/Choice", title: "Mine" });
    expect(resolved.title).toBe("Mine");
    expect(resolved.properties).toHaveProperty("dt");
  });

  it("says which reference leads nowhere", () => {
    expect(() => resolve(fakeSchema, { $ref: "#/$defs/task/None" })).toThrow("#/$defs/task/None");
  });
});

describe("controlOf", () => {
  const kinds: [string, Schema, string][] = [
    ["a number", { type: "number" }, "number"],
    ["an integer", { type: "integer" }, "number"],
    ["a yes or no", { type: "boolean" }, "boolean"],
    ["a text", { type: "string" }, "text"],
    ["a list of words", { enum: ["a", "b"] }, "enum"],
    ["a choice by type", fakeSchema.properties?.task ?? {}, "type"],
    ["a choice by form", coherence, "form"],
    ["a list of numbers", { type: "array", items: { type: "number" } }, "numbers"],
    ["a matrix", { type: "array", items: { type: "array", items: { type: "number" } } }, "matrix"],
    [
      "numbers or rows of them",
      { type: "array", items: { anyOf: [{ type: "number" }, { type: "array", items: { type: "number" } }] } },
      "matrix",
    ],
    [
      "a list of objects",
      { type: "array", items: { type: "object", properties: { a: { type: "number" } } } },
      "list",
    ],
    ["values by names", { type: "object", properties: {}, additionalProperties: { type: "number" } }, "map"],
    ["an object", { type: "object", properties: { a: { type: "number" } } }, "object"],
    ["a constant", { const: 1 }, "fixed"],
    ["null", { type: "null" }, "fixed"],
    ["the only number", { type: "integer", minimum: 1, maximum: 1 }, "fixed"],
    ["the only word", { enum: ["a"] }, "fixed"],
    ["anything", {}, "json"],
  ];
  it.each(kinds)("sees %s", (_, schema, kind) => {
    expect(controlOf(fakeSchema, schema).kind).toBe(kind);
  });

  it("names the types of a choice by their titles", () => {
    const control = controlOf(fakeSchema, fakeSchema.properties?.task ?? {});
    expect(control.kind === "type" && control.choices.map(({ type, title }) => `${type}: ${title}`)).toEqual([
      "Choice: Choice",
      "Memory: Memory",
    ]);
    expect(control.kind === "type" && chosenType(control.choices, { type: "Memory" })?.type).toBe("Memory");
    expect(control.kind === "type" && chosenType(control.choices, undefined)?.type).toBe("Choice");
  });
});

describe("fieldsOf", () => {
  it("leaves constants out and knows what is advanced and required", () => {
    expect(fieldsOf(fakeSchema, fakeSchema).map(({ name }) => name)).toEqual([
      "name",
      "seed",
      "task",
      "network",
      "training",
    ]);
    const network = fieldsOf(fakeSchema, { $ref: "#/$defs/network/Plain" });
    expect(network.map(({ name, advanced }) => [name, advanced])).toEqual([
      ["N_rec", false],
      ["initializer", true],
    ]);
  });
});

describe("forms of a value", () => {
  it.each([
    [null, 0],
    [0.5, 1],
    [[0.1, 0.2], 2],
    [{ exponential: 0.2 }, 3],
    // What is still being typed belongs to the control it is typed into.
    ["0.", 1],
    [["a"], 2],
    [{}, 3],
  ])("finds the alternative of %j", (value, index) => {
    expect(chosenForm(fakeSchema, alternatives, value)).toBe(index);
  });

  it("tells objects apart by their constants and unknown fields", () => {
    const modules: Schema = {
      type: "object",
      required: ["pattern"],
      properties: { pattern: { const: "modules" } },
    };
    expect(fits({}, modules, { pattern: "modules" })).toBe(true);
    expect(fits({}, modules, { pattern: "ring" })).toBe(false);
    expect(fits({}, { ...modules, additionalProperties: false }, { pattern: "modules", more: 1 })).toBe(
      false,
    );
  });
});

describe("starter", () => {
  it.each<[string, Schema, unknown]>([
    ["the default", { type: "number", default: 3 }, 3],
    ["one, where allowed", { type: "number", exclusiveMinimum: 0 }, 1],
    ["the middle of a unit range", { type: "number", minimum: 0, maximum: 1 }, 0.5],
    ["the lower of two integers", { type: "integer", minimum: 0, maximum: 1 }, 0],
    ["the smallest number", { type: "number", minimum: 20 }, 20],
    ["a number below a maximum", { type: "number", exclusiveMaximum: 0 }, -1],
    [
      "as many items as must be",
      { type: "array", items: { type: "number", minimum: 0 }, minItems: 2 },
      [1, 1],
    ],
    ["the only number", { type: "integer", minimum: 1, maximum: 1 }, 1],
    ["the first word", { enum: ["relu", "tanh"] }, "relu"],
  ])("begins with %s", (_, schema, value) => {
    expect(starter({}, schema)).toEqual(value);
  });

  it("fills what an object requires", () => {
    expect(starter(fakeSchema, alternatives[3] ?? {})).toEqual({ exponential: 1 });
  });
});

it("makes the smallest document", () => {
  expect(blankDocument(fakeSchema)).toEqual({
    nullcline: 1,
    task: { type: "Choice" },
    network: { type: "Plain" },
  });
});

it.each<[Schema, string]>([
  [{ exclusiveMinimum: 0, "x-unit": "ms" }, "above 0 ms"],
  [{ minimum: 1, maximum: 4096, "x-unit": "units" }, "1 to 4,096 units"],
  [{ minimum: 0, exclusiveMaximum: 1 }, "at least 0, below 1"],
  [{ minimum: 0 }, "at least 0"],
  [{ "x-unit": "ms" }, ""],
])("puts the range %j in words", (schema, text) => {
  expect(rangeText(schema)).toBe(text);
});

describe("nudge", () => {
  it.each([
    [10, 1, false, 11],
    [100, 1, false, 110],
    [0.001, -1, false, 0.0009],
    [0.001, 1, true, 0.002],
    [0, 1, false, 0.1],
  ])("moves %f by %i (big: %s) to %f", (value, direction, big, next) => {
    expect(nudge({}, false, value, direction as 1 | -1, big)).toBe(next);
  });

  it("moves integers by one and stays in range", () => {
    const schema: Schema = { minimum: 1, maximum: 64 };
    expect(nudge(schema, true, 50, 1, false)).toBe(51);
    expect(nudge(schema, true, 60, 1, true)).toBe(64);
    expect(nudge(schema, true, 1, -1, false)).toBe(1);
    expect(inRange(schema, 65)).toBe(false);
  });
});

it("compares values deeply", () => {
  expect(equal({ a: [1, { b: null }] }, { a: [1, { b: null }] })).toBe(true);
  expect(equal({ a: 1 }, { a: 1, b: 2 })).toBe(false);
  expect(equal([1, 2], [1])).toBe(false);
});

describe("a number in full", () => {
  it.each([
    [1e-8, "0.00000001"],
    [1e-30, `0.${"0".repeat(29)}1`],
    [-1.25e-7, "-0.000000125"],
    [1e21, "1000000000000000000000"],
    [0.1, "0.1"],
    [4294967295, "4294967295"],
  ])("%d has no exponent", (number, text) => {
    expect(inFull(number)).toBe(text);
  });
});
