/**
 * The WebAssembly module as Embind makes it (see adapter.cpp). Every call that may fail answers `{ value }` or
 * `{ problem }`; nothing is thrown.
 */

import type {
  ArrayData,
  BuildReport,
  CheckResult,
  Constraints,
  Eigenvalues,
  Matrix,
  Problem,
  Progress,
  Run,
  Shape,
  TestResult,
} from "./api.js";

export type Answer<T> = { value: T; problem?: undefined } | { value?: undefined; problem: Problem };

export interface RawProgress extends Omit<Progress, "history" | "elapsed"> {
  /** iteration, loss, accuracy of each point, one after the other */
  history: Float64Array;
}

/** An array of a file: a .npy file, or the array itself. */
export type RawMember = { key: string } & ({ bytes: Uint8Array } | ArrayData);

/** A file of arrays; `name` is what messages call it. */
export interface RawFile {
  name: string;
  members: RawMember[];
}

/** The arrays of a file to be written. */
export type NpyMembers = { key: string; bytes: Uint8Array }[];

export interface RawTrials {
  count: number;
  N_steps: number;
  N_in: number;
  N_out: number;
  x: Float32Array;
  y: Float32Array;
  mask: Float32Array;
  /** JSON */
  params: string;
  /** JSON */
  epochs: string;
}

export type RunTrials = Pick<RawTrials, "count" | "N_steps" | "x" | "y" | "mask">;

export interface Handle {
  document(): Answer<string>;
  shape(): Shape;
  warnings(): Answer<string[]>;
  step(iterations: number, milliseconds: number): Answer<undefined>;
  extend(iterations: number): Answer<undefined>;
  progress(from: number, fromMetric: number): Answer<RawProgress>;
  trials(count: number, draw: number, params: string, noise: boolean): Answer<RawTrials>;
  run(trials: RunTrials, noise: Float32Array | null, lesion: RawFile | null): Answer<Run>;
  run_autonomously(count: number, N_steps: number, lesion: RawFile | null): Answer<Run>;
  test(count: number, draw: number): Answer<TestResult>;
  weights(effective: boolean): Answer<{ [name: string]: Matrix }>;
  constraints(): Answer<Constraints>;
  set_weights(file: RawFile): Answer<undefined>;
  import_weights(file: RawFile): Answer<string[]>;
  export_weights(): Answer<NpyMembers>;
  save_state(): Answer<NpyMembers>;
  restore_state(file: RawFile): Answer<undefined>;
  hash(): Answer<string>;
  reset(): Answer<undefined>;
  delete(): void;
}

export interface EngineModule {
  build(): { fused: boolean } & Pick<BuildReport, "version" | "numerics">;
  start_threads(threads: number): number;
  describe(): Answer<string>;
  check(
    document: string,
    files: RawFile[],
  ): Answer<Omit<CheckResult, "document"> & { document: string | null }>;
  open(document: string, files: RawFile[]): Answer<Handle>;
  eigenvalues(matrix: Float32Array, size: number): Answer<Eigenvalues>;
  handles(): number;
  memory(): number;
}

/** What the emitted JavaScript exports. */
export type ModuleFactory = (options: { threads: number }) => Promise<EngineModule>;
