// The npm packages: installed when those in node_modules are not the ones that the lock file names.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { hashOf } from "./files.mjs";
import { inRoot } from "./paths.mjs";
import { quietly, timed } from "./process.mjs";

const lock = inRoot("package-lock.json");
const stamp = inRoot("node_modules", ".installed-from");

export async function ensureNodeModules() {
  const installed = stamped();
  if (installed === current() || (sameNode(installed) && hasWantedVersions())) return;
  await timed("installing npm packages", () =>
    quietly("npm", ["ci", "--no-audit", "--no-fund"], { cwd: inRoot() }),
  );
  writeFileSync(stamp, current());
}

/** What node_modules depends on: packages with native parts are chosen for the version of Node. */
function current() {
  return `${process.version} ${hashOf(readFileSync(lock))}`;
}

function stamped() {
  return existsSync(stamp) ? readFileSync(stamp, "utf8") : "";
}

function sameNode(installed) {
  return !installed || installed.startsWith(`${process.version} `);
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
