import { load, type Engine } from "nullcline";
import { afterAll, beforeAll, expect, it } from "vitest";
import { askedChoices, commonEpochs, parametersOf, timingNames } from "./analysis";

/** With the engine itself: trials of each of its tasks can be made to run alike in time. */
let engine: Engine;
beforeAll(async () => {
  engine = await load({ threads: 1 });
});
afterAll(() => {
  engine[Symbol.dispose]();
});

const tasks: [type: string, held: string[], parameters: string[]][] = [
  [
    "PerceptualDiscrimination",
    ["onset_time", "stim_duration"],
    ["signed coherence", "coherence", "direction"],
  ],
  ["DelayedDiscrimination", ["stimulus_1", "delay", "stimulus_2", "decision", "end"], ["f1", "f2", "choice"]],
  ["MatchToCategory", ["onset_time", "input_dur", "output_dur"], ["angle", "category"]],
];

it.each(tasks)("%s", (type, held, names) => {
  using session = engine.open({ nullcline: 1, task: { type }, network: { type: "Basic", N_rec: 4 } });
  const drawn = session.trials({ count: 64, noise: false });
  expect(timingNames(drawn)).toEqual(held);
  const [first = {}] = drawn.params;
  const timing = Object.fromEntries(held.map((name) => [name, first[name] ?? 0]));
  const trials = session.trials({ count: 64, params: new Array<typeof timing>(64).fill(timing) });
  expect(commonEpochs(trials.epochs)).toEqual(drawn.epochs[0]);
  const asked = askedChoices(trials);
  expect([...new Set(asked)].sort()).toEqual([0, 1]);
  expect(parametersOf({ params: trials.params, asked, held }).map(({ name }) => name)).toEqual(names);
});
