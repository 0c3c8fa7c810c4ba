import type { ExperimentDocument } from "nullcline";
import { objectIn, type JsonObject } from "../json";

/** The task that trials are drawn of: the document's, or that of the curriculum's stage at hand. */
export function currentTask(document: ExperimentDocument, stage: number): JsonObject {
  const task = objectIn(document.task);
  const { stages } = objectIn(document.curriculum);
  if (!Array.isArray(stages)) return task;
  const changes = objectIn(objectIn(stages[Math.min(stage, stages.length - 1)]).task);
  // A stage may be written out whole, or as what it changes.
  return changes.type === undefined || changes.type === task.type ? { ...task, ...changes } : changes;
}
