/** The documents that files ask for. */

import type { ExperimentDocument } from "nullcline";
import { without } from "../experiment/document";
import { isObject, type JsonObject } from "../experiment/schema";
import type { Found, WeightSizes } from "./recognise";

/** More trials than this are learned some at a time. */
const mostTogether = 512;
const someAtATime = 128;

/** The experiment with these trials as its task. Time step and constant stay, where the file does not say otherwise. */
export function withTrials(
  draft: ExperimentDocument,
  { name, count, dt }: Extract<Found, { kind: "trials" }>,
): ExperimentDocument {
  const { task } = draft;
  const next: JsonObject = { type: "Trials", file: name };
  for (const field of ["dt", "tau"] as const) {
    const kept = isObject(task) ? task[field] : undefined;
    if (typeof kept === "number") next[field] = kept;
  }
  if (dt !== null) next.dt = dt;
  if (count > mostTogether) next.N_batch = someAtATime;
  // The stages of a curriculum change fields of the task that was there.
  return { ...without(draft, "curriculum"), task: next };
}

/** The experiment with the network that weights belong to; what is a matter of size is left out. */
export function withNetwork(draft: ExperimentDocument, { type, N_rec }: WeightSizes): ExperimentDocument {
  const { network } = draft;
  const same = isObject(network) && (network.type ?? "") === type;
  const kept = same
    ? Object.entries(network).filter(([, value]) => typeof value !== "object" || value === null)
    : [];
  return { ...draft, network: { ...Object.fromEntries(kept), type, N_rec } };
}
