import { count, percent, plural } from "../../plots/numbers";
import type { Activity, MeasuredTest, Tested } from "../../state/lab.svelte";
import type { Origin } from "../../state/origin";
import { shareOf } from "../../statistics/share";

export interface Standing {
  activity: Activity;
  iteration: number;
  finished: boolean;
  before: Tested | null;
  now: MeasuredTest | null;
  chance: number | null;
  /** Share of correct trials in the last batch; null before the first. */
  lastAccuracy: number | null;
  N_batch: number;
  /** Whether Train can be pressed. */
  ready: boolean;
  origin: Origin;
}

/** So far above chance a network has got its weights from somewhere, or an easy task. */
const clearlyMore = 0.2;

/** One sentence that says where the run stands. */
export function headline(standing: Standing): string {
  const { activity, iteration, before, now } = standing;
  if (iteration === 0 && activity === "idle") return before ? beginning(standing, before) : beingMade;
  if (activity === "training" || activity === "pausing") {
    const last = standing.lastAccuracy ?? NaN;
    return !Number.isFinite(last)
      ? "The network is training."
      : `The network is training: ${percent(last)} correct on its last batch of ${plural(standing.N_batch, "trial")}.`;
  }
  const trained = plural(iteration, "iteration");
  if (now?.iteration !== iteration) return `The network has trained for ${trained}.`;
  if (!Number.isFinite(now.accuracy))
    return `Trained for ${trained}; this task asks for no choice that could be scored.`;
  const when = standing.finished ? "" : ` at iteration ${count(iteration)}`;
  return `Accuracy on ${testedTrials(now)}${when}: ${percent(now.accuracy)}${interval(now)}${comparison(before, now)}.`;
}

const beingMade = "The network is being made.";

/** Of a network that has not trained here. */
function beginning({ chance, origin, ready }: Standing, before: Tested): string {
  const press = ready ? " Press Train." : "";
  const guess = chance === null ? "" : `; guessing gives ${percent(chance)}`;
  const scored = Number.isFinite(before.accuracy);
  const told = (spread: string) =>
    `${percent(before.accuracy)} correct${spread} on ${testedTrials(before)}${guess}.`;
  const correct = told(interval(before));
  if (origin === "edited")
    return scored
      ? `With its weights edited, this network is ${correct}`
      : "The weights of this network were edited.";
  if (origin === "given")
    return scored
      ? `With the weights it was given, this network is ${correct}`
      : "This network has the weights it was given.";
  if (!scored) return `This network has learned nothing yet.${press}`;
  return before.accuracy > (chance ?? 1) + clearlyMore
    ? `Not trained here yet, and already ${correct}${press}`
    : `This network has learned nothing yet: ${told("")}${press}`;
}

/** "1,000 fresh trials", "the 12 given trials", "1,000 fresh trials of stage 2" */
function testedTrials({ scored, count: tested, given, stage }: Tested): string {
  const of = stage === undefined ? "" : ` of stage ${stage + 1}`;
  const asked = scored < tested ? " that ask for a choice" : "";
  if (!given) return `${plural(scored, "fresh trial")}${of}${asked}`;
  return `the ${plural(scored, "given trial")}${of}${asked}`;
}

/** The 95 % interval of an accuracy, which is that of all trials there could be; a file's trials are no sample of those. */
function interval({ correct, scored, given }: Tested): string {
  const { low, high } = shareOf(correct, scored);
  const digits = Math.round(100 * low) === Math.round(100 * high) ? 1 : 0;
  return given ? "" : ` (${(100 * low).toFixed(digits)} to ${percent(high, digits)})`;
}

/** Tests of two stages are tests of two tasks, and cannot be compared. */
function comparison(before: Tested | null, now: Tested): string {
  if (!before || !Number.isFinite(before.accuracy) || before.stage !== now.stage) return "";
  const [from, to] = [Math.round(before.accuracy * 100), Math.round(now.accuracy * 100)];
  if (to === from) return ", the same as before training";
  return `, ${to > from ? "up" : "down"} from ${percent(before.accuracy)} before training`;
}

/** Accuracy of guessing among the outputs; null where there is one output only. */
export function chanceLevel(shape: { N_out: number } | null): number | null {
  return shape && shape.N_out > 1 ? 1 / shape.N_out : null;
}
