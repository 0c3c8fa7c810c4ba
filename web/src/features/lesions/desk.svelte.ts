import type { Lesion, Trials } from "nullcline";
import { sorted } from "../../number-list";
import type { Lab } from "../../state/lab.svelte";
import { firstDraw } from "../../state/draws";
import { latest } from "../../state/latest";
import { runInPieces } from "../../state/pieces";
import { isObject } from "../../json";
import { eachOnce, selectTrials } from "../../state/select";
import { lossNameOf, meanLossOf, outcomesOf, type Outcome } from "../behaviour/outcomes";
import { keepRefusal, withLesion, type Present } from "./keep";
import {
  cut,
  lesionOf,
  noLesion,
  partsOf,
  refusalOf,
  toggled,
  type CutBlock,
  type LesionParts,
} from "./parts";

/** Correct choices among the trials that ask for one, and the mean loss on all. */
export interface Measured {
  correct: number;
  scored: number;
  count: number;
  loss: number;
}

export interface Comparison {
  whole: Measured;
  lesioned: Measured;
  /** Whether they are of a file's trials, each once. */
  given: boolean;
  iteration: number;
}

/** Trials that accuracy is measured on, with the lesion and without. */
const mostTrials = 400;
const mostSteps = 4e6;

/** Where lesions are made, told, measured and kept. What is taken away stands in `lab.lesion` and nowhere else. */
export class LesionDesk {
  /** Whether a lesion is being made; the bar then stands there without one. */
  open = $state(false);
  /** Why the last lesion was not made. */
  refusal = $state<string | null>(null);
  compared = $state.raw<Comparison | null>(null);
  keeping = $state(false);

