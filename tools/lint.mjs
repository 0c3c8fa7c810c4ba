// Checks types, formatting and lint of everything; with --fix it formats and repairs what it can instead.
import { attemptAll, checks, fixes, prepareChecks } from "./lib/checks.mjs";
import { Failure, main, timed } from "./lib/process.mjs";
import { setUp } from "./setup.mjs";

await main(async () => {
  const fix = process.argv.includes("--fix");
  await setUp("lint", ...(fix ? ["node"] : ["wasm", "node"]));
  if (!fix) await prepareChecks();
  const failed = [];
  await attemptAll(fix ? fixes : checks, async ({ name, action }) => {
    try {
      await timed(name, action);
    } catch (error) {
      failed.push(name);
      process.stderr.write(`${error instanceof Failure ? error.message : error.stack}\n`);
    }
  });
  if (failed.length) throw new Failure(`Not clean: ${failed.join(", ")}.`);
});
