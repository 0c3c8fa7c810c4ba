import type { Json, Schema } from "nullcline";
import { describe, expect, it } from "vitest";
import {
  changesIn,
  fieldPaths,
  jsonText,
  parseJson,
  problemsByField,
  shownValue,
  withField,
} from "../../document/document";
import { chosenForm, controlOf, controlWithin, fieldsOf, starter, type Field } from "../../document/schema";

/** Forms of schema that the page has no control of its own for, or that a later engine may bring. */
const matrix: Schema = { type: "array", items: { type: "array", items: { type: "number" }, minItems: 1 } };

const root: Schema = {
  type: "object",
  properties: {
    network: {
      title: "Network",
      type: "object",
      default: {},
      properties: {
        connectivity: {
          title: "Connectivity",
          default: null,
          anyOf: [
            { title: "all to all", type: "null" },
            { title: "a matrix", ...matrix },
            {
              title: "modules",
              type: "object",
              required: ["pattern"],
              additionalProperties: false,
              properties: {
                pattern: { const: "modules" },
                count: { type: "integer", minimum: 1, default: 2 },
              },
            },
            {
              title: "from a file",
              type: "object",
              required: ["file", "key"],
              additionalProperties: false,
              properties: { file: { type: "string" }, key: { type: "string" } },
            },
            { $ref: "#/$defs/ring" },
          ],
        },
        W: { title: "Weights", ...matrix, default: [[0]] },
        delays: { type: "array", items: { type: "number" }, default: [] },
        stages: { type: "array", items: { oneOf: [{ $ref: "#/$defs/stage/Fixed" }] }, default: [] },
        init: { oneOf: [{ type: "null" }, { $ref: "#/$defs/stage/Fixed" }], default: null },
        rule: { oneOf: [{ $ref: "#/$defs/stage/Fixed" }], default: { type: "Fixed" } },
        nested: {
          default: null,
          anyOf: [
            { type: "null" },
            { title: "a stage", oneOf: [{ $ref: "#/$defs/stage/Fixed" }] },
            { title: "either", anyOf: [{ type: "number" }, { type: "boolean" }] },
          ],
        },
        note: { anyOf: [{ type: "string" }, { type: "null" }], default: null },
        autapses: { type: "boolean", default: true },
        choice: { enum: [[1, 2], { a: 1 }, null], default: null },
        lost: { title: "Lost", $ref: "#/$defs/nowhere", default: 3 },
        lostToo: { anyOf: [{ $ref: "#/$defs/nowhere" }, { type: "null" }], default: null },
        either: { type: ["number", "null"], default: null } as unknown as Schema,
        none: { anyOf: [], default: 1 },
        odd: { not: { type: "null" }, default: { a: [1] } } as unknown as Schema,
        anything: {},
        table: { type: "object", default: {} },
        fixed: { const: 4 },
      },
    },
  },
  $defs: {
    stage: {
      Fixed: {
        title: "Fixed",
        type: "object",
        required: ["type", "length"],
        properties: { type: { const: "Fixed" }, length: { type: "integer", minimum: 1 } },
      },
    },
    ring: { title: "ring", type: "object", required: ["pattern"] } as unknown as { [type: string]: Schema },
  },
};

const network = root.properties?.network ?? {};
const fields = fieldsOf(root, network);
const field = (name: string): Field => {
  const found = fields.find((candidate) => candidate.name === name);
  if (!found) throw new Error(name);
  return found;
};

