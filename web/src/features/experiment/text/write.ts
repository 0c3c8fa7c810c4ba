import type { ExperimentDocument, Json } from "nullcline";
import { isObject } from "../../../json";

/** Longest value that is written on one line; rows of numbers are on one line at any length. */
const widest = 44;

/** A document as text: a field a line, short values and rows of matrices on one line. */
export function writeDocument(document: ExperimentDocument): string {
  return `${block(document, "")}\n`;
}

function write(value: Json, indent: string): string {
  const line = oneLine(value);
  const short = line.length <= widest || !(isObject(value) || Array.isArray(value)) || isRow(value);
  return short ? line : block(value, indent);
}

function block(value: Json[] | { [key: string]: Json }, indent: string): string {
  const inner = `${indent}  `;
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  const parts = Array.isArray(value)
    ? value.map((item) => write(item, inner))
    : Object.entries(value).map(([name, part]) => `${JSON.stringify(name)}: ${write(part, inner)}`);
  if (parts.length === 0) return `${open ?? ""}${close ?? ""}`;
  return `${open ?? ""}\n${parts.map((part) => inner + part).join(",\n")}\n${indent}${close ?? ""}`;
}

function isRow(value: Json): boolean {
  return Array.isArray(value) && value.every((item) => typeof item !== "object" || item === null);
}

function oneLine(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(oneLine).join(", ")}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const parts = Object.entries(value).map(([name, part]) => `${JSON.stringify(name)}: ${oneLine(part)}`);
  return parts.length === 0 ? "{}" : `{ ${parts.join(", ")} }`;
}
