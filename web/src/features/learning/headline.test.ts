import type { TestResult } from "nullcline";
import { describe, expect, it } from "vitest";
import { chanceLevel, headline, type Standing } from "./headline";

const test = (accuracy: number): TestResult => ({
  count: 1000,
  scored: 1000,
  correct: 1000 * accuracy,
  accuracy,
  loss: 0.1,
});

const untrained: Standing = {
  activity: "idle",
  iteration: 0,
  finished: false,
  before: test(0.512),
  now: null,
  chance: 0.5,
  lastAccuracy: null,
  N_batch: 128,
  ready: true,
};

describe("headline", () => {
  it("invites to train", () => {
    expect(headline(untrained)).toBe(
      "This network has learned nothing yet: 51\u202f% correct on 1,000 fresh trials; guessing gives 50\u202f%. Press Train.",
    );
    expect(headline({ ...untrained, ready: false })).not.toContain("Press Train");
    expect(headline({ ...untrained, before: test(NaN) })).toBe(
      "This network has learned nothing yet. Press Train.",
    );
  });

  it("does not call a network untaught that knows the task", () => {
    expect(headline({ ...untrained, before: test(0.976) })).toBe(
      "Not trained here yet, and already 98\u202f% correct on 1,000 fresh trials; guessing gives 50\u202f%. Press Train.",
    );
    expect(headline({ ...untrained, before: test(0.65) })).toContain("learned nothing yet");
    expect(headline({ ...untrained, before: test(0.976), chance: null })).toContain("learned nothing yet");
  });

  it("follows the last batch while training", () => {
    const training: Standing = { ...untrained, activity: "training", iteration: 120, lastAccuracy: 0.871 };
    expect(headline(training)).toBe(
      "The network is training: 87\u202f% correct on its last batch of 128 trials.",
    );
    expect(headline({ ...training, lastAccuracy: null })).toBe("The network is training.");
  });

  it("compares with the time before training", () => {
    const finished: Standing = {
      ...untrained,
      iteration: 391,
      finished: true,
      now: { ...test(0.957), iteration: 391 },
    };
    expect(headline(finished)).toBe(
      "Accuracy on 1,000 fresh trials: 96\u202f%, up from 51\u202f% before training.",
    );
    expect(headline({ ...finished, finished: false })).toContain("at iteration 391: 96");
    expect(headline({ ...finished, now: { ...test(0.512), iteration: 391 } })).toContain(
      "the same as before training",
    );
    expect(headline({ ...finished, now: { ...test(0.3), iteration: 391 } })).toContain("down from");
    expect(headline({ ...finished, now: null })).toBe("The network has trained for 391 iterations.");
  });

  it("does not speak of accuracy where nothing can be scored", () => {
    expect(headline({ ...untrained, iteration: 5, now: { ...test(NaN), iteration: 5 } })).toContain(
      "no choice that could be scored",
    );
  });
});

it("knows what guessing gives", () => {
  expect(chanceLevel({ N_out: 2 })).toBe(0.5);
  expect(chanceLevel({ N_out: 1 })).toBeNull();
  expect(chanceLevel(null)).toBeNull();
});
