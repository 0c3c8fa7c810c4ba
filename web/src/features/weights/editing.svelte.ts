import type { Lab } from "../../state/lab.svelte";
import type { Arrangement } from "../../plots/weight-map";
import { asRow } from "../../plots/ends";
import type { Step, Steps } from "../undo/steps.svelte";
import { doneSentence, isNoNumber, patched, patchOf, type Block, type Edit } from "./edit";
import type { Matrices } from "./matrices.svelte";

/** A place on the map, in cells from the upper left corner. */
export interface Cursor {
  row: number;
  column: number;
}

/** An edit that was made. */
interface Undo {
  name: string;
  step: Step | null;
  /** Fingerprint of the weights after the edit: it can be undone as long as the network is that one. */
  hash: string;
}

/** What is chosen on the map, and edits of it. */
export class Editing {
  cursor = $state.raw<Cursor>({ row: 0, column: 0 });
  block = $state.raw<Block>({ rows: [0], columns: [0] });
  /** What was done last, and at which iteration. */
  #done = $state.raw({ words: "", iteration: 0 });
  /** What was done last; a network that trains on leaves it behind. */
  readonly said = $derived.by(() => (this.#done.iteration === this.#lab.iteration ? this.#done.words : ""));
  /** Whether taps choose a block by two of its corners: a finger that drags scrolls. */
  #byCorners = $state(false);
  /** One corner is chosen, and the opposite one is not. */
  awaitsCorner = $state(false);
  /** What is written as the value to set, and as the factor to scale by. */
  value = $state("");
  factor = $state("");
  /** An edit is on its way. */
  underWay = $state(false);
  #undo = $state.raw<Undo[]>([]);
  #open = "";
  #anchor: Cursor = { row: 0, column: 0 };

  readonly canUndo = $derived.by(() => {
    const last = this.#undo.at(-1);
    return last?.hash === this.#lab.hash && this.#steps.canUndo && this.#steps.last === last.step;
  });

  readonly #lab: Lab;
  readonly #steps: Steps;
  readonly matrices: Matrices;

  constructor(lab: Lab, matrices: Matrices, steps: Steps) {
    this.#lab = lab;
    this.#steps = steps;
    this.matrices = matrices;
  }

  get byCorners(): boolean {
    return this.#byCorners;
  }

  set byCorners(on: boolean) {
    this.#byCorners = on;
    this.awaitsCorner = false;
  }

  /** Takes a tap at a place of the map; answers whether what is chosen is whole. */
  tap(arrangement: Arrangement, at: Cursor, extend = false): boolean {
    const isSecond = this.awaitsCorner;
    this.select(arrangement, at, extend || isSecond);
    this.awaitsCorner = this.byCorners && !isSecond;
    return !this.awaitsCorner;
  }

  /** Chooses the weight at a place of the map, or all from the place chosen first to this one. */
  select({ rows, columns }: Arrangement, to: Cursor, extend = false): void {
    const cursor = { row: clamp(to.row, rows.length), column: clamp(to.column, columns.length) };
    if (!extend) this.#anchor = cursor;
    this.awaitsCorner = false;
    this.cursor = cursor;
    this.block = {
      rows: between(rows, this.#anchor.row, cursor.row),
      columns: between(columns, this.#anchor.column, cursor.column),
    };
  }

  /** Moves the cursor by so many cells. */
  move(arrangement: Arrangement, rows: number, columns: number, extend = false): void {
    const { row, column } = this.cursor;
    this.select(arrangement, { row: row + rows, column: column + columns }, extend);
  }

  /** Chooses a block by the numbers of its rows and columns. */
  choose({ rows, columns }: Arrangement, block: Block): void {
    this.block = block;
    this.awaitsCorner = false;
    this.cursor = this.#anchor = {
      row: Math.max(0, rows.indexOf(block.rows[0] ?? 0)),
      column: Math.max(0, columns.indexOf(block.columns[0] ?? 0)),
    };
  }

  /** Another matrix: what was chosen in the one before has no meaning there. */
  open(which: string, arrangement: Arrangement): void {
    if (this.#open !== which) this.select(arrangement, { row: 0, column: 0 });
    this.#open = which;
  }

  /** Edits the chosen weights; training starts anew from them. */
  async apply(edit: Edit): Promise<void> {
    const { name, constraint } = this.matrices;
    await this.#change(async () => {
      const stored = await this.#lab.ask((session) => session.weights("raw"));
      const matrix = stored?.[name];
      if (!matrix) return;
      const raw = asRow(matrix);
      const patch = patchOf(raw, this.block, edit, constraint);
      if (patch.indices.length === 0) {
        this.#say("Nothing to change: the weights are that already.");
        return;
      }
      if (!(await this.#set(name, { ...matrix, data: patched(raw, patch).data }))) return;
      this.#undo = [...this.#undo.slice(-99), { name, step: this.#steps.last, hash: this.#lab.hash }];
      this.matrices.beforeEdit = this.#lab.weightsBefore;
      if (this.matrices.view === "before") this.matrices.view = "now";
      this.#forgetUnread();
      this.#say(doneSentence(name, patch.indices.length, edit));
    });
  }

  /** Puts back what was there before the last edit: the weights, and the run that they had come from. */
  async undo(): Promise<void> {
    const last = this.#undo.at(-1);
    if (!last || !this.canUndo) return;
    await this.#change(async () => {
      await this.#steps.undo();
      this.#undo = this.#undo.slice(0, -1);
      this.#say(`The weights of ${last.name} are back as they were before the edit.`);
    });
  }

  async #change(action: () => Promise<void>): Promise<void> {
    if (this.underWay || this.#lab.busy) return;
    this.underWay = true;
    this.#say("");
    await action();
    this.underWay = false;
  }

  /** What could not be read has no bearing on an edit that was made without it. */
  #forgetUnread(): void {
    if (isNoNumber(this.value)) this.value = "";
    if (isNoNumber(this.factor)) this.factor = "";
  }

  #say(words: string): void {
    this.#done = { words, iteration: this.#lab.iteration };
  }

  /** Whether the engine took the weights. */
  async #set(name: string, matrix: { rows: number; columns: number; data: Float32Array }): Promise<boolean> {
    const { trouble } = this.#lab;
    await this.#lab.setWeights({ [name]: matrix });
    return this.#lab.trouble === trouble && this.#lab.phase === "ready";
  }
}

function clamp(at: number, length: number): number {
  return Math.min(length - 1, Math.max(0, at));
}

/** What stands between two places, both included, ascending. */
function between(order: number[], a: number, b: number): number[] {
  return order.slice(Math.min(a, b), Math.max(a, b) + 1).sort((one, other) => one - other);
}
