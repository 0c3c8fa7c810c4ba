import type { ExperimentDocument, Matrix, Weights } from "nullcline";
import { isObject } from "../../json";

/** 1 for excitatory units, -1 for inhibitory ones, 0 where a unit sends nothing; null without Dale's law. */
export function unitTypes(resolved: ExperimentDocument | null, W_rec: Matrix | undefined): Int8Array | null {
  const network = resolved?.network;
  if (!isObject(network) || !W_rec) return null;
  const signed = (network.dale_ratio ?? null) !== null || (network.Dale_rec ?? null) !== null;
  if (!signed) return null;
  const sums = new Float64Array(W_rec.columns);
  W_rec.data.forEach((weight, index) => {
    const from = index % W_rec.columns;
    sums[from] = (sums[from] ?? 0) + weight;
  });
  return Int8Array.from(sums, Math.sign);
}

/** Units that send nothing, to no unit and no output. */
export function unitsCutOut(weights: Weights | null): number[] {
  const { W_rec, W_out } = weights ?? {};
  if (!W_rec || !W_out) return [];
  const sends = new Uint8Array(W_rec.columns);
  for (const { data, columns } of [W_rec, W_out])
    data.forEach((weight, index) => {
      if (weight !== 0) sends[index % columns] = 1;
    });
  return [...sends.keys()].filter((unit) => sends[unit] === 0);
}
