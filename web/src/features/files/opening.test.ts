import { NullclineError } from "nullcline";
import { describe, expect, it } from "vitest";
import { Opening } from "./opening.svelte";
import type { Found, WeightSizes } from "./recognise";
import { started as startedLab, settled } from "../../testing/started";

/** A page with its engine, to which files come already read. */
async function page() {
  const { lab, engine } = await startedLab({ clock: () => 0 });
  let files: Found[] = [];
  const opening = new Opening(lab, ({ name }) => {
    const found = files.find((file) => file.name === name);
    return found ? Promise.resolve(found) : Promise.reject(new Error(`no ${name}`));
  });
  const open = async (...found: Found[]) => {
    files = found;
    void opening.open(found.map(({ name }) => new File([], name)));
    await settled();
  };
  const answer = async (goOn: boolean) => {
    opening.answer(goOn);
    await settled();
  };
  return { lab, engine, opening, open, answer };
}

const content = Uint8Array.of(1);
const trials: Found = { kind: "trials", name: "own.npz", content, count: 20, dt: null };
const weights = (sizes: Partial<WeightSizes> = {}): Found => ({
  kind: "weights",
  name: "w.npz",
  content,
  sizes: { type: "Basic", N_in: 2, N_rec: 4, N_out: 2, ...sizes },
});
const experiment = (document: object): Found => ({
  kind: "experiment",
  name: "e.json",
  document: { nullcline: 1, task: { type: "Choice" }, network: { type: "Basic" }, ...document },
});

describe("trials", () => {
  it("become the task, at once where nothing is lost", async () => {
    const { lab, engine, opening, open } = await page();
    lab.edit({ ...lab.draft, name: "Mine", task: { type: "Choice", dt: 20, coherence: 0.5 } });
    await settled();
    await open(trials);
    expect(lab.draft).toEqual({
      nullcline: 1,
      name: "Mine",
      task: { type: "Trials", file: "own.npz", dt: 20 },
      network: { type: "Plain" },
    });
    expect(engine.files).toEqual({ "own.npz": content });
    expect(opening.message).toBeNull();
    expect(opening.sentence).toBe("own.npz is the task now: 20 trials of 5 steps, 2 inputs and 2 outputs.");
    lab.edit({ ...lab.draft, seed: 5 });
    await settled();
    expect(opening.sentence).toBe("");
  });

  it("have the time step of their file, and many are learned some at a time", async () => {
    const { lab, open } = await page();
    await open({ ...trials, kind: "trials", count: 2000, dt: 5 });
    expect(lab.draft.task).toEqual({ type: "Trials", file: "own.npz", dt: 5, N_batch: 128 });
  });

  it("take a curriculum out, and say so", async () => {
    const { lab, opening, open } = await page();
    lab.edit({ ...lab.draft, curriculum: { stages: [] } });
    await settled();
    await open(trials);
    expect(lab.draft).not.toHaveProperty("curriculum");
    expect(opening.sentence).toContain("The curriculum, which was for another task, was taken out.");
  });

  it("that do not do change nothing", async () => {
    const { lab, opening, open } = await page();
    lab.edit({ ...lab.draft, network: { type: "Plain", N_rec: -1 } });
    await settled();
    const before = lab.draft;
    await open(trials);
    expect(opening.message).toEqual({
      title: "own.npz was not opened",
      sentences: ["N_rec is -1; it must be above 0. Use a positive number."],
      action: null,
    });
    expect(lab.draft).toBe(before);
    expect(lab.files).toEqual({});
  });

  it("drop a trained network only after asking", async () => {
    const { lab, opening, open, answer } = await page();
    await lab.train();
    await open(trials);
    expect(opening.message).toEqual({
      title: "Open own.npz?",
      sentences: ["The trained network (iteration 100) makes way and stays in Runs."],
      action: "Open it",
    });
    await answer(false);
    expect([lab.iteration, lab.draft.task]).toEqual([100, { type: "Choice" }]);
    await open(trials);
    await answer(true);
    expect(lab.iteration).toBe(0);
    expect(lab.draft.task).toMatchObject({ type: "Trials" });
  });

  it("that the experiment names already are taken as they are asked for", async () => {
    const { lab, opening, open } = await page();
    lab.edit({ ...lab.draft, task: { type: "Choice", file: "own.npz" } });
    await settled();
    expect(lab.problems).toHaveLength(1);
    await open(trials);
    expect(lab.problems).toHaveLength(0);
    expect(lab.draft.task).toEqual({ type: "Choice", file: "own.npz" });
    expect(opening.sentence).toBe("own.npz, which the experiment names, is there.");
  });
});

