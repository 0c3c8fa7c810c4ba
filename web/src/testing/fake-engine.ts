import {
  NullclineError,
  type Arrays,
  type CheckResult,
  type Constraints,
  type DocumentOptions,
  type Eigenvalues,
  type ExperimentDocument,
  type FileBytes,
  type Files,
  type Json,
  type Matrix,
  type MetricPoint,
  type Problem,
  type Progress,
  type RemoteEngine,
  type RemoteSession,
  type Run,
  type RunOptions,
  type Schema,
  type Shape,
  type TestResult,
  type TrainOptions,
  type TrialRequest,
  type Trials,
  type Weights,
  type WeightValues,
} from "nullcline";

/**
 * A stand-in for the engine in unit tests: answers at once with made-up numbers that follow from the iteration, and
 * counts what it was asked.
 */

export const fakeSchema: Schema = {
  title: "Fake experiment",
  type: "object",
  additionalProperties: false,
  required: ["nullcline", "task", "network"],
  properties: {
    nullcline: { const: 1 },
    name: { type: "string", default: "" },
    seed: { type: "integer", minimum: 0, maximum: 4294967295, default: 1 },
    task: { title: "Task", oneOf: [{ $ref: "#/$defs/task/Choice" }, { $ref: "#/$defs/task/Memory" }] },
    network: { title: "Network", oneOf: [{ $ref: "#/$defs/network/Plain" }] },
    training: {
      title: "Training",
      type: "object",
      additionalProperties: false,
      default: {},
      properties: {
        learning_rate: { type: "number", exclusiveMinimum: 0, default: 0.001 },
        iterations: { type: "integer", minimum: 0, default: 100, "x-unit": "updates" },
        clip: {
          type: "object",
          title: "Clipping",
          additionalProperties: false,
          default: {},
          "x-advanced": true,
          properties: {
            norm: { type: "number", exclusiveMinimum: 0, default: 1 },
            on: { type: "boolean", default: true },
          },
        },
      },
    },
  },
  $defs: {
    task: {
      Choice: {
        type: "object",
        title: "Choice",
        additionalProperties: false,
        required: ["type"],
        properties: {
          type: { const: "Choice" },
          dt: { type: "number", exclusiveMinimum: 0, default: 10, "x-unit": "ms", "x-symbol": "Δt" },
          N_batch: { type: "integer", minimum: 1, maximum: 512, default: 8, "x-unit": "trials" },
          coherence: {
            default: null,
            anyOf: [
              { title: "drawn", type: "null" },
              { title: "one value", type: "number", minimum: 0 },
              { title: "one of a list", type: "array", items: { type: "number", minimum: 0 }, minItems: 1 },
              {
                title: "exponential",
                type: "object",
                additionalProperties: false,
                required: ["exponential"],
                properties: { exponential: { type: "number", exclusiveMinimum: 0 } },
              },
            ],
          },
        },
      },
      Memory: {
        type: "object",
        title: "Memory",
        additionalProperties: false,
        required: ["type"],
        properties: {
          type: { const: "Memory" },
          dt: { type: "number", exclusiveMinimum: 0, default: 10, "x-unit": "ms" },
          delay: { type: "number", minimum: 0, default: 500, "x-unit": "ms" },
        },
      },
    },
    network: {
      Plain: {
        type: "object",
        title: "Plain",
        additionalProperties: false,
        required: ["type"],
        properties: {
          type: { const: "Plain" },
          N_rec: { type: "integer", minimum: 1, maximum: 64, default: 4 },
          initializer: {
            title: "Initial weights",
            oneOf: [{ $ref: "#/$defs/initializer/Gaussian" }],
            default: { type: "Gaussian" },
            "x-advanced": true,
          },
        },
      },
    },
    initializer: {
      Gaussian: {
        type: "object",
        title: "Gaussian",
        additionalProperties: false,
        required: ["type"],
        properties: {
          type: { const: "Gaussian" },
          spec_rad: { type: "number", exclusiveMinimum: 0, default: 1.1 },
        },
      },
    },
  },
};

