import { NullclineError, type Constraints } from "nullcline";
import { describe, expect, it } from "vitest";
import { Editing } from "./editing.svelte";
import { Matrices } from "./matrices.svelte";
import { settled, started as startedLab } from "../../testing/started";
import { Typing } from "./typing.svelte";
import { Steps } from "../undo/steps.svelte";

/** A network of four units that keeps the weights that it is given. */
async function started(constraints?: Constraints) {
  const { lab, engine } = await startedLab();
  let W_rec = { rows: 4, columns: 4, data: Float32Array.from({ length: 16 }, (_, index) => index) };
  engine.prepare = (session) => {
    session.weights = () => Promise.resolve({ W_rec });
    session.setWeights = (weights) => {
      const given = weights.W_rec;
      if (given) W_rec = { ...given, data: Float32Array.from(given.data) };
      return session.reset();
    };
    session.hash = () => Promise.resolve(W_rec.data.join(" "));
    if (constraints) session.constraints = () => Promise.resolve(constraints);
  };
  const steps = new Steps(lab);
  await lab.replace(lab.draft);
  await settled();
  const { session } = engine;
  if (!session) throw new Error("There is no session.");
  const matrices = new Matrices(lab);
  await matrices.refreshConstraints();
  const editing = new Editing(lab, matrices, steps);
  const { arrangement } = matrices;
  if (!arrangement) throw new Error("There is no matrix.");
  return { lab, engine, session, matrices, editing, arrangement, weights: () => [...W_rec.data] };
}

const free = { connectivity: null, signs: null, fixed: null };

describe("writing what is chosen", () => {
  it("keeps what cannot be understood, and says so, while the other side is written", async () => {
    const { editing, arrangement } = await started();
    const typing = new Typing(editing);
    const texts = () => [typing.textOf("columns", arrangement), typing.textOf("rows", arrangement)];
    typing.take("rows", "1-2", arrangement);
    typing.take("columns", "7", arrangement);
    expect(typing.problemOf("columns", arrangement)).toBe("There is no unit 7; units go from 0 to 3.");
    typing.take("rows", "3", arrangement);
    expect(texts()).toEqual(["7", "3"]);
    expect(typing.problemOf("columns", arrangement)).not.toBe("");
    expect(editing.block).toEqual({ rows: [3], columns: [0] });
    typing.leave("columns", arrangement);
    expect(texts()).toEqual(["7", "3"]);
    // A choice on the map is another one.
    editing.select(arrangement, { row: 1, column: 2 });
    expect([texts(), typing.problemOf("columns", arrangement)]).toEqual([["2", "1"], ""]);
  });

  it("leaves a list as it is written until its field is left", async () => {
    const { editing, arrangement } = await started();
    const typing = new Typing(editing);
    typing.take("rows", "2-1, 0", arrangement);
    expect(typing.textOf("rows", arrangement)).toBe("2-1, 0");
    typing.leave("rows", arrangement);
    expect(typing.textOf("rows", arrangement)).toBe("0–2");
  });
});

describe("choosing weights", () => {
  it("by moving the cursor, and a block by extending", async () => {
    const { editing, arrangement } = await started();
    editing.select(arrangement, { row: 1, column: 2 });
    expect(editing.block).toEqual({ rows: [1], columns: [2] });
    editing.move(arrangement, 1, -1, true);
    expect(editing.block).toEqual({ rows: [1, 2], columns: [1, 2] });
    editing.move(arrangement, 0, Infinity);
    expect(editing.block).toEqual({ rows: [2], columns: [3] });
    editing.move(arrangement, -9, 0, true);
    expect(editing.block).toEqual({ rows: [0, 1, 2], columns: [3] });
  });

  it("by two taps on its corners, where that is wanted", async () => {
    const { editing, arrangement } = await started();
    expect(editing.tap(arrangement, { row: 3, column: 1 })).toBe(true);
    editing.byCorners = true;
    expect(editing.tap(arrangement, { row: 2, column: 3 })).toBe(false);
    expect(editing.block).toEqual({ rows: [2], columns: [3] });
    expect(editing.tap(arrangement, { row: 0, column: 2 })).toBe(true);
    expect(editing.block).toEqual({ rows: [0, 1, 2], columns: [2, 3] });
    // What is chosen otherwise in between begins anew.
    expect(editing.tap(arrangement, { row: 1, column: 1 })).toBe(false);
    editing.move(arrangement, 1, 0);
    expect(editing.tap(arrangement, { row: 0, column: 0 })).toBe(false);
    editing.byCorners = false;
    expect(editing.tap(arrangement, { row: 1, column: 1 })).toBe(true);
    expect(editing.block).toEqual({ rows: [1], columns: [1] });
  });

  it("takes the units that stand between two places, in whatever order", async () => {
    const signs = Float32Array.from([1, -1, 1, 1]);
    const { editing, matrices, arrangement } = await started({ W_rec: { ...free, signs } });
    expect(matrices.hasKinds).toBe(true);
    expect(arrangement.columns).toEqual([0, 2, 3, 1]);
    editing.select(arrangement, { row: 2, column: 2 });
    editing.select(arrangement, { row: 3, column: 3 }, true);
    expect(editing.block).toEqual({ rows: [1, 3], columns: [1, 3] });
    editing.choose(arrangement, { rows: [1], columns: [2] });
    expect(editing.cursor).toEqual({ row: 3, column: 1 });
  });

  it("starts anew in another matrix, and keeps what is chosen in the same", async () => {
    const { editing, arrangement } = await started();
    editing.open("W_rec 4 4", arrangement);
    editing.select(arrangement, { row: 1, column: 2 });
    editing.open("W_rec 4 4", arrangement);
    expect(editing.block.rows).toEqual([1]);
    editing.open("W_in 4 2", arrangement);
    expect(editing.block).toEqual({ rows: [0], columns: [0] });
  });
});

