import type { ExperimentDocument, Schema } from "nullcline";
import { equal, isObject, type JsonObject } from "../../json";
import { innerFields } from "../../document/document";
import { fieldsOf, type Field } from "../../document/schema";

/** Fills in the defaults; null where the document cannot be run. */
export type Complete = (document: ExperimentDocument) => Promise<ExperimentDocument | null>;

/**
 * The document without what stands at its default anyway. A default may follow from another field, so that nothing is left
 * out unless the engine completes what remains to the same document.
 */
export async function sparse(
  root: Schema,
  document: ExperimentDocument,
  complete: Complete,
): Promise<ExperimentDocument> {
  const paths = atDefault(root, fieldsOf(root, root), document);
  const wanted = paths.length > 0 ? await complete(document) : null;
  if (!wanted) return document;
  const isTheSame = async (shorter: ExperimentDocument) => equal((await complete(shorter)) ?? {}, wanted);

  const shortest = paths.reduce(leftOut, document);
  if (await isTheSame(shortest)) return shortest;
  let found = document;
  for (const path of paths) {
    const shorter = leftOut(found, path);
    if (await isTheSame(shorter)) found = shorter;
  }
  return found;
}

/** Paths of what the description says need not be written; what stands within something stands before it. */
function atDefault(root: Schema, fields: Field[], value: JsonObject): string[][] {
  return fields
    .filter(({ name }) => name in value)
    .flatMap(({ name, schema, required }) => {
      const written = value[name] ?? null;
      if (!required && schema.default !== undefined && equal(written, schema.default)) return [[name]];
      const inner = isObject(written) ? innerFields(root, schema, written) : null;
      if (!inner || !isObject(written)) return [];
      const within = atDefault(root, inner, written);
      const rest = within.reduce(leftOut, written);
      const isNothing = Object.keys(rest).length === 0 || equal(rest, schema.default);
      return [...within.map((path) => [name, ...path]), ...(isNothing && !required ? [[name]] : [])];
    });
}

function leftOut(document: JsonObject, [name = "", ...rest]: string[]): JsonObject {
  const { [name]: value, ...others } = document;
  if (rest.length === 0) return others;
  return isObject(value) ? { ...document, [name]: leftOut(value, rest) } : document;
}
