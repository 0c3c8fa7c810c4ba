// Builds the engine to WebAssembly, the package `nullcline` around it, and the page.
// From the command line: everything, or the parts that are named (engine, package, web).
import { existsSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "./lib/cmake.mjs";
import { ifChanged, writeIfChanged } from "./lib/files.mjs";
import { inRoot } from "./lib/paths.mjs";
import { Failure, main, run, say, timed } from "./lib/process.mjs";
import { setUp } from "./setup.mjs";

const wasmPresets = ["wasm", "wasm-threads"];

const common = ["package-lock.json", "tsconfig.base.json"];

/** The engine's modules: linked in build/PRESET/wasm, copied to where the package loads them from. */
export async function buildEngine() {
  for (const preset of wasmPresets) await build(preset, { tests: false, targets: ["wasm/all"] });
  copyEngine();
}

function copyEngine() {
  const target = inRoot("wasm", "dist", "engine");
  const modules = wasmPresets.flatMap((preset) => modulesOf(inRoot("build", preset, "wasm")));
  if (modules.length === 0)
    throw new Failure("No engine module (nullcline-*.mjs) was built in build/*/wasm.");
  for (const { name, path } of modules) {
    writeIfChanged(
      `${target}/${name}`,
      name.endsWith(".mjs") ? forBundlers(readFileSync(path, "utf8"), name) : readFileSync(path),
    );
  }
  const wanted = new Set(modules.map(({ name }) => name));
  for (const name of readdirSync(target)) if (!wanted.has(name)) rmSync(`${target}/${name}`);
}

function modulesOf(folder) {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names
    .filter((name) => /^nullcline-.*\.(mjs|wasm)$/.test(name))
    .map((name) => ({ name, path: `${folder}/${name}` }));
}

/** Vite reads the options of a worker only where they are written as a literal in the call itself. */
function forBundlers(text, name) {
  const options = /\bworkerOptions\s*=\s*(\{[^{}]*\})/.exec(text)?.[1];
  const fixed = options
    ? text.replace(/(new Worker\([^;]*?),\s*workerOptions\s*\)/g, (_, call) => `${call},${options})`)
    : text;
  if (/new Worker\([^;]*workerOptions\s*\)/.test(fixed)) {
    throw new Failure(
      `${name}: the call that starts a thread's worker does not look as expected; see tools/build.mjs.`,
    );
  }
  return fixed;
}

/** The package's TypeScript, compiled to wasm/dist. */
export async function buildPackage() {
  demand("wasm/tsconfig.json", "the package's TypeScript project");
  const inputs = ["wasm/src", "wasm/tsconfig.json", "wasm/package.json", ...common];
  await ifChanged("package", inputs, "wasm/dist/index.js", () =>
    timed("compiling the package", compilePackage),
  );
}

export async function compilePackage() {
  const args = ["node_modules/typescript/bin/tsc", "-p", "wasm/tsconfig.json"];
  await run(process.execPath, args, { cwd: inRoot() });
  for (const file of readdirSync(inRoot("wasm", "dist"))) {
    const source = inRoot("wasm", "src", file.replace(/(\.d)?\.(ts|js)(\.map)?$/, ".ts"));
    if (/\.(js|ts|map)$/.test(file) && !existsSync(source)) rmSync(inRoot("wasm", "dist", file));
  }
}

/** The page, a static site in web/dist. */
export async function buildWeb() {
  demand("web/index.html", "the page");
  const inputs = ["web", "wasm/package.json", "examples", ...packageOutputs(), ...common];
  await ifChanged("web", inputs, "web/dist/index.html", () =>
    timed("building the page", () =>
      run("npm", ["run", "--silent", "build", "-w", "web"], { cwd: inRoot() }),
    ),
  );
}

/** Files in wasm/dist are listed one by one, since folders of that name are left out elsewhere. */
function packageOutputs() {
  return ["wasm/dist", "wasm/dist/engine"]
    .filter((folder) => existsSync(inRoot(folder)))
    .flatMap((folder) =>
      readdirSync(inRoot(folder), { withFileTypes: true }).map((entry) => ({ folder, entry })),
    )
    .filter(({ entry }) => entry.isFile())
    .map(({ folder, entry }) => `${folder}/${entry.name}`);
}

function demand(path, what) {
  if (!existsSync(inRoot(path))) throw new Failure(`${path} (${what}) does not exist.`);
}

const parts = { engine: buildEngine, package: buildPackage, web: buildWeb };

export async function buildAll(names = Object.keys(parts)) {
  for (const name of names) {
    if (!(name in parts))
      throw new Failure(`There is no part "${name}" to build; there are ${Object.keys(parts).join(", ")}.`);
  }
  for (const name of names) await parts[name]();
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await main(async () => {
    const names = process.argv.slice(2);
    await setUp("wasm", "node");
    await buildAll(names.length ? names : undefined);
    say("Built. The page is in web/dist, the package in wasm/dist.");
  });
}
