import type { Pointed } from "../plots/pointing";

/** What the pointer is on in one plot, so that the others can mark it too. */
export class Hover {
  pointed = $state.raw<Pointed | null>(null);
  /** The plot that the pointer is in; it shows a label of its own and marks nothing. */
  by = $state.raw<object | null>(null);

  enter(by: object, pointed: Pointed | null): void {
    this.by = by;
    this.pointed = pointed;
  }

  leave(by: object): void {
    if (this.by !== by) return;
    this.by = null;
    this.pointed = null;
  }
}
