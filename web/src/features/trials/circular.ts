import type { Schema } from "nullcline";
import type { Circular } from "../../plots/trial";
import { chosenType, controlOf } from "../../document/schema";
import type { JsonObject } from "../../json";

/** Which of a task's channels stand for directions, as the description of their numbers says. */
export function circularChannels(root: Schema, task: JsonObject): Circular {
  const control = controlOf(root, root.properties?.task ?? {});
  const choice = control.kind === "type" ? chosenType(control.choices, task) : undefined;
  const isCircular = (field: string) => choice?.schema.properties?.[field]?.["x-circular"] ?? false;
  return { input: isCircular("N_in"), output: isCircular("N_out") };
}
