/**
 * The nouns of the package: plain data and two handles, `Engine` and `Session`.
 *
 * Arrays are copies in C order (trial × step × channel, matrices to × from); nothing returned here points into
 * WebAssembly memory, so it stays valid for as long as it is kept.
 */

/** An experiment document as the user writes it; what may stand in it is said by `Engine.describe()`. */
export type ExperimentDocument = { [field: string]: Json };

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** JSON Schema (2020-12) of the experiment document, with the extra keywords that forms and help need. */
export interface Schema {
  $ref?: string;
  $defs?: { [kind: string]: { [type: string]: Schema } };
  title?: string;
  description?: string;
  type?: "object" | "array" | "number" | "integer" | "boolean" | "string" | "null";
  const?: Json;
  enum?: Json[];
  default?: Json;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  minItems?: number;
  maxItems?: number;
  items?: Schema;
  properties?: { [field: string]: Schema };
  required?: string[];
  additionalProperties?: false;
  /** A choice by the value of the field `type` (tasks, networks, …): each entry is a `$ref` into `$defs`. */
  oneOf?: Schema[];
  /** A choice by the form of the value; each alternative has a title. */
  anyOf?: Schema[];
  /** Unit of the number, for example "ms". */
  "x-unit"?: string;
  /** Symbol as in papers, for example "τ". */
  "x-symbol"?: string;
  /** Where the definition comes from. */
  "x-reference"?: string;
  /** True for fields that most users leave alone; forms fold them under "more". */
  "x-advanced"?: boolean;
}

/** What is wrong, where, and what to do: one sentence each. */
export interface Problem {
  /** Stable identifier for programs: "out_of_range", "unknown_field", … */
  code: string;
  /** Path into the experiment document, for example "task.dt"; empty where none applies. */
  path: string;
  message: string;
  /** What to do about it; may be empty. */
  hint: string;
}

export interface CheckResult {
  /** Empty when the document is valid. */
  problems: Problem[];
  /** The resolved document, every default written out; null when the document is not valid. */
  document: ExperimentDocument | null;
  /** Sizes that follow from the document; null when it is not valid. */
  shape: Shape | null;
}

/** Sizes of an experiment. */
export interface Shape {
  N_in: number;
  N_rec: number;
  N_out: number;
  N_steps: number;
  N_batch: number;
  /** Time step in ms. */
  dt: number;
  /** Number of trained parameters. */
  parameters: number;
  /** Number of updates that the document asks for. */
  iterations: number;
  /** Bytes of memory that training takes, about. */
  memory: number;
}

export type Arithmetic = "plain" | "fused";

/** Which of the four builds runs, and why. */
export interface BuildReport {
  /** For example "threads-fused". */
  name: string;
  arithmetic: Arithmetic;
  /** Threads that a session may use, the calling one included. */
  threads: number;
  /** One sentence each: why this arithmetic, why this many threads. */
  reasons: string[];
  version: string;
  /** Rises whenever results change in any bit. */
  numerics: number;
}

export interface Budget {
  /** Stop after about this many milliseconds (at least one iteration is done). */
  milliseconds?: number;
  /** Stop after this many iterations. */
  iterations?: number;
}

export type TrainingState = "ready" | "training" | "finished" | "diverged";

/** A point of the learning curve: measured on the batch of that iteration, after its update. */
export interface HistoryPoint {
  iteration: number;
  loss: number;
  /** Share of trials with the correct choice, 0…1; NaN where the batch held no trial that asks for one. */
  accuracy: number;
}

export interface Progress {
  state: TrainingState;
  iteration: number;
  /** Iterations that the document asks for. */
  iterations: number;
  /** Trials trained on so far. */
  trials: number;
  /** Loss of the last batch before its update; NaN before the first iteration. */
  batch_loss: number;
  /** Points of the learning curve: from `step` and in `onProgress` those since the last time, elsewhere all of them. */
  history: HistoryPoint[];
  /** Milliseconds of training in this slice: from `step` and in `onProgress`; 0 elsewhere. */
  elapsed: number;
  /** Why training stopped early; null otherwise. */
  problem: Problem | null;
}

/** A batch of trials. */
export interface Trials {
  count: number;
  N_steps: number;
  N_in: number;
  N_out: number;
  /** count × N_steps × N_in */
  x: Float32Array;
  /** count × N_steps × N_out */
  y: Float32Array;
  /** count × N_steps × N_out */
  mask: Float32Array;
  /** One object a trial: coherence, direction, onset_time, … */
  params: { [name: string]: number }[];
  /** One list a trial: its epochs in order. */
  epochs: Epoch[][];
}

/** A named stretch of a trial (fixation, stimulus, response), [from, to) in ms. */
export interface Epoch {
  name: string;
  from: number;
  to: number;
}

