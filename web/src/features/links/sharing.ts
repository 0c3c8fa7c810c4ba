import type { ExperimentDocument, Schema } from "nullcline";
import type { Sharing } from "nullcline/links";
import { titleFrom } from "../../words";
import { titleOf } from "../../document/document";
import { chosenType, controlOf, fieldsOf } from "../../document/schema";

/** How a field stands in the form of whoever opens a link. */
export type Standing = "shown" | "locked" | "hidden";

/** A section of the document, or what stands in none, with the fields that can be hidden or locked one by one. */
export interface Part {
  /** Empty for the fields that stand in no section. */
  path: string;
  title: string;
  fields: { path: string; title: string }[];
}

function covers(paths: string[] | undefined, path: string): boolean {
  return paths?.some((one) => path === one || path.startsWith(`${one}.`)) ?? false;
}

export function standingOf({ hidden, locked }: Sharing, path: string): Standing {
  if (covers(hidden, path)) return "hidden";
  return covers(locked, path) ? "locked" : "shown";
}

export function isRestricted({ hidden = [], locked = [] }: Sharing): boolean {
  return hidden.length + locked.length > 0;
}

/** Whether a section, or anything in it, is hidden or locked. */
export function restricts(sharing: Sharing, section: string): boolean {
  const paths = [...(sharing.hidden ?? []), ...(sharing.locked ?? [])];
  return paths.some((path) => path === section || path.startsWith(`${section}.`));
}

/** "This link hides some fields and locks others." */
export function sharingInWords({ hidden = [], locked = [] }: Sharing): string {
  if (hidden.length > 0 && locked.length > 0)
    return "The link that you opened hides some fields and locks others.";
  return `The link that you opened ${hidden.length > 0 ? "hides" : "locks"} some fields.`;
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

/** What is chosen for each field, in as few paths as say it: a section that is hidden whole is one path. */
export function sharingOf(parts: Part[], chosen: { [path: string]: Standing }): Sharing {
  const of = (standing: Standing) =>
    parts.flatMap(({ path, fields }) => {
      const isChosen = (at: string) => chosen[at] === standing;
      if (fields.length === 0) return isChosen(path) ? [path] : [];
      const found = fields.map((field) => field.path).filter(isChosen);
      return path !== "" && found.length === fields.length ? [path] : found;
    });
  const [hidden, locked] = [of("hidden"), of("locked")];
  return { ...(hidden.length > 0 ? { hidden } : {}), ...(locked.length > 0 ? { locked } : {}) };
}

/** The other way round: how each field stands under a sharing. */
export function chosenIn(parts: Part[], sharing: Sharing): Map<string, Standing> {
  const paths = parts.flatMap(({ path, fields }) =>
    fields.length === 0 ? [path] : fields.map((field) => field.path),
  );
  return new Map(paths.map((path) => [path, standingOf(sharing, path)]));
}
