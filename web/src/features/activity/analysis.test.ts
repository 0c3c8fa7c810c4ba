import { describe, expect, it } from "vitest";
import {
  askedChoices,
  commonEpochs,
  groupsOf,
  meanRates,
  momentsOf,
  parametersOf,
  selectivity,
  stepsIn,
  stretchesOf,
  stretchNamed,
  stretchRates,
  timingNames,
  tuning,
  unitMean,
  type MeasuredActivity,
} from "./analysis";

/** Four trials of two steps of 10 ms and three units: unit 0 follows the choice, unit 1 the trial, unit 2 is still. */
const data: MeasuredActivity = {
  count: 4,
  N_steps: 2,
  N_rec: 3,
  dt: 10,
  given: false,
  rates: Float32Array.from([0, 1, 5, 0, 1, 5, 2, 2, 5, 4, 2, 5, 0, 3, 5, 0, 3, 5, 2, 4, 5, 4, 4, 5]),
  params: [
    { coherence: 0.1, direction: 0, onset_time: 5, stim_noise: 0.1 },
    { coherence: 0.1, direction: 1, onset_time: 5, stim_noise: 0.1 },
    { coherence: 0.4, direction: 0, onset_time: 5, stim_noise: 0.1 },
    { coherence: 0.4, direction: 1, onset_time: 5, stim_noise: 0.1 },
  ],
  asked: Int32Array.from([0, 1, 0, 1]),
  epochs: [
    { name: "fixation", from: 0, to: 10 },
    { name: "stimulus", from: 10, to: 20 },
  ],
  held: ["onset_time"],
};

describe("timing", () => {
  const epochs = (onset: number, duration: number) => [
    { name: "fixation", from: 0, to: onset },
    { name: "stimulus", from: onset, to: onset + duration },
    { name: "response", from: onset + duration, to: 2000 },
  ];

  it("is in the parameters that are borders or lengths of epochs", () => {
    const params = [
      { coherence: 0.1, direction: 0, onset_time: 200.1, stim_duration: 400.3 },
      { coherence: 0.2, direction: 1, onset_time: 300.7, stim_duration: 500.9 },
    ];
    const found = timingNames({
      params,
      epochs: params.map(({ onset_time, stim_duration }) => epochs(onset_time, stim_duration)),
    });
    expect(found).toEqual(["onset_time", "stim_duration"]);
    expect(timingNames({ params: [], epochs: [] })).toEqual([]);
    expect(timingNames({ params: [{ index: 0 }, { index: 1 }], epochs: [[], []] })).toEqual([]);
  });

  it("is shared where all trials have the same epochs", () => {
    expect(commonEpochs([epochs(200, 400), epochs(200, 400)])).toHaveLength(3);
    expect(commonEpochs([epochs(200, 400), epochs(210, 400)])).toEqual([]);
    expect(commonEpochs([])).toEqual([]);
  });
});

it("finds the output that a trial asks for, by its target where the loss counts", () => {
  const trials = {
    count: 3,
    N_steps: 2,
    N_in: 1,
    N_out: 2,
    x: new Float32Array(6),
    y: Float32Array.from([9, 0, 0.2, 1, 0, 0, 1, 0.2, 1, 1, 0.5, 0.5]),
    mask: Float32Array.from([0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]),
    params: [],
    epochs: [],
  };
  expect([...askedChoices(trials)]).toEqual([1, 0, -1]);
  expect([...askedChoices({ ...trials, N_out: 1, y: trials.y.slice(0, 6) })]).toEqual([-1, -1, -1]);
});

const parameter = {
  name: "p",
  title: "p",
  label: "P",
  unit: "",
  signed: false,
  choice: false,
  turn: null,
  values: new Float64Array(),
};

describe("parameters", () => {
  it("are those that vary, coherence signed by direction first, without those that were held", () => {
    const found = parametersOf(data);
    expect(found.map(({ name }) => name)).toEqual(["signed coherence", "coherence", "direction"]);
    expect([...(found[0]?.values ?? [])]).toEqual([-0.1, 0.1, -0.4, 0.4]);
    expect(found[2]?.choice).toBe(true);
  });

  it("have their units", () => {
    const params = [
      { f1: 10, choice: 0 },
      { f1: 18, choice: 1 },
    ];
    const [f1] = parametersOf({ params, asked: Int32Array.from([0, 1]), held: [] });
    expect(f1?.label).toBe("First frequency (Hz)");
    expect(groupsOf(f1 ?? parameter, 4)[0]?.label).toBe("10\u202fHz");
  });

  it("fall back to the output asked for", () => {
    const params = [{ index: 0 }, { index: 1 }];
    const found = parametersOf({ params, asked: Int32Array.from([0, 1]), held: [] });
    expect(found.map(({ name }) => name)).toEqual(["right output"]);
    expect([...(found[0]?.values ?? [])]).toEqual([1, 2]);
  });
});

