import type { ExperimentDocument } from "nullcline";
import { isObject } from "../../json";
import type { LesionParts } from "./parts";

/** The connections that are there now, to × from; null where all are. */
export interface Present {
  rec: Float32Array | null;
  out: Float32Array | null;
}

interface Sizes {
  N_rec: number;
  N_out: number;
}

/** Why a lesion cannot become part of the network, in a sentence; null where it can. */
export function keepRefusal({ window }: LesionParts, resolved: ExperimentDocument): string | null {
  const { network } = resolved;
  if (!isObject(network) || !("rec_connectivity" in network))
    return "This network has no connectivity that could keep the lesion; only networks with W_rec can train on with it.";
  if (window)
    return "A lesion of a time window cannot be kept: the network trains with connections that are there or not. Empty the window first.";
  return null;
}

/**
 * The document with the lesion made part of its network: a silenced unit reaches neither units nor outputs, a cut
 * connection is not there. What was not connected before stays so.
 */
export function withLesion(
  document: ExperimentDocument,
  { units, connectivity }: LesionParts,
  present: Present,
  { N_rec, N_out }: Sizes,
): ExperimentDocument {
  const rec = present.rec ? new Float32Array(present.rec) : new Float32Array(N_rec * N_rec).fill(1);
  if (connectivity) connectivity.forEach((value, index) => (rec[index] = (rec[index] ?? 0) * value));
  const out = present.out ? new Float32Array(present.out) : new Float32Array(N_out * N_rec).fill(1);
  for (const unit of units) {
    clearColumn(rec, N_rec, unit);
    clearColumn(out, N_rec, unit);
  }
  const network = {
    ...(isObject(document.network) ? document.network : {}),
    rec_connectivity: rowsOf(rec, N_rec),
    ...(units.length > 0 ? { output_connectivity: rowsOf(out, N_rec) } : {}),
  };
  return { ...document, network };
}

function clearColumn(matrix: Float32Array, columns: number, column: number): void {
  for (let index = column; index < matrix.length; index += columns) matrix[index] = 0;
}

function rowsOf(matrix: Float32Array, columns: number): number[][] {
  return Array.from({ length: matrix.length / columns }, (_, row) => [
    ...matrix.subarray(row * columns, (row + 1) * columns),
  ]);
}
