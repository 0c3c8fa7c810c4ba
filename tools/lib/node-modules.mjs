// The npm packages: installed when those in node_modules are not the ones that the lock file names.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { hashOf } from "./files.mjs";
import { inRoot } from "./paths.mjs";
import { quietly, timed } from "./process.mjs";

const lock = inRoot("package-lock.json");
const stamp = inRoot("node_modules", ".installed-from");

export async function ensureNodeModules() {
  if (isStamped() || hasWantedVersions()) return;
  await timed("installing npm packages", () =>
    quietly("npm", ["ci", "--no-audit", "--no-fund"], { cwd: inRoot() }),
  );
  writeFileSync(stamp, hashOf(readFileSync(lock)));
}

/** `npm ci` was run here with just this lock file. */
function isStamped() {
  return existsSync(stamp) && readFileSync(stamp, "utf8") === hashOf(readFileSync(lock));
}

/** Somebody else installed the same versions; optional packages, for other systems, need not be there. */
function hasWantedVersions() {
  const wanted = packagesOf(lock);
  const installed = packagesOf(inRoot("node_modules", ".package-lock.json"));
  return Object.entries(wanted)
    .filter(([path, entry]) => path.startsWith("node_modules/") && !entry.optional && !entry.peer)
    .every(([path, entry]) => installed[path]?.version === entry.version);
}

function packagesOf(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8")).packages ?? {};
  } catch {
    return {};
  }
}
