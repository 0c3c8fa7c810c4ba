import type {
  Budget,
  BuildReport,
  CheckResult,
  Engine,
  Epoch,
  ExperimentDocument,
  HistoryPoint,
  Progress,
  Schema,
  Session,
  TrainOptions,
  Trials,
} from "./api.js";
import { NullclineError, problem, toWhole } from "./errors.js";
import { demandObject, lesionFile, toRawFile, toRawFiles, weightsFile } from "./files.js";
import type { Answer, EngineModule, Handle, RawProgress, RawTrials } from "./module.js";
import { writeNpz } from "./npz.js";
import { defaultInterval, stoppingRule, throwIfCancelled, trainInSlices } from "./train.js";

function valueOf<T>(answer: Answer<T>): T {
  if (answer.problem !== undefined) throw new NullclineError(answer.problem);
  return answer.value;
}

function toText(document: ExperimentDocument | string): string {
  if (typeof document === "string") return document;
  demandObject("document", document);
  try {
    return JSON.stringify(document);
  } catch (error) {
    const reason = error instanceof Error ? error.message.split("\n")[0] : String(error);
    throw new NullclineError(
      problem("not_json", `The document must be plain data, as JSON can hold it; found: ${reason}.`),
    );
  }
}

/** Wraps a module that is loaded. */
export function createEngine(module: EngineModule, build: BuildReport): Engine {
  const sessions = new Set<Session>();
  let disposed = false;
  const alive = (): EngineModule => {
    if (disposed) throw new NullclineError(problem("disposed", "This engine was disposed of."));
    return module;
  };
  return {
    build,
    describe: () => JSON.parse(valueOf(alive().describe())) as Schema,
    check(document, { files } = {}) {
      const answer = alive().check(toText(document), toRawFiles(files));
      const { problems, document: resolved, shape } = valueOf(answer);
      return {
        problems,
        document: resolved === null ? null : (JSON.parse(resolved) as ExperimentDocument),
        shape,
      } satisfies CheckResult;
    },
    open(document, { files } = {}) {
      const handle = valueOf(alive().open(toText(document), toRawFiles(files)));
      const session = createSession(handle, () => sessions.delete(session));
      sessions.add(session);
      return session;
    },
    eigenvalues(matrix) {
      demandObject("matrix", matrix);
      const { rows, columns, data } = matrix;
      if (toWhole("rows", rows) !== columns || data.length !== rows * columns) {
        throw new NullclineError(
          problem(
            "wrong_shape",
            `A matrix with eigenvalues must be square; found ${rows} × ${columns} and ${data.length} numbers.`,
          ),
        );
      }
      return valueOf(alive().eigenvalues(data, rows));
    },
    handles: () => module.handles(),
    memory: () => module.memory(),
    [Symbol.dispose]() {
      if (disposed) return;
      disposed = true;
      for (const session of sessions) session[Symbol.dispose]();
      module.start_threads(1); // ends the others
    },
  };
}

