import type { Progress, RemoteEngine, RemoteSession, TrainOptions } from "./api.js";
import "./disposable.js";
import { NullclineError, problem } from "./errors.js";
import type { LoadOptions } from "./load.js";
import { importThreads, isNode } from "./platform.js";
import type { CallName, Calls, Message, Port, Request, TrainingMessage } from "./protocol.js";
import { defaultInterval, stoppingRule, throwIfCancelled } from "./train.js";

export interface ConnectOptions extends LoadOptions {
  /** Makes the worker, for bundlers that must see its address; it imports "nullcline/worker". */
  worker?: () => Worker;
}

/** A worker seen from outside. */
interface WorkerPort extends Port<Message, Request> {
  /** Called once, when the worker fails as a whole. */
  failed(handler: (message: string) => void): void;
  terminate(): void;
}

/** Starts a worker, loads the best build of the engine in it, and answers when it is ready. */
export async function connect(options: ConnectOptions = {}): Promise<RemoteEngine> {
  const { worker, engineUrl, ...rest } = options;
  const line = new Line(await startWorker(worker));
  try {
    const build = await line.call("load", {
      ...rest,
      engineUrl: engineUrl === undefined ? undefined : String(engineUrl),
    });
    return remoteEngine(line, build);
  } catch (error) {
    line.close(problem("terminated", "The worker was ended."));
    throw error;
  }
}

/** Calls to the worker that wait for their answers, and the listeners to its progress. */
class Line {
  readonly #port: WorkerPort;
  readonly #pending = new Map<
    number,
    { resolve: (value: unknown) => void; reject: (error: Error) => void }
  >();
  readonly #listeners = new Map<number, (message: TrainingMessage) => void>();
  #next = 1;
  #closed: NullclineError | null = null;

  constructor(port: WorkerPort) {
    this.#port = port;
    port.receive((message) => {
      this.#receive(message);
    });
    port.failed((message) => {
      this.close(problem("worker_failed", `The worker failed: ${message}`, "Start it again."));
    });
  }

  call<Name extends CallName>(call: Name, takes: Calls[Name]["takes"]): Promise<Calls[Name]["gives"]> {
    if (this.#closed !== null) return Promise.reject(this.#closed);
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve: resolve as (value: unknown) => void, reject });
      this.#port.send({ id, call, takes } as Request);
    });
  }

  /** Takes the reports of a session's training, which runs once at a time; returns what ends that. */
  listen(session: number, listener: (message: TrainingMessage) => void): () => void {
    if (this.#listeners.has(session)) {
      throw new NullclineError(problem("busy", "This session is training.", "Pause it first."));
    }
    this.#listeners.set(session, listener);
    return () => this.#listeners.delete(session);
  }

  /** Ends the worker; calls that wait and calls that come are rejected for that reason. */
  close(reason: ReturnType<typeof problem>): void {
    if (this.#closed !== null) return;
    this.#closed = new NullclineError(reason);
    this.#port.terminate();
    for (const { reject } of this.#pending.values()) reject(this.#closed);
    this.#pending.clear();
    this.#listeners.clear();
  }

  get closed(): boolean {
    return this.#closed !== null;
  }

  #receive(message: Message): void {
    switch (message.kind) {
      case "progress":
      case "checkpoint":
      case "measure":
        this.#listeners.get(message.session)?.(message);
        return;
      case "answer":
        this.#pending.get(message.id)?.resolve(message.gives);
        break;
      case "failure":
        this.#pending.get(message.id)?.reject(new NullclineError(message.problem));
        break;
    }
    this.#pending.delete(message.id);
  }
}

function remoteEngine(line: Line, build: RemoteEngine["build"]): RemoteEngine {
  const terminate = (): void => {
    line.close(problem("terminated", "The worker was ended."));
  };
  return {
    build,
    describe: () => line.call("describe", null),
    check: (document, options = {}) => line.call("check", { document, options }),
    async open(document, options = {}) {
      const opened = await line.call("open", { document, options });
      return remoteSession(line, opened);
    },
    eigenvalues: (matrix) => line.call("eigenvalues", { matrix }),
    handles: () => line.call("handles", null),
    memory: () => line.call("memory", null),
    terminate,
    [Symbol.asyncDispose]() {
      terminate();
      return Promise.resolve();
    },
  };
}

