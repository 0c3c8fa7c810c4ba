import type { Lab } from "../../state/lab.svelte";
import type { Opening } from "../files/opening.svelte";
import type { Reception } from "../links/reception.svelte";
import type { Runs } from "../runs/runs.svelte";

/** Those who may have something to tell above the views. */
export interface Tellers {
  lab: Pick<Lab, "phase" | "diverged" | "pending" | "trouble">;
  opening: Pick<Opening, "sentence">;
  runs: Pick<Runs, "noticed">;
  reception: Pick<Reception, "said">;
}

/** Whether there is no engine, and none on its way. */
export function hasStopped({ phase }: Pick<Lab, "phase">): boolean {
  return phase === "unsupported" || phase === "failed" || phase === "lost";
}

/** Whether anything is told above the views. */
export function hasNotices({ lab, opening, runs, reception }: Tellers): boolean {
  return (
    hasStopped(lab) ||
    lab.diverged !== null ||
    lab.pending ||
    lab.trouble !== null ||
    opening.sentence !== "" ||
    runs.noticed ||
    reception.said !== null
  );
}
