/** Training in slices, so that other work comes in between; the same for a session and for the worker that holds it. */

import type { Checkpoint, Progress, Session, TrainOptions } from "./api.js";
import { NullclineError, problem, toWhole } from "./errors.js";

/** Default milliseconds between two reports of progress. */
export const defaultInterval = 50;
/** Default iterations between two measurements by an own measure. */
const defaultEvery = 10;

/** When an own measure stops training. */
export interface StoppingRule {
  cutoff: number;
  every: number;
}

/** What the options say of an own measure; null where there is none. */
export function stoppingRule({
  measure,
  cutoff,
  every = defaultEvery,
}: Pick<TrainOptions<never>, "measure" | "cutoff" | "every">): StoppingRule | null {
  if (measure === undefined) {
    if (cutoff === undefined) return null;
    throw new NullclineError(problem("missing_field", "A cutoff needs a measure to compare with it."));
  }
  if (cutoff === undefined || !Number.isFinite(cutoff)) {
    throw new NullclineError(
      problem("wrong_type", `An own measure needs a cutoff, a number; found ${String(cutoff)}.`),
    );
  }
  if (toWhole("every", every) === 0) {
    throw new NullclineError(problem("out_of_range", "every must be at least 1 iteration; found 0."));
  }
  return { cutoff, every };
}

export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new NullclineError(problem("cancelled", "Training was cancelled."));
}

export interface Slices {
  interval: number;
  onProgress: ((progress: Progress) => void) | undefined;
  onCheckpoint: ((checkpoint: Checkpoint) => void) | undefined;
  rule: StoppingRule | null;
  measure: ((progress: Progress) => number | Promise<number>) | undefined;
  /** Aborted where training is to stop after the iteration at hand. */
  stop: AbortSignal;
}

/** Trains until the run ends, an own measure reaches its cutoff, or `stop` is aborted. */
export async function trainInSlices(
  session: Pick<Session, "step" | "progress" | "weights">,
  slices: Slices,
): Promise<Progress> {
  const { interval, rule, stop } = slices;
  let { iteration } = session.progress();
  // A short slice first, so that who waits sees at once that it has begun.
  let milliseconds = Math.min(1, interval);
  for (;;) {
    const iterations = rule === null ? Infinity : rule.every - (iteration % rule.every);
    const progress = session.step({ milliseconds, iterations });
    milliseconds = interval;
    const trained = progress.state !== "diverged" && progress.iteration > iteration;
    iteration = progress.iteration;
    slices.onProgress?.(progress);
    if (trained && progress.checkpoint) {
      slices.onCheckpoint?.({ iteration, weights: session.weights("effective") });
    }
    if (trained && rule !== null && iteration % rule.every === 0) {
      const performance = await measured(slices, progress);
      if (performance >= rule.cutoff) return { ...session.progress(), performance, cutoff_reached: true };
    }
    if (progress.state === "finished" || progress.state === "diverged") break;
    await otherMessages();
    if (stop.aborted) break;
  }
  return session.progress();
}

/** The own measure's value; NaN when training is stopped before it is there. */
async function measured({ measure, stop }: Slices, progress: Progress): Promise<number> {
  if (stop.aborted) return NaN;
  const { promise: stopped, end } = aborted(stop);
  try {
    const value: unknown = await Promise.race([measure?.(progress), stopped]);
    if (typeof value === "number") return value;
    throw new NullclineError(
      problem("wrong_type", `An own measure must give a number; found ${String(value)}.`),
    );
  } finally {
    end();
  }
}

/** Resolves with NaN when the signal is aborted. */
function aborted(signal: AbortSignal): { promise: Promise<number>; end: () => void } {
  let onAbort = (): void => undefined;
  const promise = new Promise<number>((resolve) => {
    onAbort = () => {
      resolve(NaN);
    };
  });
  signal.addEventListener("abort", onAbort);
  return {
    promise,
    end: () => {
      signal.removeEventListener("abort", onAbort);
    },
  };
}

/** Resolves after the messages that are waiting were handled; a timer would wait for 4 ms more. */
function otherMessages(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
