import type { RemoteSession, RunOptions } from "nullcline";
import { isObject } from "../json";
import { standardNormals } from "../statistics/normals";

/**
 * The recurrent noise of some trials, which depends on `draw`; nothing for a network without such noise. Left to itself the
 * engine gives the first trials of every call the same noise: what is measured in several calls must have its own in each.
 */
export async function noiseOf(
  { document, shape }: Pick<RemoteSession, "document" | "shape">,
  count: number,
  draw: number,
): Promise<Pick<RunOptions, "noise">> {
  const { network } = document;
  if (!isObject(network) || typeof network.rec_noise !== "number" || !(network.rec_noise > 0)) return {};
  return { noise: await standardNormals(shape.N_steps * count * shape.N_rec, draw) };
}
