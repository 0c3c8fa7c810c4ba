import type { Hover } from "../state/hover.svelte";
import type { Lab } from "../state/lab.svelte";
import type { Appearance } from "../ui/appearance.svelte";
import { noEngine } from "../words";
import { hasStopped } from "./notices/notices";

/** What every view of the run is given. */
export interface ViewProps {
  lab: Lab;
  appearance: Appearance;
  hover: Hover;
  /** Goes before the titles of plots in the names of saved files. */
  experiment: string;
}

/** What a view says while it has nothing to draw: nothing is on its way where there is no engine. */
export function waitingIn(lab: Pick<Lab, "phase">, sentence: string): string {
  return hasStopped(lab) ? noEngine : sentence;
}
