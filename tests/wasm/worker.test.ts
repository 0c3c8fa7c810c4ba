import { connect, load, type Checkpoint, type Progress, type RemoteEngine } from "nullcline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { failureOf, helloWorld, small } from "./support.js";

/** Too long to be over before a busy machine lets it be stopped. */
const unending = helloWorld({ training: { iterations: 1_000_000 } });

describe("the engine in a worker", () => {
  let engine: RemoteEngine;

  beforeAll(async () => {
    engine = await connect({ threads: 2 });
  });

  afterAll(async () => {
    expect(await engine.handles()).toBe(0);
    engine.terminate();
  });

  it("answers what the engine answers without one", async () => {
    using direct = await load({ threads: 1 });
    using local = direct.open(small());
    await using remote = await engine.open(small());
    expect(remote.document).toEqual(local.document);
    expect(remote.shape).toMatchObject({ N_rec: 12, N_steps: 20, iterations: 60 });
    expect(await engine.describe()).toEqual(direct.describe());
    expect(await engine.check("{}")).toEqual(direct.check("{}"));
    expect((await remote.step({ iterations: 10 })).history).toEqual(local.step({ iterations: 10 }).history);
    expect(await remote.hash()).toBe(local.hash());
    expect(await remote.weights("effective")).toEqual(local.weights("effective"));
    const trials = await remote.trials({ count: 3 });
    expect(trials).toEqual(local.trials({ count: 3 }));
    expect(await remote.run(trials)).toEqual(local.run(trials));
    expect(await remote.test(100)).toEqual(local.test(100));
    const lesion = { units: [1, 2], window: [100, 200] as [number, number] };
    expect(await remote.run(trials, { lesion })).toEqual(local.run(trials, { lesion }));
    const request = { count: 2, steps: 9, lesion };
    expect(await remote.runAutonomously(request)).toEqual(local.runAutonomously(request));
    expect(await remote.exportWeights()).toEqual(local.exportWeights());
    expect(await remote.exportWeights({ compress: true })).toEqual(local.exportWeights({ compress: true }));
    expect(await remote.saveState()).toEqual(local.saveState());
    expect(remote.warnings).toEqual(local.warnings);
  });

  it("takes files, weights and states, which stay with the caller", async () => {
    await using session = await engine.open(small());
    const start = await session.weights("raw");
    await session.step({ iterations: 20 });
    const [hash, file, state] = [
      await session.hash(),
      await session.exportWeights(),
      await session.saveState(),
    ];
    await session.setWeights(start);
    expect(start.W_rec?.data).toHaveLength(144);
    expect((await session.progress()).iteration).toBe(0);
    expect(await session.importWeights(file, "w.npz")).toEqual([]);
    expect(await session.restoreState(state)).toMatchObject({ iteration: 20 });
    expect(await session.hash()).toBe(hash);
    expect(file.length * state.length).toBeGreaterThan(0);
    expect(await session.extend(5)).toMatchObject({ iterations: 65 });

    const initializer = { type: "WeightInitializer", load_weights_path: "w.npz" };
    const document = small({ network: { initializer } });
    expect((await engine.check(document)).problems).toMatchObject([{ code: "no_file" }]);
    expect((await engine.check(document, { files: { "w.npz": file } })).problems).toEqual([]);
    await using other = await engine.open(document, { files: { "w.npz": file } });
    expect(await other.weights("effective")).toEqual(await session.weights("effective"));
    const failure = await failureOf(() => session.importWeights(file.slice(9), "w.npz"));
    expect(failure).toMatchObject({ code: "bad_file", path: "w.npz" });
  });

  it("gives the weights at checkpoints, in order, and goes on", async () => {
    await using session = await engine.open(small({ training: { save_training_weights_epoch: 20 } }));
    const checkpoints: Checkpoint[] = [];
    const last = await session.train({ onCheckpoint: (checkpoint) => checkpoints.push(checkpoint) });
    expect(last.iteration).toBe(60);
    expect(checkpoints.map(({ iteration }) => iteration)).toEqual([20, 40, 60]);
    expect(checkpoints[2]?.weights).toEqual(await session.weights("effective"));
    expect(checkpoints[1]?.weights).not.toEqual(checkpoints[2]?.weights);
  });

  it("stops at the cutoff of an own measure, which may ask the session", async () => {
    await using session = await engine.open(small());
    const seen: number[] = [];
    const last = await session.train({
      cutoff: 0.5,
      every: 20,
      measure: async (remote, { iteration }) => {
        seen.push((await remote.test(50)).count);
        expect((await failureOf(() => remote.step({ iterations: 1 }))).code).toBe("busy");
        return iteration / 80;
      },
    });
    expect(last).toMatchObject({ state: "training", iteration: 40, performance: 0.5, cutoff_reached: true });
    expect(seen).toEqual([50, 50]);
    expect((await session.train()).state).toBe("finished");
    await using whole = await engine.open(small());
    await whole.train();
    expect(await session.hash()).toBe(await whole.hash());
  });

  it("passes on what an own measure throws, and is paused while it takes its time", async () => {
    await using session = await engine.open(small());
    const broken = session.train({
      cutoff: 1,
      measure: () => {
        throw new TypeError("mine");
      },
    });
    await expect(broken).rejects.toThrow(new TypeError("mine"));
    const paused = await session.train({
      cutoff: 1,
      measure: async () => {
        await session.pause();
        return 5;
      },
    });
    expect(paused).toMatchObject({ state: "training", iteration: 20, cutoff_reached: false });
    const text = { cutoff: 1, measure: (() => "much") as unknown as () => number };
    expect((await failureOf(() => session.train(text))).code).toBe("wrong_type");
    expect((await failureOf(() => session.train({ cutoff: 1 }))).code).toBe("missing_field");
    expect((await session.train()).state).toBe("finished");
  });

  it("trains to the end and reports on the way", async () => {
    await using session = await engine.open(small());
    const reports: Progress[] = [];
    const last = await session.train({ interval: 1, onProgress: (progress) => reports.push(progress) });
    expect(last).toMatchObject({ state: "finished", iteration: 60 });
    expect(reports.at(-1)?.state).toBe("finished");
    expect(reports.flatMap(({ history }) => history)).toEqual(last.history);
    const iterations = reports.map(({ iteration }) => iteration);
    expect(iterations).toEqual([...iterations].sort((a, b) => a - b));
  });

  it("pauses, answers other calls, and goes on to the bits of an uninterrupted run", async () => {
    await using paused = await engine.open(unending);
    let seen: (progress: Progress) => void = () => undefined;
    const firstReport = new Promise<Progress>((resolve) => (seen = resolve));
    const training = paused.train({
      interval: 1,
      onProgress: (progress) => {
        seen(progress);
      },
    });
    await firstReport;
    expect((await paused.trials({ count: 1 })).count).toBe(1);
    const stopped = await paused.pause();
    expect((await training).iteration).toBe(stopped.iteration);
    expect(stopped).toMatchObject({ state: "training" });
    expect(stopped.iteration).toBeGreaterThan(0);
    expect((await paused.step({ iterations: 20 })).iteration).toBe(stopped.iteration + 20);

    await using whole = await engine.open(unending);
    await whole.step({ iterations: stopped.iteration + 20 });
    expect(await paused.hash()).toBe(await whole.hash());
  });

  it("cancels by a signal, and the session stays of use", async () => {
    await using session = await engine.open(unending);
    const controller = new AbortController();
    const failure = await failureOf(() =>
      session.train({
        interval: 1,
        signal: controller.signal,
        onProgress: () => {
          controller.abort();
        },
      }),
    );
    expect(failure.code).toBe("cancelled");
    const { iteration } = await session.progress();
    expect(iteration).toBeGreaterThan(0);
    expect((await session.step({ iterations: 1 })).iteration).toBe(iteration + 1);
    const aborted = AbortSignal.abort();
    expect((await failureOf(() => session.train({ signal: aborted }))).code).toBe("cancelled");
  });

  it("resets in mid-training", async () => {
    await using session = await engine.open(unending);
    const start = await session.hash();
    let reset: Promise<void> | undefined;
    const training = session.train({
      interval: 1,
      onProgress: () => {
        reset ??= session.reset();
      },
    });
    await training;
    await reset;
    expect(await session.hash()).toBe(start);
    expect((await session.progress()).state).toBe("ready");
  });

  it("refuses to train one session twice at a time", async () => {
    await using session = await engine.open(unending);
    let second: Promise<string> | undefined;
    let step: Promise<string> | undefined;
    let reports = 0;
    const training = session.train({
      interval: 1,
      onProgress: () => {
        ++reports;
        second ??= failureOf(() => session.train()).then(({ code }) => code);
        step ??= failureOf(() => session.step({ iterations: 1 })).then(({ code }) => code);
        void Promise.all([second, step]).then(() => (reports > 5 ? session.pause() : undefined));
      },
    });
    await training;
    // The refused call has not taken the reports away from the one that runs.
    expect(reports).toBeGreaterThan(5);
    expect(await second).toBe("busy");
    expect(await step).toBe("busy");
  });

  it("passes errors on as Errors, with code, path and hint", async () => {
    const failure = await failureOf(() => engine.open(small({ network: { N_rec: 0 } })));
    expect(failure).toMatchObject({ code: "out_of_range", path: "network.N_rec" });
    expect(failure.message).toContain("found 0");
  });

  it("disposes of a session in mid-training", async () => {
    const session = await engine.open(unending);
    let disposed: PromiseLike<void> | undefined;
    await session.train({
      interval: 1,
      onProgress: () => {
        disposed ??= session[Symbol.asyncDispose]();
      },
    });
    await disposed;
    expect((await failureOf(() => session.hash())).code).toBe("disposed");
  });

  it("rejects what waits when the worker is ended", async () => {
    const other = await connect({ threads: 1 });
    const session = await other.open(unending);
    const training = failureOf(() => session.train());
    other.terminate();
    expect((await training).code).toBe("terminated");
    expect((await failureOf(() => session.hash())).code).toBe("terminated");
    await session[Symbol.asyncDispose]();
  });

  it("says so when the engine cannot be loaded", async () => {
    const failure = await failureOf(() => connect({ engineUrl: new URL("file:///nowhere/") }));
    expect(failure.code).toBe("not_loaded");
  });
});
