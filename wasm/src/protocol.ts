/** What a page and its worker say to each other. */

import type {
  BuildReport,
  Budget,
  CheckResult,
  ExperimentDocument,
  Problem,
  Progress,
  Run,
  Schema,
  Shape,
  TestResult,
  TrialRequest,
  Trials,
  WeightKind,
  Weights,
} from "./api.js";
import type { LoadOptions } from "./load.js";

/** Every call: what it takes and what it answers. Sessions are named by the number that `open` answered. */
export interface Calls {
  load: { takes: Omit<LoadOptions, "engineUrl"> & { engineUrl: string | undefined }; gives: BuildReport };
  describe: { takes: null; gives: Schema };
  check: { takes: ExperimentDocument | string; gives: CheckResult };
  open: {
    takes: ExperimentDocument | string;
    gives: { session: number; document: ExperimentDocument; shape: Shape };
  };
  dispose: { takes: { session: number }; gives: null };
  handles: { takes: null; gives: number };
  memory: { takes: null; gives: number };
  /** Sends `progress` events; answers when training stops for whatever reason. */
  train: { takes: { session: number; interval: number }; gives: Progress };
  /** Stops `train`, which answers as usual; answers the same. */
  pause: { takes: { session: number }; gives: Progress };
  step: { takes: { session: number; budget: Budget }; gives: Progress };
  progress: { takes: { session: number }; gives: Progress };
  trials: { takes: { session: number; request: TrialRequest }; gives: Trials };
  run: { takes: { session: number; trials: Trials }; gives: Run };
  test: { takes: { session: number; count: number; draw: number }; gives: TestResult };
  weights: { takes: { session: number; kind: WeightKind }; gives: Weights };
  hash: { takes: { session: number }; gives: string };
  reset: { takes: { session: number }; gives: null };
}

export type CallName = keyof Calls;

export type Request = {
  [Name in CallName]: { id: number; call: Name; takes: Calls[Name]["takes"] };
}[CallName];

export type Message =
  | { kind: "answer"; id: number; gives: Calls[CallName]["gives"] }
  | { kind: "failure"; id: number; problem: Problem }
  | { kind: "progress"; session: number; progress: Progress };

/** One end of the line between a page and its worker, the same for browsers and Node. */
export interface Port<Incoming, Outgoing> {
  send(message: Outgoing, transfer?: ArrayBuffer[]): void;
  receive(handler: (message: Incoming) => void): void;
}

/** The memory of the typed arrays in a value, so that a message can hand it over instead of copying. */
export function buffersOf(value: unknown): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  const visit = (part: unknown): void => {
    if (ArrayBuffer.isView(part)) {
      if (part.buffer instanceof ArrayBuffer) buffers.add(part.buffer);
    } else if (typeof part === "object" && part !== null) {
      Object.values(part).forEach(visit);
    }
  };
  visit(value);
  return [...buffers];
}
