import { bytes, count } from "../../plots/numbers";
import type { Summary } from "./run";

/** “Hello World”, or what stands for a run without a name. */
export function titleOf({ name, task }: Pick<Summary, "name" | "task">): string {
  return name || task || "Untitled experiment";
}

function quoted({ name }: Pick<Summary, "name">): string {
  return name ? ` of “${name}”` : "";
}

/** Whether a run has come to the end of its iterations. */
export function isFinished({ iteration, iterations }: Pick<Summary, "iteration" | "iterations">): boolean {
  return iterations > 0 && iteration >= iterations;
}

/** Where a run stands that the page has come back to. */
export function backSentence(summary: Summary): string {
  const { iteration, iterations } = summary;
  if (iteration === 0)
    return summary.name
      ? `“${summary.name}” is here as you left it, not trained yet.`
      : "Your experiment is here as you left it, not trained yet.";
  if (isFinished(summary))
    return `Your run${quoted(summary)} is here as you left it, finished at iteration ${count(iteration)}.`;
  return `Your run${quoted(summary)} stands at iteration ${count(iteration)} of ${count(iterations)}. Train goes on.`;
}

/** A run that could be read, and whose network the engine would not take up. */
export function refusedSentence(summary: Summary, reason: string): string {
  return `Your run${quoted(summary)} cannot go on here: ${reason} Its experiment is open, untrained; the run stays in Runs.`;
}

/** Why a run could not be saved, and what can be done. */
export function unsavedSentence(error: unknown, used: number): string {
  if (error instanceof DOMException && error.name === "QuotaExceededError") {
    const taken = used > 0 ? ` (your runs take ${bytes(used)})` : "";
    return `The run could not be saved: the browser's storage for this page is full${taken}. Training goes on. Delete runs that you no longer need, or save this one as a file.`;
  }
  const reason = error instanceof Error && error.message ? ` (${error.message.replace(/\.$/, "")})` : "";
  return `The run could not be saved: the browser's storage failed${reason}. Training goes on; save the run as a file to be safe.`;
}

/** Where a run of the list stands. */
export function standSentence(summary: Summary): string {
  const { iteration, iterations } = summary;
  if (iteration === 0) return "not trained";
  if (isFinished(summary)) return `finished at iteration ${count(iteration)}`;
  return `iteration ${count(iteration)} of ${count(iterations)}`;
}

const minute = 60_000;
const day = 24 * 60 * minute;

/** "just now", "12 min ago", "today, 14:05", "3 Nov 2026, 14:05" */
export function whenText(changed: number, now: number): string {
  const age = now - changed;
  if (age < minute) return "just now";
  if (age < 60 * minute) return `${Math.floor(age / minute)}\u202fmin ago`;
  const time = new Date(changed).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  if (age < day && new Date(changed).getDate() === new Date(now).getDate()) return `today, ${time}`;
  const date = new Date(changed).toLocaleDateString("en-GB", {
    day: "numeric",
    month: "short",
    year: "numeric",
  });
  return `${date}, ${time}`;
}