  readonly #lab: Lab;
  /** The window that a lesion will have, while there is none and one is being made. */
  #window = $state.raw<LesionParts["window"]>(null);
  readonly parts = $derived.by((): LesionParts => {
    const { shape, lesion } = this.#lab;
    return shape && lesion
      ? partsOf(lesion, shape)
      : { ...noLesion, window: this.open ? this.#window : null };
  });
  /** Networks without W_rec have only units to silence. */
  readonly canCut = $derived.by(() => {
    const network = this.#lab.document?.network;
    return isObject(network) && "rec_connectivity" in network;
  });
  /** What the comparison depends on: a change of it asks for another. */
  readonly cause = $derived.by(() => {
    const { lesion, stand, busy } = this.#lab;
    return { lesion, stand, busy };
  });
  readonly visible = $derived.by(() => this.#lab.lesion !== null || this.open);
  /** Why the lesion cannot become part of the network now; null where it can. */
  readonly keepRefusal = $derived.by(() => {
    const { document, pending, lesion } = this.#lab;
    if (!document || !lesion) return "There is no lesion to keep.";
    if (pending) return "The experiment has a change that is not applied: apply it or put it back first.";
    return keepRefusal(this.parts, document);
  });

  #of: { stand: number; lesion: Lesion | null } | null = null;
  /** The whole network's part, which stays while lesions change. */
  #whole: { stand: number; trials: Trials; measured: Measured } | null = null;
  readonly #compare = latest(() => this.#run());

  constructor(lab: Lab) {
    this.#lab = lab;
  }

  /** Silences these units and no others. */
  silence(units: number[]): void {
    this.#make({ ...this.parts, units });
  }

  /** Silences units, or lets them speak again where all of them are silent. */
  toggle(units: number[]): void {
    const { units: silent } = this.parts;
    const others = silent.filter((unit) => !units.includes(unit));
    const all = units.every((unit) => silent.includes(unit));
    this.silence(all ? others : sorted([...silent, ...units]));
  }

  cutBlock(block: CutBlock): void {
    const { shape } = this.#lab;
    if (shape) this.#make({ ...this.parts, connectivity: cut(this.parts.connectivity, block, shape.N_rec) });
  }

  /** Cuts connections, by their places in W_rec, or mends them where all of them are cut. */
  toggleConnections(places: number[]): void {
    const { shape } = this.#lab;
    if (!shape || places.length === 0) return;
    this.#make({ ...this.parts, connectivity: toggled(this.parts.connectivity, places, shape.N_rec) });
  }

  mendConnections(): void {
    this.#make({ ...this.parts, connectivity: null });
  }

  setWindow(window: [number, number] | null): void {
    this.#make({ ...this.parts, window });
  }

  takeBack(): void {
    this.refusal = null;
    this.open = false;
    this.#window = null;
    this.#lab.setLesion(null);
  }

  #make(parts: LesionParts): void {
    const { shape } = this.#lab;
    if (!shape) return;
    this.refusal = refusalOf(parts, shape, this.canCut);
    if (this.refusal) return;
    this.#window = parts.window;
    const lesion = lesionOf(parts, shape);
    // The bar stays while its fields are being filled in.
    if (!lesion) this.open = true;
    this.#lab.setLesion(lesion);
  }

  /** Measures accuracy with the lesion and without, where either has changed; nothing is done while the network trains. */
  async compare(): Promise<void> {
    await this.#compare();
  }

  async #run(): Promise<void> {
    const lab = this.#lab;
    const { lesion, stand, shape, iteration, given } = lab;
    if (!lesion || !shape || lab.busy) return;
    if (this.#of?.stand === stand && this.#of.lesion === lesion) return;
    const count = Math.max(20, Math.min(mostTrials, Math.floor(mostSteps / (shape.N_steps * shape.N_rec))));
    const found = await lab.ask(async (session) => {
      const known = this.#whole?.stand === stand ? this.#whole : null;
      const drawn = known?.trials ?? (await session.trials({ count, draw: firstDraw.lesions }));
      const trials = given ? eachOnce(drawn) : drawn;
      const measured = async (taken: Lesion | null): Promise<Measured> => {
        const outcomes: Outcome[] = [];
        await runInPieces(session, trials, { draw: firstDraw.lesions, lesion: taken }, (run, first) => {
          const piece = selectTrials(trials, first, first + run.count);
          outcomes.push(...outcomesOf(piece, run, lossNameOf(lab.document)));
        });
        return {
          correct: outcomes.filter(({ correct }) => correct === 1).length,
          scored: outcomes.filter(({ correct }) => correct >= 0).length,
          count: outcomes.length,
          loss: meanLossOf(outcomes),
        };
      };
      const whole = known?.measured ?? (await measured(null));
      return { trials, whole, lesioned: await measured(lesion) };
    });
    if (!found) return;
    this.#whole = { stand, trials: found.trials, measured: found.whole };
    this.#of = { stand, lesion };
    this.compared = { whole: found.whole, lesioned: found.lesioned, given, iteration };
  }

  /** Whether the comparison is that of the network and the lesion as they are. */
  get current(): boolean {
    return (
      this.compared !== null && this.#of?.stand === this.#lab.stand && this.#of.lesion === this.#lab.lesion
    );
  }

  /** Makes the lesion part of the network and trains on from the weights that are there. */
  async keepAndTrain(): Promise<void> {
    const lab = this.#lab;
    if (this.keeping || this.keepRefusal) return;
    this.keeping = true;
    try {
      await lab.pause();
      const { parts } = this;
      const { shape, draft } = lab;
      const found = await lab.ask(async (session) => ({
        weights: await session.weights("effective"),
        constraints: await session.constraints(),
      }));
      if (!found || !shape) return;
      const present: Present = {
        rec: found.constraints.W_rec?.connectivity ?? null,
        out: found.constraints.W_out?.connectivity ?? null,
      };
      this.open = false;
      const given = { weights: found.weights, iterations: lab.trainedBefore + lab.iteration };
      await lab.replace(withLesion(draft, parts, present, shape), given, lab.sharing);
    } finally {
      this.keeping = false;
    }
    await lab.train();
  }
}
