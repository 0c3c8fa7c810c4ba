/** What a teacher chooses field by field, and the lists of a link that say so. */

import type { ExperimentDocument, Schema } from "nullcline";
import type { Sharing } from "nullcline/links";
import { titleFrom } from "../../words";
import { titleOf } from "../../document/document";
import { chosenType, controlOf, fieldsOf } from "../../document/schema";
import { all, leavingOut, standingOf, type Standing } from "./sharing";

/** A section of the document, or what stands in none, with the fields that can be hidden or locked one by one. */
export interface Part {
  /** Empty for the fields that stand in no section. */
  path: string;
  title: string;
  fields: { path: string; title: string }[];
}

/** The fields of a document as the form shows them, section by section; its name is always there. */
export function partsOf(root: Schema, document: ExperimentDocument): Part[] {
  const single: Part = { path: "", title: "Run", fields: [] };
  const sections: Part[] = [];
  for (const field of fieldsOf(root, root)) {
    if (field.name === "name") continue;
    const title = field.schema.title ?? titleFrom(field.name);
    const control = controlOf(root, field.schema);
    const below = (schema: Schema) =>
      fieldsOf(root, schema).map((one) => ({ path: `${field.name}.${one.name}`, title: titleOf(one) }));
    if (control.kind === "type") {
      const choice = chosenType(control.choices, document[field.name]);
      sections.push({
        path: field.name,
        title,
        fields: [
          ...(control.choices.length > 1
            ? [{ path: `${field.name}.type`, title: `Choice of ${title.toLowerCase()}` }]
            : []),
          ...(choice ? below(choice.schema) : []),
        ],
      });
    } else if (control.kind === "object") {
      sections.push({ path: field.name, title, fields: below(field.schema) });
    } else if (
      control.kind === "form" &&
      control.alternatives.some((one) => controlOf(root, one).kind === "object")
    ) {
      sections.push({ path: field.name, title, fields: [] });
    } else single.fields.push({ path: field.name, title });
  }
  return single.fields.length > 0 ? [...sections, single] : sections;
}

/** What is chosen for each field, in as few words as say it: what stands so, or all of it but some. */
export function sharingOf(parts: Part[], chosen: { [path: string]: Standing }): Sharing {
  const [hidden, locked] = (["hidden", "locked"] as const).map((standing) =>
    namedIn(parts, (path) => chosen[path] === standing),
  );
  return { ...(hidden?.length ? { hidden } : {}), ...(locked?.length ? { locked } : {}) };
}

function namedIn(parts: Part[], isChosen: (path: string) => boolean): string[] {
  const one = parts.flatMap((part) => namedInPart(part, isChosen));
  if (one.length === 0) return [];
  const others = parts.flatMap((part) => namedInPart(part, (path) => !isChosen(path), false));
  return shorter(one, [all, ...others.map(leavingOut)]);
}

/** Fields of a section one by one, or the section and what is left out of it: of what is left out itself nothing can be. */
function namedInPart(
  { path, fields }: Part,
  isChosen: (path: string) => boolean,
  mayLeaveOut = true,
): string[] {
  if (fields.length === 0) return isChosen(path) ? [path] : [];
  const paths = fields.map((field) => field.path);
  const named = paths.filter(isChosen);
  const others = paths.filter((at) => !isChosen(at));
  if (path === "" || named.length === 0 || (others.length > 0 && !mayLeaveOut)) return named;
  return shorter(named, [path, ...others.map(leavingOut)]);
}

function shorter(a: string[], b: string[]): string[] {
  return JSON.stringify(a).length < JSON.stringify(b).length ? a : b;
}

/** The other way round: how each field stands under a sharing. */
export function chosenIn(parts: Part[], sharing: Sharing): Map<string, Standing> {
  const paths = parts.flatMap(({ path, fields }) =>
    fields.length === 0 ? [path] : fields.map((field) => field.path),
  );
  return new Map(paths.map((path) => [path, standingOf(sharing, path)]));
}
