import type { Schema } from "nullcline";
import { shownValue } from "../../document/document";
import { resolve, type Field } from "../../document/schema";
import type { JsonObject } from "../../json";

/**
 * Fields that only mean something with a certain choice beside them. The description has no keyword for that; its help
 * begins with it: "Slope of leaky_relu below zero", "Smallest weight of const_unif".
 */

/** The choices that a field's help begins with, and the fields that make them; null where it speaks of none. */
export function choicesFor(
  root: Schema,
  field: Field,
  fields: readonly Field[],
): { words: string[]; choosers: Field[] } | null {
  const [start = ""] = (field.schema.description ?? "").split(/[.,;:]/);
  const named = Array.from(start.matchAll(/\bof (\w+)/g), ([, word]) => word ?? "");
  const choosers = fields.filter(
    (other) => other !== field && offered(root, other.schema).some((word) => named.includes(word)),
  );
  const words = named.filter((word) => choosers.some(({ schema }) => offered(root, schema).includes(word)));
  return choosers.length > 0 ? { words, choosers } : null;
}

/** Whether a field means anything with what is chosen beside it. */
export function applies(root: Schema, field: Field, fields: readonly Field[], value: JsonObject): boolean {
  const choices = choicesFor(root, field, fields);
  return (
    choices === null ||
    choices.choosers.some((one) =>
      choices.words.some((word) => word === shownValue(root, one, value[one.name])),
    )
  );
}

/** The words of a list, or of those among the forms of a value. */
function offered(root: Schema, { enum: words = [], anyOf = [] }: Schema): string[] {
  const inner = anyOf.flatMap((form) => resolve(root, form).enum ?? []);
  return [...words, ...inner].filter((word) => typeof word === "string");
}
