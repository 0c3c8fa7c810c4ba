import type { ExperimentDocument } from "nullcline";
import { isObject } from "../json";

/**
 * Where the weights come from that training begins with: the document has them drawn, they were given (in the document or
 * a file), or edited.
 */
export type Origin = "drawn" | "given" | "edited";

/** Matrices that an initialiser may be given, or the file that holds them. */
const givenNames = ["load_weights_path", "W_in", "W_rec", "W_out"];

/** Where a network's weights come from, by its document and by what it began with in place of the document's weights. */
export function originOf({ network }: ExperimentDocument, start: { origin?: Origin } | null): Origin {
  if (start) return start.origin ?? "given";
  const initializer = isObject(network) && isObject(network.initializer) ? network.initializer : {};
  return givenNames.some((name) => (initializer[name] ?? null) !== null) ? "given" : "drawn";
}
