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
  $schema?: string;
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
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  items?: Schema;
  properties?: { [field: string]: Schema };
  required?: string[];
  /** False: other fields are errors; a schema: that of every other field (fields named by the user). */
  additionalProperties?: boolean | Schema;
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
  /** Other names that are understood for a type. */
  "x-aliases"?: string[];
  /** True for fields that most users leave alone; forms fold them under "more". */
  "x-advanced"?: boolean;
  /** The choice of a field beside it with which alone this one means something. */
  "x-only-with"?: string;
  /** True for a number of channels that stand around a circle: the first and the last are neighbours. */
  "x-circular"?: boolean;
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

/** The bytes of a file. */
export type FileBytes = Uint8Array | ArrayBuffer;

export type NumericArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | number[];

/** An array in C order. */
export interface ArrayData {
  shape: number[];
  data: NumericArray;
}

/** Named arrays, as a file of arrays (.npz) holds them. */
export type Arrays = { [key: string]: ArrayData };

/** Files of arrays by the names that a document uses: each an .npz file's bytes, or its arrays. */
export type Files = { [name: string]: FileBytes | Arrays };

export interface DocumentOptions {
  /** The files that the document names. */
  files?: Files;
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

/** A measurement of the curriculum's metric on fresh trials. */
export interface MetricPoint {
  iteration: number;
  /** The stage that was measured, counted from 0. */
  stage: number;
  value: number;
  /** The metric on the stages before it, where the document has them checked; else empty. */
  earlier_stages: number[];
}

export interface Progress {
  state: TrainingState;
  iteration: number;
  /** Iterations that the document asks for, and those that `extend` has added. */
  iterations: number;
  /** Trials trained on so far. */
  trials: number;
  /** Loss of the last batch before its update; NaN before the first iteration. */
  batch_loss: number;
  /** Points of the learning curve: from `step` and in `onProgress` those since the last time, elsewhere all of them. */
  history: HistoryPoint[];
  /** The stage of the curriculum at hand, counted from 0, and how many there are; 0 of 0 without a curriculum. */
  stage: number;
  stages: number;
  /** Measurements of the curriculum: as many as of `history`. */
  metrics: MetricPoint[];
  /** The performance that was measured last; NaN before the first time. */
  performance: number;
  /** Whether the performance reached its cutoff, which ends the run. */
  cutoff_reached: boolean;
  /** Whether this is an iteration whose weights the document wants saved (`save_training_weights_epoch`). */
  checkpoint: boolean;
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

/**
 * Connections that are taken away while the network runs: units that reach neither other units nor the outputs, always or
 * in a window of time; or a factor for every element of W_rec, which may change from step to step.
 */
export interface Lesion {
  /** Numbers of the silenced units, from 0. */
  units?: number[];
  /** When they are silenced: [from, to) in ms. */
  window?: [number, number];
  /** N_rec × N_rec, to × from */
  connectivity?: NumericArray;
  /** N_steps × N_rec × N_rec */
  tConnectivity?: NumericArray;
}

export interface RunOptions {
  /** None where it is null. */
  lesion?: Lesion | null | undefined;
  /** Standard normals to use for the recurrent noise, N_steps × count × N_rec (time first). Default: drawn. */
  noise?: Float32Array;
}

export interface AutonomousRequest {
  /** Default 1. */
  count?: number;
  steps: number;
  /** None where it is null. */
  lesion?: Lesion | null | undefined;
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

/** What holds for the elements of a variable whatever training does; null for what does not hold. */
export interface VariableConstraint {
  /** 1 where there is a connection, 0 where there is none; to × from */
  connectivity: Float32Array | null;
  /** Dale's law: the sign of every column. */
  signs: Float32Array | null;
  /** Share of each element that never moves: 1 where it is fixed, not connected or not trained. */
  fixed: Float32Array | null;
}

export type Constraints = { [name: string]: VariableConstraint };

/** Real and imaginary parts. */
export interface Eigenvalues {
  re: Float64Array;
  im: Float64Array;
}

export type Weights = { [name: string]: Matrix };

/** Weights to be set; vectors are matrices of one column, or of one row. */
export type WeightValues = { [name: string]: { rows: number; columns: number; data: NumericArray } };

export interface ExportOptions {
  /** Deflates the arrays. Default false: they are stored. */
  compress?: boolean;
}

/** Weights on the way, at an iteration that the document wants saved. */
export interface Checkpoint {
  iteration: number;
  /** As the forward pass uses them. */
  weights: Weights;
}

/** One experiment being run. Holds WebAssembly memory: dispose of it, or declare it with `using`. */
export interface Session extends Disposable {
  /** The resolved document. */
  readonly document: ExperimentDocument;
  readonly shape: Shape;
  /** What should be told of the initial weights, and of what was skipped in the files that were given. */
  readonly warnings: string[];
  /**
   * Trains until the budget is spent, a checkpoint is reached or the run ends. Never blocks longer than the budget and one
   * iteration.
   */
  step(budget: Budget): Progress;
  /**
   * Trains to the end of the run in slices, between which other code gets its turn. Resolves when the run is finished,
   * paused or diverged, or an own measure reached its cutoff, with the last progress.
   */
  train(options?: TrainOptions<Session>): Promise<Progress>;
  /** Stops `train` after the slice at hand; `train` called again goes on to the same bits. */
  pause(): Promise<Progress>;
  /** Adds iterations to those that the run is to have, so that a finished one goes on. */
  extend(iterations: number): Progress;
  /** Where the run stands, with the whole history; trains nothing. */
  progress(): Progress;
  /** Draws trials of the task; does not touch the training's own random numbers. */
  trials(request: TrialRequest): Trials;
  /** Runs the network on trials, with connections taken away where there is a lesion. */
  run(trials: Trials, options?: RunOptions): Run;
  /** Runs the network without any input from its initial state. */
  runAutonomously(request: AutonomousRequest): Run;
  /** Loss and accuracy on `count` fresh trials that training never sees. */
  test(count: number, draw?: number): TestResult;
  weights(kind: WeightKind): Weights;
  constraints(): Constraints;
  /**
   * Puts some or all variables in the place of the present ones and starts anew from there: these are the weights that
   * `reset` goes back to. They may be raw or effective; the forward pass is the same.
   */
  setWeights(weights: WeightValues): void;
  /** The effective weights as a file (.npz) that NumPy and PsychRNN load. */
  exportWeights(options?: ExportOptions): Uint8Array;
  /**
   * Starts anew from the weights of a file (.npz), PsychRNN's own among them, whose masks and signs are applied. `name` is
   * what messages call it. Answers what was skipped, in sentences.
   */
  importWeights(file: FileBytes | Arrays, name?: string): string[];
  /** Everything that the run needs to go on as if it had not been interrupted (state.npz of the command). */
  saveState(): Uint8Array;
  /** Goes on where a saved run of the same document stood. `reset` still goes back to where this session started. */
  restoreState(file: FileBytes, name?: string): Progress;
  /** Fingerprint of the raw weights: 16 hexadecimal digits, the same wherever the run was the same. */
  hash(): string;
  /** Back to the initial weights, iteration 0, and the document's number of iterations. */
  reset(): void;
}

/** A loaded build of the engine. */
export interface Engine extends Disposable {
  readonly build: BuildReport;
  describe(): Schema;
  check(document: ExperimentDocument | string, options?: DocumentOptions): CheckResult;
  /** Opens a session; throws a `NullclineError` when the document is not valid. */
  open(document: ExperimentDocument | string, options?: DocumentOptions): Session;
  /** Eigenvalues of a square matrix; none where an element is not finite. */
  eigenvalues(matrix: Matrix): Eigenvalues;
  /** Handles that were opened and not yet disposed of. */
  handles(): number;
  /** Bytes of WebAssembly memory in use by this engine. */
  memory(): number;
}

/** The same nouns through a worker: every call answers with a promise. */
export interface RemoteEngine extends AsyncDisposable {
  readonly build: BuildReport;
  describe(): Promise<Schema>;
  check(document: ExperimentDocument | string, options?: DocumentOptions): Promise<CheckResult>;
  open(document: ExperimentDocument | string, options?: DocumentOptions): Promise<RemoteSession>;
  eigenvalues(matrix: Matrix): Promise<Eigenvalues>;
  handles(): Promise<number>;
  memory(): Promise<number>;
  /** Ends the worker at once; every pending call is rejected with code "terminated". */
  terminate(): void;
}

export interface RemoteSession extends AsyncDisposable {
  readonly document: ExperimentDocument;
  readonly shape: Shape;
  readonly warnings: string[];
  /**
   * Trains to the end of the run in slices, so that other calls are answered in between.
   * Resolves when the run is finished, paused or diverged, or an own measure reached its cutoff, with the last progress.
   */
  train(options?: TrainOptions): Promise<Progress>;
  /** Stops training after the slice at hand; `train` called again goes on to the same bits. */
  pause(): Promise<Progress>;
  step(budget: Budget): Promise<Progress>;
  extend(iterations: number): Promise<Progress>;
  progress(): Promise<Progress>;
  trials(request: TrialRequest): Promise<Trials>;
  run(trials: Trials, options?: RunOptions): Promise<Run>;
  runAutonomously(request: AutonomousRequest): Promise<Run>;
  test(count: number, draw?: number): Promise<TestResult>;
  weights(kind: WeightKind): Promise<Weights>;
  constraints(): Promise<Constraints>;
  setWeights(weights: WeightValues): Promise<void>;
  exportWeights(options?: ExportOptions): Promise<Uint8Array>;
  importWeights(file: FileBytes | Arrays, name?: string): Promise<string[]>;
  saveState(): Promise<Uint8Array>;
  restoreState(file: FileBytes, name?: string): Promise<Progress>;
  hash(): Promise<string>;
  /** Back to the initial weights; stops training first. */
  reset(): Promise<void>;
}

/** `S` is the session that trains: `Session`, or `RemoteSession` through a worker. */
export interface TrainOptions<S = RemoteSession> {
  /** Called as soon as training has begun, then at most once every `interval` milliseconds, and at the end. */
  onProgress?: (progress: Progress) => void;
  /** Default 50. */
  interval?: number;
  /** Aborting stops training after the slice at hand; `train` then rejects with code "cancelled". */
  signal?: AbortSignal;
  /** Called at the iterations that the document wants saved (`save_training_weights_epoch`); training goes on. */
  onCheckpoint?: (checkpoint: Checkpoint) => void;
  /**
   * An own measure of performance, called every `every` iterations while training waits. Training stops once it gives
   * `cutoff` or more; the last progress then has its value as `performance`, and `cutoff_reached`. The measures that the
   * engine knows are named in the document (`performance_measure`).
   */
  measure?: (session: S, progress: Progress) => number | Promise<number>;
  cutoff?: number;
  /** Default 10. */
  every?: number;
}
