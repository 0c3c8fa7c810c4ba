// Configuring and building the presets of CMakePresets.json.
import { existsSync, readFileSync, statSync } from "node:fs";
import { inRoot } from "./paths.mjs";
import { collect, Failure, run, timed } from "./process.mjs";

/**
 * Brings a build tree to what is asked for; ninja does nothing where nothing changed. Without tests only
 * `targets` are built, and GoogleTest need not be there.
 */
export async function build(preset, { tests, targets = [] }) {
  if (!existsSync(inRoot("CMakeLists.txt"))) throw new Failure("CMakeLists.txt is missing.");
  await configure(preset, tests);
  const only = targets.flatMap((target) => ["--target", target]);
  await timed(`building preset ${preset}`, () =>
    run("cmake", ["--build", "--preset", preset, ...only], { cwd: inRoot() }),
  );
}

/** A tree that already builds the tests is left as it is when they are not asked for. */
export async function configure(preset, tests) {
  if (isConfigured(preset, tests)) return;
  const args = ["--preset", preset, `-DNULLCLINE_TESTS=${tests ? "ON" : "OFF"}`];
  await timed(`configuring preset ${preset}`, async () => {
    const first = await collect("cmake", args, { cwd: inRoot() });
    if (first.ok) return;
    // A tree that was made by another compiler or from another place only serves after a fresh start.
    const second = await collect("cmake", [...args, "--fresh"], { cwd: inRoot() });
    if (!second.ok) throw new Failure(`Preset ${preset} cannot be configured:\n${second.output}`);
  });
}

function isConfigured(preset, tests) {
  const folder = inRoot("build", preset);
  const made = `${folder}/build.ninja`;
  if (!existsSync(made) || statSync(made).mtimeMs < statSync(inRoot("CMakePresets.json")).mtimeMs)
    return false;
  if (!existsSync(compilerOf(folder))) return false;
  return !tests || /^NULLCLINE_TESTS:\w+=ON$/m.test(readFileSync(`${folder}/CMakeCache.txt`, "utf8"));
}

/** The compiler that a tree was made for; it may be gone, for example with the user's cache. */
function compilerOf(folder) {
  const commands = `${folder}/compile_commands.json`;
  return existsSync(commands) ? /"command": "(\S+)/.exec(readFileSync(commands, "utf8"))?.[1] : "";
}
