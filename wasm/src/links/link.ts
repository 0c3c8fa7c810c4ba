import type { Arithmetic, ExperimentDocument, Weights } from "../api.js";
import type { Precision } from "./precision.js";

/**
 * What a teacher sets for those who open the link: paths of fields of the document, for example "training.learning_rate".
 * "*" is every field but the name; "!network.N_rec" leaves a field, or a whole section, out of what else is in the list.
 */
export interface Sharing {
  /** Fields, or whole sections, that are not shown. */
  hidden?: string[];
  /** Fields, or whole sections, that are shown and cannot be changed. */
  locked?: string[];
}

/** An experiment, and how far it was trained: training it again gives the same bits. */
export interface RecipeLink {
  kind: "recipe";
  /** As the user wrote it, without the defaults. */
  document: ExperimentDocument;
  /** Updates that were trained. */
  iteration: number;
  /** What the hash holds for. */
  arithmetic: Arithmetic;
  numericsVersion: number;
  /** `session.hash()` after those updates: 16 hexadecimal digits. */
  hash: string;
  sharing?: Sharing;
}

/** A trained network, its weights rounded. */
export interface ModelLink {
  kind: "model";
  document: ExperimentDocument;
  /** Updates that were trained. */
  iteration: number;
  precision: Precision;
  /** The raw weights, for `session.setWeights`. Encoding rounds them; see `quantise`. */
  weights: Weights;
  /** `session.hash()` of the run that they are from, before they were rounded. */
  hash: string;
  sharing?: Sharing;
}

export type Link = RecipeLink | ModelLink;
