import { NullclineError } from "nullcline";
import { describe, expect, it } from "vitest";
import { FakeEngine } from "../testing/fake-engine";
import { Steps } from "../features/undo/steps.svelte";
import { settled, started as startedLab } from "../testing/started";
import { Lab, shownTrials, stageOfTrials, testSize } from "./lab.svelte";

/** A page whose clock goes on at each look. */
function started(frame?: (callback: () => void) => void) {
  let time = 0;
  return startedLab({ clock: () => (time += 40), ...(frame && { frame }) });
}

describe("a page that opens", () => {
  it("makes the network of the defaults and shows what it does untrained", async () => {
    const { lab, engine } = await started();
    expect(lab.phase).toBe("ready");
    expect(lab.draft).toEqual({ nullcline: 1, task: { type: "Choice" }, network: { type: "Plain" } });
    expect(lab.before?.accuracy).toBe(0.5);
    expect(lab.shown?.run.count).toBe(1);
    expect(lab.weightsBefore).toHaveProperty("W_rec");
    expect(lab.hash).toBe("0000000000000000");
    expect(lab.obstacle).toBeNull();
    expect(engine.open_).toBe(1);
  });

  it("says plainly that a browser is too old", async () => {
    const problem = {
      code: "unsupported",
      path: "",
      message: "This browser has no SIMD.",
      hint: "Update it.",
    };
    const lab = new Lab({ connect: () => Promise.reject(new NullclineError(problem)) });
    await lab.start();
    expect(lab.phase).toBe("unsupported");
    expect(lab.failure?.message).toBe("This browser has no SIMD.");
    expect(lab.obstacle).not.toBeNull();
  });

  it("can be tried again after a failure", async () => {
    let fail = true;
    const lab = new Lab({
      connect: () =>
        fail ? Promise.reject(new Error("The file was not found.")) : Promise.resolve(new FakeEngine()),
    });
    await lab.start();
    expect(lab.phase).toBe("failed");
    fail = false;
    await lab.start();
    expect(lab.phase).toBe("ready");
  });
});

describe("editing", () => {
  it("opens the network that the document asks for, as long as none has trained", async () => {
    const { lab, engine } = await started();
    lab.edit({ ...lab.draft, network: { type: "Plain", N_rec: 6 } });
    await settled();
    expect(lab.shape?.N_rec).toBe(6);
    expect(lab.weightsNow?.W_rec?.rows).toBe(6);
    expect(engine.open_).toBe(1);
  });

  it("opens nothing new for a name, or for a default written out", async () => {
    const { lab, engine } = await started();
    lab.rename("Mine");
    lab.edit({ ...lab.draft, task: { type: "Choice", dt: 10 } });
    await settled();
    expect(engine.calls.filter((call) => call === "open")).toHaveLength(1);
    expect(lab.draft.name).toBe("Mine");
  });

  it("turns Train off while the document is wrong, and says why and where", async () => {
    const { lab, engine } = await started();
    lab.edit({ ...lab.draft, task: { type: "Choice", dt: -1 } });
    await settled();
    expect(lab.obstacle).toEqual({
      reason: "Train is off: dt is -1; it must be above 0.",
      path: "task.dt",
    });
    expect(lab.problemsByField.get("task.dt")).toHaveLength(1);
    // Text that cannot be read has nothing to do with what was wrong before it.
    lab.unreadLine = 3;
    expect(lab.obstacle).toEqual({ reason: "Train is off: the text cannot be read at line 3.", path: "" });
    await lab.train();
    expect(engine.calls).not.toContain("train");
    lab.unreadLine = null;
    expect(lab.obstacle?.path).toBe("task.dt");
    lab.edit({ ...lab.draft, task: { type: "Choice", dt: 5 } });
    await settled();
    expect(lab.obstacle).toBeNull();
  });

  it("checks only the latest of many edits", async () => {
    const { lab, engine } = await started();
    engine.calls = [];
    for (const N_rec of [1, 2, 3, 4, 5, 6]) lab.edit({ ...lab.draft, network: { type: "Plain", N_rec } });
    await settled();
    expect(lab.shape?.N_rec).toBe(6);
    expect(engine.calls.filter((call) => call === "check").length).toBeLessThan(4);
  });

  it("asks before a trained network is dropped", async () => {
    const { lab } = await started();
    await lab.train();
    lab.edit({ ...lab.draft, network: { type: "Plain", N_rec: 6 } });
    await settled();
    expect(lab.pending).toBe(true);
    expect(lab.obstacle?.reason).toContain("applied or put back");
    expect(lab.iteration).toBe(100);
    lab.keep();
    await settled();
    expect(lab.pending).toBe(false);
    expect(lab.draft.network).toEqual({ type: "Plain" });

    lab.edit({ ...lab.draft, network: { type: "Plain", N_rec: 6 } });
    await settled();
    await lab.apply();
    await settled();
    expect([lab.pending, lab.iteration, lab.shape?.N_rec]).toEqual([false, 0, 6]);
    expect(lab.history).toEqual([]);
  });

  it("asks before given weights are dropped, and brings them back", async () => {
    const { lab } = await started();
    const steps = new Steps(lab);
    const weights = { W_rec: { rows: 1, columns: 1, data: [5] } };
    await lab.replace({ ...lab.draft, seed: 3 }, { weights, iterations: 30 });
    const { run } = lab;
    lab.edit({ ...lab.draft, network: { type: "Plain", N_rec: 6 } });
    await settled();
    expect([lab.pending, lab.weightsNow?.W_rec?.data[0]]).toEqual([true, 5]);
    await lab.apply();
    await settled();
    expect([lab.pending, lab.trainedBefore, lab.shape?.N_rec]).toEqual([false, 0, 6]);
    expect(lab.run).not.toBe(run);
    await steps.undo();
    await settled();
    expect([lab.pending, lab.trainedBefore, lab.weightsNow?.W_rec?.data[0]]).toEqual([true, 30, 5]);
    expect(lab.run).toBe(run);
    await steps.undo();
    await settled();
    expect([lab.pending, lab.weightsNow?.W_rec?.data[0]]).toEqual([false, 5]);
  });

  it("lets no link leave weights out", async () => {
    const { lab } = await started();
    expect(await lab.refusal(lab.draft, { W_rec: { rows: 1, columns: 1, data: [5] } })).toBeNull();
    expect((await lab.refusal(lab.draft, {}))?.message).toBe("W_rec is missing.");
  });

  it("keeps the name when the trained network is kept", async () => {
    const { lab } = await started();
    await lab.train();
    lab.edit({ ...lab.draft, network: { type: "Plain", N_rec: 6 }, name: "Mine" });
    await settled();
    lab.keep();
    await settled();
    expect(lab.draft.name).toBe("Mine");
  });
});

