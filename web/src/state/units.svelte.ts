import { sorted } from "../number-list";

/** The units that are chosen, which several views look at. */
export class Units {
  /** In order, each once. */
  chosen = $state.raw<number[]>([]);
  /** The one that was chosen last, for views of a single unit. */
  current = $state(0);

  /** Whether the current one was anyone's choice. */
  #asked = false;

  /** Chooses these units and no others. */
  choose(units: number[], current = units[0]): void {
    this.#asked = true;
    this.chosen = sorted(units);
    if (current !== undefined) this.current = current;
  }

  /** Chooses a unit besides the others, or no longer. */
  toggle(unit: number): void {
    if (this.chosen.includes(unit)) this.choose(this.chosen.filter((one) => one !== unit));
    else this.choose([...this.chosen, unit], unit);
  }

  /** A unit for the views of a single one, as long as nobody has chosen any. */
  suggest(unit: number): void {
    if (!this.#asked) this.current = unit;
  }

  /** Drops units that a network of this size does not have. */
  fit(N_rec: number): void {
    if (this.chosen.some((unit) => unit >= N_rec)) this.choose(this.chosen.filter((unit) => unit < N_rec));
    if (this.current >= N_rec) {
      this.current = 0;
      this.#asked = false;
    }
  }
}
