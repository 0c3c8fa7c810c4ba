import { connect, load, type Progress, type RemoteEngine } from "nullcline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { failureOf, helloWorld, small } from "./support.js";

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
    await using paused = await engine.open(helloWorld({ training: { iterations: 40 } }));
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
    expect(stopped.iteration).toBeGreaterThan(0);
    expect(stopped.iteration).toBeLessThan(40);
    expect((await paused.train()).state).toBe("finished");

    await using whole = await engine.open(helloWorld({ training: { iterations: 40 } }));
    await whole.train();
    expect(await paused.hash()).toBe(await whole.hash());
  });

  it("cancels by a signal, and the session stays of use", async () => {
    await using session = await engine.open(helloWorld());
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
    await using session = await engine.open(helloWorld());
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
    await using session = await engine.open(helloWorld());
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
    const session = await engine.open(helloWorld());
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
    const session = await other.open(helloWorld());
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