function createSession(handle: Handle, onDispose: () => void): Session {
  const document = JSON.parse(valueOf(handle.document())) as ExperimentDocument;
  const shape = handle.shape();
  const warnings = valueOf(handle.warnings());
  let disposed = false;
  /** Points of the learning curve and of the metric that `step` has told of. */
  let reported = { history: 0, metrics: 0 };
  let training: { done: Promise<Progress>; stop: AbortController } | null = null;

  const alive = (): Handle => {
    if (disposed) throw new NullclineError(problem("disposed", "This session was disposed of."));
    return handle;
  };
  /** For what would change a run under way. */
  const idle = (): Handle => {
    if (training !== null) {
      throw new NullclineError(problem("busy", "This session is training.", "Pause it first."));
    }
    return alive();
  };
  const progressFrom = (from: typeof reported, elapsed: number): Progress => {
    const raw = valueOf(alive().progress(from.history, from.metrics));
    return { ...raw, history: toHistory(raw), elapsed };
  };
  const progress = (): Progress => progressFrom({ history: 0, metrics: 0 }, 0);
  const step = (budget: Budget): Progress => {
    demandObject("budget", budget);
    const { iterations = Infinity, milliseconds = Infinity } = budget;
    if (!(iterations > 0) || !(milliseconds >= 0)) {
      throw new NullclineError(
        problem("out_of_range", "A budget must be at least one iteration and not negative in time."),
      );
    }
    const start = performance.now();
    valueOf(alive().step(Math.min(iterations, 0x7fffffff), Math.min(milliseconds, 1e12)));
    const now = progressFrom(reported, performance.now() - start);
    reported = {
      history: reported.history + now.history.length,
      metrics: reported.metrics + now.metrics.length,
    };
    return now;
  };
  const train = async (options: TrainOptions<Session>): Promise<Progress> => {
    const { signal, measure, onProgress, onCheckpoint, interval = defaultInterval } = options;
    idle();
    throwIfCancelled(signal);
    const rule = stoppingRule(options);
    const stop = new AbortController();
    const onAbort = (): void => {
      stop.abort();
    };
    signal?.addEventListener("abort", onAbort);
    // Begins after this call has returned, so that the first report can already pause it.
    const done = Promise.resolve().then(() =>
      trainInSlices(
        { step, progress, weights: (kind) => session.weights(kind) },
        {
          interval,
          rule,
          onProgress,
          onCheckpoint,
          measure: measure && ((now) => measure(session, now)),
          stop: stop.signal,
        },
      ),
    );
    training = { done, stop };
    try {
      const last = await done;
      throwIfCancelled(signal);
      return last;
    } finally {
      training = null;
      signal?.removeEventListener("abort", onAbort);
    }
  };

  const session: Session = {
    document,
    shape,
    warnings,
    step(budget) {
      idle();
      return step(budget);
    },
    train: (options = {}) => train(options),
    async pause() {
      training?.stop.abort();
      return (await training?.done) ?? progress();
    },
    extend(iterations) {
      valueOf(alive().extend(toWhole("iterations", iterations)));
      return progress();
    },
    progress,
    trials({ count, draw = 0, params, noise = true }) {
      const given = params === undefined ? "" : JSON.stringify(params);
      return toTrials(valueOf(alive().trials(toWhole("count", count), toWhole("draw", draw), given, noise)));
    },
    run({ count, N_steps, x, y, mask }, { lesion, noise } = {}) {
      const steps = toWhole("N_steps", N_steps);
      return valueOf(
        alive().run(
          { count: toWhole("count", count), N_steps: steps, x, y, mask },
          noise ?? null,
          lesionFile(lesion, shape.N_rec, steps),
        ),
      );
    },
    runAutonomously({ count = 1, steps, lesion }) {
      const N_steps = toWhole("steps", steps);
      return valueOf(
        alive().run_autonomously(toWhole("count", count), N_steps, lesionFile(lesion, shape.N_rec, N_steps)),
      );
    },
    test: (count, draw = 0) => valueOf(alive().test(toWhole("count", count), toWhole("draw", draw))),
    weights: (kind) => valueOf(alive().weights(kind === "effective")),
    constraints: () => valueOf(alive().constraints()),
    setWeights(weights) {
      valueOf(idle().set_weights(weightsFile(weights)));
      reported = { history: 0, metrics: 0 };
    },
    exportWeights: ({ compress = false } = {}) => writeNpz(valueOf(alive().export_weights()), compress),
    importWeights(file, name = "weights.npz") {
      const skipped = valueOf(idle().import_weights(toRawFile(name, file)));
      reported = { history: 0, metrics: 0 };
      return skipped;
    },
    saveState: () => writeNpz(valueOf(alive().save_state())),
    restoreState(file, name = "state.npz") {
      valueOf(idle().restore_state(toRawFile(name, file)));
      const now = progress();
      reported = { history: now.history.length, metrics: now.metrics.length };
      return now;
    },
    hash: () => valueOf(alive().hash()),
    reset() {
      valueOf(idle().reset());
      reported = { history: 0, metrics: 0 };
    },
    [Symbol.dispose]() {
      if (disposed) return;
      disposed = true;
      handle.delete();
      onDispose();
    },
  };
  return session;
}

function toHistory({ history }: RawProgress): HistoryPoint[] {
  const points: HistoryPoint[] = [];
  for (let i = 0; i + 2 < history.length; i += 3) {
    const [iteration = NaN, loss = NaN, accuracy = NaN] = history.subarray(i, i + 3);
    points.push({ iteration, loss, accuracy });
  }
  return points;
}

function toTrials(raw: RawTrials): Trials {
  return {
    ...raw,
    params: JSON.parse(raw.params) as { [name: string]: number }[],
    epochs: JSON.parse(raw.epochs) as Epoch[][],
  };
}
