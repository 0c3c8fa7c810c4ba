import type { Lesion, Matrix } from "nullcline";

/** The recurrent weights with a lesion's connections taken away; null where these change from step to step, or are all there. */
export function lesionedMatrix(matrix: Matrix, lesion: Lesion | null): Matrix | null {
  if (!lesion || lesion.tConnectivity) return null;
  const { units = [], connectivity } = lesion;
  if (units.length === 0 && !connectivity) return null;
  const silenced = new Set(units);
  const data = matrix.data.map((weight, index) =>
    silenced.has(index % matrix.columns) ? 0 : weight * (connectivity?.[index] ?? 1),
  );
  return { ...matrix, data };
}
