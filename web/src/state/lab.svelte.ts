import {
  NullclineError,
  type Arrays,
  type BuildReport,
  type CheckResult,
  type Constraints,
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
  type Trials,
  type Weights,
  type WeightValues,
} from "nullcline";
import { equal, without } from "../json";
import { blankDocument } from "../document/schema";
import { currentTask } from "../document/task";
import {
  filesNamed,
  inWordsOfFields,
  problemsByField,
  sameButForLength,
  sameRun,
} from "../document/document";
import type { Sharing } from "nullcline/links";
import { RateMeter } from "./rate";
import { clearestFirst, eachOnce, selectTrial, selectTrials } from "./select";
import { varyingParams } from "../plots/trial";
import { noEngine } from "../words";
import { latest } from "./latest";
import {
  newRun,
  type Edited,
  type GivenWeights,
  type KeptNetwork,
  type Leaving,
  type MeasuredTest,
  type Moment,
  type Start,
  type Tested,
  type Watcher,
} from "./moment";
import { originOf, type Origin } from "./origin";

export type { MeasuredTest, Tested } from "./moment";

/** How the page stands with its engine. */
export type Phase = "loading" | "ready" | "unsupported" | "failed" | "lost";

/** What the network is busy with. `pausing` lasts until the iteration at hand is done. */
export type Activity = "idle" | "training" | "pausing" | "stepping";

/** Why Train is off, in words, and the field to look at where there is one; "" is the document as a whole. */
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
  /** How many there are to choose from, and whether a file holds no others. */
  of: number;
  all: boolean;
  draw: number;
  iteration: number;
}

/** Trials to look at, their numbers in the order in which they are shown, and whether a file holds no others. */
interface TrialsToShow {
  trials: Trials;
  order: number[];
  all: boolean;
}

export interface LabOptions {
  connect: () => Promise<RemoteEngine>;
  /** A document to begin with; the description's defaults without one. */
  document?: ExperimentDocument;
  /** Runs a function before the next frame is drawn. */
  frame?: (callback: () => void) => void;
  clock?: () => number;
}

/** Trials that can be looked at one by one; fewer where a file holds fewer. */
export const shownTrials = 16;

/** Training that goes on between two reports, in ms. */
const slice = 50;

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

/** The stage of a curriculum whose trials are drawn, from 0; after its last one that goes on. Null without a curriculum. */
export function stageOfTrials(progress: Pick<Progress, "stage" | "stages"> | null): number | null {
  return progress?.stages ? Math.min(progress.stage, progress.stages - 1) : null;
}

/** The one state of the page: the document being edited, the session that runs, and what is known of it. */
export class Lab {
  phase = $state<Phase>("loading");
  /** Another network is being opened whose weights are not in yet: what is known is of none that is to be shown. */
  incoming = $state(false);
  /** Why the phase is not "ready". */
  failure = $state.raw<Problem | null>(null);
  /** What the engine refused last, while all else goes on. */
  trouble = $state.raw<Problem | null>(null);

  build = $state.raw<BuildReport | null>(null);
  schema = $state.raw<Schema | null>(null);