describe("a curriculum", () => {
  const measured = (iteration: number, stage: number) => ({
    iteration,
    stage,
    value: 0.9,
    earlier_stages: [],
  });

  it("is followed: what each report adds is kept, and a reset forgets it", async () => {
    const { lab, engine } = await started();
    const { session } = engine;
    if (!session) throw new Error("no session");
    session.metrics = [measured(1, 0)];
    await lab.step();
    session.metrics = [measured(2, 1)];
    await lab.step();
    expect(lab.metrics).toEqual([measured(1, 0), measured(2, 1)]);
    await lab.reset();
    expect(lab.metrics).toEqual([]);
  });

  it("shows trials of the stage that the run is at", async () => {
    const { lab, engine } = await started();
    const { session } = engine;
    if (!session) throw new Error("no session");
    const drawnAt: number[] = [];
    const trials = session.trials.bind(session);
    session.trials = (request) => {
      drawnAt.push(session.stage);
      return trials(request);
    };
    session.stages = 2;
    await lab.step();
    await lab.step();
    expect(drawnAt).toEqual([0]);
    session.stage = 1;
    await lab.step();
    // The last stage is that of a run that has passed them all.
    session.stage = 2;
    await lab.step();
    expect(drawnAt).toEqual([0, 1]);
  });
});

describe("files", () => {
  it("are handed to the engine where the document names them", async () => {
    const { lab, engine } = await started();
    const bytes = Uint8Array.of(1);
    lab.addFile("own.npz", bytes);
    lab.addFile("other.npz", bytes);
    await lab.replace({ ...lab.draft, task: { type: "Choice", file: "own.npz" }, name: "other.npz" });
    expect(lab.problems).toEqual([]);
    expect(engine.files).toEqual({ "own.npz": bytes });
  });

  it("can be tried with a document before either is taken", async () => {
    const { lab } = await started();
    const { draft } = lab;
    const other = { ...draft, task: { type: "Choice", file: "own.npz" } };
    expect((await lab.consider(other))?.problems).toHaveLength(1);
    expect((await lab.consider(other, { "own.npz": Uint8Array.of(1) }))?.problems).toEqual([]);
    expect([lab.draft, lab.files]).toEqual([draft, {}]);
  });

  it("of a run bring it back", async () => {
    const { lab, engine } = await started();
    expect(await lab.restore(Uint8Array.of(40), "run.npz")).toBe(true);
    await settled();
    expect([lab.iteration, lab.now?.iteration, lab.history.length]).toEqual([40, 40, 1]);
    expect(await lab.restore(Uint8Array.of(255), "run.npz")).toBe(false);
    expect([lab.iteration, lab.trouble?.code]).toEqual([40, "other_run"]);
    expect(engine.session?.iteration).toBe(40);
  });
});

