import { expect, it } from "vitest";
import { facts } from "./status";

it("names build, threads, memory, seed and hash", () => {
  const build = {
    name: "threads-fused",
    arithmetic: "fused" as const,
    threads: 2,
    reasons: [],
    version: "0.1.0",
    numerics: 1,
  };
  expect(facts(build, { seed: 7 }, 3.36e7, "00ff").map(({ name, value }) => `${name} ${value}`)).toEqual([
    "Engine threads-fused 0.1.0",
    "Threads 2",
    "Memory 34\u202fMB",
    "Seed 7",
    "Weights 00ff",
  ]);
  expect(facts(null, null, 0, "").every(({ value }) => value === "–")).toBe(true);
});
