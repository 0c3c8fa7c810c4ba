import type { ExperimentDocument, Json } from "nullcline";
import { significant } from "../../plots/numbers";
import type { StagePlan } from "../../plots/learning-curve";
import { passedText } from "../../plots/stages";
import { equal, isObject, type JsonObject } from "../../json";

/** The stages of a resolved document's curriculum; none where there is no curriculum. */
export function stagePlans(document: ExperimentDocument | null): StagePlan[] {
  const curriculum = document?.curriculum;
  if (!isObject(curriculum) || !Array.isArray(curriculum.stages)) return [];
  const stages = curriculum.stages.map((stage) => (isObject(stage) ? stage : {}));
  const tasks = [document?.task, ...stages.map(({ task }) => task)].filter((task) => isObject(task));
  return stages.map((own): StagePlan => {
    return {
      title: changesOf(own.task, tasks),
      metric: (own.metric ?? curriculum.metric) === "loss" ? "loss" : "accuracy",
      threshold: Number(own.threshold ?? curriculum.threshold ?? NaN),
    };
  });
}

const longestTitle = 48;

/** What tells a stage's task, which may be written out in full, from the other tasks: "coherence 0.7". */
function changesOf(task: Json | undefined, tasks: JsonObject[]): string {
  if (!isObject(task)) return "";
  const words = Object.entries(task).flatMap(([field, value]) => {
    // Tasks of another type have fields of their own.
    const comparable = field === "type" ? tasks : tasks.filter(({ type }) => type === task.type);
    if (comparable.every((other) => equal(other[field] ?? null, value))) return [];
    return field === "type" ? [inShort(value)] : [`${field} ${inShort(value)}`];
  });
  const title = words.join(", ");
  return title.length > longestTitle ? `${title.slice(0, longestTitle - 1)}…` : title;
}

function inShort(value: Json): string {
  if (typeof value === "number") return significant(value);
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** "stage 2 of 4"; empty without a curriculum. */
export function stageOf({ stage, stages }: { stage: number; stages: number }): string {
  if (stages === 0) return "";
  return stage < stages ? `stage ${stage + 1} of ${stages}` : passedText(stages);
}
