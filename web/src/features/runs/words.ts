import type { ExperimentDocument, Json } from "nullcline";
import { bytes, count, plural } from "../../plots/numbers";
import { isObject } from "../../json";
import type { Summary } from "./run";

/** What tells runs apart: the name that it was given, and types and size of what it trains. */
export type Called = Pick<Summary, "name" | "task" | "network" | "N_rec">;

/** "Hello World"; a run without a name is called by its task and network: "Perceptual discrimination, Basic, 50 units". */
export function runName({ name, task, network, N_rec }: Called): string {
  const parts = [inWords(task), network ?? "", N_rec ? plural(N_rec, "unit") : ""];
  return name || parts.filter(Boolean).join(", ") || "Untitled experiment";
}

/** "Perceptual discrimination" from "PerceptualDiscrimination" */
function inWords(type: string): string {
  return type.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** The name that a draft gives its run, and what the network is that is there; before there is one, the draft says it. */
export function calledBy(draft: ExperimentDocument, resolved: ExperimentDocument | null): Called {
  const { task, network } = { ...draft, ...resolved };
  const size = isObject(network) ? network.N_rec : undefined;
  return {
    name: typeof draft.name === "string" ? draft.name : "",
    task: typeOf(task),
    network: typeOf(network),
    N_rec: typeof size === "number" ? size : 0,
  };
}

function typeOf(section: Json | undefined): string {
  return isObject(section) && typeof section.type === "string" ? section.type : "";
}

/** Whether a run has come to the end of its iterations. */
export function isFinished({ iteration, iterations }: Pick<Summary, "iteration" | "iterations">): boolean {
  return iterations > 0 && iteration >= iterations;
}

/** Where a run stands that the page has come back to. */
export function backSentence(summary: Summary): string {
  const { iteration, iterations } = summary;
  const run = `Your run of “${runName(summary)}”`;
  if (iteration === 0) return `${run} is here as you left it, not trained yet.`;
  if (isFinished(summary)) return `${run} is here as you left it, finished at iteration ${count(iteration)}.`;
  return `${run} stands at iteration ${count(iteration)} of ${count(iterations)}. Train goes on.`;
}

/** A run that could be read, and whose network the engine would not take up. */
export function refusedSentence(summary: Summary, reason: string): string {
  return `Your run of “${runName(summary)}” cannot go on here: ${reason} Its experiment is open, untrained; the run stays in Runs.`;
}

/** A run that two tabs went on with. */
export function partedSentence(name: string, copy: string): string {
  return `Another tab has gone on with your run of “${name}”; here it goes on as “${copy}”.`;
}

const isFull = (error: unknown) => error instanceof DOMException && error.name === "QuotaExceededError";

/** What could not be done with what is kept, and why. */
export function failedSentence(what: string, error: unknown, used = 0): string {
  const taken = used > 0 ? ` (your runs take ${bytes(used)})` : "";
  if (isFull(error)) return `${what}: the browser's storage for this page is full${taken}.`;
  const reason = error instanceof Error && error.message ? ` (${error.message.replace(/\.$/, "")})` : "";
  return `${what}: the browser's storage failed${reason}.`;
}

/** Why a run could not be saved, and what can be done. */
export function unsavedSentence(error: unknown, used: number): string {
  const help = isFull(error)
    ? "Training goes on. Delete runs that you no longer need, or save this one as a file."
    : "Training goes on; save the run as a file to be safe.";
  return `${failedSentence("The run could not be saved", error, used)} ${help}`;
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
