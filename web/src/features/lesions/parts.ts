import type { Lesion, Shape } from "nullcline";
import { unitsInWords } from "../../number-list";
import { count, fromTo, milliseconds, plural, significant, withUnit } from "../../plots/numbers";
import { capitalised } from "../../words";

/** A lesion as people think of it: silent units, cut connections, and when. */
export interface LesionParts {
  /** In order, each once. */
  units: number[];
  /** N_rec × N_rec, to × from: 0 where a connection is cut, else 1; null where none is. */
  connectivity: Float32Array | null;
  /** [from, to) in ms; null: the whole trial. */
  window: [number, number] | null;
}

/** Units `from[0]` to `from[1]` no longer reach units `to[0]` to `to[1]`, both ends included. */
export interface CutBlock {
  from: [number, number];
  to: [number, number];
}

export const noLesion: LesionParts = { units: [], connectivity: null, window: null };

type StepSizes = Pick<Shape, "N_steps" | "dt">;
type Sizes = StepSizes & Pick<Shape, "N_rec">;

/** Connections that are cut in a window are told to the engine step by step; larger tables than this are not made. */
const mostWindowedValues = 4e6;

/** The lesion as the engine takes it; null where nothing is taken away. */
export function lesionOf({ units, connectivity, window }: LesionParts, sizes: Sizes): Lesion | null {
  if (units.length === 0 && !connectivity) return null;
  const lesion: Lesion = {};
  if (units.length > 0) lesion.units = units;
  if (units.length > 0 && window) lesion.window = window;
  if (connectivity && window) lesion.tConnectivity = inWindow(connectivity, window, sizes);
  else if (connectivity) lesion.connectivity = connectivity;
  return lesion;
}

/** Why this lesion cannot be made, in a sentence; null where it can. */
export function refusalOf(
  { connectivity, window }: LesionParts,
  sizes: Sizes,
  canCut: boolean,
): string | null {
  const { N_rec, N_steps } = sizes;
  const without = window && betweenSteps(window, sizes);
  if (without) return without;
  if (connectivity && !canCut) return cutsRefused;
  if (connectivity && window && N_steps * N_rec * N_rec > mostWindowedValues)
    return `Connections of ${count(N_rec)} units can only be cut for the whole trial: in a window they take ${count(N_steps)} matrices, which is more than fits. Silence units in the window, or take the window away.`;
  return null;
}

export const cutsRefused =
  "Connections cannot be cut in this network, which has no matrix W_rec; silence units instead.";

/** What a lesion takes from a matrix, and when: single connections from W_rec, and from all matrices what silent units send. */
export function takenFrom(
  name: string,
  { connectivity, units, window }: LesionParts,
): { cut: Float32Array | null; silent: number[]; window: LesionParts["window"] } {
  return { cut: name === "W_rec" ? connectivity : null, silent: units, window };
}

/** What a lesion takes away, however it was made. */
export function partsOf(lesion: Lesion | null, { N_rec, dt }: Sizes): LesionParts {
  if (!lesion) return noLesion;
  const units = [...(lesion.units ?? [])].sort((a, b) => a - b);
  const { connectivity, tConnectivity } = lesion;
  if (!tConnectivity) {
    return {
      units,
      connectivity: connectivity ? Float32Array.from(connectivity) : null,
      window: lesion.window ?? null,
    };
  }
  const size = N_rec * N_rec;
  const all = tConnectivity instanceof Float32Array ? tConnectivity : Float32Array.from(tConnectivity);
  const [first, last] = endsOfCuts(all);
  if (first < 0) return { units, connectivity: null, window: lesion.window ?? null };
  const [from, to] = [Math.floor(first / size), Math.floor(last / size) + 1];
  return {
    units,
    connectivity: all.slice(from * size, (from + 1) * size),
    window: lesion.window ?? [from * dt, to * dt],
  };
}

/** The first and the last value that is not 1, or -1: a loop, since there may be millions. */
function endsOfCuts(values: Float32Array): [number, number] {
  let [first, last] = [0, values.length - 1];
  while (first < values.length && values[first] === 1) first++;
  while (last >= 0 && values[last] === 1) last--;
  return [last < 0 ? -1 : first, last];
}

function inWindow(matrix: Float32Array, [from, to]: [number, number], sizes: Sizes): Float32Array {
  const { N_steps, dt } = sizes;
  const all = new Float32Array(N_steps * matrix.length).fill(1);
  for (let step = 0; step < N_steps; step++)
    if (step * dt >= from && step * dt < to) all.set(matrix, step * matrix.length);
  return all;
}

