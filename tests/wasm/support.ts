import type { ExperimentDocument, Json } from "nullcline";
import { load, NullclineError, type Engine } from "nullcline";
import { afterAll, beforeAll, expect } from "vitest";

/** PsychRNN's Hello World, with changes to its sections. */
export function helloWorld(
  changes: { [section: string]: { [field: string]: Json } } = {},
): ExperimentDocument {
  return {
    nullcline: 1,
    task: { type: "PerceptualDiscrimination", ...changes.task },
    network: { type: "Basic", ...changes.network },
    training: { ...changes.training },
  };
}

/** A run that takes milliseconds. */
export function small(changes: { [section: string]: { [field: string]: Json } } = {}): ExperimentDocument {
  return helloWorld({
    task: { T: 400, dt: 20, N_batch: 20, ...changes.task },
    network: { N_rec: 12, ...changes.network },
    training: { iterations: 60, loss_epoch: 5, ...changes.training },
  });
}

/** What a call throws or rejects with, which must be an error of ours. */
export async function failureOf(call: () => unknown): Promise<NullclineError> {
  try {
    await call();
  } catch (error) {
    expect(error).toBeInstanceOf(NullclineError);
    expect(error).toBeInstanceOf(Error);
    return error as NullclineError;
  }
  throw new Error("The call was expected to fail.");
}

/** An engine for the tests of a group: loaded before them, and disposed of after, when no handle may be left. */
export function engineOfTheGroup(threads = 1): () => Engine {
  let engine: Engine;
  beforeAll(async () => {
    engine = await load({ threads });
  });
  afterAll(() => {
    expect(engine.handles()).toBe(0);
    engine[Symbol.dispose]();
  });
  return () => engine;
}