describe("training", () => {
  it("runs to the end, keeps the curve, and tests on fresh trials", async () => {
    const { lab } = await started();
    await lab.train();
    expect(lab.finished).toBe(true);
    expect(lab.activity).toBe("idle");
    expect(lab.history.map(({ iteration }) => iteration)).toEqual([10, 20, 30, 40, 50, 60, 70, 80, 90, 100]);
    expect(lab.now).toMatchObject({ iteration: 100, accuracy: 1 });
    expect(lab.hash).toBe("0000000000000064");
    expect(lab.shown?.run.outputs[0]).toBe(100);
    expect(lab.obstacle?.reason).toContain("finished");
  });

  it("tests each trial of a file once", async () => {
    const { lab, engine } = await startedLab({
      document: { nullcline: 1, task: { type: "Trials" }, network: { type: "Plain" } },
    });
    const { session } = engine;
    if (!session) throw new Error("There is no session.");
    const trials = session.trials.bind(session);
    session.trials = async (request) => {
      const drawn = await trials(request);
      return { ...drawn, params: drawn.params.map((_, trial) => ({ index: trial % 12 })) };
    };
    await lab.train();
    expect(lab.now).toMatchObject({ count: 12, scored: 12, given: true });
  });

  it("says which stage of a curriculum a test is of; after the last it is that one", () => {
    expect(stageOfTrials({ stage: 2, stages: 4 })).toBe(2);
    expect(stageOfTrials({ stage: 4, stages: 4 })).toBe(3);
    expect(stageOfTrials({ stage: 0, stages: 0 })).toBeNull();
  });

  it("goes on from where it was when a finished run is to be longer, and nothing else", async () => {
    const { lab, engine } = await started();
    await lab.train();
    lab.edit({ ...lab.draft, training: { iterations: 120 } });
    await settled();
    expect(engine.calls).toContain("extend 20");
    expect([lab.pending, lab.finished, lab.iteration]).toEqual([false, false, 100]);
    await lab.train();
    expect([lab.finished, lab.iteration]).toEqual([true, 120]);
    lab.edit({ ...lab.draft, training: { iterations: 130, learning_rate: 1 } });
    await settled();
    expect(lab.pending).toBe(true);
  });

  it("answers the press at once and pauses between two slices", async () => {
    const { lab, engine } = await started();
    let release = (): void => undefined;
    if (engine.session) engine.session.between = () => new Promise((resolve) => (release = resolve));
    const run = lab.train();
    expect(lab.activity).toBe("training");
    await settled();
    expect(lab.iteration).toBe(10);
    const paused = lab.pause();
    expect(lab.activity).toBe("pausing");
    release();
    await Promise.all([run, paused]);
    expect([lab.activity, lab.iteration]).toEqual(["idle", 10]);
    expect(lab.now?.iteration).toBe(10);
  });

  it("looks at the network now and then, never twice at a time", async () => {
    const { lab, engine } = await started();
    engine.calls = [];
    await lab.train();
    const looks = engine.calls.filter((call) => call === "run").length;
    expect(looks).toBeGreaterThan(0);
    expect(looks).toBeLessThan(8);
  });

  it("trains what the forms say when the press comes before the frame in which an edit is taken", async () => {
    const { lab, engine } = await started(() => undefined);
    lab.edit({ ...lab.draft, network: { type: "Plain", N_rec: 6 } });
    await lab.step();
    expect([lab.shape?.N_rec, lab.iteration]).toEqual([6, 1]);

    engine.calls = [];
    lab.edit({ ...lab.draft, network: { type: "Plain", N_rec: 7 } });
    await lab.train();
    await lab.step();
    expect(engine.calls).not.toContain("train");
    expect([lab.pending, lab.shape?.N_rec, lab.iteration]).toEqual([true, 6, 1]);
  });

  it("does nothing when the press comes before the frame in which a wrong value is marked", async () => {
    const { lab, engine } = await started(() => undefined);
    lab.edit({ ...lab.draft, task: { type: "Choice", dt: -1 } });
    await lab.step();
    await lab.train();
    expect(engine.calls).not.toContain("train");
    expect([lab.problems.length, lab.iteration, lab.activity]).toEqual([1, 0, "idle"]);
  });

  it("does one update by a step", async () => {
    const { lab } = await started();
    await lab.step();
    expect(lab.iteration).toBe(1);
    expect(lab.now?.iteration).toBe(1);
  });

  it("goes back to the first weights by a reset", async () => {
    const { lab } = await started();
    const hash = lab.hash;
    await lab.train();
    expect(lab.hash).not.toBe(hash);
    await lab.reset();
    await settled();
    expect([lab.hash, lab.iteration, lab.history.length, lab.now]).toEqual([hash, 0, 0, null]);
    expect(lab.obstacle).toBeNull();
  });

  it("keeps the pace of training while single updates are made", async () => {
    const { lab } = await started();
    await lab.train(50);
    const { rate } = lab;
    expect(rate).not.toBeNull();
    for (let update = 0; update < 3; update++) await lab.step();
    expect([lab.iteration, lab.rate]).toEqual([53, rate]);
  });

  it("tells no pace of a finished run that it has come back to", async () => {
    const { lab } = await started();
    await lab.train();
    expect(lab.rate).not.toBeNull();
    const finished = await lab.capture();
    if (!finished) throw new Error("There is no moment.");
    await lab.reset();
    expect(lab.rate).toBeNull();
    await lab.resume(finished);
    expect([lab.finished, lab.iteration, lab.rate, lab.timeLeft]).toEqual([true, 100, null, null]);
  });

  it("keeps the last good weights of a run that diverges", async () => {
    const { lab, engine } = await started();
    if (engine.session) engine.session.divergeAt = 20;
    await lab.train();
    expect(lab.diverged?.message).toContain("iteration 20");
    expect(lab.phase).toBe("ready");
    expect(lab.weightsNow).not.toBeNull();
    expect(lab.obstacle).not.toBeNull();
    await lab.reset();
    expect(lab.diverged).toBeNull();
  });

  it("offers to start again when the worker dies, and then trains the same document", async () => {
    const { lab, engine } = await started();
    lab.edit({ ...lab.draft, task: { type: "Choice", dt: 5 } });
    await settled();
    if (engine.session) {
      engine.session.between = () => {
        engine.dead = true;
        return Promise.resolve();
      };
    }
    await lab.train();
    expect(lab.phase).toBe("lost");
    expect(lab.failure?.message).toBe("The engine stopped.");
    expect(lab.activity).toBe("idle");
    engine.dead = false;
    await lab.start();
    await settled();
    expect(lab.phase).toBe("ready");
    expect(lab.shape?.dt).toBe(5);
  });
});

