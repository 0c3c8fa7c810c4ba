import type { Json, Schema } from "nullcline";
import { isObject, without, type JsonObject } from "../../json";
import { differs, shownValue, titleOf } from "../../document/document";
import {
  chosenForm,
  chosenType,
  controlOf,
  controlOfField,
  fieldsOf,
  fieldsToChange,
  isWhole,
  starter,
  type Field,
} from "../../document/schema";

/**
 * Changes to a section that is chosen by type, as a stage of a curriculum makes them to the task: only the fields that
 * take another value are stored, or a whole section with its type.
 */

/** A first other value of a field: the base's own, or one to choose where the base leaves it open. */
export function firstChange(root: Schema, field: Field, base: Json | undefined): Json {
  const now = shownValue(root, field, isObject(base) ? base[field.name] : undefined);
  const control = controlOf(root, field.schema);
  if (control.kind !== "form") return now;
  const at = chosenForm(root, control.alternatives, now);
  const isFixed = (index: number) => {
    const alternative = control.alternatives[index];
    return !alternative || controlOf(root, alternative).kind === "fixed";
  };
  const other = control.alternatives.find((_, index) => !isFixed(index));
  return isFixed(at) && other ? starter(root, other) : now;
}

/** The changes with one field set; `undefined` leaves it as in the section. */
export function withChange(changes: JsonObject, name: string, value: Json | undefined): JsonObject {
  return value === undefined ? without(changes, name) : { ...changes, [name]: value };
}

/** What a set of changes says, in short: "Coherence 0.5, Trial length 1000"; empty where nothing changes. */
export function changesInShort(
  root: Schema,
  section: Schema,
  base: Json | undefined,
  changes: Json | undefined,
): string {
  if (!isObject(changes)) return "";
  const control = controlOf(root, section);
  const type =
    isWhole(changes) && control.kind === "type" ? chosenType(control.choices, changes)?.title : undefined;
  const titles = new Map(
    fieldsToChange(root, section, base, changes).map(({ name, schema }) => [name, schema.title ?? name]),
  );
  const parts = Object.entries(changes)
    .filter(([name]) => name !== "type")
    .map(([name, value]) => `${titles.get(name) ?? name} ${inShort(value)}`);
  return [...(type === undefined ? [] : [type]), ...parts].join(", ");
}

function inShort(value: Json): string {
  if (value === null) return "drawn";
  if (Array.isArray(value) || isObject(value)) {
    const text = JSON.stringify(value);
    return text.length > 24 ? `${text.slice(0, 23)}…` : text;
  }
  return String(value);
}

/** What an item of a list says, in short: its changes and what else differs from the defaults. */
export function itemInShort(root: Schema, item: Schema, document: JsonObject, value: Json): string {
  if (!isObject(value)) return "";
  return fieldsOf(root, item)
    .map((field) => {
      const part = value[field.name];
      const control = controlOfField(root, field);
      if (control.kind === "changes") return changesInShort(root, control.of, document[field.name], part);
      return part !== undefined && differs(root, field, part) ? `${titleOf(field)} ${inShort(part)}` : "";
    })
    .filter(Boolean)
    .join(" · ");
}