describe("forms for any description", () => {
  it("have a control for every field, JSON among the advanced ones where there is no better", () => {
    expect(
      Object.fromEntries(
        fields.map(({ name, schema, advanced }) => [
          name,
          controlOf(root, schema).kind + (advanced ? ", advanced" : ""),
        ]),
      ),
    ).toEqual({
      connectivity: "form",
      W: "matrix",
      delays: "numbers",
      stages: "json, advanced",
      init: "form",
      rule: "type",
      nested: "form",
      note: "form",
      autapses: "boolean",
      choice: "enum",
      lost: "json, advanced",
      lostToo: "json, advanced",
      either: "json, advanced",
      none: "json, advanced",
      odd: "json, advanced",
      anything: "json, advanced",
      table: "json, advanced",
    });
  });

  it("have a control within every form of a value", () => {
    const kinds = (name: string) => {
      const control = controlOf(root, field(name).schema);
      return control.kind === "form"
        ? control.alternatives.map((alternative) => controlWithin(root, alternative).kind)
        : [];
    };
    expect(kinds("connectivity")).toEqual(["fixed", "matrix", "object", "object", "json"]);
    expect(kinds("nested")).toEqual(["fixed", "json", "json"]);
    expect(kinds("note")).toEqual(["text", "fixed"]);
    expect(kinds("init")).toEqual(["fixed", "object"]);
  });

  it("name the forms of a value that stand elsewhere in the description", () => {
    const control = controlOf(root, field("connectivity").schema);
    expect(control.kind === "form" && control.alternatives.map(({ title }) => title)).toEqual([
      "all to all",
      "a matrix",
      "modules",
      "from a file",
      "ring",
    ]);
  });

  it("show, change and put back every field without a mishap", () => {
    const values: Json[] = [null, 1, "x", true, [], [[1, 2]], ["a"], {}, { type: "Fixed" }, { pattern: "?" }];
    for (const one of fields) {
      expect(shownValue(root, one, undefined)).not.toBeUndefined();
      expect(starter(root, one.schema)).not.toBeUndefined();
      for (const value of values) {
        expect(changesIn(root, one, value)).toBeGreaterThanOrEqual(0);
        const changed = withField(root, one, {}, value);
        expect(fieldPaths(root, { network: changed }).get(`network.${one.name}`)).toBeDefined();
        expect(withField(root, one, changed, undefined)).toEqual({});
      }
    }
  });

  it.each<[string, Json, number]>([
    ["connectivity", null, 0],
    ["connectivity", [[1, 0]], 1],
    ["connectivity", { pattern: "modules", count: 3 }, 2],
    ["connectivity", { file: "W.npz", key: "W" }, 3],
    // What fits none is shown where it can be mended.
    ["connectivity", { file: "W.npz" }, 3],
    ["connectivity", { count: 3 }, 2],
    ["connectivity", "[[1, 0", 1],
    ["connectivity", 7, 1],
    ["note", "", 0],
    ["note", 5, 0],
    ["nested", { type: "Fixed", length: 1 }, 1],
    ["nested", true, 2],
    ["nested", "x", 1],
  ])("find the form of %s in %j", (name, value, index) => {
    const control = controlOf(root, field(name).schema);
    if (control.kind !== "form") throw new Error(name);
    expect(chosenForm(root, control.alternatives, value)).toBe(index);
  });

  it("begin a matrix and a typed object with something that can be read", () => {
    expect(starter(root, matrix)).toEqual([[1]]);
    expect(starter(root, { $ref: "#/$defs/stage/Fixed" })).toEqual({ type: "Fixed", length: 1 });
  });

  it("show a problem at the nearest field, however deep in a value it is", () => {
    const problem = (path: string) => ({ code: "wrong_type", path, message: `${path} is wrong.`, hint: "" });
    const found = problemsByField(root, { network: { connectivity: [[1, "a"]] } }, [
      problem("network.connectivity[0][1]"),
      problem("network.stages[2].length"),
      problem("network.nested.length"),
    ]);
    expect([...found.keys()]).toEqual(["network.connectivity", "network.stages", "network.nested"]);
  });
});

describe("JSON in a field", () => {
  it.each<[Json, string]>([
    [[[1, 2.5]], "[[1,2.5]]"],
    [null, "null"],
    ["[1,", "[1,"],
    ["abc", "abc"],
    ["1", '"1"'],
    ["", ""],
    [{ a: null }, '{"a":null}'],
  ])("writes %j as %s, and reads the same back", (value, text) => {
    expect(jsonText(value)).toBe(text);
    expect(parseJson(text)).toEqual(value);
  });
});
