import type { ExperimentDocument, Run, Trials } from "nullcline";
import { objectIn } from "../../json";

/** What is kept of a trial: how it was, and how the network answered it. */
export interface Outcome {
  params: { [name: string]: number };
  /**
   * The output that was chosen and the one that was right, from 0; null where the trial asks for no choice, as with one
   * output alone. Outputs that grew beyond any number choose none.
   */
  chosen: number | null;
  right: number | null;
  /** As the engine scores it: 1 correct, 0 wrong, -1 where the trial asks for no choice. */
  correct: number;
  /** Mean of the loss over steps and channels; NaN for a loss that the page does not know. */
  loss: number;
}

/** The loss of one output at one step. */
type Loss = (output: number, target: number, mask: number) => number;

/** PsychRNN's ε, as in the engine. */
const logEpsilon = 1e-7;

const losses: { [name: string]: Loss } = {
  mean_squared_error: (output, target, mask) => (mask * (output - target)) ** 2,
  binary_cross_entropy(output, target, mask) {
    const log = (p: number) => Math.log(Math.min(1 - logEpsilon, Math.max(logEpsilon, p)) + logEpsilon);
    return -mask * (target * log(output) + (1 - target) * log(1 - output));
  },
  binary_cross_entropy_with_logits: (output, target, mask) =>
    mask * (Math.max(output, 0) - output * target + Math.log1p(Math.exp(-Math.abs(output)))),
};

/** The loss of a document, by its name there. */
export function lossNameOf(document: ExperimentDocument | null): unknown {
  return objectIn(document?.training ?? null).loss_function;
}

/** How the network answered each trial of a batch. `lossName` is the loss as the document names it. */
export function outcomesOf(trials: Trials, run: Run, lossName: unknown): Outcome[] {
  const loss = losses[String(lossName)] ?? (() => NaN);
  return trials.params.map((params, trial) => ({
    params,
    ...answer(trials, run, trial),
    correct: run.correct[trial] ?? -1,
    loss: meanLoss(trials, run, trial, loss),
  }));
}

export function meanLossOf(outcomes: readonly Outcome[]): number {
  return outcomes.reduce((sum, { loss }) => sum + loss, 0) / outcomes.length;
}

/**
 * The engine's rule: the largest mean over time of mask · output, ties to the first, none where one is not finite; the same
 * of the target is right.
 */
function answer(
  { N_steps, N_out, y, mask }: Trials,
  { outputs }: Run,
  trial: number,
): Pick<Outcome, "chosen" | "right"> {
  const given = new Float64Array(N_out);
  const asked = new Float64Array(N_out);
  let empty = true;
  const first = trial * N_steps * N_out;
  for (let step = 0; step < N_steps; step++)
    for (let channel = 0; channel < N_out; channel++) {
      const at = first + step * N_out + channel;
      const weight = mask[at] ?? 0;
      empty &&= weight === 0;
      given[channel] = (given[channel] ?? 0) + weight * (outputs[at] ?? 0);
      asked[channel] = (asked[channel] ?? 0) + weight * (y[at] ?? 0);
    }
  if (empty || N_out < 2) return { chosen: null, right: null };
  return { chosen: given.every(Number.isFinite) ? largest(given) : null, right: largest(asked) };
}

function largest(values: Float64Array): number {
  let best = 0;
  for (const [index, value] of values.entries()) if (value > (values[best] ?? 0)) best = index;
  return best;
}

function meanLoss({ N_steps, N_out, y, mask }: Trials, { outputs }: Run, trial: number, loss: Loss): number {
  const size = N_steps * N_out;
  let sum = 0;
  for (let at = trial * size; at < (trial + 1) * size; at++)
    sum += loss(outputs[at] ?? NaN, y[at] ?? NaN, mask[at] ?? NaN);
  return sum / size;
}
