// Sets up what is missing and runs the tests, stage by stage; all stages run even when one fails.
//   npm test [-- STAGE…]
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { buildEngine, buildPackage, buildWeb } from "./build.mjs";
import { attemptAll, checks, prepareChecks } from "./lib/checks.mjs";
import { build } from "./lib/cmake.mjs";
import { inRoot } from "./lib/paths.mjs";
import { Failure, main, run, say, timed, which } from "./lib/process.mjs";
import { add, countCtest, countPlaywright, countVitest, judge, nothing } from "./lib/reports.mjs";
import { setUp } from "./setup.mjs";
import { checkSizes } from "./size.mjs";

/** Each stage names the parts of the set-up that it needs, and gives counts of tests or rejects. */
const stages = {
  native: { needs: ["native"], action: () => ctest("native") },
  sanitize: { needs: ["native"], action: () => ctest("native-sanitize") },
  wasm: { needs: ["wasm-tests"], action: testWasm },
  package: { needs: ["wasm"], action: testPackage },
  "types+lint": { needs: ["lint", "wasm"], action: runChecks },
  web: { needs: ["wasm", "browser"], action: testWeb },
};

async function ctest(preset) {
  demand("tests/engine/CMakeLists.txt", "the engine's tests");
  await build(preset, { tests: true });
  const report = reportFile(`${preset}.xml`);
  const args = ["--preset", preset, "--output-junit", report, "--test-output-size-passed", "1000000"];
  return counted(
    () => run("ctest", args, { cwd: inRoot() }),
    report,
    countCtest,
    `ctest of preset ${preset}`,
  );
}

/** The engine's own tests run over the build with one thread; the one with threads is held by those of package and page. */
async function testWasm() {
  const counts = await attempt("wasm", () => ctest("wasm"));
  await buildEngine();
  return counts;
}

async function testPackage() {
  demand("tests/wasm", "the package's tests");
  await buildEngine();
  await buildPackage();
  return vitest("tests/wasm");
}

async function runChecks() {
  await prepareChecks();
  const counts = await attemptAll(checks, ({ name, action }) =>
    attempt(name, () => timed(name, action).then(() => ({ passed: 1 }))),
  );
  return add(...counts);
}

async function testWeb() {
  demand("web/package.json", "the page");
  demand("tests/web/playwright.config.ts", "the settings of the tests in a browser");
  await buildEngine();
  await buildPackage();
  return each([
    { name: "unit tests of the page", action: () => vitest("web") },
    { name: "sizes of the page and the engine", action: testSizes },
    { name: "the page in a browser", action: () => buildWeb().then(playwright) },
  ]);
}

async function testSizes() {
  await buildWeb();
  checkSizes();
  return { passed: 1 };
}

function vitest(folder) {
  const report = reportFile(`${folder.replace("/", "-")}.json`);
  const args = ["node_modules/vitest/vitest.mjs", "run", "--root", folder];
  args.push("--reporter=default", "--reporter=json", `--outputFile.json=${report}`);
  return counted(
    () => run(process.execPath, args, { cwd: inRoot() }),
    report,
    countVitest,
    `vitest in ${folder}`,
  );
}

function playwright() {
  const report = reportFile("browser.json");
  const args = ["node_modules/@playwright/test/cli.js", "test", "-c", "tests/web/playwright.config.ts"];
  args.push("--reporter=list,json");
  const env = { ...process.env, PLAYWRIGHT_JSON_OUTPUT_FILE: report, CHROMIUM_PATH: which("chromium") ?? "" };
  const action = () => run(process.execPath, args, { cwd: inRoot(), env });
  return counted(action, report, countPlaywright, "Playwright");
}

/** Runs a test runner and counts what its report tells, whether it succeeded or not. */
async function counted(action, report, count, what) {
  let ok = true;
  try {
    await action();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    ok = false;
    process.stderr.write(`${error.message}\n`);
  }
  if (!ok && !existsSync(report)) return { failed: 1 };
  return judge(count(report), ok, what);
}

/** Does one thing after the other; a failure is told, counted, and does not keep the others from being done. */
async function each(actions) {
  let counts = nothing;
  for (const { name, action } of actions) counts = add(counts, await attempt(name, action));
  return counts;
}

async function attempt(name, action) {
  try {
    return await action();
  } catch (error) {
    process.stderr.write(`\n${name} failed: ${error instanceof Failure ? error.message : error.stack}\n`);
    return { failed: 1 };
  }
}

function reportFile(name) {
  const folder = inRoot("build", "reports");
  mkdirSync(folder, { recursive: true });
  rmSync(`${folder}/${name}`, { force: true });
  return `${folder}/${name}`;
}

function demand(path, what) {
  if (!existsSync(inRoot(path))) throw new Failure(`${path} (${what}) does not exist.`);
}

async function runStage(name) {
  say(`\n──── ${name} ${"─".repeat(Math.max(4, 70 - name.length))}`);
  const start = performance.now();
  const counts = add(await attempt(name, stages[name].action));
  return { name, time: (performance.now() - start) / 1000, ...counts };
}

function summarise(results) {
  say(
    `\n${"stage".padEnd(12)}${"seconds".padStart(9)}${"passed".padStart(8)}${"failed".padStart(8)}  outcome`,
  );
  for (const { name, time, passed, failed } of results) {
    const numbers = `${time.toFixed(1).padStart(9)}${`${passed}`.padStart(8)}${`${failed}`.padStart(8)}`;
    say(`${name.padEnd(12)}${numbers}  ${failed ? "FAILED" : "passed"}`);
  }
  const { passed, failed, skipped } = add(...results);
  say(`\n${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ""}`);
  if (failed) process.exitCode = 1;
}

await main(async () => {
  const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(stages);
  const unknown = names.filter((name) => !(name in stages));
  if (unknown.length)
    throw new Failure(`No stage ${unknown.join(", ")}; there are ${Object.keys(stages).join(", ")}.`);
  await setUp("node", ...new Set(names.flatMap((name) => stages[name].needs)));
  const results = [];
  for (const name of names) results.push(await runStage(name));
  summarise(results);
});
