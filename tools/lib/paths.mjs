// Where things are, relative to the repository's root and in the user's cache.
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));

export function inRoot(...parts) {
  return join(root, ...parts);
}

/** What is made once per user. cmake/emscripten.cmake looks in the same place. */
export const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "nullcline");
