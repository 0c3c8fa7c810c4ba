import { count, percent, plural } from "../../plots/numbers";
import { trialName } from "../../state/select";
import type { Comparison } from "./desk.svelte";

/** "On the same 400 fresh trials: 51 % correct (204) with the lesion, 96 % (384) without." */
export function comparisonInWords({
  whole,
  lesioned,
  given,
}: Pick<Comparison, "whole" | "lesioned" | "given">): string {
  if (whole.scored === 0) return "The trials of this task ask for no choice, so that there is no accuracy.";
  const share = ({ correct, scored }: Comparison["whole"]) => percent(correct / scored);
  return `${share(lesioned)} correct with the lesion (${count(lesioned.correct)} of ${plural(lesioned.scored, trialName(given))}), ${share(whole)} without (${count(whole.correct)} of the same).`;
}
