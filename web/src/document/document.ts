import type { ExperimentDocument, Files, Json, Problem, Schema } from "nullcline";
import { titleFrom } from "../words";
import { equal, isObject, without, type JsonObject } from "../json";
import {
  chosenForm,
  chosenType,
  controlOf,
  controlOfField,
  controlWithin,
  fieldsOf,
  fieldsToChange,
  resolve,
  starter,
  type Control,
  type Field,
} from "./schema";

/**
 * Edits of the experiment document. It stays sparse: a value that equals its default is left out, so that the document
 * says what was chosen and nothing else.
 */

/** The value that a form shows: the written one, else the default. */
export function shownValue(root: Schema, field: Field, value: Json | undefined): Json {
  if (value !== undefined) return value;
  return field.schema.default ?? starter(root, field.schema);
}

/** The object with one field set; a value that equals the default is taken out, `undefined` too. */
export function withField(
  root: Schema,
  field: Field,
  object: JsonObject,
  value: Json | undefined,
): JsonObject {
  const next = without(object, field.name);
  const isDefault = value !== undefined && equal(value, defaultOf(field));
  if (value !== undefined && !(isDefault && !field.required)) next[field.name] = value;
  else if (field.required) next[field.name] = starter(root, field.schema);
  return next;
}

function defaultOf(field: Field): Json | undefined {
  return field.schema.default;
}

/** Whether a written value differs from the field's default; a field without a default never does. */
export function differs(root: Schema, field: Field, value: Json | undefined): boolean {
  return changesIn(root, field, value) > 0;
}

/** How many values at and below a field differ from their defaults. */
export function changesIn(root: Schema, field: Field, value: Json | undefined): number {
  if (value === undefined) return 0;
  const inner = innerFields(root, field.schema, value);
  const fallback = defaultOf(field);
  if (inner && isObject(value)) {
    const otherType = isObject(fallback) && fallback.type !== undefined && fallback.type !== value.type;
    return inner.reduce((sum, part) => sum + changesIn(root, part, value[part.name]), otherType ? 1 : 0);
  }
  return fallback !== undefined && !equal(value, fallback) ? 1 : 0;
}

/** The fields below a value whose form is an object; null for any other control. */
export function innerFields(root: Schema, schema: Schema, value: Json): Field[] | null {
  const control = controlOf(root, schema);
  if (control.kind === "object") return fieldsOf(root, schema);
  if (control.kind === "type") {
    const choice = chosenType(control.choices, value);
    return choice ? fieldsOf(root, choice.schema) : null;
  }
  return null;
}

/** Another choice by type, keeping the values of fields that both types have. */
export function withType(root: Schema, next: Schema, value: Json): JsonObject {
  const changed = starter(root, next);
  const result: JsonObject = isObject(changed) ? { ...changed } : {};
  const type = resolve(root, next).properties?.type?.const;
  if (type !== undefined) result.type = type;
  if (!isObject(value)) return result;
  for (const field of fieldsOf(root, next)) {
    const kept = value[field.name];
    // Composite values may mean something else in the other type; plain numbers of the same name do not.
    if (typeof kept === "number" && controlOf(root, field.schema).kind === "number")
      result[field.name] = kept;
  }
  return result;
}

/** "task.coherence[1]" as "task.coherence.1". */
export function normalPath(path: string): string {
  return path.replace(/\[(\d+)\]/g, ".$1").replace(/^\.|^\$\.?/, "");
}

/** Every path at which the forms for a document can show a problem, with the title of the field there. */
export function fieldPaths(root: Schema, document: ExperimentDocument): Map<string, string> {
  const paths = new Map<string, string>();

  /** `within` is said before the titles of what belongs to an item of a list. */
  const walkFields = (path: string, within: string, fields: Field[], value: Json) => {
    for (const field of fields) {
      const written = isObject(value) ? value[field.name] : undefined;
      const inner = path ? `${path}.${field.name}` : field.name;
      paths.set(inner, within + titleOf(field));
      walk(inner, within, field.schema, controlOfField(root, field), shownValue(root, field, written));
    }
  };

  const walk = (path: string, within: string, schema: Schema, control: Control, value: Json) => {
    switch (control.kind) {
      case "object":
        walkFields(path, within, fieldsOf(root, schema), value);
        return;
      case "type": {
        const choice = chosenType(control.choices, value);
        if (choice) walkFields(path, within, fieldsOf(root, choice.schema), value);
        return;
      }
      case "form": {
        const alternative = control.alternatives[chosenForm(root, control.alternatives, value)];
        if (alternative) walk(path, within, alternative, controlWithin(root, alternative), value);
        return;
      }
      case "list":
        (Array.isArray(value) ? value : []).forEach((item, index) => {
          const name = itemName(control.item, index);
          paths.set(`${path}.${index}`, within + name);
          walkFields(`${path}.${index}`, `${within}${name}, `, fieldsOf(root, control.item), item);
        });
        return;
      case "map":
        for (const [name, part] of Object.entries(isObject(value) ? value : {})) {
          paths.set(`${path}.${name}`, `${paths.get(path) ?? ""}, ${name}`);
          walk(`${path}.${name}`, within, control.value, controlOf(root, control.value), part);
        }
        return;
      case "changes": {
        const base = document[path.slice(path.lastIndexOf(".") + 1)];
        walkFields(path, within, fieldsToChange(root, control.of, base, value), value);
        return;
      }
      case "number":
      case "boolean":
      case "text":
      case "enum":
      case "numbers":
      case "matrix":
      case "fixed":
      case "json":
    }
  };

  walkFields("", "", fieldsOf(root, root), document);
  return paths;
}

