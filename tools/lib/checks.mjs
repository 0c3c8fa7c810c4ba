// What can be said about the sources without running them: types, formatting, lint. Each check is a name and
// an action that rejects; all of them run even when one fails.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, isAbsolute, join, relative } from "node:path";
import { buildEngine, compilePackage } from "../build.mjs";
import { configure } from "./cmake.mjs";
import { filesIn, hashOf, writeIfChanged } from "./files.mjs";
import { inRoot } from "./paths.mjs";
import { collect, Failure, run } from "./process.mjs";

const cppFolders = ["engine", "wasm", "tests", "tools", "examples"];
/** What clang-tidy looks at: what is shipped. */
const tidyFolders = cppFolders.filter((folder) => folder !== "tests");
const jobs = 2;

export const checks = [
  { name: "types of the package", action: compilePackage },
  { name: "types of the page", action: checkPage },
  { name: "types of the tests", action: checkTests },
  { name: "eslint", action: () => tool("eslint/bin/eslint.js", ".", "--max-warnings", "0") },
  {
    name: "prettier",
    action: () => tool("prettier/bin/prettier.cjs", "--check", "--log-level", "warn", "."),
  },
  { name: "clang-format", action: () => clangFormat("--dry-run", "-Werror") },
  { name: "clang-tidy", action: clangTidy, beside: true },
];

/** The same tools, changing the files. */
export const fixes = [
  { name: "clang-format", action: () => clangFormat("-i") },
  { name: "eslint", action: () => tool("eslint/bin/eslint.js", ".", "--fix") },
  {
    name: "prettier",
    action: () => tool("prettier/bin/prettier.cjs", "--write", "--log-level", "warn", "."),
  },
];

/**
 * What `attempt` gives for each: one after the other, since they share the terminal and one's result is the next one's
 * input, and beside them what is long and says nothing. `attempt` must not reject.
 */
export async function attemptAll(list, attempt) {
  const beside = list.filter((check) => check.beside).map(attempt);
  const results = [];
  for (const check of list.filter((check) => !check.beside)) results.push(await attempt(check));
  return [...results, ...(await Promise.all(beside))];
}

/** The types come from wasm/dist, which the check of the package's types has just made. */
export async function prepareChecks() {
  if (!existsSync(inRoot("wasm/dist/engine"))) await buildEngine();
}

function tool(program, ...args) {
  return run(process.execPath, [`node_modules/${program}`, ...args], { cwd: inRoot() });
}

function checkPage() {
  return tool(
    "svelte-check/bin/svelte-check",
    "--workspace",
    "web",
    "--fail-on-warnings",
    "--output",
    "human",
  );
}

async function checkTests() {
  const folders = existsSync(inRoot("tests"))
    ? readdirSync(inRoot("tests")).map((name) => `tests/${name}`)
    : [];
  for (const folder of folders.filter((path) => filesIn(path).some((file) => file.endsWith(".ts")))) {
    const project = `${folder}/tsconfig.json`;
    if (!existsSync(inRoot(project)))
      throw new Failure(`${project} is missing, so nothing checks the types of ${folder}.`);
    await tool("typescript/bin/tsc", "--noEmit", "-p", project);
  }
}

function cppFiles() {
  const files = filesIn(...cppFolders).filter((path) => /\.(h|cpp)$/.test(path));
  if (files.length === 0) throw new Failure(`There is no C++ file in ${cppFolders.join(", ")}.`);
  return files;
}

async function clangFormat(...args) {
  await run("clang-format-14", ["--style=file", ...args, ...cppFiles()], { cwd: inRoot() });
}

/**
 * clang-tidy over what the native build compiles: files of ours, or those that CMake makes to include several of them,
 * which takes a fifth of the time. What was clean and is unchanged is passed over.
 */
async function clangTidy() {
  await configure("native", true);
  const commands = JSON.parse(readFileSync(inRoot("build/native/compile_commands.json"), "utf8"));
  const settings = readFileSync(inRoot(".clang-tidy"), "utf8");
  const work = [...new Set(commands.map((entry) => entry.file))].filter(isOurs).map((file) => {
    const flags = commands.filter((entry) => entry.file === file).map((entry) => entry.command);
    const sources = [...withIncludes(relative(inRoot(), file))].map((path) =>
      readFileSync(inRoot(path), "utf8"),
    );
    return { file, key: hashOf(settings, ...flags, ...sources) };
  });
  if (work.length === 0) throw new Failure("The native build compiles no file of ours.");
  const outputs = await inParallel(work, tidyOne);
  const complaints = outputs.filter(Boolean);
  if (complaints.length) throw new Failure(complaints.join("\n"));
}

/** A file and all files of ours that it includes, directly or not, as paths from the repository's root. */
function withIncludes(path, found = new Set()) {
  if (found.has(path) || !existsSync(inRoot(path))) return found;
  found.add(path);
  for (const [, name] of readFileSync(inRoot(path), "utf8").matchAll(/^\s*#\s*include\s+"([^"]+)"/gm)) {
    if (isAbsolute(name)) withIncludes(relative(inRoot(), name), found);
    else for (const place of [name, join(dirname(path), name)]) withIncludes(place, found);
  }
  return found;
}

function isOurs(file) {
  return tidyFolders.some((folder) =>
    [inRoot(folder), inRoot("build/native", folder)].some((place) => file.startsWith(`${place}/`)),
  );
}

/** What clang-tidy says about a file; nothing when it is clean. */
async function tidyOne({ file, key }) {
  const stamp = inRoot("build", "stamps", "tidy", key);
  if (existsSync(stamp)) return "";
  const { ok, output } = await collect("clang-tidy-14", ["--quiet", "-p", inRoot("build/native"), file]);
  if (!ok) return output.replace(/^(\d+ warnings?.*|Suppressed .*|Use -header-filter.*)\n/gm, "");
  writeIfChanged(stamp, file);
  return "";
}

async function inParallel(items, action) {
  const waiting = [...items];
  const results = [];
  const worker = async () => {
    while (waiting.length) results.push(await action(waiting.shift()));
  };
  await Promise.all(Array.from({ length: jobs }, worker));
  return results;
}
