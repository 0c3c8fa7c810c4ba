import type { Schema } from "nullcline";
import type { Circular } from "../../plots/trial";
import { chosenType, controlOf } from "../../document/schema";
import type { JsonObject } from "../../json";

/** Which of a task's channels stand for directions. The description has no keyword for that: its sentence on them says so. */
export function circularChannels(root: Schema, task: JsonObject): Circular {
  const control = controlOf(root, root.properties?.task ?? {});
  const choice = control.kind === "type" ? chosenType(control.choices, task) : undefined;
  const isCircular = (field: string) =>
    /\bcircle\b/.test(choice?.schema.properties?.[field]?.description ?? "");
  return { input: isCircular("N_in"), output: isCircular("N_out") };
}
