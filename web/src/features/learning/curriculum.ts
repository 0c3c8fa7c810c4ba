import type { ExperimentDocument, Json } from "nullcline";
import { significant } from "../../plots/numbers";
import type { StagePlan } from "../../plots/learning-curve";
import { isObject } from "../experiment/schema";

/** The stages of a resolved document's curriculum; none where there is no curriculum. */
export function stagePlans(document: ExperimentDocument | null): StagePlan[] {
  const curriculum = document?.curriculum;
  if (!isObject(curriculum) || !Array.isArray(curriculum.stages)) return [];
  return curriculum.stages.map((stage): StagePlan => {
    const own = isObject(stage) ? stage : {};
    return {
      title: changesOf(own.task),
      metric: (own.metric ?? curriculum.metric) === "loss" ? "loss" : "accuracy",
      threshold: Number(own.threshold ?? curriculum.threshold ?? NaN),
    };
  });
}

const longestTitle = 48;

/** What a stage changes in the task: "coherence 0.7". */
function changesOf(task: Json | undefined): string {
  if (!isObject(task)) return "";
  const words = Object.entries(task).map(([field, value]) =>
    field === "type" ? inShort(value) : `${field} ${inShort(value)}`,
  );
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
  return stage < stages ? `stage ${stage + 1} of ${stages}` : `all ${stages} stages passed`;
}