/** The connections without those of a block. */
export function cut(
  connectivity: Float32Array | null,
  { from, to }: CutBlock,
  N_rec: number,
): Float32Array<ArrayBuffer> {
  const next = connectivity ? new Float32Array(connectivity) : new Float32Array(N_rec * N_rec).fill(1);
  for (let row = to[0]; row <= to[1]; row++) next.fill(0, row * N_rec + from[0], row * N_rec + from[1] + 1);
  return next;
}

/** Connections by their places in the matrix: cut, or mended where all of them are cut already. Null where none is cut then. */
export function toggled(
  connectivity: Float32Array | null,
  places: number[],
  N_rec: number,
): Float32Array<ArrayBuffer> | null {
  const next = connectivity ? new Float32Array(connectivity) : new Float32Array(N_rec * N_rec).fill(1);
  const mends = places.every((place) => next[place] === 0);
  for (const place of places) next[place] = mends ? 1 : 0;
  return next.every((value) => value === 1) ? null : next;
}

/** The block that the cut connections make up; null where they are no full rectangle. */
export function blockOf(connectivity: Float32Array, N_rec: number): CutBlock | null {
  const first = connectivity.indexOf(0);
  const last = connectivity.lastIndexOf(0);
  if (first < 0) return null;
  const block: CutBlock = {
    from: [first % N_rec, last % N_rec],
    to: [Math.floor(first / N_rec), Math.floor(last / N_rec)],
  };
  const [width, height] = [block.from[1] - block.from[0] + 1, block.to[1] - block.to[0] + 1];
  if (width < 1 || width * height !== cutConnections(connectivity)) return null;
  return cut(null, block, N_rec).every((value, index) => value === connectivity[index]) ? block : null;
}

export function cutConnections(connectivity: Float32Array): number {
  return connectivity.reduce((sum, value) => sum + (value === 0 ? 1 : 0), 0);
}

/** "Units 3 and 7 are silent, from 200 to 400 ms." */
export function lesionInWords({ units, connectivity, window }: LesionParts, N_rec: number): string {
  const silent = units.length > 0 && `${unitsInWords(units)} ${units.length === 1 ? "is" : "are"} silent`;
  const told = [silent || null, connectivity ? cutInWords(connectivity, N_rec) : null].filter(
    (part) => part !== null,
  );
  if (told.length === 0) return "Nothing is silent and nothing is cut.";
  const when = window ? fromTo(window) : "throughout the trial";
  return capitalised(`${told.join(" and ")} ${when}.`);
}

function cutInWords(connectivity: Float32Array, N_rec: number): string {
  const cuts = cutConnections(connectivity);
  const block = blockOf(connectivity, N_rec);
  const which = block
    ? `${plural(cuts, "connection")} from ${span(block.from)} to ${span(block.to)}`
    : `${count(cuts)} of ${count(connectivity.length)} recurrent connections`;
  return `${which} ${cuts === 1 ? "is" : "are"} cut`;
}

function span([first, last]: [number, number]): string {
  return first === last ? `unit ${first}` : `units ${first}–${last}`;
}

/** That no step begins within a window, which would then do nothing, in a sentence; null where one does. */
function betweenSteps([from, to]: [number, number], { dt }: StepSizes): string | null {
  const before = Math.floor(from / dt);
  if ([before, before + 1].some((step) => from <= step * dt && step * dt < to)) return null;
  const ms = (value: number) => withUnit(significant(value, 7), "ms");
  const [last, next] = [before * dt, (before + 1) * dt];
  return `No step begins between ${ms(from)} and ${ms(to)}: there is one every ${ms(dt)}, the last before at ${ms(last)}. Give a window that holds one, for example ${ms(last)} to ${ms(next)}.`;
}

/** A field of a window: a time in ms, nothing, or what is wrong. */
export function parseWindow(
  from: string,
  to: string,
  sizes: StepSizes,
): { window: [number, number] | null } | { problem: string } {
  const duration = sizes.N_steps * sizes.dt;
  const [start, end] = [from.trim(), to.trim()];
  if (start === "" && end === "") return { window: null };
  const times = [start === "" ? 0 : Number(start), end === "" ? duration : Number(end)] as [number, number];
  const wrong = [start, end].find((_, index) => !Number.isFinite(times[index]));
  if (wrong !== undefined)
    return { problem: `“${wrong}” is not a time: write milliseconds, for example 200.` };
  const [first, last] = times;
  if (first < 0 || last > duration)
    return {
      problem: `The window must lie within the trial, 0 to ${milliseconds(duration)}; found ${milliseconds(first)} to ${milliseconds(last)}.`,
    };
  if (first >= last)
    return {
      problem: `The window must begin before it ends; found ${milliseconds(first)} to ${milliseconds(last)}.`,
    };
  const problem = betweenSteps(times, sizes);
  return problem === null ? { window: times } : { problem };
}