describe("editing weights", () => {
  it("sets the chosen ones, and the trial is run on them", async () => {
    const { lab, engine, editing, arrangement, weights } = await started();
    editing.choose(arrangement, { rows: [0], columns: [0, 1] });
    engine.calls = [];
    await editing.apply({ kind: "set", value: 9 });
    expect(weights().slice(0, 4)).toEqual([9, 9, 2, 3]);
    expect(engine.calls).toContain("run");
    expect(lab.weightsNow?.W_rec?.data[0]).toBe(9);
    expect(lab.weightsBefore?.W_rec?.data[0]).not.toBe(9);
    expect(editing.said).toBe("2 weights of W_rec set to 9. Training starts anew from here.");
  });

  it("can be undone, edit by edit, as long as the network is the edited one", async () => {
    const { lab, editing, arrangement, weights } = await started();
    const before = weights();
    editing.choose(arrangement, { rows: [0], columns: [0, 1] });
    await editing.apply({ kind: "set", value: 9 });
    await editing.apply({ kind: "scale", factor: 2 });
    expect(weights().slice(0, 2)).toEqual([18, 18]);
    await editing.undo();
    expect(weights().slice(0, 2)).toEqual([9, 9]);
    await editing.undo();
    expect(weights()).toEqual(before);
    expect(editing.canUndo).toBe(false);
    await editing.apply({ kind: "set", value: 9 });
    await lab.setWeights({ W_rec: { rows: 4, columns: 4, data: new Float32Array(16) } });
    expect(editing.canUndo).toBe(false);
  });

  it("brings back the run that the weights had come from, with its learning curve", async () => {
    const { lab, editing, weights } = await started();
    await lab.train();
    const [run, { history, before, now }] = [lab.run, lab];
    const trained = weights();
    await editing.apply({ kind: "set", value: 9 });
    expect(lab.iteration).toBe(0);
    expect(lab.history).toEqual([]);
    await editing.undo();
    await settled();
    expect(lab.iteration).toBe(100);
    expect(lab.history.at(-1)?.iteration).toBe(history.at(-1)?.iteration);
    expect(lab.before).toEqual(before);
    expect(lab.now).toEqual(now);
    expect(lab.run).toBe(run);
    expect(weights()).toEqual(trained);
    expect(editing.said).toContain("are back as they were before the edit");
  });

  it("says what the weights before are before of", async () => {
    const { lab, matrices, editing } = await started();
    expect(matrices.since).toBe("training");
    await editing.apply({ kind: "set", value: 9 });
    expect(matrices.since).toBe("the edit");
    await lab.setWeights({ W_rec: { rows: 4, columns: 4, data: new Float32Array(16) } });
    await lab.train();
    await lab.setWeights({ W_rec: { rows: 4, columns: 4, data: new Float32Array(16) } });
    expect(matrices.since).toBe("training");
  });

  it("leaves the network alone where nothing would change", async () => {
    const { lab, editing, arrangement } = await started();
    await lab.train();
    editing.choose(arrangement, { rows: [0], columns: [1] });
    await editing.apply({ kind: "scale", factor: 1 });
    expect(lab.iteration).toBe(100);
    expect(editing.said).toContain("Nothing to change");
    expect(editing.canUndo).toBe(false);
  });

  it("waits for training to be over", async () => {
    const { lab, session, editing, weights } = await started();
    const before = weights();
    session.between = async () => {
      await editing.apply({ kind: "set", value: 9 });
    };
    await lab.train();
    expect(weights()).toEqual(before);
  });

  it("keeps no undo of what the engine refused", async () => {
    const { lab, session, editing } = await started();
    session.setWeights = () =>
      Promise.reject(new NullclineError({ code: "out_of_range", path: "", message: "Refused.", hint: "" }));
    await editing.apply({ kind: "set", value: 9 });
    expect(lab.trouble?.message).toBe("Refused.");
    expect(editing.canUndo).toBe(false);
    expect(editing.underWay).toBe(false);
  });
});

it("an edit clears what was written beside it and is no number, and keeps what is one", async () => {
  const { editing, arrangement } = await started();
  editing.select(arrangement, { row: 1, column: 1 });
  editing.value = "abc";
  editing.factor = "0.5";
  await editing.apply({ kind: "set", value: 0 });
  expect([editing.value, editing.factor]).toEqual(["", "0.5"]);
  editing.value = "2";
  editing.factor = "1e99";
  await editing.apply({ kind: "set", value: 2 });
  expect([editing.value, editing.factor]).toEqual(["2", ""]);
});
