import type { LearningData } from "../../plots/learning-curve";
import { isObject } from "../../json";
import type { Lab } from "../../state/lab.svelte";
import { stagePlans } from "./curriculum";
import { chanceLevel } from "./headline";

/** What the learning curve shows; null before there is a network. */
export function learningData(lab: Lab, logLoss = false): LearningData | null {
  const training = lab.document?.training;
  return (
    lab.shape && {
      history: lab.history,
      every: isObject(training) ? Number(training.loss_epoch ?? 1) : 1,
      iterations: lab.shape.iterations,
      N_batch: lab.shape.N_batch,
      chance: chanceLevel(lab.shape),
      before: lab.before,
      now: lab.now,
      logLoss,
      stages: stagePlans(lab.document),
      stage: lab.progress?.stage ?? 0,
      metrics: lab.metrics,
    }
  );
}
