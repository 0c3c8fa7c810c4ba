/**
 * The WebAssembly module as Embind makes it (see adapter.cpp). Every call that may fail answers `{ value }` or
 * `{ problem }`; nothing is thrown.
 */

import type {
  BuildReport,
  CheckResult,
  Matrix,
  Problem,
  Run,
  Shape,
  TestResult,
  TrainingState,
} from "./api.js";

export type Answer<T> = { value: T; problem?: undefined } | { value?: undefined; problem: Problem };

export interface RawProgress {
  state: TrainingState;
  iteration: number;
  iterations: number;
  trials: number;
  batch_loss: number;
  /** iteration, loss, accuracy of each point, one after the other */
  history: Float64Array;
  problem: Problem | null;
}

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

export interface Handle {
  document(): Answer<string>;
  shape(): Shape;
  step(iterations: number, milliseconds: number): Answer<undefined>;
  progress(from: number): Answer<RawProgress>;
  trials(count: number, draw: number, params: string, noise: boolean): Answer<RawTrials>;
  run(count: number, N_steps: number, x: Float32Array, y: Float32Array, mask: Float32Array): Answer<Run>;
  test(count: number, draw: number): Answer<TestResult>;
  weights(effective: boolean): Answer<{ [name: string]: Matrix }>;
  hash(): Answer<string>;
  reset(): Answer<undefined>;
  delete(): void;
}

export interface EngineModule {
  build(): { fused: boolean } & Pick<BuildReport, "version" | "numerics">;
  start_threads(threads: number): number;
  describe(): Answer<string>;
  check(document: string): Answer<Omit<CheckResult, "document"> & { document: string | null }>;
  open(document: string): Answer<Handle>;
  handles(): number;
  memory(): number;
}

/** What the emitted JavaScript exports. */
export type ModuleFactory = (options: { threads: number }) => Promise<EngineModule>;
