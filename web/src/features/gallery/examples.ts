import type { ExperimentDocument } from "nullcline";
import gallery from "../../../../examples/gallery.json";
import { namedFiles } from "../../document/files";

/** An entry of the gallery; `claims` are for the tests of the command alone. */
export interface Example {
  id: string;
  title: string;
  /** The document, in `examples/`. */
  file: string;
  /** One sentence: what it shows. */
  shows: string;
  /** What to do and to look at, in order. */
  look: string[];
}

export interface Group {
  title: string;
  examples: Example[];
}

/** An example's document, the files that it names, and the example after it; null after the last. */
export interface Opened {
  document: ExperimentDocument;
  files: { [name: string]: Uint8Array };
  next: Example | null;
}

export const groups: Group[] = gallery.groups;

const inOrder = groups.flatMap(({ examples }) => examples);

/** The example after this one; null after the last. */
export function following({ id }: Example): Example | null {
  return inOrder[inOrder.findIndex((example) => example.id === id) + 1] ?? null;
}

const folder = "../../../../examples/";

const documents = import.meta.glob<ExperimentDocument>(
  ["../../../../examples/*.json", "!../../../../examples/gallery.json"],
  { import: "default" },
);

const arrays = import.meta.glob<string>("../../../../examples/*.npz", {
  query: "?url",
  import: "default",
  eager: true,
});

async function bytesOf(name: string): Promise<Uint8Array> {
  const url = arrays[folder + name];
  if (url === undefined) throw new Error(`There is no file ${name} among the examples.`);
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${name} was not found.`);
  return new Uint8Array(await response.arrayBuffer());
}

/** Fetches an example's document and the files that it names. */
export async function fetchExample(example: Example): Promise<Opened> {
  const { file } = example;
  const load = documents[folder + file];
  if (!load) throw new Error(`There is no document ${file} among the examples.`);
  const document = await load();
  const files = await Promise.all(
    namedFiles(document).map(async (name) => [name, await bytesOf(name)] as const),
  );
  return { document, files: Object.fromEntries(files), next: following(example) };
}
