import type {
  BuildReport,
  CheckResult,
  Engine,
  Epoch,
  ExperimentDocument,
  HistoryPoint,
  Progress,
  Schema,
  Session,
  Shape,
  Trials,
} from "./api.js";
import { NullclineError, problem } from "./errors.js";
import type { Answer, EngineModule, Handle, RawProgress, RawTrials } from "./module.js";

function valueOf<T>(answer: Answer<T>): T {
  if (answer.problem !== undefined) throw new NullclineError(answer.problem);
  return answer.value;
}

function toText(document: ExperimentDocument | string): string {
  return typeof document === "string" ? document : JSON.stringify(document);
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
    check(document) {
      const { problems, document: resolved, shape } = valueOf(alive().check(toText(document)));
      return {
        problems,
        document: resolved === null ? null : (JSON.parse(resolved) as ExperimentDocument),
        shape,
      } satisfies CheckResult;
    },
    open(document) {
      const session = createSession(valueOf(alive().open(toText(document))), () => sessions.delete(session));
      sessions.add(session);
      return session;
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
  let disposed = false;
  let reported = 0;
  const alive = (): Handle => {
    if (disposed) throw new NullclineError(problem("disposed", "This session was disposed of."));
    return handle;
  };
  const document = JSON.parse(valueOf(handle.document())) as ExperimentDocument;
  const shape: Shape = handle.shape();

  const progressFrom = (from: number, elapsed: number): Progress => {
    const raw = valueOf(alive().progress(from));
    return { ...raw, history: toHistory(raw), elapsed };
  };

  return {
    document,
    shape,
    step({ iterations = Infinity, milliseconds = Infinity }) {
      if (!(iterations > 0) || !(milliseconds >= 0)) {
        throw new NullclineError(
          problem("out_of_range", "A budget must be at least one iteration and not negative in time."),
        );
      }
      const start = performance.now();
      valueOf(alive().step(Math.min(iterations, 0x7fffffff), Math.min(milliseconds, 1e12)));
      const progress = progressFrom(reported, performance.now() - start);
      reported += progress.history.length;
      return progress;
    },
    progress: () => progressFrom(0, 0),
    trials({ count, draw = 0, params, noise = true }) {
      const given = params === undefined ? "" : JSON.stringify(params);
      return toTrials(valueOf(alive().trials(toWhole("count", count), toWhole("draw", draw), given, noise)));
    },
    run: ({ count, N_steps, x, y, mask }) =>
      valueOf(alive().run(toWhole("count", count), toWhole("N_steps", N_steps), x, y, mask)),
    test: (count, draw = 0) => valueOf(alive().test(toWhole("count", count), toWhole("draw", draw))),
    weights: (kind) => valueOf(alive().weights(kind === "effective")),
    hash: () => valueOf(alive().hash()),
    reset() {
      valueOf(alive().reset());
      reported = 0;
    },
    [Symbol.dispose]() {
      if (disposed) return;
      disposed = true;
      handle.delete();
      onDispose();
    },
  };
}

/** Numbers that are no 32-bit integers would be cut off on their way into the engine, which knows the finer limits. */
function toWhole(name: string, value: number): number {
  const most = 0x7fffffff;
  if (Number.isInteger(value) && value >= 0 && value <= most) return value;
  throw new NullclineError({
    ...problem("out_of_range", `${name} must be a whole number from 0 to ${most}; found ${String(value)}.`),
    path: name,
  });
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
