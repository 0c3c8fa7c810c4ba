import type { Eigenvalues, Matrix, Weights } from "nullcline";
import { equalValues } from "../../plots/equal";
import type { SpectrumData } from "../../plots/spectrum";
import type { Lab } from "../../state/lab.svelte";
import { latest } from "../../state/latest";
import { lesionedMatrix } from "./lesioned";

/** Up to so many units eigenvalues are found in a moment, beyond on demand. */
export const unitsAtOnce = 300;

/** Up to so many units they are found while the network trains, at most once in this many milliseconds. */
const unitsInTraining = 100;
const trainingInterval = 1000;

type Found = Omit<SpectrumData, "since">;

/** The eigenvalues of the effective recurrent weights: now, before, and with the lesion. */
export class Spectrum {
  found = $state.raw<Found | null>(null);
  readonly units = $derived.by(() => recurrent(this.#lab.weightsNow)?.rows ?? 0);

  readonly #lab: Lab;
  readonly #clock: () => number;
  #measuredAt = -Infinity;
  /** What was found of the weights before, which seldom change. */
  #before: { of: Matrix; is: Eigenvalues } | null = null;

  readonly #measure = latest(() => this.#find());

  constructor(lab: Lab, clock: () => number = () => performance.now()) {
    this.#lab = lab;
    this.#clock = clock;
  }

  /** Finds the eigenvalues, where that does not keep anything else waiting. */
  async refresh(): Promise<void> {
    const { units } = this;
    if (units === 0 || units > unitsAtOnce) {
      this.found = null;
      return;
    }
    const late = this.#clock() - this.#measuredAt >= trainingInterval;
    if (this.#lab.busy && (units > unitsInTraining || !late)) return;
    await this.#measure();
  }

  /** Finds them however long it takes. */
  async measure(): Promise<void> {
    await this.#measure();
  }

  async #find(): Promise<void> {
    const { weightsNow, weightsBefore, lesion } = this.#lab;
    const matrix = recurrent(weightsNow);
    if (!matrix) return;
    this.#measuredAt = this.#clock();
    const now = await this.#lab.eigenvalues(matrix);
    const lesioned = lesionedMatrix(matrix, lesion);
    const withLesion = lesioned && (await this.#lab.eigenvalues(lesioned));
    const past = recurrent(weightsBefore);
    const before = past && !equalValues(past.data, matrix.data) ? await this.#eigenvaluesOf(past) : null;
    if (now) this.found = { now, before, lesioned: withLesion, window: lesion?.window ?? null };
  }

  async #eigenvaluesOf(before: Matrix): Promise<Eigenvalues | null> {
    if (this.#before?.of === before) return this.#before.is;
    const is = await this.#lab.eigenvalues(before);
    if (is) this.#before = { of: before, is };
    return is;
  }
}

/** W_rec, where units drive one another through it: an LSTM that has one does not use it. */
function recurrent(weights: Weights | null): Matrix | null {
  const matrix = weights?.W_rec;
  return matrix && matrix.rows === matrix.columns && !weights.W_f ? matrix : null;
}
