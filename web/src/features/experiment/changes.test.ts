import type { Json, Schema } from "nullcline";
import { describe, expect, it } from "vitest";
import { fakeSchema } from "../../testing/fake-engine";
import { changesInShort, firstChange, itemInShort, withChange } from "./changes";
import { fieldPaths, inWordsOfFields, problemsByField } from "../../document/document";
import { inserted, moved, removed, replaced } from "./lists";
import { controlOf, controlOfField, fieldsOf, fieldsToChange, resolve, starter } from "../../document/schema";

const stage: Schema = {
  title: "Stage",
  type: "object",
  additionalProperties: false,
  required: ["task"],
  properties: {
    task: { title: "Changes to the task", type: "object", additionalProperties: true },
    threshold: {
      title: "Threshold",
      anyOf: [{ type: "null" }, { title: "its own", type: "number" }],
      default: null,
    },
  },
};

const root: Schema = {
  ...fakeSchema,
  properties: {
    ...fakeSchema.properties,
    curriculum: {
      title: "Curriculum",
      default: null,
      anyOf: [
        { title: "none", type: "null" },
        {
          title: "stages",
          type: "object",
          additionalProperties: false,
          required: ["stages"],
          properties: { stages: { title: "Stages", type: "array", items: stage, minItems: 1 } },
        },
      ],
    },
  },
};

const task = root.properties?.task ?? {};
const base: Json = { type: "Choice", dt: 20 };
const coherence = fieldsToChange(root, task, base, {}).find(({ name }) => name === "coherence");

describe("changes to a section", () => {
  it("are seen by the name of the section and an object that takes any field", () => {
    const kinds = fieldsOf(root, stage).map((field) => controlOfField(root, field).kind);
    expect(kinds).toEqual(["changes", "form"]);
    expect(controlOf(root, stage.properties?.task ?? {}).kind).toBe("json");
  });

  it("name the fields of the experiment's type, or of their own", () => {
    const names = (changes: Json) => fieldsToChange(root, task, base, changes).map(({ name }) => name);
    expect(names({})).toEqual(["dt", "N_batch", "coherence"]);
    expect(names({ type: "Memory" })).toEqual(["dt", "delay"]);
    expect(fieldsToChange(root, { type: "number" }, base, {})).toEqual([]);
  });

  it("begin with the value that the experiment has, and with one to choose where it leaves that open", () => {
    const [dt] = fieldsToChange(root, task, base, {});
    if (!dt || !coherence) throw new Error("fields");
    expect(firstChange(root, dt, base)).toBe(20);
    expect(firstChange(root, dt, undefined)).toBe(10);
    expect(firstChange(root, coherence, base)).toBe(1);
    expect(firstChange(root, coherence, { coherence: [0.1, 0.2] })).toEqual([0.1, 0.2]);
  });

  it("are stored one by one, also where they say what the experiment says", () => {
    expect(withChange({}, "dt", 20)).toEqual({ dt: 20 });
    expect(withChange({ dt: 5, coherence: 1 }, "dt", undefined)).toEqual({ coherence: 1 });
  });

  it("are told in short", () => {
    expect(changesInShort(root, task, base, { coherence: 0.5, dt: 5 })).toBe("coherence 0.5, dt 5");
    expect(changesInShort(root, task, base, { type: "Memory", delay: 9 })).toBe("Memory, delay 9");
    expect(changesInShort(root, task, base, { coherence: null })).toBe("coherence drawn");
    expect(changesInShort(root, task, base, 3)).toBe("");
    expect(itemInShort(root, stage, { task: base }, { task: { dt: 5 }, threshold: 0.8 })).toBe(
      "dt 5 · Threshold 0.8",
    );
    expect(itemInShort(root, stage, { task: base }, "x")).toBe("");
  });

  it("begin a curriculum with one stage", () => {
    const alternatives = resolve(root, root.properties?.curriculum ?? {}).anyOf ?? [];
    expect(starter(root, alternatives[1] ?? {})).toEqual({ stages: [{ task: {} }] });
  });
});

describe("problems in a list", () => {
  const document = {
    task: base,
    curriculum: { stages: [{ task: {} }, { task: { coherence: -1 }, threshold: "x" }] },
  };
  const problem = (path: string, message = `${path} is wrong.`) => ({
    code: "out_of_range",
    path,
    message,
    hint: "",
  });

  it("are shown at their field, told with the item's name", () => {
    const problems = [
      problem("curriculum.stages[1].task.coherence"),
      problem("curriculum.stages[1].threshold"),
      problem("curriculum.stages[0].task.unknown"),
      problem("curriculum.stages[0]"),
      problem("task.dt", "task.dt is wrong, as curriculum.stages[1].task.coherence is."),
    ];
    expect([...problemsByField(root, document, problems).keys()]).toEqual([
      "curriculum.stages.1.task.coherence",
      "curriculum.stages.1.threshold",
      "curriculum.stages.0.task",
      "curriculum.stages.0",
      "task.dt",
    ]);
    expect(inWordsOfFields(root, document, problems).map(({ message }) => message)).toEqual([
      "Stage 2, coherence is wrong.",
      "Stage 2, Threshold is wrong.",
      "curriculum.stages[0].task.unknown is wrong.",
      "Stage 1 is wrong.",
      "dt is wrong, as Stage 2, coherence is.",
    ]);
  });

  it("do not trip over a list that is none", () => {
    for (const stages of [3, "x", [3, null], {}, [{ task: [] }]])
      expect(fieldPaths(root, { task: base, curriculum: { stages } }).size).toBeGreaterThan(0);
  });
});

describe("lists", () => {
  it("change in one place and leave the old list as it was", () => {
    const list = ["a", "b", "c"];
    expect(inserted(list, 1, "x")).toEqual(["a", "x", "b", "c"]);
    expect(removed(list, 1)).toEqual(["a", "c"]);
    expect(replaced(list, 1, "x")).toEqual(["a", "x", "c"]);
    expect(moved(list, 0, 2)).toEqual(["b", "c", "a"]);
    expect(moved(list, 2, 1)).toEqual(["a", "c", "b"]);
    expect(moved(list, 2, 3)).toEqual(list);
    expect(moved(list, 0, -1)).toEqual(list);
    expect(list).toEqual(["a", "b", "c"]);
  });
});