describe("weights", () => {
  /** The fake network calls itself Plain; weights know Basic and LSTM. */
  async function basicPage() {
    const made = await page();
    made.lab.edit({ ...made.lab.draft, network: { type: "Basic" } });
    await settled();
    return made;
  }

  it("that fit take the place of the network's, and what was skipped is told", async () => {
    const { engine, opening, open } = await basicPage();
    await open(weights());
    expect(engine.calls).toContain("importWeights");
    expect(opening.sentence).toBe("The network has the weights of w.npz.");
    expect(opening.message).toEqual({
      title: "w.npz is open",
      sentences: ["w.npz holds more than that."],
      action: null,
    });
  });

  it("of another size get their network, after asking", async () => {
    const { lab, engine, opening, open, answer } = await basicPage();
    lab.edit({
      ...lab.draft,
      network: { type: "Basic", dale_ratio: 0.8, rec_connectivity: [[1]], initializer: { type: "Gaussian" } },
    });
    await settled();
    await open(weights({ N_rec: 7 }));
    expect(opening.message?.sentences).toEqual([
      "The file holds the weights of a Basic network of 7 units; the experiment has a Basic network of 4 units.",
    ]);
    expect(lab.shape?.N_rec).toBe(4);
    await answer(true);
    // Dale's law was not that of the file.
    expect(lab.draft.network).toEqual({ type: "Basic", N_rec: 7 });
    expect(lab.shape?.N_rec).toBe(7);
    expect(engine.calls).toContain("importWeights");
  });

  it("of another kind of network too", async () => {
    const { lab, opening, open, answer } = await basicPage();
    await open(weights({ type: "LSTM" }));
    expect(opening.message?.sentences[0]).toContain("the weights of an LSTM network of 4 units");
    await answer(true);
    expect(lab.draft.network).toEqual({ type: "LSTM", N_rec: 4 });
  });

  it.each([
    ["as many units as the network", 4],
    ["another number of units", 7],
  ])("that are damaged are refused before anything is asked: %s", async (_, N_rec) => {
    const { lab, engine, opening, open } = await basicPage();
    await lab.train(30);
    engine.prepare = (session) => {
      session.importWeights = () =>
        Promise.reject(
          new NullclineError({ code: "not_finite", path: "W_rec", message: "No.", hint: "Mend." }),
        );
    };
    const { hash, stand } = lab;
    await open(weights({ N_rec }));
    expect(opening.message).toEqual({
      title: "w.npz was not opened",
      sentences: ["No. Mend."],
      action: null,
    });
    expect(lab).toMatchObject({ hash, stand, iteration: 30, trouble: null });
    // The session that it was tried in is gone.
    expect(engine.open_).toBe(1);
  });

  it("for another task are refused", async () => {
    const { lab, engine, opening, open } = await basicPage();
    await open(weights({ N_in: 3, N_rec: 9 }));
    expect(opening.message?.sentences).toEqual([
      "It holds the weights of a network with 3 inputs and 2 outputs; the task here has 2 inputs and 2 outputs: choose the task that they were trained on, and open the file again.",
    ]);
    expect(lab.shape?.N_rec).toBe(4);
    expect(engine.calls).not.toContain("importWeights");
  });
});

