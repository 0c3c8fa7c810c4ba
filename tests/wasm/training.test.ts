import { type Checkpoint, type Json, type Progress, type Session } from "nullcline";
import { describe, expect, it } from "vitest";
import { engineOfTheGroup, failureOf, small } from "./support.js";

/** Three stages, of which the first asks for nothing. */
const curriculum = {
  stages: [
    { task: { coherence: 0.9 }, threshold: 0 },
    { task: { coherence: 0.7 }, threshold: 0 },
    { task: { coherence: 0.5 }, threshold: 1 },
  ],
  metric_epoch: 10,
  check_earlier_stages: true,
};

describe("training", () => {
  const engine = engineOfTheGroup();

  const opened = (training: { [field: string]: Json } = {}): Session => engine().open(small({ training }));

  it("in slices with other work in between gives the bits of one go", async () => {
    using session = opened();
    const reports: Progress[] = [];
    let ticks = 0;
    const timer = setInterval(() => ++ticks, 0);
    const last = await session.train({ interval: 0, onProgress: (progress) => reports.push(progress) });
    clearInterval(timer);
    expect(last).toMatchObject({ state: "finished", iteration: 60, cutoff_reached: false, stages: 0 });
    expect(last.performance).toBeNaN();
    expect(reports).toHaveLength(60);
    expect(reports.flatMap(({ history }) => history)).toEqual(last.history);
    expect(ticks).toBeGreaterThan(0);
    using whole = opened();
    whole.step({ iterations: 60 });
    expect(session.hash()).toBe(whole.hash());
  });

  it("tells at once that it has begun, however seldom it reports", async () => {
    using session = opened({ iterations: 5000 });
    const first = await session.train({ interval: 600_000, onProgress: () => void session.pause() });
    expect(first.state).toBe("training");
    expect(first.iteration).toBeGreaterThan(0);
  });

  it("is paused and cancelled, and goes on", async () => {
    using session = opened();
    const first = await session.train({ interval: 0, onProgress: () => void session.pause() });
    expect(first).toMatchObject({ state: "training", iteration: 1 });
    const controller = new AbortController();
    const cancelled = await failureOf(() =>
      session.train({
        interval: 0,
        signal: controller.signal,
        onProgress: () => {
          controller.abort();
        },
      }),
    );
    expect(cancelled.code).toBe("cancelled");
    expect(session.progress().iteration).toBe(2);
    expect((await session.train()).state).toBe("finished");
    expect((await session.pause()).state).toBe("finished");
  });

  it("refuses what would change the run under way", async () => {
    using session = opened();
    const codes: Promise<string>[] = [];
    const refused = (call: () => unknown): void => {
      codes.push(failureOf(call).then(({ code }) => code));
    };
    await session.train({
      interval: 0,
      onProgress: ({ iteration }) => {
        if (iteration !== 3) return;
        refused(() => session.step({ iterations: 1 }));
        refused(() => session.train());
        refused(() => {
          session.reset();
        });
        refused(() => {
          session.setWeights(session.weights("raw"));
        });
        refused(() => session.importWeights(session.exportWeights()));
        refused(() => session.restoreState(session.saveState()));
      },
    });
    expect(await Promise.all(codes)).toEqual(Array.from({ length: 6 }, () => "busy"));
    expect(session.progress().state).toBe("finished");
  });

  it("ends with an error when its session is disposed of", async () => {
    const session = opened();
    const failure = await failureOf(() =>
      session.train({
        interval: 0,
        onProgress: () => {
          session[Symbol.dispose]();
        },
      }),
    );
    expect(failure.code).toBe("disposed");
  });

  it("gives the weights at every checkpoint, in order, and goes on", async () => {
    using session = opened({ save_training_weights_epoch: 25 });
    const checkpoints: Checkpoint[] = [];
    const last = await session.train({
      interval: 10_000,
      onCheckpoint: (checkpoint) => checkpoints.push(checkpoint),
    });
    expect(last).toMatchObject({ state: "finished", iteration: 60, checkpoint: false });
    expect(checkpoints.map(({ iteration }) => iteration)).toEqual([25, 50]);
    using other = opened();
    other.step({ iterations: 25 });
    expect(checkpoints[0]?.weights).toEqual(other.weights("effective"));
    // A checkpoint is told once, also where training stops at it.
    other.step({ iterations: 35 });
    expect(session.hash()).toBe(other.hash());
    await session.train({ onCheckpoint: (checkpoint) => checkpoints.push(checkpoint) });
    expect(checkpoints).toHaveLength(2);
    session.reset();
    expect(session.step({ iterations: 60 })).toMatchObject({ iteration: 25, checkpoint: true });
  });

  it("stops at the cutoff that the document names", async () => {
    using session = opened({
      performance_measure: "loss",
      performance_cutoff: 1e6,
      performance_epoch: 4,
    });
    const last = await session.train();
    expect(last).toMatchObject({ state: "finished", iteration: 4, cutoff_reached: true });
    expect(last.performance).toBeGreaterThan(0);
    const failure = await failureOf(() => session.extend(10));
    expect(failure).toMatchObject({ code: "not_allowed" });
    expect(failure.message).toContain("its cutoff was reached");
  });

  it("goes through a curriculum, whose measurements are told once", async () => {
    using session = engine().open({ ...small(), curriculum });
    const reports: Progress[] = [];
    const last = await session.train({ interval: 0, onProgress: (progress) => reports.push(progress) });
    expect(last).toMatchObject({ state: "finished", iteration: 60, stage: 2, stages: 3 });
    expect(last.metrics.map(({ iteration, stage }) => [iteration, stage])).toEqual([
      [10, 0],
      [20, 1],
      [30, 2],
      [40, 2],
      [50, 2],
      [60, 2],
    ]);
    expect(last.metrics.map(({ earlier_stages }) => earlier_stages.length)).toEqual([0, 1, 2, 2, 2, 2]);
    expect(reports.flatMap(({ metrics }) => metrics)).toEqual(last.metrics);
    expect(reports[10]).toMatchObject({ stage: 1 });
    expect(session.trials({ count: 5 }).params.every(({ coherence }) => coherence === 0.5)).toBe(true);
    session.reset();
    expect(session.progress()).toMatchObject({ stage: 0, metrics: [] });
    expect(session.step({ iterations: 10 }).metrics).toHaveLength(1);
  });

  it("ends when the curriculum is passed", async () => {
    const stages = curriculum.stages.map((stage) => ({ ...stage, threshold: 0 }));
    using session = engine().open({ ...small(), curriculum: { ...curriculum, stages } });
    expect(await session.train()).toMatchObject({ state: "finished", iteration: 30, stage: 3, stages: 3 });
    expect((await failureOf(() => session.extend(10))).message).toContain("its curriculum is passed");
  });

  it("stops at the cutoff of an own measure", async () => {
    using session = opened();
    const seen: number[] = [];
    const options = {
      cutoff: 30,
      every: 15,
      measure: async (measured: Session, { iteration }: Progress): Promise<number> => {
        expect(measured).toBe(session);
        expect(measured.test(20).count).toBe(20);
        seen.push(iteration);
        await Promise.resolve();
        return iteration;
      },
    };
    const last = await session.train(options);
    expect(last).toMatchObject({ state: "training", iteration: 30, performance: 30, cutoff_reached: true });
    expect(seen).toEqual([15, 30]);
    expect(session.progress().cutoff_reached).toBe(false);
    expect(await session.train({ ...options, cutoff: 1e9 })).toMatchObject({ state: "finished" });
    expect(seen).toEqual([15, 30, 45, 60]);
    using undisturbed = opened();
    undisturbed.step({ iterations: 60 });
    expect(session.hash()).toBe(undisturbed.hash());
  });

  it("is paused while an own measure takes its time", async () => {
    using session = opened();
    const last = await session.train({
      cutoff: 1,
      measure: async () => {
        await session.pause();
        return 5;
      },
    });
    expect(last).toMatchObject({ state: "training", iteration: 10, cutoff_reached: false });
  });

  it("refuses own measures that cannot be", async () => {
    using session = opened();
    const measure = (): number => 1;
    const codeOf = async (call: () => unknown): Promise<string> => (await failureOf(call)).code;
    expect(await codeOf(() => session.train({ measure }))).toBe("wrong_type");
    expect(await codeOf(() => session.train({ measure, cutoff: NaN }))).toBe("wrong_type");
    expect(await codeOf(() => session.train({ cutoff: 1 }))).toBe("missing_field");
    expect(await codeOf(() => session.train({ measure, cutoff: 1, every: 0 }))).toBe("out_of_range");
    expect(await codeOf(() => session.train({ measure, cutoff: 1, every: 2.5 }))).toBe("out_of_range");
    const text = { measure: (() => "much") as unknown as () => number, cutoff: 1 };
    expect(await codeOf(() => session.train(text))).toBe("wrong_type");
    const broken = {
      cutoff: 1,
      measure: (): number => {
        throw new TypeError("mine");
      },
    };
    session.reset();
    await expect(session.train(broken)).rejects.toThrow(new TypeError("mine"));
    expect((await session.train()).state).toBe("finished");
  });

  it("is extended when it has ended, to the bits of a longer run", async () => {
    using session = opened();
    session.step({ iterations: 60 });
    expect(session.extend(15)).toMatchObject({ state: "training", iteration: 60, iterations: 75 });
    expect(await session.train()).toMatchObject({ state: "finished", iteration: 75 });
    using longer = opened({ iterations: 75 });
    longer.step({ iterations: 75 });
    expect(session.hash()).toBe(longer.hash());
    for (const iterations of [0, -1, 1.5, NaN, 2e9]) {
      expect((await failureOf(() => session.extend(iterations))).code).toBe("out_of_range");
    }
    session.reset();
    expect(session.progress().iterations).toBe(60);
  });
});