type Values = { [key: string]: Json };

/** Judges the few fields that the tests bend. */
function judge(document: ExperimentDocument, files: Files = {}): CheckResult {
  const task = (document.task ?? {}) as Values;
  const network = (document.network ?? {}) as Values;
  const training = (document.training ?? {}) as Values;
  const numbers: [string, Json][] = [
    ["task.dt", task.dt ?? 10],
    ["network.N_rec", network.N_rec ?? 4],
    ["training.iterations", training.iterations ?? 100],
  ];
  const problems = numbers.flatMap(([path, value]): Problem[] => {
    if (typeof value !== "number")
      return [{ code: "wrong_type", path, message: `${path} must be a number.`, hint: "" }];
    return value > 0
      ? []
      : [
          {
            code: "out_of_range",
            path,
            message: `${path} is ${value}; it must be above 0.`,
            hint: "Use a positive number.",
          },
        ];
  });
  if (typeof task.file === "string" && !(task.file in files)) {
    const message = `task.file names the file "${task.file}", which was not given.`;
    problems.push({ code: "no_file", path: "task.file", message, hint: "Give a file of that name." });
  }
  if (problems.length > 0) return { problems, document: null, shape: null };
  const N_rec = Number(network.N_rec ?? 4);
  const shape: Shape = {
    N_in: 2,
    N_rec,
    N_out: 2,
    N_steps: 5,
    N_batch: Number(task.N_batch ?? 8),
    dt: Number(task.dt ?? 10),
    parameters: N_rec * N_rec,
    iterations: Number(training.iterations ?? 100),
    memory: 1e6,
  };
  const resolved: ExperimentDocument = {
    nullcline: 1,
    name: document.name ?? "",
    seed: document.seed ?? 1,
    task: { dt: 10, N_batch: 8, coherence: null, ...task },
    network: { N_rec: 4, initializer: { type: "Gaussian", spec_rad: 1.1 }, ...network },
    training: { iterations: 100, ...training },
  };
  return { problems: [], document: resolved, shape };
}

const unused = (): Promise<never> => Promise.reject(new Error("The page does not call this."));

export class FakeSession implements RemoteSession {
  readonly document: ExperimentDocument;
  shape: Shape;
  readonly warnings: string[] = [];
  iteration = 0;
  /** The initial value of every weight. */
  scale = 1;
  disposed = false;
  /** What the next report says of a curriculum. */
  stage = 0;
  stages = 0;
  metrics: MetricPoint[] = [];
  #history: Progress["history"] = [];
  /** Points that were reported. */
  #reported = 0;
  #pauseAsked = false;
  /** Called between two slices; a test may hold the run here. */
  between: () => Promise<void> = () => Promise.resolve();
  divergeAt = Infinity;

  readonly #engine: FakeEngine;

  constructor(engine: FakeEngine, { document, shape }: CheckResult) {
    this.#engine = engine;
    if (!document || !shape)
      throw new NullclineError({
        code: "invalid",
        path: "",
        message: "The document is not valid.",
        hint: "",
      });
    this.document = document;
    this.shape = shape;
  }