describe("an experiment", () => {
  it("is opened, with the files that it names", async () => {
    const { lab, engine, opening, open } = await page();
    const other: Found = { kind: "arrays", name: "m.npz", content, keys: ["M"] };
    await open(other, experiment({ name: "Theirs", task: { type: "Choice", file: "own.npz" } }), trials);
    expect(lab.draft.name).toBe("Theirs");
    expect(lab.problems).toEqual([]);
    expect(engine.files).toEqual({ "own.npz": content });
    expect(opening.sentence).toBe("e.json is open. It does not name m.npz, which was left out.");
  });

  it("with problems is opened only by those who want to put them right", async () => {
    const { lab, opening, open, answer } = await page();
    await open(experiment({ task: { type: "Choice", dt: 0 } }));
    expect(opening.message?.title).toBe("e.json has 1 problem");
    expect(opening.message?.sentences).toEqual([
      "dt is 0; it must be above 0. Use a positive number.",
      "Opened all the same, it can be put right: in the form, or as text where the form has no field for it.",
    ]);
    await answer(false);
    expect(lab.draft.task).toEqual({ type: "Choice" });
    await open(experiment({ task: { type: "Choice", dt: 0 } }));
    await answer(true);
    expect(lab.draft.task).toEqual({ type: "Choice", dt: 0 });
    expect(lab.problems).toHaveLength(1);
  });

  it("asks before a trained network is dropped", async () => {
    const { lab, open, answer } = await page();
    await lab.train();
    await open(experiment({ seed: 7 }));
    expect(lab.iteration).toBe(100);
    await answer(true);
    expect([lab.iteration, lab.draft.seed]).toEqual([0, 7]);
  });
});

describe("a saved run", () => {
  const run = (arithmetic: string, iteration: number): Found => ({
    kind: "state",
    name: "run.npz",
    content: Uint8Array.of(iteration),
    document: { nullcline: 1, task: { type: "Choice" }, network: { type: "Plain" }, arithmetic: "auto" },
    arithmetic,
  });

  it("goes on where it stood", async () => {
    const { lab, opening, open } = await page();
    await open(run("plain", 60));
    expect(lab.iteration).toBe(60);
    expect(lab.history).toHaveLength(1);
    expect(opening.sentence).toBe("run.npz is open: the run stands at iteration 60.");
  });

  it("of other arithmetic is refused", async () => {
    const { lab, opening, open } = await page();
    await open(run("fused", 60));
    expect(lab.iteration).toBe(0);
    expect(opening.message?.sentences[0]).toBe(
      "The run was computed with fused arithmetic; this browser computes with plain, so that it could not go on to the same result.",
    );
  });

  it("that the engine refuses leaves its experiment untrained", async () => {
    const { lab, opening, open } = await page();
    await open(run("plain", 255));
    expect(lab.iteration).toBe(0);
    expect(lab.trouble?.code).toBe("other_run");
    expect(opening.sentence).toBe("The experiment of run.npz is open, untrained.");
  });
});

describe("other files", () => {
  it("are refused in their own sentences", async () => {
    const { opening, open } = await page();
    await open({ kind: "refused", name: "a", reason: "a is a picture." });
    expect(opening.message).toEqual({
      title: "The file was not opened",
      sentences: ["a is a picture."],
      action: null,
    });
    await open({ kind: "arrays", name: "m.npz", content, keys: ["M", "N"] });
    expect(opening.message?.sentences[0]).toMatch(/^It holds the arrays M, N\. Opened are/);
  });

  it.each([
    [["W_in", "W_rec", "b_rec"], "As weights of a network it lacks W_out."],
    [["W_rec", "W_out"], "As weights of a network it lacks W_in."],
    [["W_out"], "As weights of a network it lacks W_in and W_rec."],
    [["W_in", "W_rec", "W_i", "W_c", "W_o", "W_out"], "As weights of a network it lacks W_f."],
    [["x", "y"], "As trials it lacks mask."],
  ])("that lack something are told what: %s", async (keys, lack) => {
    const { opening, open } = await page();
    await open({ kind: "arrays", name: "m.npz", content, keys });
    expect(opening.message?.sentences[0]).toContain(`${keys.join(", ")}. ${lack} Opened are`);
  });

  it("come one at a time", async () => {
    const { lab, opening, open } = await page();
    await open(trials, weights());
    expect(opening.message?.sentences[0]).toMatch(/^Open one file at a time/);
    expect(lab.draft.task).toEqual({ type: "Choice" });
  });

  it("wait for nobody: the latest attempt counts", async () => {
    const { lab, opening, open, answer } = await page();
    await lab.train();
    await open(trials);
    await open(experiment({ seed: 7 }));
    expect(opening.message?.title).toBe("Open e.json?");
    await answer(true);
    expect(lab.draft.seed).toBe(7);
    expect(lab.draft.task).toEqual({ type: "Choice" });
  });

  it("are not opened while there is no engine", async () => {
    const { lab, opening, open } = await page();
    lab.phase = "lost";
    await open(trials);
    expect(opening.message?.sentences[0]).toContain("The engine is not running");
  });
});