/** What the form calls an item of a list: "Stage 2". */
export function itemName(item: Schema, index: number): string {
  return `${item.title ?? "Item"} ${index + 1}`;
}

/** What the form calls a field. */
export function titleOf({ name, schema }: Field): string {
  return schema.title ?? name;
}

/** What the form calls one of several words: "Glorot gauss (glorot_gauss)", so that it can be found in the document. */
export function choiceName(word: string): string {
  return word.includes("_") ? `${titleFrom(word)} (${word})` : word;
}

/** Problems as the form speaks of them: with the titles of fields in the place of their paths in the document. */
export function inWordsOfFields(root: Schema, document: ExperimentDocument, problems: Problem[]): Problem[] {
  if (problems.length === 0) return problems;
  const titles = fieldPaths(root, document);
  const inWords = (path: string) => {
    const own = titles.get(normalPath(path));
    if (own !== undefined) return own;
    const [, field = "", item] = /^(.*?)((?:\[\d+\])*)$/.exec(path) ?? [];
    const title = titles.get(normalPath(field));
    const numbers = (item ?? "").match(/\d+/g) ?? [];
    return title === undefined
      ? path
      : [title, ...numbers.map((number) => `item ${Number(number) + 1}`)].join(", ");
  };
  return problems.map((problem) => {
    const { path, message } = problem;
    const rest = path !== "" && message.startsWith(`${path} `) ? message.slice(path.length) : null;
    const start = rest === null ? "" : inWords(path);
    const others = (rest ?? message).replace(/\b[A-Za-z_]\w*(?:\.[A-Za-z_]\w*|\[\d+\])+/g, inWords);
    return { ...problem, message: start + others.replace(/; found "\s*"\.$/, "; the field is empty.") };
  });
}

/** Problems by the path of the nearest field that is shown; "" holds those that belong to none. */
export function problemsByField(
  root: Schema,
  document: ExperimentDocument,
  problems: Problem[],
): Map<string, Problem[]> {
  const paths = fieldPaths(root, document);
  const found = new Map<string, Problem[]>();
  for (const problem of problems) {
    let path = normalPath(problem.path);
    while (path && !paths.has(path)) path = path.includes(".") ? path.slice(0, path.lastIndexOf(".")) : "";
    found.set(path, [...(found.get(path) ?? []), problem]);
  }
  return found;
}

/** Problems at a path or anywhere below it. */
export function problemsBelow(problems: ReadonlyMap<string, Problem[]>, path: string): number {
  let count = 0;
  for (const [at, list] of problems) if (at === path || at.startsWith(`${path}.`)) count += list.length;
  return count;
}

/** The files that a document names. */
export function filesNamed(document: ExperimentDocument, files: Files): Files {
  const named = new Set<string>();
  const walk = (value: Json): void => {
    if (typeof value === "string") named.add(value);
    else if (typeof value === "object" && value !== null) Object.values(value).forEach(walk);
  };
  walk(withoutName(document));
  return Object.fromEntries(Object.entries(files).filter(([name]) => named.has(name)));
}

/** The document without what does not change the run: its name. */
function withoutName(document: ExperimentDocument): JsonObject {
  return without(document, "name");
}

/** Whether two resolved documents give the same run. */
export function sameRun(a: ExperimentDocument, b: ExperimentDocument): boolean {
  return equal(withoutName(a), withoutName(b));
}

/** The document without what says how long it trains. */
function withoutLength(document: ExperimentDocument): JsonObject {
  const rest = withoutName(document);
  const { training } = rest;
  if (!isObject(training)) return rest;
  return { ...rest, training: without(without(training, "iterations"), "training_iters") };
}

/** A learning rate that falls over the whole run is another one in a longer run. */
function followsLength({ training }: ExperimentDocument): boolean {
  const schedule = isObject(training) ? training.schedule : null;
  return isObject(schedule) && schedule.decay_steps === null;
}

/** The document of a run of so many updates. */
export function withLength(document: ExperimentDocument, iterations: number): ExperimentDocument {
  const { training } = document;
  return { ...document, training: { ...(isObject(training) ? training : {}), iterations } };
}

/** Whether two resolved documents give runs of which one begins as the other. */
export function sameButForLength(a: ExperimentDocument, b: ExperimentDocument): boolean {
  return !followsLength(a) && equal(withoutLength(a), withoutLength(b));
}

/** The text of a number field as a value: a number where it is one, the text itself otherwise, for the engine to judge. */
export function parseNumber(text: string): Json {
  const trimmed = text.trim().replace(/^[−–]/, "-");
  if (trimmed === "") return "";
  const value = Number(trimmed);
  return Number.isFinite(value) ? value : text;
}

/** "0.1, 0.3" as a list; parts that are no numbers stay text, for the engine to judge. */
export function parseNumbers(text: string): Json[] {
  return text
    .split(/[,;\s]+/)
    .filter(Boolean)
    .map(parseNumber);
}

/** A JSON value as it is typed: text that is no JSON yet as it stands, all else in short. */
export function jsonText(value: Json): string {
  return typeof value === "string" && parseJson(value) === value ? value : JSON.stringify(value);
}

/** A JSON value as typed; text that is no JSON, or holds numbers beyond any, stays text, for the engine to judge. */
export function parseJson(text: string): Json {
  try {
    return JSON.parse(text, (_, value: Json) => {
      if (typeof value === "number" && !Number.isFinite(value)) throw new SyntaxError();
      return value;
    }) as Json;
  } catch {
    return text;
  }
}
