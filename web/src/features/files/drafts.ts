/** The documents that files ask for. */

import type { ExperimentDocument } from "nullcline";
import { isObject, without, type JsonObject } from "../../json";
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

/** What a file of weights says of its network, beside its type: sizes, masks, and signs under Dale's law. */
const fieldsOfWeights = [
  "N_rec",
  "dale_ratio",
  "Dale_rec",
  "Dale_out",
  "autapses",
  "input_connectivity",
  "rec_connectivity",
  "output_connectivity",
];

/** The network of the experiment without what a file of weights decides. */
function undecided(draft: ExperimentDocument, type: string): JsonObject {
  const { network } = draft;
  if (!isObject(network) || (network.type ?? "") !== type) return { type };
  const decided = [...fieldsOfWeights, "type", "initializer"];
  const kept = Object.entries(network).filter(
    ([name, value]) => !decided.includes(name) && (typeof value !== "object" || value === null),
  );
  return { ...Object.fromEntries(kept), type };
}

/** A document by which the engine reads what a file of weights says of its network. */
export function namingWeights(draft: ExperimentDocument, name: string, type: string): ExperimentDocument {
  const initializer = { type: "WeightInitializer", load_weights_path: name };
  return { ...draft, network: { ...undecided(draft, type), initializer } };
}

/** The experiment with the network that weights belong to. `read` is that network as the engine has read it from the file. */
export function withNetwork(
  draft: ExperimentDocument,
  { type, N_rec }: WeightSizes,
  read: JsonObject,
): ExperimentDocument {
  const found = fieldsOfWeights.flatMap((name) => {
    const value = read[name];
    return value === undefined || value === null ? [] : [[name, value] as const];
  });
  const taken = { ...Object.fromEntries(found), N_rec };
  return {
    ...draft,
    network: { ...undecided(draft, type), ...withShortSigns(withShortMask(taken)) },
  };
}

/** A mask without connections of a unit to itself and nothing else is what "autapses" says. */
function withShortMask(network: JsonObject): JsonObject {
  const mask = network.rec_connectivity;
  const rest = without(network, "autapses");
  if (!Array.isArray(mask)) return rest;
  const only = mask.every(
    (row, to) => Array.isArray(row) && row.every((value, from) => value === Number(to !== from)),
  );
  return only ? { ...without(rest, "rec_connectivity"), autapses: false } : rest;
}

/** Signs that follow from Dale's ratio need not be written. */
function withShortSigns(network: JsonObject): JsonObject {
  const { dale_ratio, Dale_rec, Dale_out, N_rec } = network;
  if (typeof dale_ratio !== "number" || !Array.isArray(Dale_rec) || !Array.isArray(Dale_out)) return network;
  const share = dale_ratio * Number(N_rec);
  // The engine's own rounding and PsychRNN's must agree.
  const excitatory = Math.floor(share + 1e-9);
  const follows =
    excitatory === Math.floor(share) &&
    Dale_rec.every((sign, unit) => sign === (unit < excitatory ? 1 : -1)) &&
    Dale_out.every((sign, unit) => sign === Number(unit < excitatory));
  return follows ? without(without(network, "Dale_rec"), "Dale_out") : network;
}
