import { numbersText, parseSomeNumbers } from "../../number-list";
import type { End } from "../../plots/ends";
import type { Arrangement } from "../../plots/weight-map";
import type { Block } from "./edit";
import type { Editing } from "./editing.svelte";

export type Side = keyof Block;

/** Rows and columns of what is chosen, as they are written. */
export class Typing {
  /** What is written, as long as it is of what is chosen: a choice on the map takes its place. */
  #typed = $state.raw<{ of: Block | null; texts: { [side in Side]?: string | null } }>({
    of: null,
    texts: {},
  });
  readonly #editing: Editing;

  constructor(editing: Editing) {
    this.#editing = editing;
  }

  /** What a field shows. */
  textOf(side: Side, { ends }: Arrangement): string {
    return this.#texts[side] ?? numbersText(this.#editing.block[side], ends[side].first);
  }

  /** Why what is written means nothing; empty where it does. */
  problemOf(side: Side, arrangement: Arrangement): string {
    const text = this.#texts[side] ?? null;
    const meant = text === null ? null : read(text, arrangement.ends[side]);
    return typeof meant === "string" ? meant : "";
  }

  /** Takes what is being written on one side; what the other one says stays. */
  take(side: Side, text: string, arrangement: Arrangement): void {
    const texts = { ...this.#texts, [side]: text };
    const meant = read(text, arrangement.ends[side]);
    if (typeof meant !== "string")
      this.#editing.choose(arrangement, { ...this.#editing.block, [side]: meant });
    this.#typed = { of: this.#editing.block, texts };
  }

  /** A field is left: what can be understood is written as numbers are. */
  leave(side: Side, arrangement: Arrangement): void {
    if (this.problemOf(side, arrangement) !== "") return;
    this.#typed = { of: this.#editing.block, texts: { ...this.#texts, [side]: null } };
  }

  get #texts(): { [side in Side]?: string | null } {
    const { of, texts } = this.#typed;
    return of === this.#editing.block ? texts : {};
  }
}

function read(text: string, end: End): number[] | string {
  return parseSomeNumbers(text, { ...end, kind: end.kind === "unit or input" ? "row" : end.kind });
}
