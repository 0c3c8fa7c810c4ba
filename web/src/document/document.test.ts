import type { ExperimentDocument, Problem, Schema } from "nullcline";
import { describe, expect, it } from "vitest";
import { fakeSchema } from "../testing/fake-engine";
import {
  choiceName,
  changesIn,
  differs,
  fieldPaths,
  inWordsOfFields,
  normalPath,
  parseJson,
  parseNumber,
  parseNumbers,
  problemsBelow,
  problemsByField,
  sameButForLength,
  sameRun,
  shownValue,
  withField,
  withType,
} from "./document";
import { fieldsOf, resolve, type Field } from "./schema";

function field(schema: string, name: string): Field {
  const found = fieldsOf(fakeSchema, { $ref: schema }).find((candidate) => candidate.name === name);
  if (!found) throw new Error(name);
  return found;
}

const dt = field("#/$defs/task/Choice", "dt");
const initializer = field("#/$defs/network/Plain", "initializer");
const hello = { nullcline: 1, task: { type: "Choice" }, network: { type: "Plain" } };

describe("a field's value", () => {
  it("is written when it is chosen and left out when it is the default again", () => {
    const changed = withField(fakeSchema, dt, { type: "Choice" }, 5);
    expect(changed).toEqual({ type: "Choice", dt: 5 });
    expect(withField(fakeSchema, dt, changed, 10)).toEqual({ type: "Choice" });
    expect(withField(fakeSchema, dt, changed, undefined)).toEqual({ type: "Choice" });
  });

  it("differs from its default by value, not by being written", () => {
    expect(differs(fakeSchema, dt, 5)).toBe(true);
    expect(differs(fakeSchema, dt, 10)).toBe(false);
    expect(differs(fakeSchema, dt, undefined)).toBe(false);
    expect(changesIn(fakeSchema, initializer, { type: "Gaussian", spec_rad: 1.2 })).toBe(1);
    expect(changesIn(fakeSchema, initializer, { type: "Gaussian", spec_rad: 1.1 })).toBe(0);
  });

  it("shows the default where nothing is written", () => {
    expect(shownValue(fakeSchema, dt, undefined)).toBe(10);
    expect(shownValue(fakeSchema, dt, "abc")).toBe("abc");
  });

  it("takes a nested value out with its last change", () => {
    expect(
      withField(
        fakeSchema,
        initializer,
        { type: "Plain", initializer: { type: "Gaussian", spec_rad: 2 } },
        { type: "Gaussian" },
      ),
    ).toEqual({
      type: "Plain",
    });
  });
});

it("keeps numbers of the same name when the type changes", () => {
  const memory = resolve(fakeSchema, { $ref: "#/$defs/task/Memory" });
  expect(withType(fakeSchema, memory, { type: "Choice", dt: 5, N_batch: 32, coherence: 0.1 })).toEqual({
    type: "Memory",
    dt: 5,
  });
});

describe("problems", () => {
  const problem = (path: string): Problem => ({
    code: "out_of_range",
    path,
    message: `${path} is wrong.`,
    hint: "",
  });

  it("knows the paths of the forms that are shown", () => {
    const paths = fieldPaths(fakeSchema, {
      ...hello,
      task: { type: "Choice", coherence: { exponential: 0.2 } },
    });
    expect([...paths.keys()]).toEqual(
      expect.arrayContaining([
        "seed",
        "task.dt",
        "task.coherence",
        "task.coherence.exponential",
        "network.initializer.spec_rad",
        "training.clip.norm",
      ]),
    );
    expect(paths.has("task.delay")).toBe(false);
  });

  it("stand at their field, else at the nearest one above, else at the top", () => {
    const problems = problemsByField(fakeSchema, hello, [
      problem("task.dt"),
      problem("task.coherence[1]"),
      problem("task.colour"),
      problem("network.initializer.W_rec[0][3]"),
      problem("colour"),
      problem(""),
    ]);
    expect(Object.fromEntries([...problems].map(([path, list]) => [path, list.length]))).toEqual({
      "task.dt": 1,
      "task.coherence": 1,
      task: 1,
      "network.initializer": 1,
      "": 2,
    });
    expect(problemsBelow(problems, "task")).toBe(3);
    expect(problemsBelow(problems, "network")).toBe(1);
    expect(problemsBelow(problems, "training")).toBe(0);
  });

  it("reads both ways of writing a position", () => {
    expect(normalPath("task.coherence[1]")).toBe("task.coherence.1");
    expect(normalPath("task.coherence.1")).toBe("task.coherence.1");
  });
});