describe("groups", () => {
  it("are the values where there are few", () => {
    const found = groupsOf({ ...parameter, values: Float64Array.from([2, 1, 2, NaN]) }, 4);
    expect(found).toEqual([
      { label: "1", value: 1, trials: [1] },
      { label: "2", value: 2, trials: [0, 2] },
    ]);
  });

  it("are of about equal size where there are many values", () => {
    const values = Float64Array.from({ length: 10 }, (_, trial) => trial / 10);
    const found = groupsOf({ ...parameter, values }, 4);
    expect(found.map(({ trials }) => trials.length)).toEqual([3, 2, 3, 2]);
    expect(found[0]).toMatchObject({ label: "0 to 0.2" });
  });

  it("never cut the trials of one value in two", () => {
    // As the first frequencies of delayed discrimination.
    const frequencies = [10, 14, 18, 22, 26, 34];
    const values = Float64Array.from({ length: 240 }, (_, trial) => frequencies[(trial * 7) % 6] ?? 0);
    const each = groupsOf({ ...parameter, unit: "Hz", values }, 4, 8);
    expect(each.map(({ label }) => label)).toEqual(frequencies.map((one) => `${one}\u202fHz`));
    expect(each.reduce((sum, { trials }) => sum + trials.length, 0)).toBe(240);
    const binned = groupsOf({ ...parameter, values }, 4);
    expect(binned).toHaveLength(4);
    for (const value of frequencies)
      expect(binned.filter(({ trials }) => trials.some((trial) => values[trial] === value))).toHaveLength(1);
  });

  it("of signed values meet at zero", () => {
    const values = Float64Array.from([-3, -2, -1, 0.5, 1, 2, 3, 4]);
    const found = groupsOf({ ...parameter, signed: true, values }, 4);
    expect(found.map(({ trials }) => trials)).toEqual([[0, 1], [2], [3, 4, 5], [6, 7]]);
    const onlyOneSide = groupsOf({ ...parameter, signed: true, values: values.map(Math.abs) }, 2);
    expect(onlyOneSide).toHaveLength(1);
  });
});

describe("averages", () => {
  it("of a unit have their spread over trials", () => {
    const { mean, deviation, count } = unitMean(data, 1, [0, 2]);
    expect([[...mean], count]).toEqual([[2, 2], 2]);
    expect(deviation[0]).toBeCloseTo(Math.SQRT2);
    expect(momentsOf([5])).toEqual({ mean: 5, deviation: 0 });
  });

  it("of all units are those of the trials of a group", () => {
    expect([...meanRates(data, [0, 1])]).toEqual([1, 1.5, 5, 2, 1.5, 5]);
  });

  it("are taken within a stretch of the trial, by default that of the stimulus", () => {
    const stretches = stretchesOf(data.epochs, 20);
    expect(stretches.map(({ name }) => name)).toEqual(["fixation", "stimulus", "whole trial"]);
    expect(stretchNamed(stretches, "")?.name).toBe("stimulus");
    expect(stretchNamed(stretches, "fixation")?.name).toBe("fixation");
    expect(stretchNamed(stretchesOf([], 20), "stimulus")?.name).toBe("whole trial");
    expect(stepsIn({ name: "", from: 10, to: 20 }, 10, 2)).toEqual([1, 2]);
    expect(stepsIn({ name: "", from: 19, to: 20 }, 10, 2)).toEqual([1, 2]);
    expect([...stretchRates(data, 0, { name: "stimulus", from: 10, to: 20 })]).toEqual([0, 4, 0, 4]);
    expect([...stretchRates(data, 0, { name: "whole trial", from: 0, to: 20 })]).toEqual([0, 3, 0, 3]);
  });
});

describe("selectivity", () => {
  const whole = { name: "whole trial", from: 0, to: 20 };

  it("is the mean rate where the second output is asked for less that where the first is", () => {
    expect([...(selectivity(data, whole) ?? [])]).toEqual([3, 1, 0]);
  });

  it("is highest less lowest of more than two", () => {
    const three = { ...data, asked: Int32Array.from([0, 1, 2, -1]) };
    expect([...(selectivity(three, whole) ?? [])]).toEqual([3, 2, 0]);
  });

  it("needs two choices", () => {
    expect(selectivity({ ...data, asked: Int32Array.from([-1, 1, -1, 1]) }, whole)).toBeNull();
  });
});

it("tuning is the mean of each group with its standard error", () => {
  const groups = groupsOf({ ...parameter, values: Float64Array.from([1, 1, 2, 2]) }, 4);
  const [low, high] = tuning(Float64Array.from([0, 4, 1, 1]), groups);
  expect(low?.mean).toBe(2);
  expect(low?.error).toBeCloseTo(2);
  expect(high).toMatchObject({ mean: 1, error: 0 });
});
