import { bytes, plural } from "../../plots/numbers";
import type { Runs } from "./runs.svelte";

/** How runs are kept at this moment. */
type Keeping = Pick<Runs, "temporary" | "unsaved">;

/** How the runs of the list are kept: only what is true where the browser keeps nothing, or its storage fails. */
export function leadSentence({ temporary, unsaved }: Keeping): string {
  if (temporary) return temporary;
  const stays = "What was trained stays until you delete it.";
  return unsaved
    ? `The runs of this list are kept in this browser alone. ${stays}`
    : `Every run is saved here as it goes, in this browser alone. ${stays}`;
}

/** What stands in the place of a list without runs. */
export function emptySentence({ unsaved }: Keeping): string {
  return unsaved
    ? "No run could be saved so far."
    : "No runs yet. The first one is listed here once you change or train something.";
}

/** What the runs take of the storage, and how long they last there. */
export function spaceSentence(
  { temporary, list, space }: Pick<Runs, "temporary" | "list" | "space">,
  used: number,
): string {
  const runs = `${plural(list.length, "run")}, ${used > 0 ? bytes(used) : "nothing"}`;
  if (temporary) return `${runs} of memory used.`;
  const allowed = space.quota === null ? "" : `; the browser allows about ${bytes(space.quota)}`;
  const passing = space.lasting === false ? " It may delete them when space runs short." : "";
  return `${runs} of storage used${allowed}.${passing} A private window forgets its runs when it is closed.`;
}
