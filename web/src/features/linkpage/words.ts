import type { ExperimentDocument, Schema } from "nullcline";
import { count, percent, plural, significant } from "../../plots/numbers";
import type { Lab } from "../../state/lab.svelte";
import { chosenType, controlOf } from "../../document/schema";
import { chanceLevel } from "../learning/headline";
import type { Reception } from "../links/reception.svelte";
import { calledBy, runName } from "../runs/words";
import { trialName } from "../../state/select";
import { noChoice } from "../../words";

type Shown = Pick<Lab, "shape" | "before" | "now" | "iteration" | "activity" | "trainedBefore" | "incoming">;
type Opened = Pick<Reception, "link" | "isExample" | "expected">;

/** What the page of a link is called. */
export function titleOf(
  { draft, document, iteration, incoming }: Pick<Lab, "draft" | "document" | "iteration" | "incoming">,
  { link, isExample, expected }: Opened,
): string {
  const isUntrained = expected === "recipe" || (link?.kind === "recipe" && iteration < link.iteration);
  const what = isUntrained ? "An experiment to train" : "A trained network";
  if (isExample) return "A trained network at work";
  // What it is called is not known yet.
  if (expected || incoming) return what;
  return `${what}: ${runName(calledBy(draft, document))}`;
}

export const beingOpened = "It is being opened.";

/** How well the network does, in one sentence. */
export function standingIn({
  shape,
  before,
  now,
  iteration,
  activity,
  trainedBefore,
  incoming,
}: Shown): string {
  if (incoming) return beingOpened;
  if (activity !== "idle") return "It is training.";
  const trained = iteration + trainedBefore;
  const measured = iteration > 0 ? (now?.iteration === iteration ? now : null) : before;
  const after = trained > 0 ? `After ${plural(trained, "iteration")} of training it` : "Untrained as yet, it";
  if (!measured) return `${after} is being measured on fresh trials.`;
  if (!Number.isFinite(measured.accuracy))
    return `${after} has a loss of ${significant(measured.loss)} on ${plural(measured.count, trialName(measured.given ?? false))}; ${noChoice}.`;
  const chance = chanceLevel(shape);
  const guess = chance === null ? "" : `; chance is ${percent(chance)}`;
  return `${after} is right in ${percent(measured.accuracy, 1)} of ${count(measured.scored)} fresh trials${guess}.`;
}

/** What the task is, as the engine describes it; empty where it says nothing. */
export function taskIn(root: Schema | null, { task }: ExperimentDocument): string {
  const section = root?.properties?.task;
  if (!root || !section) return "";
  const control = controlOf(root, section);
  const choice = control.kind === "type" ? chosenType(control.choices, task) : undefined;
  return choice?.schema.description ?? "";
}
