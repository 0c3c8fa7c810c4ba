import { count, percent, percentRange, plural, significant } from "../../plots/numbers";
import type { Activity, MeasuredTest, Tested } from "../../state/lab.svelte";
import type { Origin } from "../../state/origin";
import { shareOf } from "../../statistics/share";
import { noChoice } from "../../words";

export interface Standing {
  activity: Activity;
  iteration: number;
  finished: boolean;
  before: Tested | null;
  now: MeasuredTest | null;
  chance: number | null;
  /** What the last batch was answered like; null before the first. */
  last: { accuracy: number; loss: number } | null;
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
  if (activity === "training" || activity === "pausing") return training(standing);
  const trained = plural(iteration, "iteration");
  if (now?.iteration !== iteration) return `The network has trained for ${trained}.`;
  const when = standing.finished ? "" : ` at iteration ${count(iteration)}`;
  if (!Number.isFinite(now.accuracy))
    return `Loss on ${testedTrials(now)}${when}: ${significant(now.loss)}${lossComparison(before, now)}; ${noChoice}.`;
  return `Accuracy on ${testedTrials(now)}${when}: ${percent(now.accuracy)}${interval(now)}${comparison(before, now)}.`;
}

const beingMade = "The network is being made.";

function training({ last, N_batch }: Standing): string {
  const told = !last
    ? ""
    : Number.isFinite(last.accuracy)
      ? `: ${percent(last.accuracy)} correct`
      : `: loss ${significant(last.loss)}`;
  return `The network is training${told && `${told} on its last batch of ${plural(N_batch, "trial")}`}.`;
}

/** Of a network that has not trained here. */
function beginning({ chance, origin, ready }: Standing, before: Tested): string {
  const press = ready ? " Press Train." : "";
  const guess = chance === null ? "" : `; chance is ${percent(chance)}`;
  const scored = Number.isFinite(before.accuracy);
  const told = scored
    ? `${percent(before.accuracy)} correct${interval(before)} on ${testedTrials(before)}${guess}.`
    : `a loss of ${significant(before.loss)} on ${testedTrials(before)}; ${noChoice}.`;
  const does = scored ? "is" : "has";
  if (origin === "edited") return `With its weights edited, this network ${does} ${told}`;
  if (origin === "given") return `With the weights it was given, this network ${does} ${told}`;
  return scored && before.accuracy > (chance ?? 1) + clearlyMore
    ? `Not trained here yet, and already ${told}${press}`
    : `This network has learned nothing yet: ${told}${press}`;
}

/** "1,000 fresh trials", "the 12 given trials", "1,000 fresh trials of stage 2" */
function testedTrials({ scored, count: tested, given, stage }: Tested): string {
  const of = stage === undefined ? "" : ` of stage ${stage + 1}`;
  const asked = scored > 0 && scored < tested ? " that ask for a choice" : "";
  const told = scored || tested;
  if (!given) return `${plural(told, "fresh trial")}${of}${asked}`;
  return `the ${plural(told, "given trial")}${of}${asked}`;
}

/** The 95 % interval of an accuracy, which is that of all trials there could be; a file's trials are no sample of those. */
function interval({ correct, scored, given }: Tested): string {
  const { low, high } = shareOf(correct, scored);
  const digits = Math.round(100 * low) === Math.round(100 * high) ? 1 : 0;
  return given ? "" : ` (${percentRange(low, high, digits)})`;
}

/** Tests of two stages are tests of two tasks, and cannot be compared. */
function comparison(before: Tested | null, now: Tested): string {
  if (!before || !Number.isFinite(before.accuracy) || before.stage !== now.stage) return "";
  return change(before.accuracy, now.accuracy, percent);
}

function lossComparison(before: Tested | null, now: Tested): string {
  if (!before || !Number.isFinite(before.loss) || before.stage !== now.stage) return "";
  return change(before.loss, now.loss, significant);
}

/** What is written alike is the same. */
function change(from: number, to: number, write: (value: number) => string): string {
  if (write(to) === write(from)) return ", the same as before training";
  return `, ${to > from ? "up" : "down"} from ${write(from)} before training`;
}

/** Accuracy of guessing among the outputs; null where there is one output only. */
export function chanceLevel(shape: { N_out: number } | null): number | null {
  return shape && shape.N_out > 1 ? 1 / shape.N_out : null;
}