export interface TrialRequest {
  count: number;
  /** Which trials: the same number gives the same trials. Default 0. */
  draw?: number;
  /** Parameters to use instead of drawn ones, one object a trial; missing names are drawn. */
  params?: { [name: string]: number }[];
  /** False leaves the stimulus noise out. Default true. */
  noise?: boolean;
}

/** What the network did on a batch of trials. */
export interface Run {
  count: number;
  N_steps: number;
  N_out: number;
  N_rec: number;
  /** count × N_steps × N_out */
  outputs: Float32Array;
  /** Unit states (before the transfer function), count × N_steps × N_rec */
  states: Float32Array;
  /** Firing rates (after the transfer function), count × N_steps × N_rec */
  rates: Float32Array;
  /** One entry a trial: 1 correct, 0 wrong, -1 where the trial asks for no choice. */
  correct: Int8Array;
}

export interface TestResult {
  /** Trials tested. */
  count: number;
  /** Trials that ask for a choice. */
  scored: number;
  /** Trials with the correct choice. */
  correct: number;
  /** correct / scored; NaN when scored is 0. */
  accuracy: number;
  loss: number;
}

export interface Matrix {
  rows: number;
  columns: number;
  /** Row-major: element (to, from) stands at `to * columns + from`. */
  data: Float32Array;
}

/** `raw` is what training changes; `effective` is what the forward pass uses (masked, signed by Dale's law). */
export type WeightKind = "raw" | "effective";

export type Weights = { [name: string]: Matrix };

/** One experiment being run. Holds WebAssembly memory: dispose of it, or declare it with `using`. */
export interface Session extends Disposable {
  /** The resolved document. */
  readonly document: ExperimentDocument;
  readonly shape: Shape;
  /** Trains until the budget is spent or the run ends. Never blocks longer than the budget and one iteration. */
  step(budget: Budget): Progress;
  /** Where the run stands, with the whole history; trains nothing. */
  progress(): Progress;
  /** Draws trials of the task; does not touch the training's own random numbers. */
  trials(request: TrialRequest): Trials;
  /** Runs the network on trials. */
  run(trials: Trials): Run;
  /** Loss and accuracy on `count` fresh trials that training never sees. */
  test(count: number, draw?: number): TestResult;
  weights(kind: WeightKind): Weights;
  /** Fingerprint of the raw weights: 16 hexadecimal digits, the same wherever the run was the same. */
  hash(): string;
  /** Back to the initial weights, iteration 0. */
  reset(): void;
}

/** A loaded build of the engine. */
export interface Engine extends Disposable {
  readonly build: BuildReport;
  describe(): Schema;
  check(document: ExperimentDocument | string): CheckResult;
  /** Opens a session; throws a `NullclineError` when the document is not valid. */
  open(document: ExperimentDocument | string): Session;
  /** Handles that were opened and not yet disposed of. */
  handles(): number;
  /** Bytes of WebAssembly memory in use by this engine. */
  memory(): number;
}

/** The same nouns through a worker: every call answers with a promise. */
export interface RemoteEngine extends AsyncDisposable {
  readonly build: BuildReport;
  describe(): Promise<Schema>;
  check(document: ExperimentDocument | string): Promise<CheckResult>;
  open(document: ExperimentDocument | string): Promise<RemoteSession>;
  handles(): Promise<number>;
  memory(): Promise<number>;
  /** Ends the worker at once; every pending call is rejected with code "terminated". */
  terminate(): void;
}

export interface RemoteSession extends AsyncDisposable {
  readonly document: ExperimentDocument;
  readonly shape: Shape;
  /**
   * Trains to the end of the run in slices, so that other calls are answered in between.
   * Resolves when the run is finished, paused, cancelled or diverged, with the last progress.
   */
  train(options?: TrainOptions): Promise<Progress>;
  /** Stops training after the iteration at hand; `train` called again goes on to the same bits. */
  pause(): Promise<Progress>;
  step(budget: Budget): Promise<Progress>;
  progress(): Promise<Progress>;
  trials(request: TrialRequest): Promise<Trials>;
  run(trials: Trials): Promise<Run>;
  test(count: number, draw?: number): Promise<TestResult>;
  weights(kind: WeightKind): Promise<Weights>;
  hash(): Promise<string>;
  /** Back to the initial weights; stops training first. */
  reset(): Promise<void>;
}

export interface TrainOptions {
  /** Called after each slice, at most once every `interval` milliseconds, and at the end. */
  onProgress?: (progress: Progress) => void;
  /** Default 50. */
  interval?: number;
  /** Aborting stops training after the iteration at hand; `train` then rejects with code "cancelled". */
  signal?: AbortSignal;
}
