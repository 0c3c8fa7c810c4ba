import type { Run, RunOptions, Trials, TrialRequest } from "nullcline";
import { describe, expect, it } from "vitest";
import { fitPsychometric } from "../../statistics/psychometric";
import { Behaviour } from "./behaviour.svelte";
import { accuracyBy, accuracyOf, conditionsOf } from "./conditions";
import { outcomesOf } from "./outcomes";
import { levelsOf } from "./plan";
import { signedStimulus } from "./stimulus";
import { started as startedLab, settled } from "../../testing/started";

/** A page whose network chooses the stronger input; with a lesion, always output 1. A file holds so many trials. */
async function started(task: string, own = 10) {
  const { lab, engine } = await startedLab({
    document: { nullcline: 1, task: { type: task }, network: { type: "Plain" } },
  });
  const { session } = engine;
  if (!session) throw new Error("There is no session.");
  const requests: TrialRequest[] = [];
  session.trials = (request: TrialRequest): Promise<Trials> => {
    requests.push(request);
    const { count, params } = request;
    const drawn = Array.from({ length: count }, (_, trial) => ({
      coherence: 0.3,
      direction: trial % 2,
      index: trial % own,
      ...params?.[trial],
    }));
    return Promise.resolve({
      count,
      N_steps: 1,
      N_in: 2,
      N_out: 2,
      x: new Float32Array(2 * count),
      y: Float32Array.from(drawn.flatMap(({ direction }) => [1 - direction, direction])),
      mask: new Float32Array(2 * count).fill(1),
      params: drawn,
      epochs: drawn.map(() => []),
    });
  };
  const runs: RunOptions[] = [];
  session.run = (trials: Trials, options?: RunOptions): Promise<Run> => {
    const lesion = options?.lesion;
    runs.push(lesion ? { lesion } : {});
    const outputs = trials.params.flatMap(({ direction = 0 }) =>
      lesion ? [1, 0] : [1 - direction, direction],
    );
    return Promise.resolve({
      count: trials.count,
      N_steps: 1,
      N_out: 2,
      N_rec: 4,
      outputs: Float32Array.from(outputs),
      states: new Float32Array(4 * trials.count),
      rates: new Float32Array(4 * trials.count),
      correct: Int8Array.from(trials.params, ({ direction = 0 }) => Number(!lesion || direction === 0)),
    });
  };
  return { lab, session, requests, runs, behaviour: new Behaviour(lab) };
}

