/** What a page and its worker say to each other. */

import type {
  Arrays,
  AutonomousRequest,
  BuildReport,
  Budget,
  Checkpoint,
  CheckResult,
  Constraints,
  DocumentOptions,
  Eigenvalues,
  ExperimentDocument,
  ExportOptions,
  FileBytes,
  Matrix,
  Problem,
  Progress,
  Run,
  RunOptions,
  Schema,
  Shape,
  TestResult,
  TrialRequest,
  Trials,
  WeightKind,
  Weights,
  WeightValues,
} from "./api.js";
import type { LoadOptions } from "./load.js";
import type { StoppingRule } from "./train.js";

/** Every call: what it takes and what it answers. Sessions are named by the number that `open` answered. */
export interface Calls {
  load: { takes: Omit<LoadOptions, "engineUrl"> & { engineUrl: string | undefined }; gives: BuildReport };
  describe: { takes: null; gives: Schema };
  check: {
    takes: { document: ExperimentDocument | string; options: DocumentOptions };
    gives: CheckResult;
  };
  open: {
    takes: { document: ExperimentDocument | string; options: DocumentOptions };
    gives: { session: number; document: ExperimentDocument; shape: Shape; warnings: string[] };
  };
  dispose: { takes: { session: number }; gives: null };
  eigenvalues: { takes: { matrix: Matrix }; gives: Eigenvalues };
  handles: { takes: null; gives: number };
  memory: { takes: null; gives: number };
  /**
   * Sends `progress` events, `checkpoint` events where they are wanted, and `measure` events by the rule, each of which
   * waits for the call `measured`; answers when training stops for whatever reason.
   */
  train: {
    takes: { session: number; interval: number; checkpoints: boolean; rule: StoppingRule | null };
    gives: Progress;
  };
  /** The value that the event `measure` of that number asked for. */
  measured: { takes: { session: number; number: number; value: number }; gives: null };
  /** Stops `train`, which answers as usual; answers the same. */
  pause: { takes: { session: number }; gives: Progress };
  step: { takes: { session: number; budget: Budget }; gives: Progress };
  extend: { takes: { session: number; iterations: number }; gives: Progress };
  progress: { takes: { session: number }; gives: Progress };
  trials: { takes: { session: number; request: TrialRequest }; gives: Trials };
  run: { takes: { session: number; trials: Trials; options: RunOptions }; gives: Run };
  runAutonomously: { takes: { session: number; request: AutonomousRequest }; gives: Run };
  test: { takes: { session: number; count: number; draw: number }; gives: TestResult };
  weights: { takes: { session: number; kind: WeightKind }; gives: Weights };
  constraints: { takes: { session: number }; gives: Constraints };
  setWeights: { takes: { session: number; weights: WeightValues }; gives: null };
  exportWeights: { takes: { session: number; options: ExportOptions }; gives: Uint8Array };
  importWeights: {
    takes: { session: number; file: FileBytes | Arrays; name: string | undefined };
    gives: string[];
  };
  saveState: { takes: { session: number }; gives: Uint8Array };
  restoreState: { takes: { session: number; file: FileBytes; name: string | undefined }; gives: Progress };
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
  | TrainingMessage;

/** What a session tells while it trains. */
export type TrainingMessage = { session: number } & (
  | { kind: "progress"; progress: Progress }
  | { kind: "checkpoint"; checkpoint: Checkpoint }
  | { kind: "measure"; number: number; progress: Progress }
);

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
