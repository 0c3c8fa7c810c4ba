// Emscripten: the one on PATH when it is new enough, else Debian 13's, unpacked in the user's cache.
//
// Debian 12's own Emscripten is too old, and installing Debian 13's would upgrade the C library. So its
// package is only unpacked, together with the few libraries that its programs need, and runs on Debian
// 12's clang 19. Its system libraries come prebuilt.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { architectureFolder, downloadFrom, install, isDebian12, unpack } from "./debian.mjs";
import { cache } from "./paths.mjs";
import { Failure, onExit, outputOf, quietly, timed, which } from "./process.mjs";
import { missingFrom } from "./requirements.mjs";

// cmake/emscripten.cmake names the same two versions.
const oldest = [3, 1, 58];
const version = "3.1.69";
const release = "trixie";
export const prefix = join(cache, `emscripten-${version}`);

// acorn is among them because installing Debian 12's would bring its Node along, which is too old for Vite.
const packages = ["emscripten", "binaryen", "node-acorn", "libc6", "libstdc++6", "libgcc-s1"];

// Most of the package's 1.7 GB are tests and library variants that nothing here links.
const unused = [
  "./usr/share/doc",
  "./usr/share/locale",
  "./usr/share/emscripten/test",
  "./usr/share/emscripten/docs",
  "./usr/share/emscripten/media",
  "*/wasm32-emscripten/pic",
  "*/wasm32-emscripten/lto-pic",
  "*/wasm32-emscripten/*-ww*.a",
  "*/wasm32-emscripten/*asan*.a",
  "*/wasm32-emscripten/*-emu*.a",
  "*/wasm32-emscripten/*-tracing.a",
];

const loaderLibraries = /^(ld-linux.*|lib(c|m|pthread|dl|rt|gcc_s|stdc\+\+)\.so\..*|libbinaryen\.so.*)$/;

export async function ensureEmscripten() {
  if (isNewEnough(which("emcc"))) return;
  if (!isDebian12()) throw new Failure(adviceElsewhere());
  await install(missingFrom(["emscripten"]));
  if (existsSync(prefix)) return;
  await timed(`unpacking Emscripten ${version} in ${prefix} (about 250 MB to download)`, unpackEmscripten);
  await timed("trying Emscripten with a small program", tryEmscripten);
}

function isNewEnough(emcc) {
  const found = emcc && /(\d+)\.(\d+)\.(\d+)/.exec(outputOf(emcc, ["--version"]) ?? "");
  if (!found) return false;
  const difference = oldest.map((part, index) => Number(found[index + 1]) - part).find((part) => part !== 0);
  return (difference ?? 0) >= 0;
}

function adviceElsewhere() {
  return (
    `The set-up brings Emscripten on Debian 12 only, and this is another system. Please install Emscripten ` +
    `${oldest.join(".")} or newer so that emcc is on PATH (for example with emsdk), and then run the same command again.`
  );
}

/** Everything is made in a folder beside the final one, which appears only when it is complete. */
async function unpackEmscripten() {
  mkdirSync(cache, { recursive: true });
  removeAbandoned();
  const work = mkdtempSync(join(cache, "unfinished-"));
  onExit(() => rmSync(work, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }));
  const made = join(work, "prefix");
  mkdirSync(made);
  for (const deb of await downloadFrom(release, packages, work)) await unpack(deb, made, unused);
  await wrapBinaryen(made);
  configure(made);
  wrapEmscripten(made);
  if (!existsSync(prefix)) renameSync(made, prefix);
  rmSync(work, { recursive: true, force: true });
}

/** What a killed set-up left behind an hour ago or earlier. */
function removeAbandoned() {
  for (const name of readdirSync(cache).filter((entry) => entry.startsWith("unfinished-"))) {
    const folder = join(cache, name);
    if (Date.now() - statSync(folder).mtimeMs > 3_600_000) rmSync(folder, { recursive: true, force: true });
  }
}

/** Binaryen's programs need the newer C library: each becomes a script that calls it with that library's loader. */
async function wrapBinaryen(made) {
  const libraries = join(made, "usr", "lib", await architectureFolder());
  const kept = join(made, "lib");
  mkdirSync(kept);
  for (const name of readdirSync(libraries).filter((file) => loaderLibraries.test(file))) {
    renameSync(join(libraries, name), join(kept, name));
  }
  const loader = readdirSync(kept).find((name) => name.startsWith("ld-linux"));
  const programs = join(made, "usr", "bin");
  mkdirSync(join(made, "libexec"));
  mkdirSync(join(made, "bin"));
  for (const name of readdirSync(programs).filter((file) => file.startsWith("wasm"))) {
    renameSync(join(programs, name), join(made, "libexec", name));
    const own = 'here=$(dirname "$(dirname "$(readlink -f "$0")")")';
    writeScript(
      join(made, "bin", name),
      `${own}\nexec "$here/lib/${loader}" --library-path "$here/lib" "$here/libexec/${name}" "$@"`,
    );
  }
}

function configure(made) {
  const share = join(made, "usr", "share");
  const emscripten = join(made, "emscripten");
  renameSync(join(share, "emscripten"), emscripten);
  mkdirSync(join(emscripten, "node_modules"));
  renameSync(join(share, "nodejs", "acorn"), join(emscripten, "node_modules", "acorn"));
  for (const rest of ["usr", "etc"]) rmSync(join(made, rest), { recursive: true, force: true });
  const path = join(emscripten, ".emscripten");
  const settings = readFileSync(path, "utf8")
    .replace(/^BINARYEN_ROOT = .*$/m, `BINARYEN_ROOT = '${prefix}'`)
    .replace(/^NODE_JS = .*$/m, "import shutil\nNODE_JS = shutil.which('node') or '/usr/bin/node'");
  writeFileSync(path, settings);
}

function wrapEmscripten(made) {
  for (const name of [
    "emcc",
    "em++",
    "emar",
    "emranlib",
    "emnm",
    "emcmake",
    "emconfigure",
    "emstrip",
    "em-config",
  ]) {
    const own = 'here=$(dirname "$(dirname "$(readlink -f "$0")")")';
    writeScript(join(made, "bin", name), `${own}\nexec "$here/emscripten/${name}" "$@"`);
  }
}

function writeScript(path, body) {
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, 0o755);
}

/** Compiles and runs a program; when that fails, the prefix is removed so that the next set-up starts afresh. */
async function tryEmscripten() {
  const folder = mkdtempSync(join(tmpdir(), "nullcline-try-"));
  const source = join(folder, "try.cpp");
  const program = join(folder, "try.js");
  writeFileSync(
    source,
    '#include <iostream>\nint main() { try { throw 6 * 7; } catch (int n) { std::cout << n << "\\n"; } }\n',
  );
  try {
    await quietly(join(prefix, "bin", "em++"), ["-O1", "-fwasm-exceptions", source, "-o", program]);
    const output = await quietly(process.execPath, [program]);
    if (output.trim() !== "42") throw new Failure(`Emscripten's trial program printed ${output}`);
  } catch (error) {
    rmSync(prefix, { recursive: true, force: true });
    throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
