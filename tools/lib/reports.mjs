// Counting tests in the reports that the test runners write.
import { existsSync, readFileSync } from "node:fs";
import { Failure } from "./process.mjs";

export const nothing = { passed: 0, failed: 0, skipped: 0 };

export function add(...counts) {
  const sum = { ...nothing };
  for (const count of counts) for (const kind of Object.keys(sum)) sum[kind] += count[kind] ?? 0;
  return sum;
}

/** A run that failed, or found no test, has a failure to show for it even when its report has none. */
export function judge(counts, ok, what) {
  if (counts.passed + counts.failed === 0 && ok) throw new Failure(`${what}: no test was run.`);
  return !ok && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

/** ctest's JUnit file. A test of ctest's that is a run of GoogleTest counts as the tests in it. */
export function countCtest(path) {
  const cases = read(path).match(/<testcase\b[^>]*?(?:\/>|>[\s\S]*?<\/testcase>)/g) ?? [];
  return add(...cases.map(countCase));
}

function countCase(text) {
  const status = /\bstatus="(\w+)"/.exec(text)?.[1];
  if (status === "notrun" || status === "disabled") return { skipped: 1 };
  const total = (pattern) => [...text.matchAll(pattern)].reduce((sum, match) => sum + Number(match[1]), 0);
  const count = {
    passed: total(/\[ {2}PASSED {2}\] (\d+) tests?/g),
    failed: total(/\[ {2}FAILED {2}\] (\d+) tests?, listed/g),
    skipped: total(/\[ {2}SKIPPED \] (\d+) tests?, listed/g),
  };
  if (status === "fail") return { ...count, failed: Math.max(1, count.failed) };
  return count.passed + count.skipped === 0 && !/\[={10}\] 0 tests/.test(text) ? { passed: 1 } : count;
}

export function countVitest(path) {
  const report = JSON.parse(read(path));
  return { passed: report.numPassedTests, failed: report.numFailedTests, skipped: report.numPendingTests };
}

export function countPlaywright(path) {
  const { expected, flaky, unexpected, skipped } = JSON.parse(read(path)).stats;
  return { passed: expected + flaky, failed: unexpected, skipped };
}

function read(path) {
  if (!existsSync(path)) throw new Failure(`The test runner wrote no report (${path}).`);
  return readFileSync(path, "utf8");
}
