import type { ExperimentDocument, Json, Shape } from "nullcline";
import { bytes, count, plural, significant } from "../../plots/numbers";
import { isObject } from "../../json";

/** What follows from the document, for the foot of each section; a dash where the document does not say. */
export function derivedFacts(
  document: ExperimentDocument | null,
  shape: Shape | null,
): { [section: string]: string[] } {
  const tau = number(document?.network, "tau") ?? number(document?.task, "tau");
  const dash = "–";
  return {
    task: [
      `α = dt/τ = ${shape && tau ? significant(shape.dt / tau) : dash}`,
      `${shape ? count(shape.N_steps) : dash} steps`,
    ],
    network: [
      `${shape ? count(shape.parameters) : dash} trained parameters`,
      `${shape ? bytes(shape.memory) : dash} to train`,
    ],
    training: [
      `${shape ? plural(shape.iterations, "update") : dash} of ${shape ? plural(shape.N_batch, "trial") : dash}`,
    ],
  };
}

function number(section: Json | undefined, name: string): number | null {
  const value = isObject(section) ? section[name] : null;
  return typeof value === "number" ? value : null;
}
