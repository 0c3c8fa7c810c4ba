// Prints what the page sends and holds it to limits, gzipped: each of the engine's modules, and the script that the page
// loads at the start (what index.html names, with all static imports; chunks that are loaded later are told apart).
//   npm run size
import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { basename, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { inRoot } from "./lib/paths.mjs";
import { Failure, main, say } from "./lib/process.mjs";

/** In kB of 1000 bytes. */
const limits = { engine: 350, page: 120 };

const dist = inRoot("web", "dist");

/** Compressed as well as gzip can. */
function sizeOf(path) {
  return gzipSync(readFileSync(join(dist, path)), { level: 9 }).length / 1000;
}

function inKilobytes(size) {
  return `${size.toFixed(1).padStart(7)} kB`;
}

/** What index.html loads as scripts, and all that those import statically; paths from web/dist. */
function scriptsAtStart() {
  const html = readFileSync(join(dist, "index.html"), "utf8");
  const tags = html.match(/<(script|link)\b[^>]*>/g) ?? [];
  const named = tags
    .filter((tag) => tag.startsWith("<script") || /rel="modulepreload"/.test(tag))
    // What the start does not wait for.
    .filter((tag) => !/fetchpriority="low"/.test(tag))
    .flatMap((tag) => /\b(?:src|href)="([^"]+)"/.exec(tag)?.[1] ?? []);
  const found = new Set();
  const waiting = named.map((path) => posix.normalize(path));
  while (waiting.length) {
    const path = waiting.pop();
    if (found.has(path)) continue;
    found.add(path);
    waiting.push(...importsOf(path));
  }
  return [...found].sort();
}

function importsOf(path) {
  const text = readFileSync(join(dist, path), "utf8");
  const imports = text.matchAll(/(?:^|[;}\s])(?:import|export)\b[^"'`();]*?["'](\.[^"']+)["']/g);
  return [...imports].map(([, name]) => posix.join(posix.dirname(path), name));
}

/** Rows of [file, size], largest first. */
function measured(paths) {
  return paths.map((path) => [path, sizeOf(path)]).sort(([, a], [, b]) => b - a);
}

function tell(title, rows) {
  say(`\n${title}`);
  for (const [path, size] of rows) say(`${inKilobytes(size)}  ${basename(path)}`);
}

/** Needs the built page. */
export function checkSizes() {
  if (!existsSync(join(dist, "index.html"))) throw new Failure("web/dist is empty: run npm run build.");
  const engine = measured(
    readdirSync(join(dist, "engine"))
      .filter((name) => name.endsWith(".wasm"))
      .map((name) => `engine/${name}`),
  );
  const start = scriptsAtStart();
  const atStart = measured(start);
  const later = measured(
    readdirSync(join(dist, "assets"))
      .map((name) => `assets/${name}`)
      .filter((path) => path.endsWith(".js") && !start.includes(path)),
  );
  const page = atStart.reduce((sum, [, size]) => sum + size, 0);
  say("Sizes after gzip.");
  tell(`The engine, at most ${limits.engine} kB each; a browser loads one of them`, engine);
  tell(
    `The page's script at the start, at most ${limits.page} kB in all; now ${page.toFixed(1)} kB`,
    atStart,
  );
  tell("Loaded when it is needed", later.slice(0, 8));
  const tooLarge = engine
    .filter(([, size]) => size > limits.engine)
    .map(([path, size]) => `${basename(path)} has ${size.toFixed(1)} kB, ${limits.engine} are allowed.`);
  if (page > limits.page)
    tooLarge.push(`The page's script at the start has ${page.toFixed(1)} kB, ${limits.page} are allowed.`);
  if (tooLarge.length) throw new Failure(tooLarge.join("\n"));
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await main(() => {
    checkSizes();
    say("\nAll within their limits.");
  });
}
