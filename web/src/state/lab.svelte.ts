import {
  NullclineError,
  type Arrays,
  type BuildReport,
  type CheckResult,
  type Eigenvalues,
  type ExperimentDocument,
  type FileBytes,
  type Files,
  type HistoryPoint,
  type Lesion,
  type Matrix,
  type MetricPoint,
  type Problem,
  type Progress,
  type RemoteEngine,
  type RemoteSession,
  type Run,
  type Schema,
  type Shape,
  type TestResult,
  type Trials,
  type Weights,
  type WeightValues,
} from "nullcline";
import { blankDocument } from "../features/experiment/schema";
import {
  filesNamed,
  inWordsOfFields,
  problemsByField,
  sameButForLength,
  sameRun,
  without,
} from "../features/experiment/document";
import { RateMeter } from "../features/train/rate";
import { clearestFirst, selectTrial } from "../features/trials/select";
import { varyingParams } from "../plots/trial";
import { latest } from "./latest";

/** How the page stands with its engine. */
export type Phase = "loading" | "ready" | "unsupported" | "failed" | "lost";

/** What the network is busy with. `pausing` lasts until the iteration at hand is done. */
export type Activity = "idle" | "training" | "pausing" | "stepping";

/** Why Train is off, in words, and the field to look at where there is one. */
export interface Obstacle {
  reason: string;
  path?: string;
}

/** What the network did on the trial that is shown; the parts belong together. */
export interface ShownTrial {
  trial: Trials;
  run: Run;
  /** The same trial with the lesion, where there is one. */
  lesioned: Run | null;
  /** Names of the parameters that tell the chosen trials apart. */
  varying: string[];
  index: number;
  draw: number;
  iteration: number;
}

export interface MeasuredTest extends TestResult {
  iteration: number;
}

export interface LabOptions {
  connect: () => Promise<RemoteEngine>;
  /** A document to begin with; the description's defaults without one. */
  document?: ExperimentDocument;
  /** Runs a function before the next frame is drawn. */
  frame?: (callback: () => void) => void;
  clock?: () => number;
}

/** Trials that can be looked at one by one. */
export const shownTrials = 16;

/** Shortest time between two drawings of trial, activity and weights while training, in ms. */
const viewInterval = 300;

const noProblems: ReadonlyMap<string, Problem[]> = new Map();

/** Errors after which the worker cannot be used any more. */
const fatal = new Set(["worker_failed", "terminated", "internal", "not_loaded"]);

function toProblem({ code, path, message, hint }: NullclineError): Problem {
  return { code, path, message, hint };
}

/** The points that are known and those that are new; the same list where nothing changes. */
function joined<Point extends { iteration: number }>(
  known: Point[],
  told: Point[],
  iteration: number,
): Point[] {
  const last = known.at(-1)?.iteration ?? -1;
  const fresh = told.filter((point) => point.iteration > last);
  // A run that diverged goes back behind its last point.
  const kept = known.filter((point) => point.iteration <= iteration);
  return fresh.length > 0 || kept.length < known.length ? [...kept, ...fresh] : known;
}

/** How many fresh trials a test takes: 1,000 where that is a matter of a moment, fewer for large networks. */
export function testSize(shape: Shape): number {
  const perTrial = 2 * shape.N_steps * shape.N_rec * (shape.N_rec + shape.N_in + shape.N_out);
  return [1000, 500, 200, 100, 50, 24].find((count) => count * perTrial < 3e10) ?? 8;
}

/** The one state of the page: the document being edited, the session that runs, and what is known of it. */
export class Lab {
  phase = $state<Phase>("loading");
  /** Why the phase is not "ready". */
  failure = $state.raw<Problem | null>(null);
  /** What the engine refused last, while all else goes on. */
  trouble = $state.raw<Problem | null>(null);

  build = $state.raw<BuildReport | null>(null);
  schema = $state.raw<Schema | null>(null);