describe("trials to look at", () => {
  it("are chosen one by one, round and round, and drawn anew", async () => {
    const { lab, engine } = await started();
    lab.choose(-1);
    await settled();
    expect(lab.shown?.index).toBe(shownTrials - 1);
    lab.choose(shownTrials);
    await settled();
    expect(lab.shown?.index).toBe(0);
    expect(engine.calls.filter((call) => call.startsWith("trials"))).toEqual(["trials 0"]);
    lab.newTrials();
    await settled();
    expect(lab.shown?.draw).toBe(1);
    expect(lab.shown?.trial.x[0]).toBe(1000);
    expect([lab.trialCount, lab.shown?.all]).toEqual([shownTrials, false]);
  });

  it("are as many as a file holds, each once", async () => {
    const { lab, engine } = await started();
    await lab.replace({ nullcline: 1, task: { type: "Trials" } });
    // The trials of the file come over and over.
    const hold = async (file: number) => {
      const { session } = engine;
      if (!session) throw new Error("There is no session.");
      const trials = session.trials.bind(session);
      session.trials = async (request) => {
        const drawn = await trials(request);
        return { ...drawn, params: drawn.params.map((_, trial) => ({ index: trial % file })) };
      };
      lab.newTrials();
      await settled();
      session.trials = trials;
    };
    await hold(2);
    expect([lab.trialCount, lab.shown?.all]).toEqual([2, true]);
    lab.choose(-1);
    await settled();
    expect([lab.index, lab.shown?.index]).toEqual([1, 1]);
    lab.choose(2);
    await settled();
    expect(lab.shown?.index).toBe(0);
    await hold(shownTrials);
    expect([lab.trialCount, lab.shown?.all]).toEqual([shownTrials, true]);
    await hold(shownTrials + 1);
    expect([lab.trialCount, lab.shown?.all]).toEqual([shownTrials, false]);
  });
});

