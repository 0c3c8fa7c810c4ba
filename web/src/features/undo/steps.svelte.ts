import type { Json } from "nullcline";
import type { Lab } from "../../state/lab.svelte";
import type { Edited, Leaving, Moment, Watcher } from "../../state/moment";
import { equal, isObject } from "../../json";

/** Draft and files, as they were before an edit of the form or the text. */
interface Edit {
  kind: "edit";
  before: Edited;
  /** Where the edit was, by which typing in one field is one step. */
  path: string;
}

/** All that was there before another network took its place. */
interface Change {
  kind: "network";
  moment: Moment;
  why: Leaving;
}

export type Step = Edit | Change;

const mostSteps = 100;
/** Networks that are kept to come back to take up to so much memory. */
const mostBytes = 100e6;

/** The innermost place that holds all that differs between two values; null where they are the same. */
export function placeOf(a: Json | undefined, b: Json | undefined, path = ""): string | null {
  if (equal(a, b)) return null;
  const [from, to] = [partsOf(a), partsOf(b)];
  if (!from || !to) return path;
  const names = Object.keys({ ...from, ...to });
  const [only, ...others] = names.filter((name) => !equal(from[name], to[name]));
  if (only === undefined || others.length > 0) return path;
  return placeOf(from[only], to[only], path ? `${path}.${only}` : only);
}

function partsOf(value: Json | undefined): { [name: string]: Json } | null {
  if (Array.isArray(value)) return Object.fromEntries(value.entries());
  return isObject(value) ? value : null;
}

/** What can be undone and redone, the latest last. */
export class Steps implements Watcher {
  #past = $state.raw<Step[]>([]);
  #future = $state.raw<Step[]>([]);
  /** Whether a step is being undone or redone. */
  busy = $state(false);
  readonly #ready = $derived.by(() => !this.busy && this.#lab.editable);
  readonly canUndo = $derived.by(() => this.#past.length > 0 && this.#ready);
  readonly canRedo = $derived.by(() => this.#future.length > 0 && this.#ready);
  readonly last = $derived.by(() => this.#past.at(-1) ?? null);
  readonly next = $derived.by(() => this.#future.at(-1) ?? null);

  /** Whether the next edit of the same place is part of the step before it. */
  #typing = false;
  readonly #lab: Lab;

  constructor(lab: Lab) {
    this.#lab = lab;
    lab.watchers.push(this);
  }

  /** A field was left, or another one chosen: what comes next is another step. */
  commit(): void {
    this.#typing = false;
  }

  undo(): Promise<void> {
    return this.#go(-1);
  }

  redo(): Promise<void> {
    return this.#go(1);
  }

  edited(before: Edited): void {
    if (this.busy) return;
    const { draft, files } = this.#lab;
    const path = placeOf(before.draft, draft);
    if (path === null && before.files === files) return;
    const last = this.last;
    if (this.#typing && last?.kind === "edit" && last.path === path) {
      this.#future = [];
      // Typed back to what it was: nothing is left to undo.
      if (equal(last.before.draft, draft)) this.#past = this.#past.slice(0, -1);
      return;
    }
    this.#push({ kind: "edit", before, path: path ?? "" });
    this.#typing = true;
  }

  leaving(moment: Moment, why: Leaving): void {
    // What is opened when the page begins has nothing before it.
    if (!this.busy && (moment.network || moment.touched)) this.#push({ kind: "network", moment, why });
  }

  stayed(): void {
    if (!this.busy && this.last?.kind === "network") this.#past = this.#past.slice(0, -1);
  }

  #push(step: Step): void {
    this.#past = bounded([...this.#past, step]);
    this.#future = [];
    this.#typing = false;
  }

  async #go(direction: -1 | 1): Promise<void> {
    const [from, to] = direction === -1 ? [this.#past, this.#future] : [this.#future, this.#past];
    const step = from.at(-1);
    if (!step || !this.#ready) return;
    this.busy = true;
    this.#typing = false;
    try {
      const opposite = await this.#oppositeOf(step);
      if (!opposite) return;
      if (step.kind === "edit") this.#lab.edit(step.before.draft, step.before.files);
      else await this.#lab.resume(step.moment);
      const [rest, other] = [from.slice(0, -1), bounded([...to, opposite])];
      [this.#past, this.#future] = direction === -1 ? [rest, other] : [other, rest];
    } finally {
      this.busy = false;
    }
  }

  /** What takes a step back that is about to be taken. */
  async #oppositeOf(step: Step): Promise<Step | null> {
    const { draft, files } = this.#lab;
    if (step.kind === "edit") return { ...step, before: { draft, files } };
    await this.#lab.pause();
    const moment = await this.#lab.capture();
    return moment && { ...step, moment };
  }
}

/** The latest steps, as many as there is room for. */
function bounded(steps: Step[]): Step[] {
  let bytes = 0;
  const kept = steps.slice(-mostSteps);
  const first = kept.findLastIndex((step) => {
    if (step.kind === "network") bytes += step.moment.network?.state?.byteLength ?? 0;
    return bytes > mostBytes;
  });
  return first < 0 ? kept : kept.slice(Math.min(first + 1, kept.length - 1));
}

/** What a step did, as the buttons say it. */
export function wordsOf(step: Step | null): string {
  if (!step) return "";
  if (step.kind === "edit") return fieldWords(step.path);
  switch (step.why) {
    case "replace":
      return "what was opened";
    case "weights":
      return "the change of weights";
    case "reset":
      return "the reset";
    case "apply":
      return "the new network";
    case "resume":
      return "the opening of a run";
  }
}

function fieldWords(path: string): string {
  return path === "" ? "the edit" : path === "name" ? "the name" : path;
}
