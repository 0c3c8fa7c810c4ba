import type { Trials, VariableConstraint } from "nullcline";

/** A small picture of an experiment: its parts by their names ("input channel-1", "excitatory"), each a path of an SVG. */
export type Picture = { [part: string]: string };

/** What a picture is drawn in: a trial at the left, and W_rec, as the experiment constrains it, at the right. */
export const pictureSize = { width: 128, height: 40 };

const trialWidth = 80;
const inputHeight = { top: 2, height: 15 };
const targetHeight = { top: 22, height: 13 };
/** Where the loss counts, under the targets. */
const countedHeight = 38;

const matrixLeft = 90;
const matrixSize = 36;
const matrixTop = 2;

/** A trial is drawn with so many points, a matrix with so many cells a side; more channels than these are not told apart. */
const points = 48;
const cells = 18;
const mostChannels = 4;

/** The first of some trials, and what holds for the recurrent weights; null where there is no W_rec. */
export function pictureOf(trials: Trials, constraint: VariableConstraint | null): Picture {
  const { x, y, mask, N_steps, N_in, N_out } = trials;
  const inputs = channels(x, N_steps, N_in);
  const targets = channels(y, N_steps, N_out);
  const counted = channels(mask, N_steps, N_out).map((values) => values.map((value) => value > 0));
  const anywhere = Array.from({ length: N_steps }, (_, step) => counted.some((one) => one[step] === true));
  return {
    ...lines("input", inputs, inputHeight),
    ...lines("target", targets, targetHeight, counted),
    counted: bars(anywhere),
    ...(constraint ? matrix(constraint) : {}),
  };
}

function channels(values: Float32Array, N_steps: number, count: number): number[][] {
  return Array.from({ length: Math.min(count, mostChannels) }, (_, channel) =>
    Array.from({ length: N_steps }, (_, step) => values[step * count + channel] ?? 0),
  );
}

/** Lines in a strip, all on one scale; only where they count, if that is given. */
function lines(
  name: string,
  given: number[][],
  { top, height }: { top: number; height: number },
  counted: boolean[][] = [],
): Picture {
  const isShown = (channel: number, step: number) => counted[channel]?.[step] ?? true;
  const shown = given.flatMap((values, channel) => values.filter((_, step) => isShown(channel, step)));
  const [low, high] = [Math.min(0, ...shown), Math.max(0, ...shown)];
  const place = (value: number) => round(top + height * (1 - (value - low) / (high - low || 1)));
  const paths = given.map((values, channel) => {
    const kept = sampled(values.length);
    const parts = kept.map((step, at) => {
      if (!isShown(channel, step)) return "";
      const isFirst = at === 0 || !isShown(channel, kept[at - 1] ?? 0);
      return `${isFirst ? "M" : "L"}${across(step, values.length)},${place(values[step] ?? 0)}`;
    });
    return [`${name} channel-${channel + 1}`, parts.join("")] as const;
  });
  return Object.fromEntries(paths.filter(([, path]) => path !== ""));
}

/** A line for every stretch of time in which the loss counts. */
function bars(counted: boolean[]): string {
  let path = "";
  counted.forEach((is, step) => {
    if (is && !counted[step - 1]) path += `M${across(step, counted.length)},${countedHeight}`;
    if (is && !counted[step + 1]) path += `H${across(step + 1, counted.length)}`;
  });
  return path;
}

/** The cells of W_rec by what holds for them: no connection, held by training, excitatory, inhibitory, or nothing. */
function matrix({ connectivity, signs, fixed }: VariableConstraint): Picture {
  const size = Math.round(Math.sqrt((connectivity ?? fixed)?.length ?? 0)) || (signs?.length ?? 0);
  const side = size === 0 ? 1 : Math.min(cells, size);
  const kinds = Array.from({ length: side * side }, (_, cell) => {
    const [row, column] = [Math.floor(cell / side), cell % side];
    const many = Math.max(1, Math.floor(size / side));
    const from = Math.floor((column * size) / side);
    let [masked, held] = [0, 0];
    for (let i = 0; i < many * many; i++) {
      const to = Math.floor((row * size) / side) + Math.floor(i / many);
      const index = to * size + from + (i % many);
      if (connectivity?.[index] === 0) masked++;
      else if ((fixed?.[index] ?? 0) > 0) held++;
    }
    // Of a diagonal a share is enough.
    if (masked * many >= many * many) return "masked";
    if (held * 2 >= many * many) return "fixed";
    const sign = signs?.[from] ?? 0;
    return sign > 0 ? "excitatory" : sign < 0 ? "inhibitory" : "free";
  });
  const found: Picture = {};
  const edge = (at: number, start: number) => round(start + (matrixSize * at) / side);
  for (let row = 0; row < side; row++)
    for (let column = 0; column < side;) {
      const kind = kinds[row * side + column] ?? "free";
      let end = column;
      while (end < side && kinds[row * side + end] === kind) end++;
      const [left, right] = [edge(column, matrixLeft), edge(end, matrixLeft)];
      const [top, bottom] = [edge(row, matrixTop), edge(row + 1, matrixTop)];
      found[kind] = `${found[kind] ?? ""}M${left},${top}H${right}V${bottom}H${left}Z`;
      column = end;
    }
  return found;
}

/** Steps that are drawn, the last one among them. */
function sampled(N_steps: number): number[] {
  const count = Math.min(points, N_steps);
  return Array.from({ length: count }, (_, at) => Math.round((at * (N_steps - 1)) / Math.max(1, count - 1)));
}

function across(step: number, N_steps: number): number {
  return round((trialWidth * step) / N_steps);
}

function round(value: number): number {
  return Math.round(10 * value) / 10;
}
