import type { Lab } from "../../state/lab.svelte";
import type { Behaviour } from "./behaviour.svelte";
import { waitingIn } from "../view";
import type { MeasuredChoices } from "./plan";

/** The network as it is and, where there is a lesion, with that. */
export function networksOf({ intact, lesioned }: Pick<Behaviour, "intact" | "lesioned">) {
  if (!intact) return [];
  const named = (measured: MeasuredChoices, isLesioned: boolean, name: string) => ({
    measured,
    lesioned: isLesioned,
    name,
  });
  return lesioned
    ? [named(intact, false, "Without lesion"), named(lesioned, true, "With lesion")]
    : [named(intact, false, "Now")];
}

/** Said while nothing is measured yet. */
export function waitingFor(lab: Pick<Lab, "busy" | "phase">): string {
  return lab.busy
    ? "Behaviour is measured when the network does not train. Press Pause to look at it now."
    : waitingIn(lab, "The network’s behaviour is being measured.");
}