  #state(problem: Problem | null = null): Progress {
    const progress = this.#stateOf(problem);
    this.#reported = this.#history.length;
    return progress;
  }

  #whole(): Progress {
    return { ...this.#state(), history: [...this.#history] };
  }

  #stateOf(problem: Problem | null): Progress {
    const { iteration } = this;
    const { iterations, N_batch } = this.shape;
    return {
      state: problem
        ? "diverged"
        : iteration >= iterations
          ? "finished"
          : iteration > 0
            ? "training"
            : "ready",
      iteration,
      iterations,
      trials: iteration * N_batch,
      batch_loss: iteration === 0 ? NaN : 1 / iteration,
      history: this.#history.slice(this.#reported),
      stage: this.stage,
      stages: this.stages,
      metrics: this.metrics.splice(0),
      performance: NaN,
      cutoff_reached: false,
      checkpoint: false,
      elapsed: 1,
      problem,
    };
  }

  #advance(iterations: number): Progress {
    for (let i = 0; i < iterations && this.iteration < this.shape.iterations; i++) {
      this.iteration++;
      if (this.iteration >= this.divergeAt) {
        return this.#state({
          code: "diverged",
          path: "",
          message:
            "The network's activity grew beyond any number at iteration 20. The last good weights are kept.",
          hint: "Try a smaller learning rate.",
        });
      }
      if (this.iteration % 10 === 0)
        this.#history.push({
          iteration: this.iteration,
          loss: 1 / this.iteration,
          accuracy: Math.min(1, 0.5 + this.iteration / 200),
        });
    }
    return this.#state();
  }

  #asked(): boolean {
    return this.#pauseAsked;
  }

  #dead(): boolean {
    return this.#engine.dead;
  }

  async train(options: TrainOptions = {}): Promise<Progress> {
    this.#engine.calls.push("train");
    this.#pauseAsked = false;
    let progress = this.#state();
    while (!this.#asked() && progress.state !== "finished" && progress.state !== "diverged") {
      progress = this.#advance(10);
      options.onProgress?.(progress);
      await this.between();
      if (this.#dead()) throw this.#engine.death();
    }
    return progress;
  }

  async pause(): Promise<Progress> {
    this.#pauseAsked = true;
    return Promise.resolve(this.#state());
  }

  async step(): Promise<Progress> {
    return Promise.resolve(this.#advance(1));
  }

  async extend(iterations: number): Promise<Progress> {
    this.#engine.calls.push(`extend ${iterations}`);
    this.shape = { ...this.shape, iterations: this.shape.iterations + iterations };
    return Promise.resolve(this.#state());
  }

  // What the page has no use for yet.
  runAutonomously = unused;

  async exportWeights(): Promise<Uint8Array> {
    return Promise.resolve(Uint8Array.of(this.iteration));
  }

  async saveState(): Promise<Uint8Array> {
    return Promise.resolve(Uint8Array.of(this.iteration));
  }

  /** A state's only byte is its iteration; 255 is that of another run. */
  async restoreState(file: FileBytes): Promise<Progress> {
    const [iteration = 0] = file instanceof Uint8Array ? file : new Uint8Array(file);
    if (iteration === 255)
      throw new NullclineError({
        code: "other_run",
        path: "",
        message: "It cannot be resumed: it was trained on other trials.",
        hint: "",
      });
    this.iteration = iteration;
    this.#history = [{ iteration, loss: 0.5, accuracy: 0.5 }];
    this.#reported = 0;
    return Promise.resolve(this.#whole());
  }

  async setWeights(weights: WeightValues): Promise<void> {
    this.#engine.calls.push("setWeights");
    this.scale = weights.W_rec?.data[0] ?? this.scale;
    return this.reset();
  }

  /** The only byte of a file is every weight. */
  async importWeights(file: FileBytes | Arrays, name = ""): Promise<string[]> {
    this.#engine.calls.push("importWeights");
    if (file instanceof Uint8Array) this.scale = file[0] ?? this.scale;
    await this.reset();
    return [`${name} holds more than that.`];
  }

  async progress(): Promise<Progress> {
    return Promise.resolve(this.#whole());
  }

  async trials({ count, draw = 0 }: TrialRequest): Promise<Trials> {
    this.#engine.calls.push(`trials ${draw}`);
    const { N_steps, N_in, N_out } = this.shape;
    return Promise.resolve({
      count,
      N_steps,
      N_in,
      N_out,
      x: Float32Array.from({ length: count * N_steps * N_in }, (_, index) => index + 1000 * draw),
      y: new Float32Array(count * N_steps * N_out),
      mask: new Float32Array(count * N_steps * N_out).fill(1),
      params: Array.from({ length: count }, (_, trial) => ({ coherence: trial / 10 })),
      epochs: Array.from({ length: count }, () => [
        { name: "stimulus", from: 0, to: 30 },
        { name: "response", from: 30, to: 50 },
      ]),
    });
  }

  async run(trials: Trials, { lesion }: RunOptions = {}): Promise<Run> {
    this.#engine.calls.push(lesion ? "run with lesion" : "run");
    const { N_steps, N_out, N_rec } = this.shape;
    return Promise.resolve({
      count: trials.count,
      N_steps,
      N_out,
      N_rec,
      outputs: new Float32Array(trials.count * N_steps * N_out).fill(
        lesion ? -1 : this.iteration + this.scale - 1,
      ),
      states: new Float32Array(trials.count * N_steps * N_rec),
      rates: Float32Array.from({ length: trials.count * N_steps * N_rec }, (_, index) => (index * 7) % 5),
      correct: new Int8Array(trials.count).fill(1),
    });
  }

  async test(count: number): Promise<TestResult> {
    this.#engine.calls.push("test");
    const accuracy = Math.min(1, 0.5 + this.iteration / 200);
    return Promise.resolve({
      count,
      scored: count,
      correct: Math.round(accuracy * count),
      accuracy,
      loss: 0.1,
    });
  }

  async weights(): Promise<Weights> {
    const { N_rec } = this.shape;
    const W_rec: Matrix = {
      rows: N_rec,
      columns: N_rec,
      data: new Float32Array(N_rec * N_rec).fill(this.iteration + this.scale),
    };
    return Promise.resolve({ W_rec });
  }

  async constraints(): Promise<Constraints> {
    return Promise.resolve({ W_rec: { connectivity: null, signs: null, fixed: null } });
  }

  async hash(): Promise<string> {
    return Promise.resolve(this.iteration.toString(16).padStart(16, "0"));
  }

  async reset(): Promise<void> {
    this.iteration = 0;
    this.#history = [];
    this.#reported = 0;
    return Promise.resolve();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.disposed = true;
    this.#engine.open_--;
    return Promise.resolve();
  }
}

export class FakeEngine implements RemoteEngine {
  readonly build = {
    name: "threads-plain",
    arithmetic: "plain" as const,
    threads: 2,
    reasons: ["This is a test."],
    version: "0.1.0",
    numerics: 1,
  };
  calls: string[] = [];
  open_ = 0;
  dead = false;
  session: FakeSession | null = null;
  /** Called with every session that is opened; a test may bend it. */
  prepare: (session: FakeSession) => void = () => undefined;

  death(): NullclineError {
    return new NullclineError({
      code: "worker_failed",
      path: "",
      message: "The engine stopped.",
      hint: "Start it again.",
    });
  }

  async describe(): Promise<Schema> {
    return Promise.resolve(fakeSchema);
  }

  /** The files that came with the latest question. */
  files: Files = {};

  async check(
    document: ExperimentDocument | string,
    { files = {} }: DocumentOptions = {},
  ): Promise<CheckResult> {
    this.calls.push("check");
    this.files = files;
    return Promise.resolve(judge(document as ExperimentDocument, files));
  }

  async open(
    document: ExperimentDocument | string,
    { files = {} }: DocumentOptions = {},
  ): Promise<RemoteSession> {
    this.calls.push("open");
    this.files = files;
    this.open_++;
    this.session = new FakeSession(this, judge(document as ExperimentDocument, files));
    this.prepare(this.session);
    return Promise.resolve(this.session);
  }

  /** Of a diagonal matrix. */
  async eigenvalues({ rows, columns, data }: Matrix): Promise<Eigenvalues> {
    const re = Float64Array.from({ length: rows }, (_, index) => data[index * columns + index] ?? 0);
    return Promise.resolve({ re, im: new Float64Array(rows) });
  }

  async handles(): Promise<number> {
    return Promise.resolve(this.open_);
  }

  async memory(): Promise<number> {
    return Promise.resolve(2e6);
  }

  terminate(): void {
    this.dead = true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.terminate();
    return Promise.resolve();
  }
}
