import type { BuildReport, ExperimentDocument } from "nullcline";
import { bytes, plural } from "../../plots/numbers";

export interface Fact {
  name: string;
  value: string;
  /** Set in a fixed-width face, for values that are compared by eye. */
  code?: boolean;
}

/** What identifies the run and the machine: the foot of the page. */
export function facts(
  build: BuildReport | null,
  document: ExperimentDocument | null,
  memory: number,
  hash: string,
): Fact[] {
  const seed = document?.seed;
  return [
    { name: "Engine", value: build ? `${build.name} ${build.version}` : "–" },
    { name: "Threads", value: build ? plural(build.threads, "thread").replace(/ threads?$/, "") : "–" },
    { name: "Memory", value: memory > 0 ? bytes(memory) : "–" },
    { name: "Seed", value: typeof seed === "number" ? String(seed) : "–", code: true },
    { name: "Weights", value: hash || "–", code: true },
  ];
}
