/** Psychometric functions: the share of one choice as it grows with a signed stimulus. */

/** Trials with the same stimulus. */
export interface Level {
  x: number;
  /** Trials with the choice that is counted. */
  hits: number;
  count: number;
}

/** lapseLow + (1 − lapseLow − lapseHigh) · 1 / (1 + e^(−slope · (x − midpoint))) */
export interface PsychometricCurve {
  midpoint: number;
  /** Below zero where the choice becomes rarer as the stimulus grows. */
  slope: number;
  /** What is missing to 0 and to 1 at the ends; both 0 where the trials do not ask for lapses. */
  lapseLow: number;
  lapseHigh: number;
  /** Whether no level lies where the sigmoid rises: the true curve may be steeper still. */
  steep: boolean;
}

/** Why there is no curve. */
export type NoCurve =
  /** Too few trials, or too few different stimuli. */
  | "few"
  /** All trials had the same choice. */
  | "constant"
  /** Below some stimulus all choices are the one and above it all are the other: any steep curve fits. */
  | "separated"
  /** The trials fit a choice that does not depend on the stimulus. */
  | "flat";

const fewestTrials = 20;
const fewestLevels = 3;

/** 95 % point of the χ² distribution with one degree of freedom. */
const chiSquare = 3.841458820694124;

export function probability(curve: PsychometricCurve, x: number): number {
  const { midpoint, slope, lapseLow, lapseHigh } = curve;
  return lapseLow + (1 - lapseLow - lapseHigh) * sigmoid(slope * (x - midpoint));
}

/** How far from the midpoint the sigmoid reaches three quarters of its height. */
export function threshold({ slope }: PsychometricCurve): number {
  return Math.log(3) / Math.abs(slope);
}

/** The curve of the greatest likelihood; with lapse rates where they explain the choices better by Bayes' criterion. */
export function fitPsychometric(given: readonly Level[]): PsychometricCurve | NoCurve {
  const levels = given.filter(({ count }) => count > 0);
  const trials = levels.reduce((sum, { count }) => sum + count, 0);
  const hits = levels.reduce((sum, level) => sum + level.hits, 0);
  if (trials < fewestTrials || new Set(levels.map(({ x }) => x)).size < fewestLevels) return "few";
  if (hits === 0 || hits === trials) return "constant";
  if (isSeparated(levels)) return "separated";

  const steepest = steepestSlope(levels);
  const line = regression(levels.map(asWeights), { intercept: 0, slope: 0 }, steepest);
  const plain = asCurve(levels, line, 0, 0);
  const plainLikelihood = logLikelihood(levels, plain);
  const lapsing = withLapses(levels, line, steepest);
  const lapsingLikelihood = logLikelihood(levels, lapsing);
  const lapses = hasPlateaus(levels, lapsing) && lapsingLikelihood - plainLikelihood > Math.log(trials);

  const constant = hits * Math.log(hits / trials) + (trials - hits) * Math.log(1 - hits / trials);
  const best = lapses ? lapsingLikelihood : plainLikelihood;
  const depends = 2 * (best - constant) >= chiSquare;
  return !depends ? "flat" : lapses ? lapsing : plain;
}

function sigmoid(at: number): number {
  return at >= 0 ? 1 / (1 + Math.exp(-at)) : Math.exp(at) / (1 + Math.exp(at));
}

/** ln(1 + e^at) without overflow. */
function softplus(at: number): number {
  return Math.max(at, 0) + Math.log1p(Math.exp(-Math.abs(at)));
}

/** Whether some stimulus parts the choices: the slope of the greatest likelihood is then infinite. */
function isSeparated(levels: readonly Level[]): boolean {
  const [hit, missed] = [levels.filter(({ hits }) => hits > 0), levels.filter((one) => one.hits < one.count)];
  const [lowHit, highHit] = ends(hit);
  const [lowMissed, highMissed] = ends(missed);
  return highMissed <= lowHit || highHit <= lowMissed;
}

function ends(levels: readonly Level[]): [number, number] {
  const places = levels.map(({ x }) => x);
  return [Math.min(...places), Math.max(...places)];
}

/** Whether each end of a curve is seen at two levels at least: one alone may be a lapse or the rise itself. */
function hasPlateaus(levels: readonly Level[], { slope, midpoint }: PsychometricCurve): boolean {
  const heights = levels.map(({ x }) => sigmoid(slope * (x - midpoint)));
  const [low, high] = [heights.filter((at) => at < 0.1), heights.filter((at) => at > 0.9)];
  return low.length >= 2 && high.length >= 2;
}

/** From 5 % to 95 % within half of the shortest distance between levels: no trials can tell a steeper one from it. */
function steepestSlope(levels: readonly Level[]): number {
  const places = [...new Set(levels.map(({ x }) => x))].sort((a, b) => a - b);
  const gaps = places.slice(1).map((x, index) => x - (places[index] ?? 0));
  return (4 * Math.log(19)) / Math.min(...gaps);
}

