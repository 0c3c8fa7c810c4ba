import type { Constraints, ExperimentDocument, Matrix } from "nullcline";
import type { Lab } from "../../../state/lab.svelte";
import type { About } from "./matrix";

/** The matrices that the engine has made of the document: patterns and files as numbers. */
export class MadeMatrices {
  readonly #lab: Lab;
  #constraints = $state.raw<Constraints | null>(null);
  #asked: ExperimentDocument | null = null;

  constructor(lab: Lab) {
    this.#lab = lab;
  }

  /** Asks the engine once for each network; to be called while a matrix is looked at. */
  async look(): Promise<void> {
    const { document } = this.#lab;
    if (document === null || document === this.#asked) return;
    this.#asked = document;
    const found = await this.#lab.constraints();
    if (this.#asked !== document) return;
    this.#constraints = found;
    if (!found) this.#asked = null;
  }

  /** What became of a field; null while the network that is there is not yet the document's. */
  of({ variable, role, size }: About): Matrix | null {
    const lab = this.#lab;
    if (!size || lab.pending || lab.problems.length > 0 || lab.document === null) return null;
    const whole = (data: Float32Array) =>
      data.length === size.rows * size.columns ? { rows: size.rows, columns: size.columns, data } : null;
    const weight = lab.drawn?.[variable];
    if (role === "numbers") return weight ? whole(weight.data) : null;
    const constraint = this.#constraints?.[variable];
    if (!constraint) return null;
    const ones = new Float32Array(size.rows * size.columns).fill(1);
    const connectivity = constraint.connectivity ?? ones;
    if (role === "connectivity") return whole(connectivity);
    // A connection that does not exist is fixed as well, but not by this field.
    const { fixed } = constraint;
    return whole(connectivity.map((exists, index) => exists * (fixed?.[index] ?? 0)));
  }
}
