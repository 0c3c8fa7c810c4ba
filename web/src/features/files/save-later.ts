import type { Lab } from "../../state/lab.svelte";
import { later } from "../later";
import type * as Saving from "./saving";

/** Saves with what is fetched for it; says so where it cannot be fetched. */
export async function saveLater(lab: Lab, save: (saving: typeof Saving) => unknown): Promise<void> {
  let saving: typeof Saving;
  try {
    saving = await later.saving();
  } catch {
    lab.trouble = {
      code: "not_loaded",
      path: "",
      message: "What saves files could not be fetched from where the page comes from.",
      hint: "Try again once the connection is back.",
    };
    return;
  }
  await save(saving);
}
