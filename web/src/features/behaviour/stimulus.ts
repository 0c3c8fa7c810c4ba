import type { Json } from "nullcline";
import { objectIn, type JsonObject } from "../../json";
import { significant } from "../../plots/numbers";

/** What stands for the evidence in a task's trials: a number whose sign says which of two choices is right. */
export interface SignedStimulus {
  /** "Signed coherence" */
  title: string;
  /** "°"; empty where it has none. */
  unit: string;
  /** What its sign means, as a sentence. */
  meaning: string;
  /** The choice that is counted: "output 2". */
  choice: string;
  /** Values to try, rising. */
  levels: number[];
  /** Parameters of the n-th trial at a level, and the two outputs that it asks to choose between. */
  trial: (level: number, nth: number) => SignedTrial;
}

export interface SignedTrial {
  params: { [name: string]: number };
  /** The output that is right above zero, and that below. */
  above: number;
  below: number;
}

/** Why a task has no signed stimulus, as a sentence. */
export interface NoStimulus {
  reason: string;
}

export function signedStimulus(
  task: JsonObject,
  conventions: Json | undefined,
  N_out: number,
): SignedStimulus | NoStimulus {
  if (N_out < 2)
    return {
      reason: "A psychometric curve needs two outputs to choose between; this network has one.",
    };
  if (task.type === "PerceptualDiscrimination") return coherence(task.coherence ?? null, conventions);
  if (task.type === "DelayedDiscrimination") return frequencies;
  if (task.type === "MatchToCategory") return N_out === 2 ? twoCategories : categories(N_out);
  return {
    reason:
      task.type === "Trials"
        ? "There is no psychometric curve of own trials: their file does not say how strong the evidence of each is."
        : "There is no psychometric curve of this task: its trials have no stimulus whose sign says which choice is right.",
  };
}

/** Levels below zero, zero, levels above it. */
function bothSigns(magnitudes: number[]): number[] {
  const sizes = [
    ...new Set(magnitudes.map((size) => Number(size.toPrecision(3))).filter((size) => size > 0)),
  ];
  sizes.sort((a, b) => a - b);
  return [...sizes.toReversed().map((size) => -size), 0, ...sizes];
}

function coherence(given: Json, conventions: Json | undefined): SignedStimulus {
  return {
    title: "Signed coherence",
    unit: "",
    meaning: "Below zero input 1 is the stronger one and output 1 is right, above zero input 2 and output 2.",
    choice: "output 2",
    levels: bothSigns(coherences(given, conventions)),
    trial: (level, nth) => ({
      params: { coherence: Math.abs(level), direction: level === 0 ? nth % 2 : Number(level > 0) },
      above: 1,
      below: 0,
    }),
  };
}

/** About what the task draws, and weaker ones, where the curve is steep. */
function coherences(given: Json, conventions: Json | undefined): number[] {
  if (typeof given === "number") return sharesOf(given || 0.2, [0.025, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1]);
  if (Array.isArray(given)) return withWeaker(given.map(Number));
  const { exponential } = objectIn(given);
  if (typeof exponential !== "number" && conventions === "psychrnn") return withWeaker([0.1, 0.3, 0.5, 0.7]);
  const mean = typeof exponential === "number" ? exponential : 0.2;
  return sharesOf(mean, [0.025, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1, 1.5, 2, 3]);
}

function sharesOf(whole: number, shares: number[]): number[] {
  return shares.map((share) => share * whole);
}

/** A list's values, at most ten of them, and parts of its smallest. */
function withWeaker(values: number[]): number[] {
  const sizes = [...new Set(values.map(Math.abs))].filter((size) => size > 0).sort((a, b) => a - b);
  const step = Math.max(1, sizes.length / 10);
  const kept = sizes.filter((_, index) => Math.floor(index % step) === 0 || index === sizes.length - 1);
  return [...sharesOf(kept[0] ?? 0.2, [0.1, 0.25, 0.5]), ...kept];
}

const frequencies: SignedStimulus = {
  title: "Frequency difference f1 − f2",
  unit: "Hz",
  meaning: "Below zero the second frequency is the higher one, above zero the first.",
  choice: "output 1",
  levels: bothSigns([0.5, 1, 2, 3, 4, 6, 8]),
  trial(level, nth) {
    // Halfway between the frequencies, as in the pairs that the task draws: both stay within 10 to 34 Hz.
    const middle = 14 + 4 * (nth % 5);
    return { params: { f1: middle + level / 2, f2: middle - level / 2 }, above: 0, below: 1 };
  },
};

const fullTurn = 2 * Math.PI;

function radians(degrees: number): number {
  const angle = (degrees / 360) * fullTurn;
  return angle < 0 ? angle + fullTurn : angle;
}

/** Distances from a boundary, up to the middle of the category. */
function distances(halfWidth: number): number[] {
  return bothSigns(sharesOf(halfWidth, [1 / 90, 1 / 45, 1 / 18, 1 / 9, 2 / 9, 4 / 9, 2 / 3, 0.95]));
}

const twoCategories: SignedStimulus = {
  title: "Angle from the category boundary, both pooled",
  unit: "°",
  meaning:
    "Below zero the angle lies in category 1 (0° to 180°), above zero in category 2; half of the trials lie at either boundary. Where the two are biased apart, the curve of both together describes neither.",
  choice: "output 2",
  levels: distances(90),
  trial: (level, nth) => ({
    // Beyond 180° lies category 2; at 0° it lies before the boundary.
    params: { angle: radians(nth % 2 === 0 ? 180 + level : -level) },
    above: 1,
    below: 0,
  }),
};

function categories(N_out: number): SignedStimulus {
  const width = 360 / N_out;
  return {
    title: `Angle from the category boundary, all ${N_out} pooled`,
    unit: "°",
    meaning: `Below zero the angle lies before a boundary, above zero beyond it; trials are at all ${N_out} boundaries in turn, and those with a choice of neither neighbour are left out (categories are ${significant(width)}° wide). Where boundaries are biased apart, the curve of all together describes none of them.`,
    choice: "the category beyond",
    levels: distances(width / 2),
    trial(level, nth) {
      const boundary = nth % N_out;
      return {
        params: { angle: radians(boundary * width + level) },
        above: boundary,
        below: (boundary + N_out - 1) % N_out,
      };
    },
  };
}