  /** The document as the forms show it. */
  draft = $state.raw<ExperimentDocument>({});
  /** Files by the names that the draft gives them. */
  files = $state.raw<Files>({});
  /** What the engine said of a document, and of which one. */
  #checked = $state.raw<{ draft: ExperimentDocument; result: CheckResult } | null>(null);
  /** The document as it was when its session was opened. */
  #applied: ExperimentDocument = {};

  /** The resolved document of the session, and its sizes; null before there is one. */
  document = $state.raw<ExperimentDocument | null>(null);
  shape = $state.raw<Shape | null>(null);

  activity = $state<Activity>("idle");
  progress = $state.raw<Progress | null>(null);
  history = $state.raw<HistoryPoint[]>([]);
  /** What the curriculum has measured. */
  metrics = $state.raw<MetricPoint[]>([]);
  rate = $state<number | null>(null);
  timeLeft = $state<number | null>(null);
  before = $state.raw<TestResult | null>(null);
  now = $state.raw<MeasuredTest | null>(null);
  hash = $state("");
  memory = $state(0);

  draw = $state(0);
  index = $state(0);
  shown = $state.raw<ShownTrial | null>(null);
  /** Connections that are taken away in the views; the network itself keeps them. */
  lesion = $state.raw<Lesion | null>(null);
  /** Rises whenever the network at rest is another one: what was measured on it before is out of date. */
  stand = $state(0);
  weightsBefore = $state.raw<Weights | null>(null);
  /** What training began to change, where `weightsBefore` is what acted. */
  rawBefore = $state.raw<Weights | null>(null);
  weightsNow = $state.raw<Weights | null>(null);

