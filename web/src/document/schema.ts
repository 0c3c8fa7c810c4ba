import type { ExperimentDocument, Json, Schema } from "nullcline";
import { equal, isObject, type JsonObject } from "../json";

/**
 * Reads the engine's description of the experiment document. Nothing here knows a task, a network or a field by name:
 * what a form shows follows from the forms that a schema can take.
 */

/** Where a field stands in the document: object keys and array positions. */
export type Path = readonly (string | number)[];

export interface TypeChoice {
  type: string;
  title: string;
  schema: Schema;
}

/** What a form shows for a schema. */
export type Control =
  | { kind: "number"; integer: boolean }
  | { kind: "boolean" }
  | { kind: "text" }
  | { kind: "enum"; values: Json[] }
  /** One of several objects, told apart by their field `type`. */
  | { kind: "type"; choices: TypeChoice[] }
  /** One of several forms of value, each with a title. */
  | { kind: "form"; alternatives: Schema[] }
  | { kind: "numbers" }
  /** Rows of numbers; a list of numbers where the schema allows that too. */
  | { kind: "matrix" }
  | { kind: "object" }
  /** Objects of one form, one after the other. */
  | { kind: "list"; item: Schema }
  /** Values of one form by names that the document chooses. */
  | { kind: "map"; value: Schema }
  /** Fields of another section that take other values here. */
  | { kind: "changes"; of: Schema }
  /** Nothing to choose: a constant or null. */
  | { kind: "fixed" }
  /** Any other value, written as JSON. */
  | { kind: "json" };

export interface Field {
  name: string;
  schema: Schema;
  required: boolean;
  advanced: boolean;
}

