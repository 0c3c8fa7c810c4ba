import { describe, expect, it } from "vitest";
import type { MeasuredTest } from "../../state/lab.svelte";
import { chanceLevel, headline, type Standing } from "./headline";

const test = (accuracy: number): MeasuredTest => ({
  iteration: 0,
  count: 1000,
  scored: 1000,
  correct: 1000 * accuracy,
  accuracy,
  loss: 0.1,
});

/** Of trials that ask for no choice. */
const unscored: MeasuredTest = { ...test(NaN), scored: 0, correct: 0 };

const untrained: Standing = {
  activity: "idle",
  iteration: 0,
  finished: false,
  before: test(0.512),
  now: null,
  chance: 0.5,
  last: null,
  N_batch: 128,
  ready: true,
  origin: "drawn",
};

describe("headline", () => {
  it("invites to train", () => {
    expect(headline(untrained)).toBe(
      "This network has learned nothing yet: 51\u202f% correct (48 to 54\u202f%) on 1,000 fresh trials; chance is 50\u202f%. Press Train.",
    );
    expect(headline({ ...untrained, ready: false })).not.toContain("Press Train");
  });

  it("does not call a network untaught that knows the task", () => {
    expect(headline({ ...untrained, before: test(0.976) })).toBe(
      "Not trained here yet, and already 98\u202f% correct (96 to 98\u202f%) on 1,000 fresh trials; chance is 50\u202f%. Press Train.",
    );
    expect(headline({ ...untrained, before: test(0.65) })).toContain("learned nothing yet");
    expect(headline({ ...untrained, before: test(0.976), chance: null })).toContain("learned nothing yet");
  });

  it("follows the last batch while training", () => {
    const training: Standing = {
      ...untrained,
      activity: "training",
      iteration: 120,
      last: { accuracy: 0.871, loss: 0.2 },
    };
    expect(headline(training)).toBe(
      "The network is training: 87\u202f% correct on its last batch of 128 trials.",
    );
    expect(headline({ ...training, last: null })).toBe("The network is training.");
  });

  it("compares with the time before training", () => {
    const finished: Standing = {
      ...untrained,
      iteration: 391,
      finished: true,
      now: { ...test(0.957), iteration: 391 },
    };
    expect(headline(finished)).toBe(
      "Accuracy on 1,000 fresh trials: 96\u202f% (94 to 97\u202f%), up from 51\u202f% before training.",
    );
    expect(headline({ ...finished, now: { ...test(1), iteration: 391 } })).toContain(
      "100\u202f% (99.6 to 100.0\u202f%)",
    );
    expect(headline({ ...finished, finished: false })).toContain("at iteration 391: 96");
    expect(headline({ ...finished, now: { ...test(0.512), iteration: 391 } })).toContain(
      "the same as before training",
    );
    expect(headline({ ...finished, now: { ...test(0.3), iteration: 391 } })).toContain("down from");
    expect(headline({ ...finished, now: null })).toBe("The network has trained for 391 iterations.");
  });

  it("says whose the weights are that were edited or given", () => {
    expect(headline({ ...untrained, before: test(0.54), origin: "edited" })).toBe(
      "With its weights edited, this network is 54\u202f% correct (51 to 57\u202f%) on 1,000 fresh trials; chance is 50\u202f%.",
    );
    expect(headline({ ...untrained, before: test(0.976), origin: "given" })).toContain(
      "With the weights it was given, this network is 98\u202f% correct",
    );
    for (const origin of ["edited", "given"] as const)
      expect(headline({ ...untrained, before: unscored, origin })).toMatch(
        /^With .*, this network has a loss of 0\.1 on 1,000 fresh trials; there is nothing to choose\.$/,
      );
  });

  it("does not call the trials of a file fresh, and gives them no interval", () => {
    const of = { count: 12, scored: 12, given: true };
    const before = { ...test(0.5), ...of, correct: 6 };
    expect(headline({ ...untrained, before })).toContain("50\u202f% correct on the 12 given trials; chance");
    const now = { ...test(1), ...of, correct: 12, iteration: 391 };
    expect(headline({ ...untrained, iteration: 391, finished: true, before, now })).toBe(
      "Accuracy on the 12 given trials: 100\u202f%, up from 50\u202f% before training.",
    );
    expect(headline({ ...untrained, before: { ...before, count: 20 } })).toContain(
      "on the 12 given trials that ask for a choice",
    );
  });

  it("compares no two stages of a curriculum", () => {
    const before = { ...test(0.15), stage: 0 };
    const last = { ...test(0.957), iteration: 391, stage: 3 };
    const finished = { ...untrained, iteration: 391, finished: true, before, now: last };
    expect(headline(finished)).toBe(
      "Accuracy on 1,000 fresh trials of stage 4: 96\u202f% (94 to 97\u202f%).",
    );
    expect(headline({ ...finished, now: { ...last, stage: 0 } })).toContain("up from 15");
  });

  it("tells the loss where there is nothing to choose", () => {
    const task = { ...untrained, chance: null, before: unscored };
    expect(headline(task)).toBe(
      "This network has learned nothing yet: a loss of 0.1 on 1,000 fresh trials; there is nothing to choose. Press Train.",
    );
    const training: Standing = { ...task, activity: "training", iteration: 5 };
    expect(headline({ ...training, last: { accuracy: NaN, loss: 0.0625 } })).toBe(
      "The network is training: loss 0.0625 on its last batch of 128 trials.",
    );
    const now = { ...unscored, loss: 0.0123, iteration: 5 };
    const trained = { ...task, iteration: 5, now };
    expect(headline(trained)).toBe(
      "Loss on 1,000 fresh trials at iteration 5: 0.0123, down from 0.1 before training; there is nothing to choose.",
    );
    const given = { given: true, count: 2 };
    const onFile = {
      before: { ...unscored, ...given },
      now: { ...now, ...given, loss: 0.1 },
      finished: true,
    };
    expect(headline({ ...trained, ...onFile })).toBe(
      "Loss on the 2 given trials: 0.1, the same as before training; there is nothing to choose.",
    );
  });
});

it("knows what chance is", () => {
  expect(chanceLevel({ N_out: 2 })).toBe(0.5);
  expect(chanceLevel({ N_out: 1 })).toBeNull();
  expect(chanceLevel(null)).toBeNull();
});
