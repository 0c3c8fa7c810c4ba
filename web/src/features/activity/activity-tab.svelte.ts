import type { Lab } from "../../state/lab.svelte";
import type { Units } from "../../state/units.svelte";
import { strongest, type Rates } from "../../plots/activity";
import { milliseconds, plural } from "../../plots/numbers";
import { wordsOf } from "../../plots/parameters";
import type { LesionDesk } from "../lesions/desk.svelte";
import {
  choicesOf,
  groupsOf,
  meanRates,
  parametersOf,
  selectivity,
  stretchesOf,
  stretchNamed,
  type Group,
  type Parameter,
} from "./analysis";
import { trialName } from "../../state/select";
import { shownActivity } from "./shown";
import { Study } from "./study.svelte";
import { unitsCutOut, unitTypes } from "./types";

/** Lines that can be told apart where each is one value of a parameter. */
const valueLines = 8;
/** Groups that a parameter of more values is cut into: for lines, and for a tuning curve. */
const lineGroups = 4;
const tuningGroups = 10;

/** What the views of the activity tab share: the trials averaged over, the parameter, the stretch of time, the lesion. */
export class ActivityTabState {
  /** Whether the network is looked at with its lesion, where there is one. */
  withLesion = $state(true);
  parameterName = $state("");
  stretchName = $state("");

  readonly study: Study;
  readonly #lab: Lab;
  readonly units: Units;
  readonly desk: LesionDesk;

  readonly lesioned = $derived.by(() => this.withLesion && this.#lab.lesion !== null);
  readonly result = $derived.by(() => this.study.result);
  readonly types = $derived.by(() => unitTypes(this.#lab.document, this.#lab.weightsNow?.W_rec));
  readonly cut = $derived.by(() => unitsCutOut(this.#lab.weightsNow));
  readonly parameters = $derived.by((): Parameter[] => (this.result ? parametersOf(this.result) : []));
  readonly parameter = $derived.by(
    (): Parameter | null =>
      this.parameters.find(({ name }) => name === this.parameterName) ?? this.parameters[0] ?? null,
  );
  readonly groups = $derived.by((): Group[] =>
    this.parameter ? groupsOf(this.parameter, lineGroups, valueLines) : [],
  );
  readonly tuningGroups = $derived.by((): Group[] =>
    this.parameter ? groupsOf(this.parameter, tuningGroups) : [],
  );
  readonly stretches = $derived.by(() =>
    this.result ? stretchesOf(this.result.epochs, this.result.N_steps * this.result.dt) : [],
  );
  readonly stretch = $derived.by(() => stretchNamed(this.stretches, this.stretchName));
  readonly selectivity = $derived.by(() => {
    const { result, stretch } = this;
    if (!result || !stretch) return null;
    const values = selectivity(result, stretch);
    const how =
      choicesOf(result).length === 2
        ? "mean rate on trials that ask for the second choice less that on trials that ask for the first"
        : "highest less lowest of the mean rates on the trials of each choice";
    return (
      values && {
        values,
        how: `Selectivity: ${how}, in the ${this.stretchWords}, over ${plural(result.count, trialName(result.given))}.`,
      }
    );
  });
  /** "stimulus (200 to 700 ms)" */
  readonly stretchWords = $derived.by(() => {
    const { stretch } = this;
    return stretch ? `${stretch.name} (${milliseconds(stretch.from)} to ${milliseconds(stretch.to)})` : "";
  });
  /** The lesion's window, and its silent units, where it is looked at. */
  readonly window = $derived.by(() => (this.lesioned ? this.desk.parts.window : null));
  readonly silent = $derived.by(() => (this.lesioned ? this.desk.parts.units : []));
  readonly timing = $derived.by(() => {
    const { result } = this;
    if (!result) return "";
    const held = result.held.map((name) => wordsOf(name).title);
    return held.length === 0
      ? ""
      : `The trials are fresh, with their noise, and have the timing of the trial shown (${held.join(", ")}), so that they can be averaged step by step.`;
  });

  constructor(lab: Lab, units: Units, desk: LesionDesk) {
    this.#lab = lab;
    this.units = units;
    this.desk = desk;
    this.study = new Study(lab);
  }

  /** What the averages depend on: a change of it asks for others. */
  readonly cause = $derived.by(() => {
    const { stand, lesion, shown, busy } = this.#lab;
    return {
      stand,
      busy,
      lesion: this.lesioned ? lesion : null,
      timing: JSON.stringify(shown?.trial.params[0]),
    };
  });

  async measure(): Promise<void> {
    await this.study.measure(this.cause.lesion);
  }

  /** Looks at the unit that responds most strongly in the trial shown, unless a person has chosen one. */
  suggest(): void {
    const most = this.result && strongest(shownActivity(this.#lab));
    if (most) this.units.suggest(most.unit);
  }

  /** Rates of all units averaged over a group, or over all trials. */
  meanOf(group: Group | null): Rates | null {
    const { result } = this;
    if (!result) return null;
    const trials = group?.trials ?? Array.from({ length: result.count }, (_, trial) => trial);
    return { N_steps: result.N_steps, N_rec: result.N_rec, rates: meanRates(result, trials) };
  }
}
