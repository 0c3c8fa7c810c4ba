import type { TestResult } from "nullcline";
import { count, percent, plural } from "../../plots/numbers";
import type { Activity, MeasuredTest } from "../../state/lab.svelte";

export interface Standing {
  activity: Activity;
  iteration: number;
  finished: boolean;
  before: TestResult | null;
  now: MeasuredTest | null;
  chance: number | null;
  /** Share of correct trials in the last batch; null before the first. */
  lastAccuracy: number | null;
  N_batch: number;
  /** Whether Train can be pressed. */
  ready: boolean;
}

/** So far above chance a network has got its weights from somewhere, or an easy task. */
const clearlyMore = 0.2;

/** One sentence that says where the run stands. */
export function headline(standing: Standing): string {
  const { activity, iteration, before, now, chance } = standing;
  if (iteration === 0 && activity === "idle") {
    if (!before) return "The network is being made.";
    const press = standing.ready ? " Press Train." : "";
    const guess = chance === null ? "" : `; guessing gives ${percent(chance)}`;
    if (!Number.isFinite(before.accuracy)) return `This network has learned nothing yet.${press}`;
    const correct = `${percent(before.accuracy)} correct on ${plural(before.scored, "fresh trial")}${guess}.${press}`;
    return before.accuracy > (chance ?? 1) + clearlyMore
      ? `Not trained here yet, and already ${correct}`
      : `This network has learned nothing yet: ${correct}`;
  }
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
  return `Accuracy on ${plural(now.scored, "fresh trial")}${when}: ${percent(now.accuracy)}${comparison(before, now)}.`;
}

function comparison(before: TestResult | null, now: TestResult): string {
  if (!before || !Number.isFinite(before.accuracy)) return "";
  const [from, to] = [Math.round(before.accuracy * 100), Math.round(now.accuracy * 100)];
  if (to === from) return ", the same as before training";
  return `, ${to > from ? "up" : "down"} from ${percent(before.accuracy)} before training`;
}

/** Accuracy of guessing among the outputs; null where there is one output only. */
export function chanceLevel(shape: { N_out: number } | null): number | null {
  return shape && shape.N_out > 1 ? 1 / shape.N_out : null;
}
