import type { Json } from "nullcline";
import { isObject } from "../json";

/** The files of arrays that a document names, wherever they stand in it. */
export function namedFiles(value: Json): string[] {
  if (typeof value === "string") return value.endsWith(".npz") ? [value] : [];
  if (Array.isArray(value)) return value.flatMap(namedFiles);
  return isObject(value) ? Object.values(value).flatMap(namedFiles) : [];
}