describe("problems in words", () => {
  const titled: Schema = {
    type: "object",
    properties: {
      seed: { title: "Seed", type: "integer", default: 1 },
      task: {
        title: "Task",
        type: "object",
        default: {},
        properties: {
          dt: { title: "Time step", type: "number", default: 10 },
          tau: { title: "Time constant", type: "number", default: 100 },
          coherence: { title: "Coherence", type: "array", items: { type: "number" }, default: [0.1] },
          gain: { type: "number", default: 1 },
        },
      },
    },
  };
  const said = (path: string, message: string) =>
    inWordsOfFields(titled, {}, [{ code: "", path, message, hint: "" }])[0]?.message;

  it.each([
    ["task.dt", "task.dt must be above 0; found -5.", "Time step must be above 0; found -5."],
    ["seed", "seed must be a whole number; found 0.5.", "Seed must be a whole number; found 0.5."],
    [
      "task.dt",
      "task.dt must be at most task.tau, 100 ms; found 200 ms.",
      "Time step must be at most Time constant, 100 ms; found 200 ms.",
    ],
    ["task.dt", 'task.dt must be a number; found "".', "Time step must be a number; the field is empty."],
    ["task.dt", 'task.dt must be a number; found "ten".', 'Time step must be a number; found "ten".'],
    [
      "task.coherence[1]",
      "task.coherence[1] must be at least 0; found -2.",
      "Coherence, item 2 must be at least 0; found -2.",
    ],
    ["task.gain", "task.gain must be 1.5 or 2.", "gain must be 1.5 or 2."],
    ["task.colour", "task.colour is not a known field.", "task.colour is not a known field."],
    ["", "The document must be an object.", "The document must be an object."],
  ])("speak of %s by its title", (path, message, words) => {
    expect(said(path, message)).toBe(words);
  });
});

it("takes two documents for the same run whatever their names", () => {
  expect(sameRun({ ...hello, name: "a" }, { ...hello, name: "b" })).toBe(true);
  expect(sameRun({ ...hello, seed: 1 }, { ...hello, seed: 2 })).toBe(false);
});

it("runs that differ in length alone begin alike, unless their learning rate follows the length", () => {
  const run = (training: ExperimentDocument) => ({ ...hello, training });
  expect(sameButForLength(run({ iterations: 10 }), run({ iterations: 20 }))).toBe(true);
  expect(sameButForLength(run({ training_iters: 10 }), run({ training_iters: 20 }))).toBe(true);
  expect(sameButForLength(run({ iterations: 10, learning_rate: 1 }), run({ iterations: 20 }))).toBe(false);
  const cosine = { type: "cosine", decay_steps: null };
  expect(
    sameButForLength(run({ iterations: 10, schedule: cosine }), run({ iterations: 20, schedule: cosine })),
  ).toBe(false);
});

it("choices are called in words, and as the document has them", () => {
  expect(choiceName("glorot_gauss")).toBe("Glorot gauss (glorot_gauss)");
  expect(choiceName("relu")).toBe("relu");
});

describe("what is typed", () => {
  it.each([
    ["10", 10],
    [" 1e-3 ", 0.001],
    ["−2", -2],
    ["", ""],
    ["ten", "ten"],
    ["1e999", "1e999"],
  ])("reads %j as %j", (text, value) => {
    expect(parseNumber(text)).toBe(value);
  });

  it("reads lists and JSON, and leaves the rest to the engine", () => {
    expect(parseNumbers("0.1, 0.3; 0.5 x")).toEqual([0.1, 0.3, 0.5, "x"]);
    expect(parseJson("[[1, 2]]")).toEqual([[1, 2]]);
    expect(parseJson("[1,")).toBe("[1,");
    expect(parseJson("[1, 1e400]")).toBe("[1, 1e400]");
  });
});
