import { count, percent, plural, significant } from "../../plots/numbers";
import { trialName } from "../../state/select";
import { noChoice } from "../../words";
import type { Comparison } from "./desk.svelte";

/** "On the same 400 fresh trials: 51 % correct (204) with the lesion, 96 % (384) without." */
export function comparisonInWords({
  whole,
  lesioned,
  given,
}: Pick<Comparison, "whole" | "lesioned" | "given">): string {
  if (whole.scored === 0)
    return `Loss ${significant(lesioned.loss)} with the lesion, ${significant(whole.loss)} without (the same ${plural(whole.count, trialName(given))}); ${noChoice}.`;
  const share = ({ correct, scored }: Comparison["whole"]) => percent(correct / scored);
  return `${share(lesioned)} correct with the lesion (${count(lesioned.correct)} of ${plural(lesioned.scored, trialName(given))}), ${share(whole)} without (${count(whole.correct)} of the same).`;
}