describe("behaviour", () => {
  it("is measured on drawn trials and on those with a given stimulus, a piece at a time", async () => {
    const { behaviour, requests } = await started("PerceptualDiscrimination");
    await behaviour.follow();
    const { intact } = behaviour;
    expect(intact?.drawn).toHaveLength(1000);
    expect(accuracyOf(intact?.drawn ?? [])).toMatchObject({ hits: 1000, count: 1000 });
    expect(Math.max(...requests.map(({ count }) => count))).toBeLessThan(100);
    expect(new Set(requests.map(({ draw }) => draw)).size).toBe(requests.length);
    const levels = levelsOf(intact?.graded ?? []);
    expect(levels.filter(({ x }) => x < 0).every(({ hits }) => hits === 0)).toBe(true);
    expect(levels.filter(({ x }) => x > 0).every(({ hits, count }) => hits === count)).toBe(true);
    expect(fitPsychometric(levels)).toBe("separated");
    expect([behaviour.lesioned, behaviour.measuring]).toEqual([null, null]);
  });

  it("is measured once for a network, and anew for another one", async () => {
    const { lab, behaviour, runs } = await started("PerceptualDiscrimination");
    await behaviour.follow();
    const once = runs.length;
    await behaviour.follow();
    expect(runs).toHaveLength(once);
    await lab.step();
    await settled();
    const before = runs.length;
    await behaviour.follow();
    expect(runs.length - before).toBe(once);
    expect(behaviour.intact?.setup.iteration).toBe(1);
  });

  it("asks for other trials when it is to", async () => {
    const { behaviour, requests } = await started("PerceptualDiscrimination");
    await behaviour.follow();
    const first = new Set(requests.splice(0).map(({ draw }) => draw));
    behaviour.otherTrials();
    await behaviour.follow();
    expect(requests.length).toBe(first.size);
    expect(requests.some(({ draw }) => first.has(draw))).toBe(false);
  });

  it("measures a lesion on the same trials, beside the network without it", async () => {
    const { lab, behaviour, requests, runs } = await started("PerceptualDiscrimination");
    await behaviour.follow();
    const draws = requests.splice(0).map(({ draw }) => draw);
    const before = behaviour.intact;
    runs.length = 0;
    lab.setLesion({ units: [1] });
    await behaviour.follow();
    await settled();
    expect(requests.map(({ draw }) => draw).filter((draw) => draws.includes(draw))).toEqual(draws);
    expect(behaviour.intact).toBe(before);
    expect(accuracyOf(behaviour.lesioned?.drawn ?? []).share).toBeCloseTo(0.5, 1);
    expect(fitPsychometric(levelsOf(behaviour.lesioned?.graded ?? []))).toBe("constant");
    lab.setLesion(null);
    await behaviour.follow();
    expect(behaviour.lesioned).toBeNull();
    expect(behaviour.intact).toBe(before);
  });

  it("takes the lesion at hand when it changes on the way", async () => {
    const { lab, behaviour, runs } = await started("PerceptualDiscrimination");
    lab.setLesion({ units: [1] });
    const first = behaviour.follow();
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
    const lesion = { units: [2] };
    lab.setLesion(lesion);
    await Promise.all([first, behaviour.follow()]);
    expect(runs.at(-1)?.lesion).toEqual(lesion);
    expect(behaviour.lesioned?.drawn).toHaveLength(1000);
    expect(behaviour.measuring).toBeNull();
  });

  it("leaves a network alone that trains, and keeps what was measured before", async () => {
    const { lab, session, behaviour, requests } = await started("PerceptualDiscrimination");
    await behaviour.follow();
    const before = behaviour.intact;
    let go: () => void = () => undefined;
    session.between = () => new Promise((resolve) => (go = resolve));
    const training = lab.train();
    await settled();
    requests.length = 0;
    behaviour.otherTrials();
    await behaviour.follow();
    expect(requests.filter(({ count }) => count > 16)).toEqual([]);
    expect(behaviour.intact).toBe(before);
    session.between = () => Promise.resolve();
    go();
    await training;
    await behaviour.follow();
    expect(behaviour.intact?.setup.iteration).toBe(100);
  });

  it("measures no more when nobody looks at it", async () => {
    const { behaviour, requests } = await started("PerceptualDiscrimination");
    const measuring = behaviour.follow();
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
    behaviour.leave();
    await measuring;
    expect([behaviour.intact, behaviour.measuring]).toEqual([null, null]);
    expect(requests.length).toBeLessThan(10);
    await behaviour.follow();
    expect(behaviour.intact?.drawn).toHaveLength(1000);
  });

  it("takes each of a file's trials once, and says why there is no curve", async () => {
    const { behaviour } = await started("Trials");
    await behaviour.follow();
    const { intact } = behaviour;
    expect(intact?.drawn.map(({ params }) => params.index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(intact?.graded).toEqual([]);
    expect([intact?.setup.fresh, intact?.setup.all]).toEqual([false, true]);
    expect(intact?.setup.stimulus).toHaveProperty("reason");
  });

  it("knows whether there are others to measure", async () => {
    const of = async (task: string, own?: number) => {
      const { behaviour } = await started(task, own);
      await behaviour.follow();
      return [behaviour.intact?.setup.all, behaviour.intact?.drawn.length];
    };
    expect(await of("Trials", 1000)).toEqual([true, 1000]);
    expect(await of("Trials", 1001)).toEqual([false, 1000]);
    expect(await of("PerceptualDiscrimination")).toEqual([false, 1000]);
  });

  it("is measured of what comes back after the engine was lost", async () => {
    const { lab, behaviour } = await started("PerceptualDiscrimination");
    await behaviour.follow();
    const stand = lab.stand;
    await lab.start();
    await settled();
    expect(lab.stand).toBeGreaterThan(stand);
    await behaviour.follow();
    expect(behaviour.measuring).toBeNull();
  });
});

it("one output is no choice", () => {
  const values = Float32Array.of(0.5, 0.5);
  const trial = { count: 1, N_steps: 2, N_in: 1, N_out: 1, x: values, mask: new Float32Array(2).fill(1) };
  const trials: Trials = { ...trial, y: new Float32Array(2).fill(1), params: [{ index: 0 }], epochs: [[]] };
  const run: Run = {
    count: 1,
    N_steps: 2,
    N_out: 1,
    N_rec: 1,
    outputs: values,
    states: values,
    rates: values,
    correct: Int8Array.of(-1),
  };
  expect(outcomesOf(trials, run, "mean_squared_error")).toEqual([
    { params: { index: 0 }, chosen: null, right: null, correct: -1, loss: 0.25 },
  ]);
});

describe("signed stimuli", () => {
  const levels = (task: string, more: object = {}, conventions = "standard") => {
    const found = signedStimulus({ type: task, ...more }, conventions, 2);
    return "levels" in found ? found.levels : [];
  };

  it("rise from below zero to above it", () => {
    for (const coherence of [null, 0.4, 0, [0.1, 0.5], [0], [], { exponential: 1.5 }]) {
      const found = levels("PerceptualDiscrimination", { coherence });
      expect(found.length).toBeGreaterThan(5);
      expect(found).toContain(0);
      expect(found.toReversed().map((level) => 0 - level)).toEqual(found);
      expect([...found].sort((a, b) => a - b)).toEqual(found);
    }
  });

  it("hold the values of a list, and PsychRNN's", () => {
    expect(levels("PerceptualDiscrimination", { coherence: [0.1, 0.5] })).toEqual(
      expect.arrayContaining([-0.5, -0.1, 0.1, 0.5]),
    );
    expect(levels("PerceptualDiscrimination", {}, "psychrnn")).toContain(0.7);
    const many = Array.from({ length: 1000 }, (_, index) => index / 100);
    expect(levels("PerceptualDiscrimination", { coherence: many }).length).toBeLessThan(40);
  });

  it("need a choice, and a task that has one", () => {
    expect(signedStimulus({ type: "PerceptualDiscrimination" }, "standard", 1)).toHaveProperty("reason");
    expect(signedStimulus({ type: "Own" }, "standard", 2)).toHaveProperty("reason");
  });
});

describe("conditions", () => {
  const outcome = (params: { [name: string]: number }, right: number, correct: number) => ({
    params,
    right,
    chosen: correct === 1 ? right : 1 - right,
    correct,
    loss: 0,
  });

  it("are the parameters that vary, and the right output where none says it", () => {
    const outcomes = [
      outcome({ coherence: 0.1, direction: 0, stim_noise: 0.1 }, 0, 1),
      outcome({ coherence: 0.2, direction: 1, stim_noise: 0.1 }, 1, 0),
    ];
    expect(conditionsOf(outcomes).map(({ title }) => title)).toEqual(["Coherence", "Right output"]);
    expect(
      conditionsOf([outcome({ my_own: 1 }, 0, 1), outcome({ my_own: 2 }, 1, 1)]).map(({ title }) => title),
    ).toEqual(["My own", "Right output"]);
    expect(conditionsOf([]).map(({ title }) => title)).toEqual(["Right output"]);
  });

  it("hold durations that follow from times", () => {
    const times = (stimulus_2: number) => ({
      stimulus_1: stimulus_2 / 9,
      delay: 100 - stimulus_2 / 9,
      stimulus_2,
    });
    const found = conditionsOf([outcome(times(300), 0, 1), outcome(times(500), 0, 1)]);
    const delay = found.find(({ title }) => title === "Duration of the delay");
    expect(delay?.value(outcome({ delay: 100, stimulus_2: 300 }, 0, 1))).toBe(200);
  });

  it("part the trials that ask for a choice", () => {
    const [condition] = conditionsOf([outcome({ a: 1 }, 0, 1), outcome({ a: 2 }, 0, 1)]);
    if (!condition) throw new Error("no condition");
    const bins = accuracyBy(condition, [
      outcome({ a: 1 }, 0, 1),
      outcome({ a: 1 }, 0, 0),
      outcome({ a: 2 }, 0, 1),
      outcome({ a: 2 }, 0, -1),
    ]);
    expect(bins.map(({ bin, share }) => [bin.from, share.hits, share.count])).toEqual([
      [1, 1, 2],
      [2, 1, 1],
    ]);
  });
});
