/** The worker: holds the engine and answers calls. Importing this module starts it, in a browser's worker or Node's. */

import type { Engine, Progress, Session } from "./api.js";
import "./disposable.js";
import { NullclineError, problem, toProblem } from "./errors.js";
import { load } from "./load.js";
import { importThreads, isNode } from "./platform.js";
import { buffersOf, type CallName, type Calls, type Message, type Port, type Request } from "./protocol.js";

interface OpenSession {
  session: Session;
  /** Set while `train` runs; resolves with its last progress. */
  training: Promise<Progress> | null;
  stop: boolean;
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
  const idle = (number: number): Session => {
    const open = opened(number);
    if (open.training !== null) {
      throw new NullclineError(problem("busy", "This session is training.", "Pause it first."));
    }
    return open.session;
  };
  const stopTraining = async (open: OpenSession): Promise<Progress> => {
    open.stop = true;
    return (await open.training) ?? open.session.progress();
  };

  const handlers: Handlers = {
    async load({ engineUrl, ...options }) {
      engine = await load(engineUrl === undefined ? options : { ...options, engineUrl });
      return engine.build;
    },
    describe: () => loaded().describe(),
    check: (document) => loaded().check(document),
    open(document) {
      const session = loaded().open(document);
      const number = next++;
      sessions.set(number, { session, training: null, stop: false });
      return { session: number, document: session.document, shape: session.shape };
    },
    async dispose({ session }) {
      const open = sessions.get(session);
      if (open === undefined) return null;
      sessions.delete(session);
      try {
        await stopTraining(open);
      } finally {
        open.session[Symbol.dispose]();
      }
      return null;
    },
    handles: () => loaded().handles(),
    memory: () => loaded().memory(),
    async train({ session, interval }) {
      idle(session);
      const open = opened(session);
      open.stop = false;
      open.training = trainInSlices(open, interval, (progress) => {
        port.send({ kind: "progress", session, progress });
      });
      try {
        return await open.training;
      } finally {
        open.training = null;
      }
    },
    pause: ({ session }) => stopTraining(opened(session)),
    step: ({ session, budget }) => idle(session).step(budget),
    progress: ({ session }) => opened(session).session.progress(),
    trials: ({ session, request }) => opened(session).session.trials(request),
    run: ({ session, trials }) => opened(session).session.run(trials),
    test: ({ session, count, draw }) => opened(session).session.test(count, draw),
    weights: ({ session, kind }) => opened(session).session.weights(kind),
    hash: ({ session }) => opened(session).session.hash(),
    async reset({ session }) {
      const open = opened(session);
      await stopTraining(open).catch(() => undefined); // `train` says what went wrong
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

/** Trains until the run ends or is stopped, and lets other messages in between the slices. */
async function trainInSlices(
  open: OpenSession,
  interval: number,
  report: (progress: Progress) => void,
): Promise<Progress> {
  for (;;) {
    const progress = open.session.step({ milliseconds: interval });
    report(progress);
    if (progress.state === "finished" || progress.state === "diverged") break;
    await otherMessages();
    if (open.stop) break;
  }
  return open.session.progress();
}

/** Resolves after the messages that are waiting were handled; a timer would wait for 4 ms more. */
function otherMessages(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
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