  readonly problems = $derived(
    this.schema && this.#checked
      ? inWordsOfFields(this.schema, this.#checked.draft, this.#checked.result.problems)
      : [],
  );
  readonly problemsByField = $derived(
    this.schema && this.#checked
      ? problemsByField(this.schema, this.#checked.draft, this.problems)
      : noProblems,
  );
  readonly resolved = $derived(this.#checked?.result.document ?? null);
  readonly draftShape = $derived(this.#checked?.result.shape ?? null);
  readonly iteration = $derived(this.progress?.iteration ?? 0);
  readonly started = $derived(this.iteration > 0 || this.activity !== "idle");
  readonly finished = $derived(this.progress?.state === "finished");
  readonly diverged = $derived(this.progress?.state === "diverged" ? this.progress.problem : null);
  readonly busy = $derived(this.activity !== "idle");
  /** The draft asks for another network than the one that has begun to train. */
  readonly pending = $derived(
    this.started &&
      this.document !== null &&
      this.resolved !== null &&
      !sameRun(this.resolved, this.document),
  );
  readonly obstacle = $derived.by(() => this.#obstacle());
  /** Views and test that follow a change of the network and are not there yet. */
  #looks = $state(0);
  /** Whether what is shown is not, or not yet, that of the network as it is. */
  readonly unsettled = $derived(this.busy || this.#looks > 0);

  readonly #connect: () => Promise<RemoteEngine>;
  readonly #frame: (callback: () => void) => void;
  readonly #clock: () => number;
  readonly #meter = new RateMeter();
  #engine: RemoteEngine | null = null;
  #session: RemoteSession | null = null;
  /** Rises with every new session or reset: answers that belong to an older one are dropped. */
  #generation = 0;
  #trials: { draw: number; generation: number; trials: Trials; order: number[] } | null = null;
  #training: Promise<void> = Promise.resolve();
  #viewsAt = 0;
  #viewsTook = 0;
  #viewsBusy = false;
  #framed = false;
  /** True while the worker trains, which is a moment later than the button says so. */
  #running = false;

  readonly #settle = latest(() => this.#checkAndOpen());
  readonly #look = latest(() => this.#refreshViews());
  readonly #measure = latest(() => this.#test());

  constructor(options: LabOptions) {
    this.#connect = options.connect;
    this.#frame = options.frame ?? ((callback) => requestAnimationFrame(callback));
    this.#clock = options.clock ?? (() => performance.now());
    if (options.document) this.draft = options.document;
  }

  /** Loads the engine and opens the document; called again after a failure it starts over. */
  async start(): Promise<void> {
    this.#forget();
    this.phase = "loading";
    this.failure = null;
    try {
      this.#engine = await this.#connect();
      this.build = this.#engine.build;
      this.schema = await this.#engine.describe();
      if (Object.keys(this.draft).length === 0) this.draft = blankDocument(this.schema);
      this.phase = "ready";
      await this.#settle();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Takes an edited document; the engine checks it before the next frame, the latest edit wins. */
  edit(draft: ExperimentDocument): void {
    this.draft = draft;
    if (this.#framed) return;
    this.#framed = true;
    this.#frame(() => {
      this.#framed = false;
      void this.#settle();
    });
  }

  /** Drops the trained network and opens the one that the draft asks for. */
  async apply(): Promise<void> {
    await this.#settle();
    if (this.problems.length > 0) return;
    await this.#stop();
    await this.#guard(() => this.#open(this.draft));
  }

  /** Puts the draft back to the network that is there; its name stays. */
  keep(): void {
    const { name } = this.draft;
    this.edit(name === undefined ? this.#applied : { ...this.#applied, name });
  }

  async train(): Promise<void> {
    if (this.activity !== "idle" || this.obstacle) return;
    this.activity = "training";
    this.trouble = null;
    this.#training = this.#guard(async () => {
      const session = await this.#settledSession();
      // A quick hand may have pressed Pause meanwhile.
      if (!session || !this.#wantsToTrain()) return;
      const generation = this.#generation;
      this.#meter.restart(this.#clock(), this.progress?.trials ?? 0);
      this.#viewsAt = this.#clock();
      const onProgress = (progress: Progress) => {
        if (generation !== this.#generation) return;
        this.#take(progress);
        this.#refreshWhileTraining();
      };
      this.#running = true;
      const last = await session.train({ onProgress, interval: 50 });
      if (generation === this.#generation) this.#take(last);
    });
    await this.#training;
    this.#running = false;
    this.activity = "idle";
    this.timeLeft = null;
    await this.#lookAgain();
  }

  async pause(): Promise<void> {
    if (this.activity !== "training") return;
    this.activity = "pausing";
    await this.#guard(async () => {
      await this.#session?.pause();
    });
    await this.#training;
  }

  /** Trains, or pauses. */
  async toggle(): Promise<void> {
    await (this.activity === "training" ? this.pause() : this.train());
  }

  /** One update. */
  async step(): Promise<void> {
    if (this.activity !== "idle" || this.obstacle) return;
    this.activity = "stepping";
    this.trouble = null;
    await this.#guard(async () => {
      const session = await this.#settledSession();
      if (!session) return;
      const generation = this.#generation;
      const progress = await session.step({ iterations: 1 });
      if (generation === this.#generation) this.#take(progress);
    });
    this.activity = "idle";
    await this.#lookAgain();
  }

  /** Back to the initial weights. */
  async reset(): Promise<void> {
    await this.#stop();
    await this.#guard(async () => {
      const session = this.#session;
      if (!session) return;
      this.#generation++;
      await session.reset();
      this.history = [];
      this.metrics = [];
      this.now = null;
      this.rate = null;
      this.#take(await session.progress());
    });
    // A change that waited for its answer has nothing to wait for any more.
    await this.#settle();
    await this.#lookAgain();
  }

  choose(index: number): void {
    this.index = (index + shownTrials) % shownTrials;
    void this.#look();
  }

  newTrials(): void {
    this.draw++;
    this.index = 0;
    void this.#look();
  }

  /** Looks at the network with these connections taken away; null ends that. */
  setLesion(lesion: Lesion | null): void {
    this.lesion = lesion;
    void this.#look();
  }

  /** Puts weights in the place of the network's. Training starts anew from them; the lesion stays. */
  async setWeights(weights: WeightValues): Promise<void> {
    await this.#startFrom((session) => session.setWeights(weights));
  }

  /** Puts the weights of a file (.npz) in the place of the network's; answers what was skipped, in sentences. */
  async importWeights(file: Uint8Array, name: string): Promise<string[]> {
    let skipped: string[] = [];
    await this.#startFrom(async (session) => {
      skipped = await session.importWeights(file, name);
    });
    return skipped;
  }

  /** Drops the network for that of another document, and of these weights where there are any. */
  async replace(draft: ExperimentDocument, weights?: WeightValues): Promise<void> {
    await this.#stop();
    this.draft = draft;
    this.document = null;
    this.#generation++;
    this.progress = null;
    await this.#settle();
    if (!weights || this.problems.length > 0) return;
    await this.setWeights(weights);
    // What the new network was made with for a moment is nothing to compare with.
    this.weightsBefore = this.weightsNow;
  }

  /** Adds a file for the document to name; one of the same name is replaced. */
  addFile(name: string, content: FileBytes | Arrays): void {
    this.files = { ...this.files, [name]: content };
  }

  /** What the engine says of a document and files that are not taken yet; null where there is no engine to ask. */
  async consider(draft: ExperimentDocument, files: Files = this.files): Promise<CheckResult | null> {
    const engine = this.#engine;
    let result: CheckResult | null = null;
    await this.#guard(async () => {
      result = engine && (await engine.check(draft, { files: filesNamed(draft, files) }));
    });
    return result;
  }

