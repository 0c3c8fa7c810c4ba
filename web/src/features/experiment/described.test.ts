import { load, type Json, type Schema } from "nullcline";
import { beforeAll, describe, expect, it } from "vitest";
import { circularChannels } from "../trials/circular";
import { applies, choosers } from "./applies";
import type { JsonObject } from "../../json";
import { fieldPaths } from "../../document/document";
import {
  controlOf,
  controlOfField,
  controlWithin,
  fieldsOf,
  starter,
  type Control,
  type Field,
} from "../../document/schema";

/** What the engine describes, all of it: nothing may be left to JSON. */
let root: Schema = {};

beforeAll(async () => {
  using engine = await load();
  root = engine.describe();
});

interface Place {
  path: string;
  schema: Schema;
  kind: Control["kind"];
}

/** Every field that the forms can show, through every type and every form of a value. */
function places(): Place[] {
  const found: Place[] = [];
  const fields = (path: string, schema: Schema) => {
    for (const field of fieldsOf(root, schema)) {
      const control = controlOfField(root, field);
      const inner = path ? `${path}.${field.name}` : field.name;
      found.push({ path: inner, schema: field.schema, kind: control.kind });
      below(inner, field.schema, control);
    }
  };
  const below = (path: string, schema: Schema, control: Control) => {
    if (control.kind === "object") fields(path, schema);
    else if (control.kind === "type")
      control.choices.forEach((choice) => {
        fields(`${path}:${choice.type}`, choice.schema);
      });
    else if (control.kind === "form")
      control.alternatives.forEach((alternative, index) => {
        const inner = controlWithin(root, alternative);
        found.push({ path: `${path}/${alternative.title ?? index}`, schema: alternative, kind: inner.kind });
        below(`${path}/${alternative.title ?? index}`, alternative, inner);
      });
    else if (control.kind === "list") fields(`${path}[]`, control.item);
    else if (control.kind === "map") below(`${path}.*`, control.value, controlOf(root, control.value));
  };
  fields("", root);
  return found;
}

describe("everything that the engine describes", () => {
  it("has a control of its own", () => {
    const found = places();
    expect(found.length).toBeGreaterThan(300);
    expect(found.filter(({ kind }) => kind === "json").map(({ path }) => path)).toEqual([]);
  });

  it("has a name and a word of help", () => {
    const silent = places().filter(
      ({ path, schema }) => !path.includes("/") && !(schema.title && schema.description),
    );
    expect(silent.map(({ path }) => path)).toEqual([]);
  });

  it("has a title for each form that a value may take", () => {
    const control = places().filter(({ path }) => /\/\d+$/.test(path));
    expect(control.map(({ path }) => path)).toEqual([]);
  });

  it("can be begun and be told of, whatever is chosen", () => {
    for (const { path, schema } of places()) {
      const value: Json = starter(root, schema);
      expect(value, path).not.toBeUndefined();
    }
    expect(fieldPaths(root, { task: { type: "Trials" }, network: { type: "LSTM" } }).get("task.file")).toBe(
      "File",
    );
  });

  it("says which fields mean something with some choices only", () => {
    const found = new Map<string, string>();
    const look = (fields: Field[]) => {
      for (const { name, schema } of fields) {
        const choice = schema["x-only-with"];
        if (choice === undefined) continue;
        found.set(name, choice);
        expect(choosers(root, choice, fields), name).not.toHaveLength(0);
      }
    };
    for (const kind of Object.values(root.$defs ?? {}))
      for (const type of Object.values(kind)) look(fieldsOf(root, type));
    for (const { schema, kind } of places()) if (kind === "object") look(fieldsOf(root, schema));
    look(fieldsOf(root, root));
    expect(Object.fromEntries(found)).toEqual({
      negative_slope: "leaky_relu",
      beta: "softplus",
      init_minval: "const_unif",
      init_maxval: "const_unif",
    });

    const network = fieldsOf(root, root.$defs?.network?.Basic ?? {});
    const shown = (value: JsonObject) =>
      network.filter((field) => applies(root, field, network, value)).map(({ name }) => name);
    const byDefault = network.length - 2;
    expect(shown({})).toHaveLength(byDefault);
    expect(shown({ transfer_function: "leaky_relu" })).toContain("negative_slope");
    expect(shown({ transfer_function: "leaky_relu" })).toHaveLength(byDefault + 1);
    const initializer = fieldsOf(root, root.$defs?.initializer?.WeightInitializer ?? {});
    const smallest = initializer.find(({ name }) => name === "init_minval");
    const drawn = (value: JsonObject) => smallest && applies(root, smallest, initializer, value);
    expect([drawn({}), drawn({ which_rand_W_rec_init: "const_unif" })]).toEqual([false, true]);
  });

  it("says which channels go around a circle", () => {
    const around = Object.keys(root.$defs?.task ?? {}).filter(
      (type) => circularChannels(root, { type }).input,
    );
    expect(around).toEqual(["MatchToCategory"]);
    expect(circularChannels(root, { type: "MatchToCategory" })).toEqual({ input: true, output: true });
    expect(circularChannels({}, { type: "MatchToCategory" })).toEqual({ input: false, output: false });
  });

  it("knows curricula, changes of the task, fixed weights and matrices for what they are", () => {
    const kinds = new Map(places().map(({ path, kind }) => [path, kind]));
    expect(kinds.get("training.fixed_weights")).toBe("map");
    expect(kinds.get("curriculum/tasks one after the other.stages")).toBe("list");
    expect(kinds.get("curriculum/tasks one after the other.stages[].task")).toBe("changes");
    expect(kinds.get("network:Basic.rec_connectivity/matrix (to × from)")).toBe("matrix");
  });
});
