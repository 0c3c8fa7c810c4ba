// Brings what a command needs: Debian packages, Emscripten, npm packages. Doing it again costs nothing.
// From the command line it brings everything; the other tools ask for their part only.
import { realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { install } from "./lib/debian.mjs";
import { ensureEmscripten } from "./lib/emscripten.mjs";
import { ensureNodeModules } from "./lib/node-modules.mjs";
import { Failure, main, say, seconds } from "./lib/process.mjs";
import { missingFrom } from "./lib/requirements.mjs";

const oldestNode = [20, 19];

/** The parts that can be asked for, and the groups of system packages that each needs. */
const parts = {
  native: ["build", "native", "tests"],
  wasm: ["build"],
  "wasm-tests": ["build", "tests"],
  lint: ["build", "native", "tests", "lint"],
  browser: ["browser"],
  node: [],
};

const withEmscripten = ["wasm", "wasm-tests"];

export async function setUp(...names) {
  const start = performance.now();
  requireNode();
  await install(missingFrom([...new Set(names.flatMap((name) => parts[name]))]));
  if (names.some((name) => withEmscripten.includes(name))) await ensureEmscripten();
  await ensureNodeModules();
  say(`Set-up complete (${seconds(start)}).`);
}

function requireNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return;
  throw new Failure(`Node ${oldestNode.join(".")} or newer is needed; this is ${process.versions.node}.`);
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await main(() => setUp(...Object.keys(parts)));
}