  /** The document as the forms show it. */
  draft = $state.raw<ExperimentDocument>({});
  /** What the page begins with, or goes on with after the engine was lost, is not there yet. */
  #beginning = $state(true);
  /** Whether there is a document that can be changed. */
  readonly editable = $derived.by(() => !this.#beginning && Object.keys(this.draft).length > 0);
  /** Files by the names that the draft gives them. */
  files = $state.raw<Files>({});
  /** The line at which the text that is written in cannot be read: it is not the draft then. */
  unreadLine = $state<number | null>(null);
  /** Whether there is text that cannot be read: it is kept nowhere but on the page. */
  unread = $state(false);
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
  before = $state.raw<Tested | null>(null);
  now = $state.raw<MeasuredTest | null>(null);
  origin = $state<Origin>("drawn");
  hash = $state("");
  memory = $state(0);

  draw = $state(0);
  index = $state(0);
  shown = $state.raw<ShownTrial | null>(null);
  /** Fields that whoever sent the experiment has hidden or locked. */
  sharing = $state.raw<Sharing>({});
  /** How often the network was dropped for that of another document. */
  replacements = $state(0);
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
  /** Whether the network has weights that its document alone does not make: trained, given or edited ones. */
  readonly hasOwnWeights = $derived.by(() => this.iteration > 0 || this.#start !== null);
  readonly finished = $derived(this.progress?.state === "finished");
  readonly diverged = $derived(this.progress?.state === "diverged" ? this.progress.problem : null);
  readonly busy = $derived(this.activity !== "idle");
  /** Updates that the weights had had which training began with. */
  readonly trainedBefore = $derived.by(() => this.#start?.iterations ?? 0);
  /** The draft asks for another network than the one that is there, which is not to be lost without a question. */
  readonly pending = $derived(
    (this.started || this.hasOwnWeights) &&
      this.document !== null &&
      this.resolved !== null &&
      !sameRun(this.resolved, this.document),
  );
  /** Whether trials are those of a file, and not drawn anew. */
  readonly given = $derived(
    this.document !== null && currentTask(this.document, stageOfTrials(this.progress) ?? 0).type === "Trials",
  );
  /** How many trials can be looked at. */
  readonly trialCount = $derived(this.shown?.of ?? shownTrials);
  readonly obstacle = $derived.by(() => this.#obstacle());
  /** Views and test that follow a change of the network and are not there yet. */
  #looks = $state(0);
  /** Whether what is shown is not, or not yet, that of the network as it is. */
  readonly unsettled = $derived(this.busy || this.#looks > 0);

  /** By which the run is kept. */
  run = $state(newRun());
  /** Those who keep what happens here. */
  readonly watchers: Watcher[] = [];
  /** Opens what the page begins with, once the engine is there; answers false to begin with the draft. */
  first: () => Promise<boolean> = () => Promise.resolve(false);

  readonly #connect: () => Promise<RemoteEngine>;
  readonly #frame: (callback: () => void) => void;
  readonly #clock: () => number;
  readonly #meter = new RateMeter();
  #engine: RemoteEngine | null = null;
  #session: RemoteSession | null = null;
  /** Rises with every new session or reset: answers that belong to an older one are dropped. */
  #generation = 0;
  #trials: (TrialsToShow & { draw: number; generation: number; stage: number | null }) | null = null;
  #training: Promise<void> = Promise.resolve();
  #viewsAt = 0;
  #viewsTook = 0;
  #viewsBusy = false;
  #framed = false;
  /** True while the worker trains, which is a moment later than the button says so. */
  #running = false;
  /** The weights that the document draws. */
  #drawn: Start | null = null;
  #start = $state.raw<Start | null>(null);
  /** How the run was when it was opened. */
  #opened: { draft: ExperimentDocument; iteration: number; start: Start | null } | null = null;
  /** Another network is being opened, and not there yet. */
  #arriving = false;
  /** The files of the network that is there. */
  #appliedFiles: Files = {};
  /** The files as they were before some were added for an edit to come. */
  #filesBefore: Files | null = null;
  /** The network that the next one to be opened is to be. */
  #resuming: KeptNetwork | null = null;
  #resumed = false;

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
    this.#beginning = true;
    try {
      this.#engine = await this.#connect();
      this.build = this.#engine.build;
      this.schema = await this.#engine.describe();
      if (Object.keys(this.draft).length === 0) this.draft = blankDocument(this.schema);
      if (!this.#opened) this.untouched();
      this.phase = "ready";
      if (!(await this.first())) await this.#settle();
    } catch (error) {
      this.#fail(error);
    }
    this.#beginning = false;
  }

  /** The document, as it was written, of the network that is there. */
  get applied(): ExperimentDocument {
    const { name } = this.draft;
    return name === undefined ? without(this.#applied, "name") : { ...this.#applied, name };
  }

  /** The weights that the document makes; what the run began with may be others. */
  get drawn(): Weights | null {
    return this.#drawn?.weightsBefore ?? null;
  }

  /** Whether the document draws the weights that the run began with: its seed then says all of it. */
  get isFromSeed(): boolean {
    return this.#start === null;
  }

  /** Takes an edited document; the engine checks it before the next frame, the latest edit wins. */
  edit(draft: ExperimentDocument, files = this.files): void {
    // What the page comes back to would be lost for an edit of a document that is not there.
    if (!this.editable) return;
    const before = this.#edited();
    this.draft = draft;
    this.files = files;
    for (const watcher of this.watchers) watcher.edited?.(before);
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
    await this.#leave("apply");
    if (this.hasOwnWeights) this.#begin();
    await this.#guard(() => this.#open(this.draft));
  }

  /** Puts the draft back to the network that is there; its name stays. */
  keep(): void {
    this.edit(this.applied);
  }

  /** Trains to the end of the run, or to an iteration on the way. */
  async train(until?: number): Promise<void> {
    if (this.activity !== "idle" || this.obstacle) return;
    this.activity = "training";
    this.trouble = null;
    for (const watcher of this.watchers) watcher.began?.();
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
        this.#moved();
      };
      this.#running = true;
      const last =
        until === undefined
          ? await session.train({ onProgress, interval: slice })
          : await this.#trainTo(until, session, onProgress);
      if (generation === this.#generation) this.#take(last);
    });
    await this.#training;
    this.#running = false;
    this.activity = "idle";
    this.timeLeft = null;
    await this.#lookAgain();
  }

  async #trainTo(
    until: number,
    session: RemoteSession,
    onProgress: (progress: Progress) => void,
  ): Promise<Progress> {
    let progress = await session.progress();
    const goesOn = () => progress.state === "ready" || progress.state === "training";
    while (this.#wantsToTrain() && goesOn() && progress.iteration < until) {
      progress = await session.step({ milliseconds: slice, iterations: until - progress.iteration });
      onProgress(progress);
    }
    return progress;
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
      this.#meter.restart(this.#clock(), this.progress?.trials ?? 0);
      const progress = await session.step({ iterations: 1 });
      if (generation === this.#generation) this.#take(progress);
    });
    this.activity = "idle";
    await this.#lookAgain();
  }

  /** Back to the initial weights. */
  async reset(): Promise<void> {
    await this.#stop();
    await this.#leave("reset");
    await this.#guard(async () => {
      const session = this.#session;
      if (!session) return;
      this.#generation++;
      await session.reset();
      if (this.#start === this.#drawn) this.#start = null;
      const wasTrained = this.iteration > 0;
      this.#fork();
      this.#standAt(await session.progress(), { before: this.before });
      if (!wasTrained) this.untouched();
    });
    // A change that waited for its answer has nothing to wait for any more.
    await this.#settle();
    await this.#lookAgain();
  }

  choose(index: number): void {
    const { trialCount } = this;
    this.index = (index + trialCount) % trialCount;
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
    this.#moved();
    void this.#look();
  }

  /** Puts weights in the place of the network's. Training starts anew from them; the lesion stays. */
  async setWeights(weights: WeightValues): Promise<void> {
    const iterations = this.trainedBefore + this.iteration;
    await this.#startFrom({ origin: "edited", iterations }, (session) => session.setWeights(weights));
  }

  /** Puts the weights of a file (.npz) in the place of the network's; answers what was skipped, in sentences. */
  async importWeights(file: Uint8Array, name: string): Promise<string[]> {
    let skipped: string[] = [];
    await this.#startFrom({ origin: "given" }, async (session) => {
      skipped = await session.importWeights(file, name);
    });
    return skipped;
  }

  /** Drops the network for that of another document, and of these weights where there are any; fields may be hidden or locked. */
  async replace(draft: ExperimentDocument, given?: GivenWeights, sharing: Sharing = {}): Promise<void> {
    this.replacements++;
    this.incoming = true;
    await this.#stop();
    await this.#leave("replace");
    this.run = newRun();
    this.#arriving = true;
    this.#clear(draft);
    this.sharing = sharing;
    await this.#settle();
    if (given && this.problems.length === 0) {
      const { weights, iterations } = given;
      await this.#startFrom({ origin: "given", iterations }, (session) => session.setWeights(weights), false);
    }
    this.#arriving = false;
    this.incoming = false;
    this.untouched();
  }

  /** Adds a file for the document to name; one of the same name is replaced. */
  addFile(name: string, content: FileBytes | Arrays): void {
    this.#filesBefore ??= this.files;
    this.files = { ...this.files, [name]: content };
  }

  /** Takes what is there for what was opened: until it is changed it need not be kept. */
  untouched(): void {
    this.#opened = { draft: this.draft, iteration: this.iteration, start: this.#start };
  }

  /** All that is needed to come back to this moment; null where another network came in between. */
  async capture(): Promise<Moment | null> {
    const session = this.#session;
    const { draft, run, lesion } = this;
    const files = this.#filesBefore ?? this.files;
    const named = { ...filesNamed(draft, files), ...filesNamed(this.#applied, this.#appliedFiles) };
    const base = { run, draft, files: named, touched: this.#touched, sharing: this.sharing, lesion };
    if (!session || !this.document) return { ...base, network: null };
    const start = this.#start;
    // Nothing needs to be asked, so that it is there at once even for a page that is being closed.
    if (this.iteration === 0 && !start)
      return { ...base, network: { ...this.#kept(null), start, hash: this.hash } };
    const generation = this.#generation;
    let network: KeptNetwork | null = null;
    await this.#guard(async () => {
      // What the worker reported before an answer has been taken in when the answer comes.
      const [kept, hash] = await Promise.all([
        session.saveState().then((state) => this.#kept(state)),
        session.hash().then((answer) => ({ answer, iteration: this.iteration })),
      ]);
      if (generation !== this.#generation) return;
      network = { ...kept, start, hash: hash.iteration === kept.iteration ? hash.answer : "" };
    });
    return network && { ...base, network };
  }

  /** The network as it is told of at this moment. */
  #kept(state: Uint8Array | null): Omit<KeptNetwork, "start" | "hash"> {
    const { iteration, history, before, now, document, progress } = this;
    const iterations = progress?.iterations ?? 0;
    return {
      document: this.#applied,
      resolved: document ?? {},
      state,
      iteration,
      iterations,
      history,
      before,
      now,
    };
  }

  get #touched(): boolean {
    const opened = this.#opened;
    const same =
      this.iteration === opened?.iteration && this.#start === opened.start && equal(this.draft, opened.draft);
    return !this.#arriving && (this.busy || !same);
  }

  /** Comes back to a moment; answers whether its network could. */
  async resume({ run, draft, files, network, touched, sharing }: Moment): Promise<boolean> {
    this.replacements++;
    await this.#stop();
    await this.#leave("resume");
    if (sharing) this.sharing = sharing;
    else if (run !== this.run) this.sharing = {};
    const session = this.#session;
    const here = network !== null && session !== null && this.#isHere(network, files);
    this.run = run;
    this.#opened = null;
    this.files = { ...this.files, ...files };
    this.#resumed = network === null;
    if (here) await this.#guard(() => this.#resumeHere(session, network));
    else {
      this.#clear(network?.document ?? draft);
      this.#resuming = network;
      await this.#settle();
      this.#resuming = null;
    }
    // What is there now is not that run, which stays as it is kept.
    if (!this.#resumed) this.run = newRun();
    if (this.draft !== draft) {
      this.draft = draft;
      await this.#settle();
    }
    if (!touched) this.untouched();
    if (here) await this.#lookAgain();
    return this.#resumed;
  }

  /** Whether the network is the one that is there, with other weights. */
  #isHere({ resolved }: KeptNetwork, files: Files): boolean {
    if (!this.document || !sameRun(resolved, this.document)) return false;
    const here = this.#appliedFiles;
    return Object.entries(filesNamed(resolved, files)).every(([name, content]) => here[name] === content);
  }

  async #resumeHere(session: RemoteSession, network: KeptNetwork): Promise<void> {
    await this.#bringBack(session, network, this.#drawn?.base);
    const progress = await session.progress();
    this.#generation++;
    this.#start = network.start;
    this.#applied = network.document;
    this.origin = originOf(network.resolved, network.start);
    this.weightsBefore = (network.start ?? this.#drawn)?.weightsBefore ?? null;
    this.rawBefore = (network.start ?? this.#drawn)?.rawBefore ?? null;
    this.#resumed = true;
    this.#standAt(progress, network);
  }

  /** Puts a network where it stood. `base` is what it began with where it does not say so itself. */
  async #bringBack(session: RemoteSession, network: KeptNetwork, base?: Weights): Promise<void> {
    const { state, start, iterations } = network;
    const begun = start?.base ?? base;
    if (begun) await session.setWeights(begun);
    if (!state) return;
    const progress = await session.restoreState(state, "The saved run");
    if (progress.iterations < iterations) await session.extend(iterations - progress.iterations);
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

  /** Why no network of a document can have these weights, or those of a file; null where one can. Nothing is changed here. */
  async refusal(
    draft: ExperimentDocument,
    weights: WeightValues | Uint8Array,
    name = "",
  ): Promise<Problem | null> {
    const engine = this.#engine;
    let problem: Problem | null = null;
    await this.#guard(async () => {
      const session = await engine?.open(draft, { files: this.#filesOf(draft) });
      if (!session) return;
      try {
        if (weights instanceof Uint8Array) {
          await session.importWeights(weights, name);
          return;
        }
        const names = Object.keys(await session.weights("raw"));
        const missing = names.find((name) => !(name in weights));
        if (missing === undefined) await session.setWeights(weights);
        else problem = { code: "missing_field", path: missing, message: `${missing} is missing.`, hint: "" };
      } catch (error) {
        if (!(error instanceof NullclineError) || fatal.has(error.code)) throw error;
        problem = toProblem(error);
      } finally {
        await session[Symbol.asyncDispose]();
      }
    });
    return problem;
  }

  /** Goes on where a saved run of this document stood; answers whether it could. */
  async restore(state: Uint8Array, name: string): Promise<boolean> {
    await this.#stop();
    let restored = false;
    await this.#guard(async () => {
      const session = this.#session;
      if (!session) return;
      const progress = await session.restoreState(state, name);
      // A file does not say what its run began with: not even that its seed drew it.
      this.#start ??= this.#drawn;
      this.#generation++;
      this.#standAt(progress, { before: this.before });
      restored = true;
    });
    await this.#settle();
    await this.#lookAgain();
    return restored;
  }

  /** Asks something of the session, as a view may; null where the answer belongs to a network that is gone, or there is none. */
  async ask<T>(question: (session: RemoteSession, engine: RemoteEngine) => Promise<T>): Promise<T | null> {
    const generation = this.#generation;
    return this.#ask(question, () => generation === this.#generation);
  }

  /** What holds for the network's weights, whatever they are; null where there is no network, or it is gone. */
  async constraints(): Promise<Constraints | null> {
    return this.#ask(
      (session) => session.constraints(),
      (session) => session === this.#session,
    );
  }

  async #ask<T>(
    question: (session: RemoteSession, engine: RemoteEngine) => Promise<T>,
    holds: (session: RemoteSession) => boolean,
  ): Promise<T | null> {
    const session = this.#session;
    const engine = this.#engine;
    if (!session || !engine) return null;
    let answer: T | null = null;
    this.#looks++;
    await this.#guard(async () => {
      const found = await question(session, engine);
      if (holds(session)) answer = found;
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

  /** Draft and files as they are before the edit at hand. */
  #edited(): Edited {
    const files = this.#filesBefore ?? this.files;
    this.#filesBefore = null;
    return { draft: this.draft, files };
  }

  /** Hands the network that is there to those who keep it, before another takes its place. */
  async #leave(why: Leaving): Promise<void> {
    const moment = this.watchers.length > 0 && this.phase === "ready" ? await this.capture() : null;
    this.#filesBefore = null;
    if (moment) for (const watcher of this.watchers) await watcher.leaving?.(moment, why);
  }

  #moved(): void {
    for (const watcher of this.watchers) watcher.moved?.();
  }

  /** What was trained stays under its name; what takes its place is another run. */
  #fork(): void {
    if (this.iteration > 0) this.#begin();
  }

  /** Another run, which is kept from its first moment: whoever comes back is to find it, and not the one before. */
  #begin(): void {
    this.run = newRun();
    this.#opened = null;
  }

  /** Another document, of which there is no network yet. */
  #clear(draft: ExperimentDocument): void {
    this.draft = draft;
    this.document = null;
    this.#generation++;
    this.progress = null;
    this.before = null;
    this.now = null;
  }

  /** Takes other initial weights, and forgets what was known of those before. */
  async #startFrom(
    given: Pick<Start, "origin" | "iterations">,
    change: (session: RemoteSession) => Promise<void>,
    leave = true,
  ): Promise<void> {
    await this.#stop();
    if (leave) await this.#leave("weights");
    let changed = false;
    await this.#guard(async () => {
      const session = this.#session;
      if (!session) return;
      const weightsThere = this.iteration > 0 ? this.weightsNow : this.weightsBefore;
      const rawThere = this.iteration > 0 ? await session.weights("raw") : this.rawBefore;
      // What is asked from here on is asked of other weights, and what was asked before of those that go.
      this.#generation++;
      await change(session);
      const [base, acting, progress] = await Promise.all([
        session.weights("raw"),
        session.weights("effective"),
        session.progress(),
      ]);
      // An edit is compared with what was there; weights from elsewhere never were this network's.
      const isEdit = given.origin === "edited";
      const [before, rawBefore] = isEdit ? [weightsThere, rawThere] : [acting, base];
      changed = true;
      this.#generation++;
      // All of this at once: none of it is true beside what was known of the weights before.
      this.#fork();
      this.#start = { base, weightsBefore: before, rawBefore, ...given };
      this.origin = given.origin ?? "given";
      this.weightsBefore = before;
      this.rawBefore = rawBefore;
      this.#standAt(progress, { before: null });
      this.incoming = false;
    });
    if (!changed) for (const watcher of this.watchers) watcher.stayed?.();
    await this.#settle();
    await this.#lookAgain();
  }

  #obstacle(): Obstacle | null {
    if (this.phase !== "ready") return { reason: noEngine };
    if (this.unreadLine !== null)
      return { reason: `Train is off: the text cannot be read at line ${this.unreadLine}.`, path: "" };
    const first = this.problems[0];
    if (first) {
      const more = this.problems.length > 1 ? ` (and ${this.problems.length - 1} more)` : "";
      return { reason: `Train is off: ${first.message}${more}`, path: first.path };
    }
    if (!this.document) return { reason: "The network is being made." };
    if (this.pending) return { reason: "Train is off until the change is applied or put back." };
    if (this.diverged) return { reason: "Training cannot go on from here. Change the experiment, or reset." };
    if (this.finished) return { reason: "The run is finished: ask for more trials, or reset." };
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
      else if (!this.#running && (this.document === null || !this.hasOwnWeights)) await this.#open(draft);
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
    this.#appliedFiles = this.#filesOf(draft);
    const kept = this.#resuming?.document === draft ? this.#resuming : null;
    const [drawn, raw] = await Promise.all([session.weights("effective"), session.weights("raw")]);
    const refusal = kept ? await this.#refusalOf(this.#bringBack(session, kept)) : null;
    const [progress, weights, hash] = await Promise.all([
      session.progress(),
      kept ? session.weights("effective") : drawn,
      session.hash(),
    ]);
    if (generation !== this.#generation) return;
    const back = refusal ? null : kept;
    if (back) this.#resumed = true;
    this.#drawn = { base: raw, weightsBefore: drawn, rawBefore: raw };
    this.#start = back?.start ?? null;
    this.document = session.document;
    this.shape = session.shape;
    this.#standAt(progress, back ?? { before: null });
    ({ weightsBefore: this.weightsBefore, rawBefore: this.rawBefore } = this.#start ?? this.#drawn);
    this.origin = originOf(session.document, this.#start);
    this.weightsNow = weights;
    this.hash = hash;
    this.index = 0;
    this.lesion = null;
    this.trouble = refusal;
    // Neither the first look nor the first test keeps the next edit waiting.
    void this.#lookAgain();
  }

  /** Why the engine refused what it was asked; null where it did not. */
  async #refusalOf(answer: Promise<void>): Promise<Problem | null> {
    try {
      await answer;
      return null;
    } catch (error) {
      if (error instanceof NullclineError && !fatal.has(error.code)) return toProblem(error);
      throw error;
    }
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
    this.#moved();
    await Promise.all([this.#look(), this.#measure()]);
    this.#looks--;
    this.#moved();
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
      // Each stage of a curriculum has trials of its own.
      const stage = stageOfTrials(this.progress);
      let known = this.#trials;
      if (known?.draw !== draw || known.generation !== generation || known.stage !== stage) {
        known = { draw, generation, stage, ...(await this.#trialsToShow(session, draw)) };
        this.#trials = known;
      }
      const { trials, order, all } = known;
      // Of a network that was replaced meanwhile there may be fewer.
      const at = index % trials.count;
      const trial = selectTrial(trials, order[at] ?? at);
      const [run, lesioned, weights, hash, memory] = await Promise.all([
        session.run(trial),
        lesion ? session.run(trial, { lesion }) : null,
        session.weights("effective"),
        session.hash(),
        engine.memory(),
      ]);
      if (generation !== this.#generation) return;
      if (this.index === index) this.index = at;
      const varying = varyingParams(trials.params);
      this.shown = { trial, run, lesioned, varying, index: at, of: trials.count, all, draw, iteration };
      this.weightsNow = weights;
      this.hash = hash;
      this.memory = memory;
    });
    this.#viewsBusy = false;
    this.#viewsAt = this.#clock();
    this.#viewsTook = this.#viewsAt - began;
  }

  /** Drawn ones, or those of a file, each once: one more than are shown tells whether there are others. */
  async #trialsToShow(session: RemoteSession, draw: number): Promise<TrialsToShow> {
    const drawn = await session.trials({ count: shownTrials + Number(this.given), draw });
    const once = this.given ? eachOnce(drawn) : drawn;
    const all = this.given && once.count <= shownTrials;
    const trials = once.count > shownTrials ? selectTrials(once, 0, shownTrials) : once;
    return { trials, order: clearestFirst(trials), all };
  }

  /** Measures accuracy on fresh trials, or on each of a file's: the same ones before and after, so that the two can be compared. */
  async #test(): Promise<void> {
    const session = this.#session;
    const shape = this.shape;
    if (!session || !shape) return;
    const generation = this.#generation;
    const iteration = this.iteration;
    if (iteration === 0 ? this.before !== null : this.now?.iteration === iteration) return;
    await this.#guard(async () => {
      const stage = stageOfTrials(this.progress);
      const { given } = this;
      const size = testSize(shape);
      const count = given ? eachOnce(await session.trials({ count: size })).count : size;
      const result: Tested = {
        ...(await session.test(count)),
        ...(given ? { given } : {}),
        ...(stage === null ? {} : { stage }),
      };
      if (generation !== this.#generation || this.iteration !== iteration) return;
      if (iteration === 0) this.before = result;
      else this.now = { ...result, iteration };
    });
  }

  /** Stands at another point of a run, or of another run: neither the curve nor the pace of what was there goes on. */
  #standAt(
    progress: Progress,
    { before, now = null }: { before: Tested | null; now?: MeasuredTest | null },
  ): void {
    this.history = [];
    this.metrics = [];
    this.before = before;
    this.now = now;
    this.rate = null;
    this.#meter.restart(this.#clock(), progress.trials);
    this.#take(progress);
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
