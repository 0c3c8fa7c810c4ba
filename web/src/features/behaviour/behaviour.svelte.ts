import type { Lesion, Trials } from "nullcline";
import { stageOfTrials, testSize, type Lab } from "../../state/lab.svelte";
import { drawsApart, firstDraw } from "../../state/draws";
import { latest } from "../../state/latest";
import { drawn, piecesOf, type Piece } from "../../state/pieces";
import { lossNameOf, outcomesOf, type Outcome } from "./outcomes";
import { eachOnce } from "../../state/select";
import { gridOf, trialsOf, type MeasuredChoices, type Plan } from "./plan";
import { currentTask } from "../../document/task";
import { signedStimulus } from "./stimulus";

/** Measures what the network at rest does on many trials, with and without the lesion, and keeps what the plots need. */
export class Behaviour {
  intact = $state.raw<MeasuredChoices | null>(null);
  /** The same trials with the lesion; null without one, or while it is not measured yet. */
  lesioned = $state.raw<MeasuredChoices | null>(null);
  /** How far the measurement under way is; null when there is none. */
  measuring = $state.raw<{ done: number; of: number } | null>(null);
  /** Which trials: another number gives others. */
  draw = $state(0);

  readonly #lab: Lab;
  /** What `intact` and `lesioned` were measured for. */
  #plan: { stand: number; draw: number; plan: Plan } | null = null;
  #lesion: Lesion | null = null;
  /** Whether anyone looks at it. */
  #wanted = false;
  readonly #measure = latest(() => this.#measureAll());

  constructor(lab: Lab) {
    this.#lab = lab;
  }

  /** Measures what is not measured yet. To be called whenever the network, the lesion or the trials are others. */
  async follow(): Promise<void> {
    this.#wanted = true;
    if (!this.#lab.lesion) this.#forgetLesion();
    await this.#measure();
  }

  /** Measures no more until it is followed again; what is measured stays. */
  leave(): void {
    this.#wanted = false;
  }

  otherTrials(): void {
    this.draw++;
  }

  async #measureAll(): Promise<void> {
    const lab = this.#lab;
    const { stand, lesion } = lab;
    const { draw } = this;
    // Whatever is asked while the network trains would hold it up.
    const isStale = () =>
      !this.#wanted ||
      lab.activity !== "idle" ||
      lab.stand !== stand ||
      lab.lesion !== lesion ||
      this.draw !== draw;
    if (isStale() || !lab.document) return;
    const known = this.#plan?.stand === stand && this.#plan.draw === draw ? this.#plan.plan : null;
    if (known && (!lesion || (this.lesioned && this.#lesion === lesion))) return;
    const plan = known ?? (await this.#newPlan());
    if (!plan || isStale()) return;
    this.measuring = { done: 0, of: trialsOf(plan) * (Number(!known) + Number(lesion !== null)) };
    if (!known) {
      const intact = await this.#sample(plan, null, isStale);
      if (intact) {
        this.intact = intact;
        this.#forgetLesion();
        this.#plan = { stand, draw, plan };
      }
    }
    if (lesion && !isStale()) {
      const lesioned = await this.#sample(plan, lesion, isStale);
      if (lesioned) {
        this.lesioned = lesioned;
        this.#lesion = lesion;
      }
    }
    this.measuring = null;
  }

  #forgetLesion(): void {
    this.lesioned = null;
    this.#lesion = null;
  }

  /** Runs the network on the trials of a plan, piece by piece; null once the answer is not wanted any more. */
  async #sample(plan: Plan, lesion: Lesion | null, isStale: () => boolean): Promise<MeasuredChoices | null> {
    const fresh: Outcome[] = [];
    const graded: Outcome[] = [];
    for (const [pieces, outcomes] of [
      [plan.drawn, fresh],
      [plan.graded, graded],
    ] as const)
      for (const piece of pieces) {
        const found = isStale() ? null : await this.#runPiece(piece, lesion);
        if (!found || isStale()) return null;
        outcomes.push(...found);
        if (this.measuring) this.measuring = { ...this.measuring, done: this.measuring.done + found.length };
      }
    const { setup, grid } = plan;
    return {
      setup,
      drawn: fresh,
      graded: grid.map((trial, index) => ({ ...trial, chosen: graded[index]?.chosen ?? null })),
    };
  }

  async #runPiece(piece: Piece, lesion: Lesion | null): Promise<Outcome[] | null> {
    const lossName = lossNameOf(this.#lab.document);
    return this.#lab.ask(async (session) => {
      const { trials, noise } = await drawn(session, piece);
      const run = await session.run(trials, { ...noise, ...(lesion ? { lesion } : {}) });
      return outcomesOf(trials, run, lossName);
    });
  }

  async #newPlan(): Promise<Plan | null> {
    const { document, shape, progress, iteration } = this.#lab;
    if (!document || !shape) return null;
    const stage = stageOfTrials(progress);
    const task = currentTask(document, stage ?? 0);
    const fresh = task.type !== "Trials";
    const stimulus = signedStimulus(task, document.conventions, shape.N_out);
    const first = firstDraw.behaviour + this.draw * drawsApart;
    const size = testSize(shape);
    const own = fresh ? null : await this.#ownTrials(size);
    if (own?.params.length === 0) return null;
    const params = own?.params ?? null;
    const grid = "levels" in stimulus ? gridOf(stimulus, size) : [];
    return {
      setup: { iteration, N_out: shape.N_out, fresh, all: own?.all ?? false, stage, stimulus },
      drawn: piecesOf(params?.length ?? size, shape, first, params),
      graded: piecesOf(
        grid.length,
        shape,
        first + drawsApart / 2,
        grid.map((trial) => trial.params),
      ),
      grid: grid.map(({ level, above, below }) => ({ level, above, below })),
    };
  }

  /** Each of a file's trials once, or as many of them as are to be measured: one more tells whether there are others. */
  async #ownTrials(size: number): Promise<{ params: { [name: string]: number }[]; all: boolean }> {
    const found = await this.#lab.ask(async (session): Promise<Trials> =>
      session.trials({ count: size + 1, draw: this.draw }),
    );
    const params = found ? eachOnce(found).params : [];
    return { params: params.slice(0, size), all: params.length <= size };
  }
}