/** The schema that a `$ref` points to, with the reference's own keywords laid over it. */
export function resolve(root: Schema, schema: Schema): Schema {
  if (schema.$ref === undefined) return schema;
  const { $ref, ...own } = schema;
  let target: unknown = root;
  for (const part of $ref.replace(/^#\/?/, "").split("/")) {
    target =
      typeof target === "object" && target !== null
        ? (target as { [key: string]: unknown })[part]
        : undefined;
  }
  if (typeof target !== "object" || target === null)
    throw new Error(`The description refers to ${$ref}, which is not in it.`);
  return { ...resolve(root, target), ...own };
}

function typeChoices(root: Schema, alternatives: Schema[]): TypeChoice[] | null {
  const choices: TypeChoice[] = [];
  for (const alternative of alternatives) {
    const schema = resolve(root, alternative);
    const type = schema.properties?.type?.const;
    if (typeof type !== "string") return null;
    choices.push({ type, title: schema.title ?? type, schema });
  }
  return choices;
}

function nothingToChoose(schema: Schema): boolean {
  if (schema.enum?.length === 1) return true;
  const oneNumber = schema.minimum !== undefined && schema.minimum === schema.maximum;
  return schema.const !== undefined || schema.type === "null" || oneNumber;
}

export function controlOf(root: Schema, unresolved: Schema): Control {
  const schema = resolve(root, unresolved);
  if (nothingToChoose(schema)) return { kind: "fixed" };
  if (schema.enum) return { kind: "enum", values: schema.enum };
  if (schema.oneOf) {
    const choices = typeChoices(root, schema.oneOf);
    return choices ? { kind: "type", choices } : formOf(root, schema.oneOf);
  }
  if (schema.anyOf) return formOf(root, schema.anyOf);
  switch (schema.type) {
    case "number":
      return { kind: "number", integer: false };
    case "integer":
      return { kind: "number", integer: true };
    case "boolean":
      return { kind: "boolean" };
    case "string":
      return { kind: "text" };
    case "object":
      return objectControl(schema);
    case "array":
      return schema.items ? arrayControl(root, resolve(root, schema.items)) : { kind: "json" };
    case "null":
    case undefined:
  }
  return { kind: "json" };
}

function objectControl({ properties, additionalProperties }: Schema): Control {
  if (properties && Object.keys(properties).length > 0) return { kind: "object" };
  if (typeof additionalProperties === "object") return { kind: "map", value: additionalProperties };
  return properties ? { kind: "object" } : { kind: "json" };
}

function arrayControl(root: Schema, item: Schema): Control {
  if (item.type === "number" || item.type === "integer") return { kind: "numbers" };
  if (item.type === "object" && controlOf(root, item).kind === "object") return { kind: "list", item };
  const rows = [item, ...(item.anyOf ?? [])].some(
    (form) => form.type === "array" && form.items && arrayControl(root, form.items).kind === "numbers",
  );
  return { kind: rows ? "matrix" : "json" };
}

/**
 * What a form shows for a field. An object that takes any field and has the name of a section that is chosen by type
 * holds changes to that section.
 */
export function controlOfField(root: Schema, { name, schema }: Pick<Field, "name" | "schema">): Control {
  const section = root.properties?.[name];
  const open = schema.type === "object" && schema.additionalProperties === true && !schema.properties;
  return open && section && section !== schema && controlOf(root, section).kind === "type"
    ? { kind: "changes", of: section }
    : controlOf(root, schema);
}

function formOf(root: Schema, alternatives: Schema[]): Control {
  return alternatives.length === 0
    ? { kind: "json" }
    : { kind: "form", alternatives: alternatives.map((alternative) => resolve(root, alternative)) };
}

/** What a form shows for one of several forms of a value: a choice within a choice is written as JSON. */
export function controlWithin(root: Schema, alternative: Schema): Control {
  const control = controlOf(root, alternative);
  return control.kind === "type" || control.kind === "form" ? { kind: "json" } : control;
}

/** The schema of a field; one that cannot be read is taken for any value. */
function readable(root: Schema, unresolved: Schema): Schema {
  try {
    const schema = resolve(root, unresolved);
    controlOf(root, schema);
    return schema;
  } catch {
    const own = { ...unresolved };
    delete own.$ref;
    delete own.oneOf;
    delete own.anyOf;
    return own;
  }
}

/** The fields of an object schema in the engine's order, without those that leave nothing to choose, such as `type`. */
export function fieldsOf(root: Schema, schema: Schema): Field[] {
  return Object.entries(resolve(root, schema).properties ?? {})
    .map(([name, unresolved]) => ({ name, schema: readable(root, unresolved) }))
    .filter(({ schema }) => !nothingToChoose(schema))
    .map(({ name, schema: field }) => ({
      name,
      schema: field,
      required: resolve(root, schema).required?.includes(name) ?? false,
      // JSON is for those who know what they write.
      advanced: field["x-advanced"] ?? controlOfField(root, { name, schema: field }).kind === "json",
    }));
}

/** The choice that the value's `type` names; the first one where it names none. */
export function chosenType(choices: TypeChoice[], value: Json | undefined): TypeChoice | undefined {
  const type = isObject(value) ? value.type : undefined;
  return choices.find((choice) => choice.type === type) ?? choices[0];
}

/** Whether these are not changes but a section of their own. */
export function isWhole(changes: Json | undefined): boolean {
  return isObject(changes) && typeof changes.type === "string";
}

/** The fields that the changes may name: those of their own type, else those of the section's. */
export function fieldsToChange(
  root: Schema,
  section: Schema,
  base: Json | undefined,
  changes: Json | undefined,
): Field[] {
  const control = controlOf(root, section);
  if (control.kind !== "type") return [];
  const choice = chosenType(control.choices, isWhole(changes) ? changes : base);
  return choice ? fieldsOf(root, choice.schema) : [];
}

/** Whether an object names an array of a file. */
export function namesArray({ properties }: Schema): boolean {
  return properties?.file?.type === "string" && properties.key?.type === "string";
}

/** Whether a text names a file. */
export function namesFile(name: string): boolean {
  return name === "file" || name.endsWith("_path");
}

/** Whether a value has the form of a schema; ranges are left to the engine. */
export function fits(root: Schema, unresolved: Schema, value: Json): boolean {
  const schema = resolve(root, unresolved);
  if (schema.const !== undefined) return equal(schema.const, value);
  if (schema.enum) return schema.enum.some((allowed) => equal(allowed, value));
  const alternatives = schema.oneOf ?? schema.anyOf;
  if (alternatives) return alternatives.some((alternative) => fits(root, alternative, value));
  switch (schema.type) {
    case "null":
      return value === null;
    case "number":
    case "integer":
      return typeof value === "number";
    case "boolean":
      return typeof value === "boolean";
    case "string":
      return typeof value === "string";
    case "array": {
      // An item that is a string is a number being typed: the list is still a list.
      const items = schema.items;
      return (
        Array.isArray(value) &&
        (!items || value.every((item) => typeof item === "string" || fits(root, items, item)))
      );
    }
    case "object": {
      if (!isObject(value)) return false;
      const properties = schema.properties ?? {};
      if (schema.required?.some((name) => !(name in value))) return false;
      return Object.entries(value).every(([name, part]) => {
        const property = properties[name];
        if (!property) return schema.additionalProperties !== false;
        return resolve(root, property).const === undefined || fits(root, property, part);
      });
    }
    case undefined:
  }
  return true;
}

/** Which alternative of an `anyOf` a value has. Text that is no number yet belongs to the number being typed. */
export function chosenForm(root: Schema, alternatives: Schema[], value: Json): number {
  const fitting = alternatives.findIndex((alternative) => fits(root, alternative, value));
  if (fitting >= 0) return fitting;
  const kinds = alternatives.map((alternative) => controlOf(root, alternative).kind);
  const wanted = typedKinds(value);
  const typed = isObject(value)
    ? mostAlike(root, alternatives, value)
    : kinds.findIndex((kind) => wanted.includes(kind));
  // What fits nothing must be seen to be mended: fixed values show nothing.
  return typed >= 0
    ? typed
    : Math.max(
        0,
        kinds.findIndex((kind) => kind !== "fixed"),
      );
}

/** The object among the alternatives that has most of a value's fields; -1 where there is no object. */
function mostAlike(root: Schema, alternatives: Schema[], value: JsonObject): number {
  const shared = alternatives.map((alternative) => {
    if (controlOf(root, alternative).kind !== "object") return -1;
    const properties = resolve(root, alternative).properties ?? {};
    return Object.entries(value).filter(([name, part]) => {
      const wanted = properties[name]?.const;
      return name in properties && (wanted === undefined || equal(wanted, part));
    }).length;
  });
  return Math.max(...shared) < 0 ? -1 : shared.indexOf(Math.max(...shared));
}

function typedKinds(value: Json): Control["kind"][] {
  if (typeof value === "string") return ["number"];
  return Array.isArray(value) && !value.some(Array.isArray) ? ["numbers", "matrix"] : ["matrix", "json"];
}

/** A first value for a schema that gives no default: as plain as its range allows. */
export function starter(root: Schema, unresolved: Schema): Json {
  const schema = resolve(root, unresolved);
  return schema.default ?? startOf(root, schema);
}

function startOf(root: Schema, schema: Schema): Json {
  if (schema.const !== undefined) return schema.const;
  const control = controlOf(root, schema);
  switch (control.kind) {
    case "number":
      return plainNumber(schema, control.integer);
    case "boolean":
      return false;
    case "text":
      return "";
    case "enum":
      return control.values[0] ?? null;
    case "type": {
      const choice = control.choices[0];
      return choice ? starter(root, choice.schema) : null;
    }
    case "form": {
      const first = control.alternatives[0];
      return first ? starter(root, first) : null;
    }
    case "numbers":
      return Array.from({ length: schema.minItems ?? 1 }, () =>
        schema.items ? starter(root, schema.items) : 0,
      );
    case "object": {
      const value: JsonObject = {};
      for (const name of schema.required ?? []) {
        const property = schema.properties?.[name];
        if (property) value[name] = starter(root, property);
      }
      return value;
    }
    case "list":
      return Array.from({ length: schema.minItems ?? 0 }, () => starter(root, control.item));
    case "map":
    case "changes":
      return {};
    case "json":
    case "matrix":
      if (schema.type === "array")
        return Array.from({ length: schema.minItems ?? 1 }, () =>
          schema.items ? starter(root, schema.items) : null,
        );
      return schema.type === "object" ? {} : null;
    case "fixed":
      return schema.enum?.[0] ?? schema.minimum ?? null;
  }
}

function plainNumber(schema: Schema, integer: boolean): number {
  const low = schema.minimum ?? schema.exclusiveMinimum;
  const high = schema.maximum ?? schema.exclusiveMaximum;
  if (inRange(schema, 1) && !(low === 0 && high === 1)) return 1;
  if (low !== undefined && high !== undefined) {
    const middle = integer ? Math.floor((low + high) / 2) : (low + high) / 2;
    if (inRange(schema, middle)) return middle;
  }
  if (low !== undefined) return schema.minimum ?? low + 1;
  return high === undefined ? 0 : (schema.maximum ?? high - 1);
}

export function inRange(schema: Schema, value: number): boolean {
  return (
    (schema.minimum === undefined || value >= schema.minimum) &&
    (schema.maximum === undefined || value <= schema.maximum) &&
    (schema.exclusiveMinimum === undefined || value > schema.exclusiveMinimum) &&
    (schema.exclusiveMaximum === undefined || value < schema.exclusiveMaximum)
  );
}

/** The range in words with the unit, for example "above 0 ms"; empty where every number is allowed. */
export function rangeText(schema: Schema): string {
  const number = (value: number) => value.toLocaleString("en-GB", { maximumFractionDigits: 12 });
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  const low =
    exclusiveMinimum !== undefined
      ? `above ${number(exclusiveMinimum)}`
      : minimum !== undefined
        ? `at least ${number(minimum)}`
        : "";
  const high =
    exclusiveMaximum !== undefined
      ? `below ${number(exclusiveMaximum)}`
      : maximum !== undefined
        ? `at most ${number(maximum)}`
        : "";
  let text = [low, high].filter(Boolean).join(", ");
  if (
    minimum !== undefined &&
    maximum !== undefined &&
    exclusiveMinimum === undefined &&
    exclusiveMaximum === undefined
  ) {
    text = `${number(minimum)} to ${number(maximum)}`;
  }
  const unit = schema["x-unit"];
  return text && unit ? `${text} ${unit}` : text;
}

/** A number as text without an exponent. */
export function inFull(number: number): string {
  const written = String(number);
  const [digits = "", exponent] = written.split("e");
  if (exponent === undefined) return written;
  const places = (digits.split(".")[1]?.length ?? 0) - Number(exponent);
  return places > 0 ? number.toFixed(Math.min(places, 100)) : BigInt(number).toString();
}

/** The next value that an arrow key gives: one unit of the second significant digit, integers by one; `big` is ten times that. */
export function nudge(
  schema: Schema,
  integer: boolean,
  value: number,
  direction: 1 | -1,
  big: boolean,
): number {
  const magnitude = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)) + 1e-9);
  const step = (integer ? 1 : 10 ** (magnitude - 1)) * (big ? 10 : 1);
  const next = Number((Math.round(value / step + direction) * step).toPrecision(12));
  if (inRange(schema, next)) return next;
  const bound = direction > 0 ? schema.maximum : schema.minimum;
  return bound !== undefined && inRange(schema, value) ? bound : value;
}

/** The smallest document that the description allows: what is required, and nothing that has a default. */
export function blankDocument(root: Schema): ExperimentDocument {
  return startOf(root, root) as ExperimentDocument;
}
