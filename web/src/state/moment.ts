import type { Sharing } from "nullcline/links";
import type {
  ExperimentDocument,
  Files,
  HistoryPoint,
  Lesion,
  TestResult,
  Weights,
  WeightValues,
} from "nullcline";
import type { Origin } from "./origin";

/** Weights that a network began with, where its document does not draw them. */
export interface Start {
  /** As training changes them: what reset goes back to. */
  base: Weights;
  /** What the views compare with. */
  weightsBefore: Weights | null;
  rawBefore: Weights | null;
  /** Given where it is not known. */
  origin?: Origin;
  /** Updates that the weights had had; 0 where it is not known. */
  iterations?: number;
}

/** Weights for a network, and the updates that they have had. */
export interface GivenWeights {
  weights: WeightValues;
  iterations: number;
}

/** What a test measured, and on which trials. */
export interface Tested extends TestResult {
  /** Whether they are the trials of a file, each once, and not fresh ones. */
  given?: boolean;
  /** Stage of the curriculum whose task they are of, from 0. */
  stage?: number;
}

/** A test, and the iteration that it was taken at. */
export interface MeasuredTest extends Tested {
  iteration: number;
}

/** A network with all that it needs to go on to the same bits. */
export interface KeptNetwork {
  /** The document that it was made of, as it was written. */
  document: ExperimentDocument;
  /** The same with every default written out. */
  resolved: ExperimentDocument;
  /** What the engine goes on from (state.npz); null where the document alone makes the network. */
  state: Uint8Array | null;
  start: Start | null;
  iteration: number;
  iterations: number;
  /** Fingerprint of the weights; empty where they were moving. */
  hash: string;
  history: HistoryPoint[];
  before: Tested | null;
  now: MeasuredTest | null;
}

/** What the page holds at one moment: the document being edited, and the network that is there. */
export interface Moment {
  /** The run that it is a moment of. */
  run: string;
  draft: ExperimentDocument;
  /** The files that the two documents name. */
  files: Files;
  /** Null where the draft makes none. */
  network: KeptNetwork | null;
  /** Whether anything was done since it was opened; what was only looked at need not be kept. */
  touched: boolean;
  /** Fields that whoever sent the experiment has hidden or locked. */
  sharing?: Sharing;
  /** What is taken away in the views; the network itself keeps it. */
  lesion?: Lesion | null;
}

/** Draft and files, as they were before an edit. */
export type Edited = Pick<Moment, "draft" | "files">;

/** What takes the place of a network: that of another document, other weights, its initial ones, what the edited document asks for, or a moment. */
export type Leaving = "replace" | "weights" | "reset" | "apply" | "resume";

/** Is told what happens to the run, so that it can be kept and taken back. */
export interface Watcher {
  /** The draft is another one. */
  edited?: (before: Edited) => void;
  /** Another network is about to take the place of the one that is there. */
  leaving?: (moment: Moment, why: Leaving) => Promise<void> | void;
  /** Training is about to begin, or to go on. */
  began?: () => void;
  /** The engine refused the other network. */
  stayed?: () => void;
  /** Training went on, came to rest, the network at rest was tested, or the lesion is another one. */
  moved?: () => void;
}

/** A name for a run that no other has. */
export function newRun(): string {
  // `randomUUID` is not there on pages without encryption.
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
