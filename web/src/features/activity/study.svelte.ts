import type { Lesion, RemoteSession, Shape } from "nullcline";
import type { Lab } from "../../state/lab.svelte";
import { firstDraw } from "../../state/draws";
import { latest } from "../../state/latest";
import { runInPieces } from "../../state/pieces";
import { eachOnce } from "../../state/select";
import { askedChoices, commonEpochs, timingNames, type MeasuredActivity } from "./analysis";
import { received } from "./received";

/** Most trials that are averaged over. */
const mostTrials = 240;
/** Most rates that are kept. */
const mostRates = 4e6;
/** Trials that tell which parameters say when things happen. */
const timingTrials = 64;

/** Trials to average over in a network of this size. */
export function studySize({ N_steps, N_rec }: Pick<Shape, "N_steps" | "N_rec">): number {
  return Math.max(8, Math.min(mostTrials, Math.floor(mostRates / (N_steps * N_rec))));
}

export interface StudyResult extends MeasuredActivity {
  iteration: number;
  /** Whether connections were taken away. */
  lesioned: boolean;
  /** The same trials without the lesion; null where there is none. */
  intact: MeasuredActivity | null;
}

/** Rates on fresh trials that run alike in time, for the views that average over trials. */
export class Study {
  result = $state.raw<StudyResult | null>(null);

  readonly #lab: Lab;
  /** What the result belongs to. */
  #of: { stand: number; lesion: Lesion | null; timing: string } | null = null;
  /** What was measured last without a lesion: it stays while lesions change. */
  #whole: { stand: number; timing: string; measured: MeasuredActivity } | null = null;
  #names: { stand: number; names: string[] } | null = null;
  #wanted: Lesion | null = null;

  /** Measures again where the network, the lesion or the timing of the trial shown have changed. */
  readonly #measure = latest(() => this.#run());

  constructor(lab: Lab) {
    this.#lab = lab;
  }

  /** Asks for the rates with this lesion; nothing is done while the network trains. */
  async measure(lesion: Lesion | null): Promise<void> {
    this.#wanted = lesion;
    if (this.result && !this.#fits(this.result)) this.result = null;
    await this.#measure();
  }

  #fits({ N_rec, N_steps }: MeasuredActivity): boolean {
    const { shape } = this.#lab;
    return shape?.N_rec === N_rec && shape.N_steps === N_steps;
  }

  async #run(): Promise<void> {
    const lab = this.#lab;
    const { shape, shown, stand, iteration, given } = lab;
    const lesion = this.#wanted;
    if (!shape || !shown || lab.busy) return;
    const shownParams = shown.trial.params[0] ?? {};
    const names = await this.#timing(stand);
    if (!names) return;
    const timing = Object.fromEntries(names.map((name) => [name, shownParams[name] ?? 0]));
    const of = { stand, lesion, timing: JSON.stringify(timing) };
    if (this.#of?.stand === stand && this.#of.lesion === lesion && this.#of.timing === of.timing) return;
    const known =
      this.#whole?.stand === stand && this.#whole.timing === of.timing ? this.#whole.measured : null;
    const found = await lab.ask(async (session) => {
      const whole = known ?? (await measureRates(session, shape, timing, null, given));
      return { whole, lesioned: lesion && (await measureRates(session, shape, timing, lesion, given)) };
    });
    if (!found) return;
    const { whole, lesioned } = found;
    this.#of = of;
    this.#whole = { stand, timing: of.timing, measured: whole };
    this.result = {
      ...(lesioned ?? whole),
      iteration,
      lesioned: lesioned !== null,
      intact: lesioned && whole,
    };
  }

  async #timing(stand: number): Promise<string[] | null> {
    if (this.#names?.stand === stand) return this.#names.names;
    const trials = await this.#lab.ask((session) =>
      session.trials({ count: timingTrials, draw: firstDraw.study, noise: false }),
    );
    if (!trials) return null;
    this.#names = { stand, names: timingNames(trials) };
    return this.#names.names;
  }
}

async function measureRates(
  session: RemoteSession,
  shape: Shape,
  timing: { [name: string]: number },
  lesion: Lesion | null,
  given: boolean,
): Promise<MeasuredActivity> {
  const { N_steps, N_rec, dt } = shape;
  const size = studySize(shape);
  const held = Object.keys(timing);
  const drawn = await session.trials({
    count: size,
    draw: firstDraw.study,
    ...(held.length > 0 ? { params: new Array<typeof timing>(size).fill(timing) } : {}),
  });
  const trials = given ? eachOnce(drawn) : drawn;
  const { count } = trials;
  const rates = new Float32Array(count * N_steps * N_rec);
  await runInPieces(session, trials, { draw: firstDraw.study, lesion }, (run, first) => {
    rates.set(received(run, lesion, dt).rates, first * N_steps * N_rec);
  });
  return {
    count,
    N_steps,
    N_rec,
    dt,
    rates,
    params: trials.params,
    asked: askedChoices(trials),
    epochs: commonEpochs(trials.epochs),
    held,
    given,
  };
}
