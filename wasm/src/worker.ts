/** The worker: holds the engine and answers calls. Importing this module starts it, in a browser's worker or Node's. */

import type { Engine, Progress, Session } from "./api.js";
import "./disposable.js";
import { NullclineError, problem, toProblem } from "./errors.js";
import { load } from "./load.js";
import { importThreads, isNode } from "./platform.js";
import { buffersOf, type CallName, type Calls, type Message, type Port, type Request } from "./protocol.js";

interface OpenSession {
  session: Session;
  /** The measurement that training waits for. */
  measuring: { number: number; resolve: (value: number) => void } | null;
}

type Handlers = {
  [Name in CallName]: (takes: Calls[Name]["takes"]) => Promise<Calls[Name]["gives"]> | Calls[Name]["gives"];
};

function serve(port: Port<Request, Message>): void {
  let engine: Engine | null = null;
  const sessions = new Map<number, OpenSession>();
  let next = 1;

  const loaded = (): Engine => {
    if (engine === null) throw new NullclineError(problem("not_loaded", "The engine is not loaded yet."));
    return engine;
  };
  const opened = (number: number): OpenSession => {
    const open = sessions.get(number);
    if (open === undefined) throw new NullclineError(problem("disposed", "This session was disposed of."));
    return open;
  };
  let measurements = 0;
  /** Asks the other side, which answers with the call `measured`. */
  const measure = (number: number, progress: Progress): Promise<number> =>
    new Promise((resolve) => {
      opened(number).measuring = { number: ++measurements, resolve };
      port.send({ kind: "measure", session: number, number: measurements, progress });
    });

  const handlers: Handlers = {
    async load({ engineUrl, ...options }) {
      engine = await load(engineUrl === undefined ? options : { ...options, engineUrl });
      return engine.build;
    },
    describe: () => loaded().describe(),
    check: ({ document, options }) => loaded().check(document, options),
    open({ document, options }) {
      const session = loaded().open(document, options);
      const number = next++;
      sessions.set(number, { session, measuring: null });
      return {
        session: number,
        document: session.document,
        shape: session.shape,
        warnings: session.warnings,
      };
    },
    async dispose({ session }) {
      const open = sessions.get(session);
      if (open === undefined) return null;
      sessions.delete(session);
      try {
        await open.session.pause();
      } finally {
        open.session[Symbol.dispose]();
      }
      return null;
    },
    eigenvalues: ({ matrix }) => loaded().eigenvalues(matrix),
    handles: () => loaded().handles(),
    memory: () => loaded().memory(),
    train({ session: number, interval, checkpoints, rule }) {
      return opened(number).session.train({
        interval,
        onProgress: (progress) => {
          port.send({ kind: "progress", session: number, progress });
        },
        ...(checkpoints && {
          onCheckpoint: (checkpoint) => {
            port.send({ kind: "checkpoint", session: number, checkpoint }, buffersOf(checkpoint));
          },
        }),
        ...(rule && { ...rule, measure: (_, progress) => measure(number, progress) }),
      });
    },
    measured({ session, number, value }) {
      const { measuring } = opened(session);
      if (measuring?.number === number) measuring.resolve(value);
      return null;
    },
    pause: ({ session }) => opened(session).session.pause(),
    step: ({ session, budget }) => opened(session).session.step(budget),
    extend: ({ session, iterations }) => opened(session).session.extend(iterations),
    progress: ({ session }) => opened(session).session.progress(),
    trials: ({ session, request }) => opened(session).session.trials(request),
    run: ({ session, trials, options }) => opened(session).session.run(trials, options),
    runAutonomously: ({ session, request }) => opened(session).session.runAutonomously(request),
    test: ({ session, count, draw }) => opened(session).session.test(count, draw),
    weights: ({ session, kind }) => opened(session).session.weights(kind),
    constraints: ({ session }) => opened(session).session.constraints(),
    setWeights({ session, weights }) {
      opened(session).session.setWeights(weights);
      return null;
    },
    exportWeights: ({ session, options }) => opened(session).session.exportWeights(options),
    importWeights: ({ session, file, name }) => opened(session).session.importWeights(file, name),
    saveState: ({ session }) => opened(session).session.saveState(),
    restoreState: ({ session, file, name }) => opened(session).session.restoreState(file, name),
    hash: ({ session }) => opened(session).session.hash(),
    async reset({ session }) {
      const open = opened(session);
      await open.session.pause().catch(() => undefined); // `train` says what went wrong
      open.session.reset();
      return null;
    },
  };

  const answer = async (request: Request): Promise<void> => {
    const { id } = request;
    try {
      // The request's own type pairs the handler with what it takes; the compiler cannot follow that through a lookup.
      const handle = handlers[request.call] as (takes: Request["takes"]) => unknown;
      const gives = (await handle(request.takes)) as Calls[CallName]["gives"];
      port.send({ kind: "answer", id, gives }, buffersOf(gives));
    } catch (error) {
      port.send({ kind: "failure", id, problem: toProblem(error) });
    }
  };
  port.receive((request) => void answer(request));
}

function browserPort(scope: DedicatedWorkerScope): Port<Request, Message> {
  return {
    send: (message, transfer = []) => {
      scope.postMessage(message, transfer);
    },
    receive: (handler) => {
      scope.onmessage = (event) => {
        handler(event.data);
      };
    },
  };
}

/** The part of a browser's worker scope that is used here; its full type does not go together with a page's. */
interface DedicatedWorkerScope {
  postMessage(message: Message, transfer: ArrayBuffer[]): void;
  onmessage: ((event: { data: Request }) => void) | null;
}

async function nodePort(): Promise<Port<Request, Message>> {
  const { parentPort } = await importThreads();
  if (parentPort === null) throw new Error("This module runs in a worker.");
  return {
    send: (message, transfer = []) => {
      parentPort.postMessage(message, transfer);
    },
    receive: (handler) => {
      parentPort.on("message", handler);
    },
  };
}

// A browser drops messages that arrive before there is a handler, so there it is set without waiting for anything.
if (isNode) serve(await nodePort());
else serve(browserPort(self as unknown as DedicatedWorkerScope));
