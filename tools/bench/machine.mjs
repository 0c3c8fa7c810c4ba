// What the numbers were measured on.
import { availableParallelism, cpus, loadavg, release, totalmem, type } from "node:os";
import { inRoot } from "../lib/paths.mjs";
import { outputOf } from "../lib/process.mjs";

export function machine() {
  return {
    processor: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    memory: totalmem(),
    system: `${type()} ${release()}`,
    node: process.version,
    compiler: outputOf("c++", ["--version"])?.split("\n")[0] ?? "unknown",
    commit: outputOf("git", ["-C", inRoot(), "rev-parse", "--short", "HEAD"])?.trim() ?? "unknown",
    /** Mean number of processes that wanted to run in the last minute: more than one or two, and others disturb. */
    load: loadavg()[0],
  };
}
