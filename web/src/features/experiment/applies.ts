import type { Schema } from "nullcline";
import { shownValue } from "../../document/document";
import { resolve, type Field } from "../../document/schema";
import type { JsonObject } from "../../json";

/** Whether a field means anything with what is chosen in the fields beside it. */
export function applies(root: Schema, field: Field, fields: readonly Field[], value: JsonObject): boolean {
  const choice = field.schema["x-only-with"];
  if (choice === undefined) return true;
  return choosers(root, choice, fields).some((one) => shownValue(root, one, value[one.name]) === choice);
}

/** The fields among which that choice can be made. */
export function choosers(root: Schema, choice: string, fields: readonly Field[]): Field[] {
  return fields.filter(({ schema }) => offered(root, schema).includes(choice));
}

/** The words of a list, or of those among the forms of a value. */
function offered(root: Schema, { enum: words = [], anyOf = [] }: Schema): unknown[] {
  return [...words, ...anyOf.flatMap((form) => resolve(root, form).enum ?? [])];
}
