import type { RemoteEngine, RemoteSession, TrainOptions } from "./api.js";
import "./disposable.js";
import { NullclineError, problem } from "./errors.js";
import type { LoadOptions } from "./load.js";
import { importThreads, isNode } from "./platform.js";
import type { CallName, Calls, Message, Port, Request } from "./protocol.js";

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

/** Default milliseconds between two reports of progress. */
const defaultInterval = 50;

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
  readonly #listeners = new Map<number, (message: Message & { kind: "progress" }) => void>();
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
  listen(session: number, listener: (message: Message & { kind: "progress" }) => void): () => void {
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
    check: (document) => line.call("check", document),
    async open(document) {
      const opened = await line.call("open", document);
      return remoteSession(line, opened);
    },
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
  const { session, document, shape } = opened;
  return {
    document,
    shape,
    train: (options) => train(line, session, options),
    pause: () => line.call("pause", { session }),
    step: (budget) => line.call("step", { session, budget }),
    progress: () => line.call("progress", { session }),
    trials: (request) => line.call("trials", { session, request }),
    run: (trials) => line.call("run", { session, trials }),
    test: (count, draw = 0) => line.call("test", { session, count, draw }),
    weights: (kind) => line.call("weights", { session, kind }),
    hash: () => line.call("hash", { session }),
    async reset() {
      await line.call("reset", { session });
    },
    async [Symbol.asyncDispose]() {
      if (!line.closed) await line.call("dispose", { session });
    },
  };
}

async function train(
  line: Line,
  session: number,
  options: TrainOptions = {},
): Promise<Calls["train"]["gives"]> {
  const { onProgress, interval = defaultInterval, signal } = options;
  const throwIfCancelled = (): void => {
    if (signal?.aborted === true) throw new NullclineError(problem("cancelled", "Training was cancelled."));
  };
  throwIfCancelled();
  const stopListening = line.listen(session, ({ progress }) => onProgress?.(progress));
  const onAbort = (): void => {
    line.call("pause", { session }).catch(() => undefined); // the call to train tells what went wrong, if anything
  };
  signal?.addEventListener("abort", onAbort);
  try {
    const progress = await line.call("train", { session, interval });
    throwIfCancelled();
    return progress;
  } finally {
    stopListening();
    signal?.removeEventListener("abort", onAbort);
  }
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