it("tests large networks on fewer trials", () => {
  const shape = {
    N_in: 2,
    N_rec: 50,
    N_out: 2,
    N_steps: 200,
    N_batch: 128,
    dt: 10,
    parameters: 1,
    iterations: 1,
    memory: 1,
  };
  expect(testSize(shape)).toBe(1000);
  expect(testSize({ ...shape, N_rec: 1000 })).toBe(50);
  expect(testSize({ ...shape, N_rec: 4096 })).toBe(8);
});

describe("a network that is taken apart", () => {
  it("is looked at with a lesion and without it until the lesion is taken back", async () => {
    const { lab } = await started();
    expect(lab.shown?.lesioned).toBeNull();
    lab.setLesion({ units: [1] });
    await settled();
    expect(lab.shown?.run.outputs[0]).toBe(0);
    expect(lab.shown?.lesioned?.outputs[0]).toBe(-1);
    lab.setLesion(null);
    await settled();
    expect(lab.shown?.lesioned).toBeNull();
  });

  it("starts anew from weights that are set, and shows them beside those before", async () => {
    const { lab } = await started();
    await lab.train();
    const { stand } = lab;
    const trained = lab.weightsNow?.W_rec?.data[0];
    await lab.setWeights({ W_rec: { rows: 1, columns: 1, data: [7] } });
    expect(lab.iteration).toBe(0);
    expect(lab.history).toEqual([]);
    expect(lab.weightsBefore?.W_rec?.data[0]).toBe(trained);
    expect(lab.weightsNow?.W_rec?.data[0]).toBe(7);
    expect(lab.before?.accuracy).toBe(0.5);
    expect(lab.origin).toBe("edited");
    expect(lab.stand).toBeGreaterThan(stand);
  });

  it("begins with the weights of a file, and compares with them", async () => {
    const { lab } = await started();
    const drawn = lab.weightsNow?.W_rec?.data[0];
    expect(await lab.importWeights(Uint8Array.of(7), "w.npz")).toEqual(["w.npz holds more than that."]);
    const begun = () => [lab.weightsBefore, lab.rawBefore].map((weights) => weights?.W_rec?.data[0]);
    expect([begun(), lab.origin]).toEqual([[7, 7], "given"]);
    await lab.train();
    expect(lab.weightsNow?.W_rec?.data[0]).toBe(107);
    await lab.reset();
    expect([begun(), lab.weightsNow?.W_rec?.data[0]]).toEqual([[7, 7], 7]);
    expect(lab.drawn?.W_rec?.data[0]).toBe(drawn);
  });

  it("gives way to another document's with given weights", async () => {
    const { lab, engine } = await started();
    await lab.train();
    lab.setLesion({ units: [1] });
    const draft = { ...lab.draft, seed: 3 };
    await lab.replace(draft, { weights: { W_rec: { rows: 1, columns: 1, data: [5] } }, iterations: 30 });
    expect(lab.trainedBefore).toBe(30);
    expect(lab.draft).toBe(draft);
    expect(lab.document?.seed).toBe(3);
    expect(lab.lesion).toBeNull();
    expect(lab.weightsNow?.W_rec?.data[0]).toBe(5);
    expect(engine.open_).toBe(1);
  });

  it("answers no question that was asked of one that is gone", async () => {
    const { lab } = await started();
    const asking = lab.ask(async (session) => {
      const hash = await session.hash();
      await lab.replace({ ...lab.draft, seed: 4 });
      return hash;
    });
    expect(lab.unsettled).toBe(true);
    expect(await asking).toBeNull();
    await settled();
    expect(lab.unsettled).toBe(false);
    expect(await lab.ask((session) => session.hash())).toBe("0000000000000000");
  });

  it("tells what holds for its weights while others take their place, and nothing once it is gone", async () => {
    const { lab, engine } = await started();
    const askedAround = async (action: () => Promise<void>) => {
      const constraints = { W_rec: { connectivity: null, signs: null, fixed: null } };
      if (engine.session) engine.session.constraints = () => action().then(() => constraints);
      return lab.constraints();
    };
    const weights = { W_rec: { rows: 1, columns: 1, data: [7] } };
    expect(await askedAround(() => lab.setWeights(weights))).toHaveProperty("W_rec");
    expect(await askedAround(() => lab.replace({ ...lab.draft, seed: 4 }))).toBeNull();
  });
});
