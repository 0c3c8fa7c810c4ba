/** What the package is given as files, as the engine takes it. */

import type { ArrayData, Arrays, FileBytes, Files, Lesion, NumericArray, WeightValues } from "./api.js";
import { NullclineError, problem, toWhole } from "./errors.js";
import type { RawFile, RawMember } from "./module.js";
import { readNpz } from "./npz.js";

export function toRawFiles(files: Files = {}): RawFile[] {
  return Object.entries(files).map(([name, content]) => toRawFile(name, content));
}

export function toRawFile(name: string, content: FileBytes | Arrays): RawFile {
  const isBytes = content instanceof Uint8Array || content instanceof ArrayBuffer;
  return { name, members: isBytes ? readNpz(content, name) : toMembers(name, content) };
}

export function weightsFile(weights: WeightValues): RawFile {
  demandObject("weights", weights);
  for (const [name, matrix] of Object.entries(weights)) demandObject(`weights: ${name}`, matrix);
  const arrays = Object.entries(weights).map(([name, { rows, columns, data }]): [string, ArrayData] => [
    name,
    { shape: [rows, columns], data },
  ]);
  return { name: "weights", members: toMembers("weights", Object.fromEntries(arrays)) };
}

/** The arrays of a lesion file; null where there is no lesion. */
export function lesionFile(
  lesion: Lesion | null | undefined,
  N_rec: number,
  N_steps: number,
): RawFile | null {
  if (lesion === undefined || lesion === null) return null;
  demandObject("lesion", lesion);
  const { units, window, connectivity, tConnectivity } = lesion;
  const arrays: Arrays = {};
  const add = (key: string, shape: number[], data: NumericArray | undefined): void => {
    if (data !== undefined) arrays[key] = { shape, data };
  };
  add("units", [units?.length ?? 0], units);
  add("window", [2], window);
  add("connectivity", [N_rec, N_rec], connectivity);
  add("t_connectivity", [N_steps, N_rec, N_rec], tConnectivity);
  return { name: "lesion", members: toMembers("lesion", arrays) };
}

/** For callers that no compiler has checked. */
export function demandObject(place: string, value: unknown): void {
  if (typeof value === "object" && value !== null) return;
  throw new NullclineError({
    ...problem("wrong_type", `${place} must be an object; found ${value === null ? "null" : typeof value}.`),
    path: place,
  });
}

function toMembers(file: string, arrays: Arrays): RawMember[] {
  demandObject(file, arrays);
  return Object.entries(arrays).map(([key, array]) => {
    const place = `${file}: ${key}`;
    demandObject(place, array);
    const { shape, data } = array;
    if (!Array.isArray(shape) || !(Array.isArray(data) || ArrayBuffer.isView(data))) {
      throw new NullclineError({
        ...problem("wrong_type", `${place} must be an array { shape, data }.`),
        path: place,
      });
    }
    return { key, shape: shape.map((length) => toWhole(`the shape of ${place}`, length)), data };
  });
}
