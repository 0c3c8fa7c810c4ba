import { load, type Engine, type ExperimentDocument, type Session } from "nullcline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { accuracyOf, confusionOf } from "./conditions";
import { outcomesOf, type Outcome } from "./outcomes";
import { eachOnce } from "../../state/select";
import { gridOf } from "./plan";
import { currentTask } from "../../document/task";
import { signedStimulus } from "./stimulus";

// Against the engine itself: what the page works out must be what the engine says.

let engine: Engine;

beforeAll(async () => {
  engine = await load({ threads: 1 });
});

afterAll(() => {
  engine[Symbol.dispose]();
});

function opened(document: ExperimentDocument): Session {
  return engine.open({ nullcline: 1, network: { type: "Basic", N_rec: 12 }, ...document });
}

const tasks: [string, ExperimentDocument][] = [
  ["perceptual discrimination", { type: "PerceptualDiscrimination" }],
  ["delayed discrimination", { type: "DelayedDiscrimination" }],
  ["two categories", { type: "MatchToCategory" }],
  ["five categories", { type: "MatchToCategory", N_out: 5 }],
];

function outcomes(session: Session, count: number): Outcome[] {
  const trials = session.trials({ count });
  const { loss_function } = session.document.training as { loss_function: string };
  return outcomesOf(trials, session.run(trials), loss_function);
}

describe.each(tasks)("the answers to %s", (_, task) => {
  it("are scored as the engine scores them", () => {
    using session = opened({ task });
    session.step({ iterations: 3 });
    const found = outcomes(session, 300);
    const score = ({ chosen, right }: Outcome) => (chosen === null ? -1 : Number(chosen === right));
    expect(found.map(score)).toEqual(found.map(({ correct }) => correct));
    const { hits, count } = accuracyOf(found);
    const confusion = confusionOf(found, session.shape.N_out);
    expect(confusion.reduce((sum, row, output) => sum + (row[output] ?? 0), 0)).toBe(hits);
    expect(confusion.flat().reduce((sum, one) => sum + one, 0)).toBe(count);
  });

  it("can be asked for at every level of its signed stimulus, whose sign says which output is right", () => {
    using session = opened({ task });
    const { N_out } = session.shape;
    const stimulus = signedStimulus(currentTask(session.document, 0), "standard", N_out);
    if ("reason" in stimulus) throw new Error(stimulus.reason);
    const grid = gridOf(stimulus, 300);
    const trials = session.trials({ count: grid.length, params: grid.map(({ params }) => params) });
    const found = outcomesOf(trials, session.run(trials), "mean_squared_error");
    for (const [index, { level, above, below }] of grid.entries()) {
      const right = found[index]?.right;
      if (level !== 0 && right !== null) expect([level, right]).toEqual([level, level > 0 ? above : below]);
    }
    expect(found.filter(({ right }) => right !== null).length).toBeGreaterThan(0.8 * grid.length);
  });
});

describe.each(["mean_squared_error", "binary_cross_entropy", "binary_cross_entropy_with_logits"])(
  "the loss %s",
  (loss_function) => {
    it("is the engine's, but for the trials", () => {
      using session = opened({ task: { type: "PerceptualDiscrimination" }, training: { loss_function } });
      const found = outcomes(session, 1000);
      const mean = found.reduce((sum, { loss }) => sum + loss, 0) / found.length;
      expect(Math.abs(mean / session.test(1000).loss - 1)).toBeLessThan(0.1);
    });
  },
);

it("a trial without a mask asks for no choice", () => {
  using session = opened({ task: { type: "DelayedDiscrimination" } });
  const trials = session.trials({ count: 2 });
  trials.mask.fill(0, 0, trials.N_steps * trials.N_out);
  const [first, second] = outcomesOf(trials, session.run(trials), "unheard of");
  expect(first).toMatchObject({ chosen: null, right: null, correct: -1 });
  expect(second?.chosen).not.toBeNull();
  expect(second?.loss).toBeNaN();
});

it("outputs beyond any number choose nothing, which is wrong", () => {
  using session = opened({ task: { type: "PerceptualDiscrimination" } });
  const { W_rec } = session.weights("raw");
  if (!W_rec) throw new Error("There is no W_rec.");
  session.setWeights({ W_rec: { ...W_rec, data: W_rec.data.map((weight) => 1e6 * weight) } });
  const trials = session.trials({ count: 20 });
  const found = outcomesOf(trials, session.run(trials), "mean_squared_error");
  expect(found.map(({ chosen, right, correct }) => [chosen, right === null, correct])).toEqual(
    found.map(() => [null, false, 0]),
  );
});

it("a stage of a curriculum has its own task", () => {
  using session = opened({
    task: { type: "PerceptualDiscrimination" },
    curriculum: { stages: [{ task: { coherence: 0.5 } }, { task: { coherence: [0.1, 0.2] } }] },
  });
  const task = (stage: number) => currentTask(session.document, stage);
  expect([task(0).coherence, task(1).coherence, task(2).coherence]).toEqual([0.5, [0.1, 0.2], [0.1, 0.2]]);
  expect(task(0).type).toBe("PerceptualDiscrimination");
});

it("own trials are found, each once, and can be asked for by their numbers", () => {
  const [count, N_steps, channels] = [3, 4, 2];
  const array = (value: (at: number) => number) => ({
    shape: [count, N_steps, channels],
    data: Float32Array.from({ length: count * N_steps * channels }, (_, at) => value(at)),
  });
  const arrays = { x: array((at) => at), y: array((at) => at % 2), mask: array(() => 1) };
  using session = engine.open(
    { nullcline: 1, task: { type: "Trials", file: "own.npz" }, network: { type: "Basic", N_rec: 4 } },
    { files: { "own.npz": arrays } },
  );
  const params = eachOnce(session.trials({ count: 10 })).params;
  expect(params).toEqual([{ index: 0 }, { index: 1 }, { index: 2 }]);
  const chosen = session.trials({ count: 2, draw: 5, params: params.slice(1) });
  expect(chosen.params).toEqual(params.slice(1));
  expect(chosen.x[0]).toBe(N_steps * channels);
  expect(outcomesOf(chosen, session.run(chosen), "mean_squared_error").map(({ right }) => right)).toEqual([
    1, 1,
  ]);
});