  /** Goes on where a saved run of this document stood; answers whether it could. */
  async restore(state: Uint8Array, name: string): Promise<boolean> {
    await this.#stop();
    let restored = false;
    await this.#guard(async () => {
      const session = this.#session;
      if (!session) return;
      const progress = await session.restoreState(state, name);
      this.#generation++;
      this.history = [];
      this.metrics = [];
      this.now = null;
      this.rate = null;
      this.#meter.restart(this.#clock(), progress.trials);
      this.#take(progress);
      restored = true;
    });
    await this.#settle();
    await this.#lookAgain();
    return restored;
  }

  /** Asks something of the session, as a view may; null where the answer belongs to a network that is gone, or there is none. */
  async ask<T>(question: (session: RemoteSession, engine: RemoteEngine) => Promise<T>): Promise<T | null> {
    const session = this.#session;
    const engine = this.#engine;
    if (!session || !engine) return null;
    const generation = this.#generation;
    let answer: T | null = null;
    this.#looks++;
    await this.#guard(async () => {
      const found = await question(session, engine);
      if (generation === this.#generation) answer = found;
    });
    this.#looks--;
    return answer;
  }

  /** Eigenvalues of a square matrix; null where the engine cannot be asked. */
  async eigenvalues(matrix: Matrix): Promise<Eigenvalues | null> {
    return this.ask((_, engine) => engine.eigenvalues(matrix));
  }

  rename(name: string): void {
    const rest = without(this.draft, "name");
    this.edit(name === "" ? rest : { ...rest, name });
  }

  /** Takes other initial weights, and forgets what was known of those before. */
  async #startFrom(change: (session: RemoteSession) => Promise<void>): Promise<void> {
    await this.#stop();
    await this.#guard(async () => {
      const session = this.#session;
      if (!session) return;
      const before = this.iteration > 0 ? this.weightsNow : this.weightsBefore;
      const rawBefore = this.iteration > 0 ? await session.weights("raw") : this.rawBefore;
      await change(session);
      this.#generation++;
      this.history = [];
      this.metrics = [];
      this.before = null;
      this.now = null;
      this.rate = null;
      this.weightsBefore = before;
      this.rawBefore = rawBefore;
      this.#take(await session.progress());
    });
    await this.#settle();
    await this.#lookAgain();
  }

  #obstacle(): Obstacle | null {
    if (this.phase !== "ready") return { reason: "The engine is not running." };
    const first = this.problems[0];
    if (first) {
      const more = this.problems.length > 1 ? ` (and ${this.problems.length - 1} more)` : "";
      return { reason: `Train is off: ${first.message}${more}`, path: first.path };
    }
    if (!this.document) return { reason: "The network is being made." };
    if (this.pending) return { reason: "Train is off until the change is applied or put back." };
    if (this.diverged) return { reason: "Training cannot go on from here. Change the experiment, or reset." };
    if (this.finished)
      return { reason: "The run is finished. Ask for more trials to go on, or reset to start again." };
    return null;
  }

  /** The session of what the forms say at this moment; null where that is wrong, or another network's. */
  async #settledSession(): Promise<RemoteSession | null> {
    let draft;
    do {
      draft = this.draft;
      await this.#settle();
    } while (this.draft !== draft);
    return this.obstacle ? null : this.#session;
  }

  async #checkAndOpen(): Promise<void> {
    await this.#guard(async () => {
      const engine = this.#engine;
      if (!engine) return;
      const draft = this.draft;
      this.#checked = { draft, result: await engine.check(draft, { files: this.#filesOf(draft) }) };
      const { document } = this.#checked.result;
      if (!document) return;
      if (this.document && sameRun(document, this.document)) this.#applied = draft;
      else if (this.iteration === 0 && !this.#running) await this.#open(draft);
      else await this.#lengthen(draft);
    });
  }

  /** Files that nothing names are not handed to the engine again and again. */
  #filesOf(draft: ExperimentDocument): Files {
    return filesNamed(draft, this.files);
  }

  /** A run that is to be longer, and nothing else, goes on from where it is. */
  async #lengthen(draft: ExperimentDocument): Promise<void> {
    const { document, shape } = this.#checked?.result ?? {};
    const session = this.#session;
    if (!document || !shape || !session || !this.document || !this.progress || this.#running) return;
    const more = shape.iterations - this.progress.iterations;
    if (more <= 0 || !sameButForLength(document, this.document)) return;
    const generation = this.#generation;
    const progress = await session.extend(more);
    if (generation !== this.#generation) return;
    this.document = document;
    this.shape = shape;
    this.#applied = draft;
    this.progress = progress;
  }

  async #open(draft: ExperimentDocument): Promise<void> {
    const engine = this.#engine;
    if (!engine) return;
    const old = this.#session;
    this.#session = null;
    const generation = ++this.#generation;
    await old?.[Symbol.asyncDispose]();
    const session = await engine
      .open(draft, { files: this.#filesOf(draft) })
      .catch((error: unknown) => this.#refused(draft, error));
    if (!session) return;
    this.#session = session;
    this.#applied = draft;
    const [progress, weights, raw, hash] = await Promise.all([
      session.progress(),
      session.weights("effective"),
      session.weights("raw"),
      session.hash(),
    ]);
    if (generation !== this.#generation) return;
    this.document = session.document;
    this.shape = session.shape;
    this.progress = progress;
    this.history = progress.history;
    this.metrics = progress.metrics;
    this.rate = null;
    this.timeLeft = null;
    this.before = null;
    this.now = null;
    this.weightsBefore = weights;
    this.rawBefore = raw;
    this.weightsNow = weights;
    this.hash = hash;
    this.index = 0;
    this.lesion = null;
    this.trouble = null;
    // Neither the first look nor the first test keeps the next edit waiting.
    void this.#lookAgain();
  }

  /** The engine may refuse a document that reads well, for example for want of memory: that is a problem like any other. */
  #refused(draft: ExperimentDocument, error: unknown): null {
    if (!(error instanceof NullclineError) || fatal.has(error.code)) throw error;
    const problem = toProblem(error);
    this.#checked = { draft, result: { problems: [problem], document: null, shape: null } };
    this.document = null;
    this.shape = null;
    this.progress = null;
    return null;
  }

  async #lookAgain(): Promise<void> {
    this.#looks++;
    this.stand++;
    await Promise.all([this.#look(), this.#measure()]);
    this.#looks--;
  }

  #refreshWhileTraining(): void {
    // Large networks take longer to look at: looking never takes more than about a fifth of the time.
    const interval = Math.max(viewInterval, 5 * this.#viewsTook);
    if (this.#viewsBusy || this.#clock() - this.#viewsAt < interval) return;
    void this.#look();
  }

  async #refreshViews(): Promise<void> {
    const session = this.#session;
    const engine = this.#engine;
    if (!session || !engine) return;
    const generation = this.#generation;
    const { draw, index, iteration, lesion } = this;
    const began = this.#clock();
    this.#viewsBusy = true;
    await this.#guard(async () => {
      if (this.#trials?.draw !== draw || this.#trials.generation !== generation) {
        const trials = await session.trials({ count: shownTrials, draw });
        this.#trials = { draw, generation, trials, order: clearestFirst(trials) };
      }
      const { trials: all, order } = this.#trials;
      const trial = selectTrial(all, order[index] ?? index);
      const [run, lesioned, weights, hash, memory] = await Promise.all([
        session.run(trial),
        lesion ? session.run(trial, { lesion }) : null,
        session.weights("effective"),
        session.hash(),
        engine.memory(),
      ]);
      if (generation !== this.#generation) return;
      this.shown = { trial, run, lesioned, varying: varyingParams(all.params), index, draw, iteration };
      this.weightsNow = weights;
      this.hash = hash;
      this.memory = memory;
    });
    this.#viewsBusy = false;
    this.#viewsAt = this.#clock();
    this.#viewsTook = this.#viewsAt - began;
  }

  /** Measures accuracy on fresh trials: the same ones before and after, so that the two can be compared. */
  async #test(): Promise<void> {
    const session = this.#session;
    const shape = this.shape;
    if (!session || !shape) return;
    const generation = this.#generation;
    const iteration = this.iteration;
    if (iteration === 0 ? this.before !== null : this.now?.iteration === iteration) return;
    await this.#guard(async () => {
      const result = await session.test(testSize(shape));
      if (generation !== this.#generation || this.iteration !== iteration) return;
      if (iteration === 0) this.before = result;
      else this.now = { ...result, iteration };
    });
  }

  #take(progress: Progress): void {
    this.progress = progress;
    this.history = joined(this.history, progress.history, progress.iteration);
    this.metrics = joined(this.metrics, progress.metrics, progress.iteration);
    this.#meter.add(this.#clock(), progress.trials);
    this.rate = this.#meter.rate() ?? this.rate;
    const batch = this.shape?.N_batch ?? 0;
    this.timeLeft = this.#meter.timeLeft((progress.iterations - progress.iteration) * batch);
  }

  #wantsToTrain(): boolean {
    return this.activity === "training";
  }

  async #stop(): Promise<void> {
    await this.pause();
    await this.#training;
  }

  /** Runs a call of the engine. One that is refused is told; one that fails because the engine is gone ends the session. */
  async #guard(call: () => Promise<void>): Promise<void> {
    const engine = this.#engine;
    try {
      await call();
    } catch (error) {
      if (engine !== this.#engine) return;
      if (this.phase === "ready" && error instanceof NullclineError && !fatal.has(error.code)) {
        // The engine refused this one call and is well otherwise.
        if (error.code !== "disposed" && error.code !== "cancelled") this.trouble = toProblem(error);
      } else {
        this.#fail(error);
      }
    }
  }

  #fail(error: unknown): void {
    const problem: Problem =
      error instanceof NullclineError
        ? toProblem(error)
        : {
            code: "unknown",
            path: "",
            message: error instanceof Error ? error.message : String(error),
            hint: "",
          };
    if (problem.code === "cancelled") return;
    if (problem.code === "disposed") return;
    this.failure = problem;
    this.phase = problem.code === "unsupported" ? "unsupported" : this.phase === "ready" ? "lost" : "failed";
    this.#forget();
  }

  #forget(): void {
    this.#generation++;
    this.#engine?.terminate();
    this.#engine = null;
    this.#session = null;
    this.#trials = null;
    this.document = null;
    this.shape = null;
    this.progress = null;
    this.activity = "idle";
    this.#checked = null;
  }
}
