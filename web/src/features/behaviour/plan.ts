import type { Piece } from "../../state/pieces";
import type { Level } from "../../statistics/psychometric";
import type { Outcome } from "./outcomes";
import type { NoStimulus, SignedStimulus } from "./stimulus";

/** A trial with a given signed stimulus, and the choice. */
export interface GradedTrial {
  level: number;
  /** The outputs that are right above zero and below it. */
  above: number;
  below: number;
  chosen: number | null;
}

/** What is measured, and on which trials. */
export interface Setup {
  iteration: number;
  N_out: number;
  /** False for own trials, which are those that the network learns. */
  fresh: boolean;
  /** Whether a file holds no others. */
  all: boolean;
  /** Stage of the curriculum that the trials are of, from 0; null without a curriculum. */
  stage: number | null;
  stimulus: SignedStimulus | NoStimulus;
}

export interface MeasuredChoices {
  setup: Setup;
  /** Trials as the task draws them. */
  drawn: Outcome[];
  /** Trials with given signed stimuli; none where the task has no such stimulus. */
  graded: GradedTrial[];
}

export interface Plan {
  setup: Setup;
  drawn: Piece[];
  graded: Piece[];
  /** The trials of the pieces before, in their order. */
  grid: Omit<GradedTrial, "chosen">[];
}

export function trialsOf({ drawn, graded }: Plan): number {
  return [...drawn, ...graded].reduce((sum, { count }) => sum + count, 0);
}

/** Trials at all levels of a stimulus, about two for three of `size`, at each level an even number. */
export function gridOf(stimulus: SignedStimulus, size: number) {
  const each = Math.max(2, 2 * Math.round(size / stimulus.levels.length / 3));
  return Array.from({ length: each }, (_, nth) =>
    stimulus.levels.map((level) => ({ level, ...stimulus.trial(level, nth) })),
  ).flat();
}

/** How often each level had the choice that is counted, among the trials with either of the two. */
export function levelsOf(graded: GradedTrial[]): Level[] {
  const levels = new Map<number, Level>();
  for (const { level: x, chosen, above, below } of graded) {
    const level = levels.get(x) ?? { x, hits: 0, count: 0 };
    levels.set(x, level);
    if (chosen !== above && chosen !== below) continue;
    level.count++;
    if (chosen === above) level.hits++;
  }
  return [...levels.values()].sort((a, b) => a.x - b.x);
}