function remoteSession(line: Line, opened: Calls["open"]["gives"]): RemoteSession {
  const { session, document, shape, warnings } = opened;
  const remote: RemoteSession = {
    document,
    shape,
    warnings,
    train: (options) => train(line, session, remote, options),
    pause: () => line.call("pause", { session }),
    step: (budget) => line.call("step", { session, budget }),
    extend: (iterations) => line.call("extend", { session, iterations }),
    progress: () => line.call("progress", { session }),
    trials: (request) => line.call("trials", { session, request }),
    run: (trials, options = {}) => line.call("run", { session, trials, options }),
    runAutonomously: (request) => line.call("runAutonomously", { session, request }),
    test: (count, draw = 0) => line.call("test", { session, count, draw }),
    weights: (kind) => line.call("weights", { session, kind }),
    constraints: () => line.call("constraints", { session }),
    async setWeights(weights) {
      await line.call("setWeights", { session, weights });
    },
    exportWeights: (options = {}) => line.call("exportWeights", { session, options }),
    importWeights: (file, name) => line.call("importWeights", { session, file, name }),
    saveState: () => line.call("saveState", { session }),
    restoreState: (file, name) => line.call("restoreState", { session, file, name }),
    hash: () => line.call("hash", { session }),
    async reset() {
      await line.call("reset", { session });
    },
    async [Symbol.asyncDispose]() {
      if (!line.closed) await line.call("dispose", { session });
    },
  };
  return remote;
}

async function train(
  line: Line,
  session: number,
  remote: RemoteSession,
  options: TrainOptions = {},
): Promise<Progress> {
  const { onProgress, onCheckpoint, measure, signal, interval = defaultInterval } = options;
  throwIfCancelled(signal);
  const rule = stoppingRule(options);
  const pause = (): void => {
    line.call("pause", { session }).catch(() => undefined); // the call to train tells what went wrong, if anything
  };
  let failed: { reason: unknown } | null = null;
  const answerMeasure = async (number: number, progress: Progress): Promise<void> => {
    try {
      const value = (await measure?.(remote, progress)) ?? NaN;
      await line.call("measured", { session, number, value });
    } catch (reason) {
      failed ??= { reason };
      pause();
    }
  };
  const stopListening = line.listen(session, (message) => {
    try {
      if (message.kind === "progress") onProgress?.(message.progress);
      else if (message.kind === "checkpoint") onCheckpoint?.(message.checkpoint);
      else void answerMeasure(message.number, message.progress);
    } catch (reason) {
      failed ??= { reason };
      pause();
    }
  });
  signal?.addEventListener("abort", pause);
  try {
    const progress = await line.call("train", {
      session,
      interval,
      checkpoints: onCheckpoint !== undefined,
      rule,
    });
    throwIfCancelled(signal);
    rethrow(failed);
    return progress;
  } finally {
    stopListening();
    signal?.removeEventListener("abort", pause);
  }
}

/** Throws what an own measure threw. */
function rethrow(failed: { reason: unknown } | null): void {
  if (failed !== null) throw failed.reason;
}

async function startWorker(make: (() => Worker) | undefined): Promise<WorkerPort> {
  const url = new URL(/* @vite-ignore */ "./worker.js", import.meta.url);
  return isNode ? nodeWorker(url) : browserWorker(make?.() ?? new Worker(url, { type: "module" }));
}

async function nodeWorker(url: URL): Promise<WorkerPort> {
  const { Worker: NodeWorker } = await importThreads();
  const worker = new NodeWorker(url);
  return {
    send: (message, transfer = []) => {
      worker.postMessage(message, transfer);
    },
    receive: (handler) => {
      worker.on("message", handler);
    },
    failed: (handler) => {
      worker.on("error", (error) => {
        handler(error instanceof Error ? error.message : String(error));
      });
    },
    terminate: () => void worker.terminate(),
  };
}

function browserWorker(worker: Worker): WorkerPort {
  return {
    send: (message, transfer = []) => {
      worker.postMessage(message, transfer);
    },
    receive: (handler) => {
      worker.onmessage = (event: MessageEvent<Message>) => {
        handler(event.data);
      };
    },
    failed: (handler) => {
      worker.onerror = (event) => {
        handler(event.message || "its code could not be loaded.");
      };
    },
    terminate: () => {
      worker.terminate();
    },
  };
}
