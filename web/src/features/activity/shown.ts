import type { ActivityData } from "../../plots/activity";
import type { Lab } from "../../state/lab.svelte";
import { partsOf } from "../lesions/parts";
import { received } from "./received";
import { unitsCutOut } from "./types";

/** As what rates are drawn. */
export type RatesForm = "map" | "traces";

/** What the units do in the trial shown: with the lesion, where there is one. */
export function shownActivity({
  shown,
  shape,
  lesion,
  weightsNow,
}: Pick<Lab, "shown" | "shape" | "lesion" | "weightsNow">): ActivityData | null {
  if (!shown || !shape) return null;
  const { units, window } = partsOf(lesion, shape);
  const run = (lesion && shown.lesioned) ?? shown.run;
  return {
    run: received(run, lesion, shape.dt),
    epochs: shown.trial.epochs[0] ?? [],
    dt: shape.dt,
    of: lesion ? "this trial, with the lesion" : "this trial",
    silent: units,
    cut: unitsCutOut(weightsNow),
    window,
  };
}
