import type { Hover } from "../state/hover.svelte";
import type { Lab } from "../state/lab.svelte";
import type { Appearance } from "../ui/appearance.svelte";

/** What every view of the run is given. */
export interface ViewProps {
  lab: Lab;
  appearance: Appearance;
  hover: Hover;
  /** Goes before the titles of plots in the names of saved files. */
  experiment: string;
}
