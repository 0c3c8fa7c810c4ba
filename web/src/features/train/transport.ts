import { count, duration, plural } from "../../plots/numbers";
import type { Activity, Phase } from "../../state/lab.svelte";

export interface Standing {
  /** Of the engine. */
  phase: Phase;
  activity: Activity;
  iteration: number;
  iterations: number;
  finished: boolean;
  diverged: boolean;
  rate: number | null;
  timeLeft: number | null;
}

/** Rate and time left, or what the run waits for; one short line. */
export function pace({ phase, activity, iteration, finished, diverged, rate, timeLeft }: Standing): string {
  if (phase === "loading") return "loading…";
  if (phase !== "ready") return "no engine";
  if (diverged) return "stopped";
  if (activity === "pausing") return "pausing…";
  if (activity === "training") {
    if (rate === null) return "starting…";
    return `${count(rate)} trials/s · ${timeLeft === null ? "–" : duration(timeLeft)} left`;
  }
  if (finished) return rate === null ? "finished" : `finished · ${count(rate)} trials/s`;
  return iteration > 0 ? "paused" : "ready";
}

/** What a screen reader is told when the run changes its state, and at no other time. */
export function announcement({ activity, iteration, finished, diverged }: Standing): string {
  if (diverged) return `Training stopped at iteration ${count(iteration)}.`;
  if (activity === "training") return "Training.";
  if (finished) return `Training finished after ${plural(iteration, "iteration")}.`;
  return iteration > 0 && activity === "idle" ? `Paused at iteration ${count(iteration)}.` : "";
}

/** Whether the space bar belongs to an element, so that it must not train or pause. */
export function usesSpace(element: Element | null): boolean {
  return (
    element?.closest(
      "a, button, input, select, textarea, summary, [tabindex], [contenteditable], [role='button']",
    ) !== null && element !== null
  );
}