/** ln(odds) = intercept + slope · x */
interface Line {
  intercept: number;
  slope: number;
}

interface Weights {
  x: number;
  ones: number;
  zeros: number;
}

function asWeights({ x, hits, count }: Level): Weights {
  return { x, ones: hits, zeros: count - hits };
}

function asCurve(
  levels: readonly Level[],
  { intercept, slope }: Line,
  lapseLow: number,
  lapseHigh: number,
): PsychometricCurve {
  const steep = levels.every(({ x }) => Math.abs(sigmoid(intercept + slope * x) - 0.5) > 0.48);
  return { midpoint: -intercept / slope, slope, lapseLow, lapseHigh, steep };
}

/** Logistic regression by Newton's method with halved steps, which cannot fail: the function is convex. */
function regression(points: readonly Weights[], start: Line, steepest: number): Line {
  // In units of the largest stimulus the equations are well conditioned.
  const scale = Math.max(...points.map(({ x }) => Math.abs(x))) || 1;
  const cost = ({ intercept, slope }: Line) =>
    points.reduce((sum, { x, ones, zeros }) => {
      const at = intercept + (slope * x) / scale;
      return sum + ones * softplus(-at) + zeros * softplus(at);
    }, 0);
  let line: Line = { intercept: start.intercept, slope: start.slope * scale };
  let best = cost(line);
  for (let turn = 0; turn < 100; turn++) {
    const step = newtonStep(points, line, scale);
    let next = line;
    let found = best;
    for (let size = 1; size > 1e-6 && found >= best; size /= 2) {
      next = {
        intercept: line.intercept - size * step.intercept,
        slope: line.slope - size * step.slope,
      };
      found = cost(next);
    }
    if (!(found < best)) break;
    const gain = best - found;
    [line, best] = [next, found];
    if (gain < 1e-10 || Math.abs(line.slope) > 2 * steepest * scale) break;
  }
  const slope = line.slope / scale;
  // A slope that is held moves the intercept along, so that the midpoint stays.
  const held = Math.min(1, steepest / Math.abs(slope));
  return { intercept: line.intercept * held, slope: slope * held };
}

function newtonStep(points: readonly Weights[], { intercept, slope }: Line, scale: number): Line {
  let [gradient0, gradient1, h00, h01, h11] = [0, 0, 1e-12, 0, 1e-12];
  for (const { x, ones, zeros } of points) {
    const at = x / scale;
    const p = sigmoid(intercept + slope * at);
    const excess = (ones + zeros) * p - ones;
    const weight = (ones + zeros) * p * (1 - p);
    gradient0 += excess;
    gradient1 += excess * at;
    h00 += weight;
    h01 += weight * at;
    h11 += weight * at * at;
  }
  const determinant = h00 * h11 - h01 * h01;
  if (!(determinant > 0)) return { intercept: 0, slope: 0 };
  return {
    intercept: (h11 * gradient0 - h01 * gradient1) / determinant,
    slope: (h00 * gradient1 - h01 * gradient0) / determinant,
  };
}

/** Lapses by expectation maximisation: each trial is a lapse to either choice, or follows the sigmoid. */
function withLapses(levels: readonly Level[], start: Line, steepest: number): PsychometricCurve {
  const trials = levels.reduce((sum, { count }) => sum + count, 0);
  let line = { intercept: 2 * start.intercept, slope: 2 * start.slope };
  let [low, high] = [0.05, 0.05];
  let before = -Infinity;
  for (let turn = 0; turn < 500; turn++) {
    const follow = 1 - low - high;
    let [lapsedUp, lapsedDown] = [0, 0];
    const points = levels.map(({ x, hits, count }) => {
      const p = sigmoid(line.intercept + line.slope * x);
      const up = hits * (low / (low + follow * p || 1));
      const down = (count - hits) * (high / (high + follow * (1 - p) || 1));
      lapsedUp += up;
      lapsedDown += down;
      return { x, ones: hits - up, zeros: count - hits - down };
    });
    [low, high] = [Math.min(0.45, lapsedUp / trials), Math.min(0.45, lapsedDown / trials)];
    line = regression(points, line, steepest);
    const now = logLikelihood(levels, asCurve(levels, line, low, high));
    if (now - before < 1e-7) break;
    before = now;
  }
  return asCurve(levels, line, low, high);
}

function logLikelihood(levels: readonly Level[], curve: PsychometricCurve): number {
  const log = (weight: number, p: number) => (weight === 0 ? 0 : weight * Math.log(Math.max(p, 1e-300)));
  return levels.reduce((sum, { x, hits, count }) => {
    const p = probability(curve, x);
    return sum + log(hits, p) + log(count - hits, 1 - p);
  }, 0);
}
