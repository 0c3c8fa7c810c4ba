/** What differs between browsers and Node. */

import type * as System from "node:os";
import type * as Threads from "node:worker_threads";

/** Emscripten's modules define `Worker` and `self` in Node too, so those do not tell the two apart. */
export const isNode =
  (globalThis as { process?: { versions?: { node?: string } } }).process?.versions?.node !== undefined;

// The names of Node's modules are no literals in the imports, so that bundlers for browsers leave them alone.

export function importThreads(): Promise<typeof Threads> {
  const name = "node:worker_threads";
  return import(/* @vite-ignore */ name) as Promise<typeof Threads>;
}

export function importSystem(): Promise<typeof System> {
  const name = "node:os";
  return import(/* @vite-ignore */ name) as Promise<typeof System>;
}
