import type { ExperimentDocument, Files } from "nullcline";
import { without } from "../../json";
import { filesNamed } from "../../document/document";
import { namedFiles } from "../../document/files";

/** The files that a document names, be they there or not. */
export function filesOf(document: ExperimentDocument, files: Files): string[] {
  const there = Object.keys(filesNamed(document, files));
  return [...new Set([...there, ...namedFiles(without(document, "name"))])];
}
