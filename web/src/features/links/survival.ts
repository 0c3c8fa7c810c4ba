import type { Files, RemoteEngine, RemoteSession, Run, Trials, Weights } from "nullcline";
import type { Precision } from "nullcline/links";
import { count, percent, significant } from "../../plots/numbers";
import { firstDraw } from "../../state/draws";
import { testSize } from "../../state/lab.svelte";
import { drawn, piecesOf } from "../../state/pieces";
import { outcomesOf } from "../behaviour/outcomes";

/** What rounding does to a network, measured on fresh trials. */
export interface Survival {
  trials: number;
  /** Trials that ask for a choice, those of them with the same choice, and the correct ones before and after. */
  scored: number;
  same: number;
  correctBefore: number;
  correctAfter: number;
  /** Largest change of an output. */
  largest: number;
  /** Root mean square of the changes, as a share of that of the outputs. */
  typical: number;
}

/** Runs the network and one with other weights on the same trials, with the same recurrent noise. */
export async function measureSurvival(
  session: RemoteSession,
  engine: RemoteEngine,
  weights: Weights,
  files: Files,
): Promise<Survival> {
  const rounded = await engine.open(session.document, { files });
  try {
    await rounded.setWeights(weights);
    const tally = new Tally();
    for (const piece of piecesOf(testSize(session.shape), session.shape, firstDraw.survival)) {
      const { trials, noise } = await drawn(session, piece);
      const [before, after] = await Promise.all([session.run(trials, noise), rounded.run(trials, noise)]);
      tally.add(trials, before, after);
    }
    return tally.result();
  } finally {
    await rounded[Symbol.asyncDispose]();
  }
}

/** Sums over batches of trials. */
export class Tally {
  #trials = 0;
  #scored = 0;
  #same = 0;
  #correctBefore = 0;
  #correctAfter = 0;
  #largest = 0;
  #squares = 0;
  #changes = 0;

  add(trials: Trials, before: Run, after: Run): void {
    const [old, now] = [outcomesOf(trials, before, null), outcomesOf(trials, after, null)];
    this.#trials += trials.count;
    old.forEach(({ chosen, correct }, trial) => {
      if (chosen === null) return;
      this.#scored++;
      this.#same += Number(chosen === now[trial]?.chosen);
      this.#correctBefore += Number(correct === 1);
      this.#correctAfter += Number(now[trial]?.correct === 1);
    });
    before.outputs.forEach((output, at) => {
      const change = (after.outputs[at] ?? NaN) - output;
      // What is no number is no small change either.
      this.#largest = Number.isNaN(change) ? Infinity : Math.max(this.#largest, Math.abs(change));
      this.#changes += Number.isNaN(change) ? Infinity : change ** 2;
      this.#squares += output ** 2;
    });
  }

  result(): Survival {
    const typical = this.#changes === 0 ? 0 : Math.sqrt(this.#changes / this.#squares);
    return {
      trials: this.#trials,
      scored: this.#scored,
      same: this.#same,
      correctBefore: this.#correctBefore,
      correctAfter: this.#correctAfter,
      largest: this.#largest,
      typical,
    };
  }
}

/** What a link may change of the network that it carries. */
const tolerated: { [precision in Precision]: { typical: number } } = {
  int8: { typical: 0.05 },
  float16: { typical: 0.01 },
};
const sameChoices = 0.99;
const lostAccuracy = 0.01;

/** Why rounded weights are not this network any more, as the end of a sentence; null where they are. */
export function loss(survival: Survival, precision: Precision): string | null {
  const { scored, same, correctBefore, correctAfter, typical } = survival;
  if (scored > 0 && same < sameChoices * scored)
    return `only ${percent(same / scored, 1)} of its choices stay the same (${percent(sameChoices)} are asked for)`;
  if (scored > 0 && correctBefore - correctAfter > lostAccuracy * scored)
    return `its accuracy falls from ${percent(correctBefore / scored, 1)} to ${percent(correctAfter / scored, 1)}`;
  const most = tolerated[precision].typical;
  return typical <= most
    ? null
    : `its outputs change by ${percent(typical, 1)} (at most ${percent(most)} is allowed)`;
}

/** "Measured on 1,000 fresh trials, others than the page tests on: accuracy 96.1 % → 95.9 %, 99.8 % of choices the same; outputs change by 0.3 %, by 0.012 at most." */
export function survivalInWords({
  trials,
  scored,
  same,
  correctBefore,
  correctAfter,
  largest,
  typical,
}: Survival): string {
  const choices =
    scored > 0
      ? `accuracy ${percent(correctBefore / scored, 1)} → ${percent(correctAfter / scored, 1)}, ${percent(same / scored, 1)} of choices the same; `
      : "";
  return `Measured on ${count(trials)} fresh trials, others than the page tests on: ${choices}outputs change by ${percent(typical, 2)}, by ${significant(largest, 2)} at most.`;
}
