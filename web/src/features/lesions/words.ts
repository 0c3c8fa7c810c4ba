import { count, percent } from "../../plots/numbers";
import type { Comparison } from "./desk.svelte";

/** "On the same 400 fresh trials: 51 % correct (204) with the lesion, 96 % (384) without." */
export function comparisonInWords({ whole, lesioned }: Pick<Comparison, "whole" | "lesioned">): string {
  if (whole.scored === 0) return "The trials of this task ask for no choice, so that there is no accuracy.";
  const share = ({ correct, scored }: Comparison["whole"]) => percent(correct / scored);
  return `${share(lesioned)} correct with the lesion (${count(lesioned.correct)} of ${count(lesioned.scored)} fresh trials), ${share(whole)} without (${count(whole.correct)} of the same).`;
}
