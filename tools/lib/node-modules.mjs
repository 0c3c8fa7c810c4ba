// The npm packages: installed when those in node_modules are not the ones that the lock file names.
import { readFileSync } from "node:fs";
import { inRoot } from "./paths.mjs";
import { quietly, timed } from "./process.mjs";

export async function ensureNodeModules() {
  if (isUpToDate()) return;
  await timed("installing npm packages", () =>
    quietly("npm", ["ci", "--no-audit", "--no-fund"], { cwd: inRoot() }),
  );
}

/** Compares versions, not times: packages for other systems are optional and need not be there. */
function isUpToDate() {
  const wanted = packagesOf("package-lock.json");
  const installed = packagesOf("node_modules/.package-lock.json");
  return Object.entries(wanted)
    .filter(([path, entry]) => path.startsWith("node_modules/") && !entry.optional)
    .every(([path, entry]) => entry.peer || installed[path]?.version === entry.version);
}

function packagesOf(path) {
  try {
    return JSON.parse(readFileSync(inRoot(path), "utf8")).packages ?? {};
  } catch {
    return {};
  }
}
