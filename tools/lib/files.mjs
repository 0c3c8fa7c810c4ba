// Small helpers around files: fingerprints of inputs, and writing only what has changed.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { inRoot } from "./paths.mjs";

const leftOut = new Set(["node_modules", "dist", "build", ".git"]);

/** All files below the given files and folders (relative to the root), sorted; missing ones are left out. */
export function filesIn(...paths) {
  return paths.flatMap((path) => walk(path)).sort();
}

function walk(path) {
  if (!existsSync(inRoot(path))) return [];
  if (!statSync(inRoot(path)).isDirectory()) return [path];
  return readdirSync(inRoot(path))
    .filter((name) => !leftOut.has(name))
    .flatMap((name) => walk(join(path, name)));
}

/** Writes a file unless it holds just this already, so that its time tells when it changed. */
export function writeIfChanged(path, content) {
  const bytes = Buffer.from(content);
  if (existsSync(path) && readFileSync(path).equals(bytes)) return false;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
  return true;
}

export function hashOf(...texts) {
  const hash = createHash("sha256");
  for (const text of texts) hash.update(text).update("\0");
  return hash.digest("hex");
}

/** Does `action` unless it succeeded with the same input files before and its `output` still exists. */
export async function ifChanged(name, inputs, output, action) {
  const stamp = inRoot("build", "stamps", name);
  const facts = filesIn(...inputs).map((path) => {
    const { mtimeMs, size } = statSync(inRoot(path));
    return `${path} ${mtimeMs} ${size}`;
  });
  const now = hashOf(...facts);
  if (existsSync(inRoot(output)) && existsSync(stamp) && readFileSync(stamp, "utf8") === now) return;
  await action();
  writeIfChanged(stamp, now);
}
