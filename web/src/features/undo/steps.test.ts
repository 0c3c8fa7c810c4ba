import { describe, expect, it } from "vitest";
import { settled, started as startedLab } from "../../testing/started";
import { asksFor } from "./keys";
import { placeOf, Steps, wordsOf } from "./steps.svelte";

async function started() {
  const { lab, engine } = await startedLab();
  const steps = new Steps(lab);
  /** Sets a field as typing does. */
  const type = async (fields: { [name: string]: number | string }) => {
    lab.edit({ ...lab.draft, ...fields });
    await settled();
  };
  const go = async (direction: "undo" | "redo") => {
    await steps[direction]();
    await settled();
  };
  return { lab, engine, steps, type, go };
}

describe("the place of an edit", () => {
  it("is the innermost that holds all of it", () => {
    const a = { seed: 1, task: { type: "Choice", coherence: [0.1, 0.2] }, training: { iterations: 5 } };
    expect(placeOf(a, structuredClone(a))).toBeNull();
    expect(placeOf(a, { ...a, seed: 2 })).toBe("seed");
    expect(placeOf(a, { ...a, task: { ...a.task, coherence: [0.1, 0.3] } })).toBe("task.coherence.1");
    expect(placeOf(a, { ...a, task: { type: "Memory" } })).toBe("task");
    expect(placeOf(a, { ...a, seed: 2, training: {} })).toBe("");
    expect(placeOf(a, { ...a, name: "New" })).toBe("name");
  });
});

describe("edits of the document", () => {
  it("are undone and redone one by one, and the network follows", async () => {
    const { lab, steps, type, go } = await started();
    const first = lab.draft;
    expect(steps.canUndo).toBe(false);
    await type({ seed: 2 });
    steps.commit();
    await type({ seed: 3 });
    await go("undo");
    expect(lab.document?.seed).toBe(2);
    await go("undo");
    expect(lab.draft).toBe(first);
    expect(lab.document?.seed).toBe(1);
    expect(steps.canUndo).toBe(false);
    await go("redo");
    await go("redo");
    expect(lab.document?.seed).toBe(3);
    expect(steps.canRedo).toBe(false);
    await go("redo");
    expect(lab.document?.seed).toBe(3);
  });

  it("make one step while one field is typed in", async () => {
    const { lab, steps, type, go } = await started();
    for (const name of ["M", "Mi", "Min", "Mine"]) await type({ name });
    expect(wordsOf(steps.last)).toBe("the name");
    await type({ seed: 12 });
    await go("undo");
    expect(lab.draft.name).toBe("Mine");
    await go("undo");
    expect(lab.draft).not.toHaveProperty("name");
    expect(steps.canUndo).toBe(false);
  });

  it("leave no step where a field is typed back to what it was", async () => {
    const { steps, type } = await started();
    await type({ seed: 5 });
    steps.commit();
    await type({ seed: 51 });
    await type({ seed: 5 });
    expect(steps.last).toMatchObject({
      path: "seed",
      before: { draft: expect.not.objectContaining({ seed: 5 }) as object },
    });
  });

  it("clear what could be redone", async () => {
    const { steps, type, go } = await started();
    await type({ seed: 5 });
    await go("undo");
    await type({ name: "Other" });
    expect(steps.canRedo).toBe(false);
  });

  it("have their files with them", async () => {
    const { lab, engine, go } = await started();
    const [one, two] = [Uint8Array.of(1), Uint8Array.of(2)];
    lab.addFile("own.npz", one);
    lab.edit({ ...lab.draft, task: { type: "Choice", file: "own.npz" } });
    await settled();
    lab.addFile("own.npz", two);
    lab.edit({ ...lab.draft, seed: 4 });
    await settled();
    await go("undo");
    expect(engine.files).toEqual({ "own.npz": one });
    await go("redo");
    expect(engine.files).toEqual({ "own.npz": two });
  });

  it("of a trained network still ask before it is dropped", async () => {
    const { lab, type, go } = await started();
    await type({ seed: 2 });
    await lab.train();
    await go("undo");
    expect(lab.pending).toBe(true);
    expect(lab.iteration).toBe(100);
    await go("redo");
    expect(lab.pending).toBe(false);
  });
});

describe("what takes the place of a network", () => {
  it.each([
    [
      "an example",
      (lab: Awaited<ReturnType<typeof started>>["lab"]) => lab.replace({ ...lab.draft, seed: 9 }),
    ],
    ["a reset", (lab: Awaited<ReturnType<typeof started>>["lab"]) => lab.reset()],
    [
      "other weights",
      (lab: Awaited<ReturnType<typeof started>>["lab"]) =>
        lab.setWeights({ W_rec: { rows: 1, columns: 1, data: [7] } }),
    ],
  ])("is taken back with all that was trained: %s", async (_, change) => {
    const { lab, steps, go } = await started();
    lab.rename("Mine");
    await lab.train();
    const { run, draft, before, now } = lab;
    await change(lab);
    await settled();
    const after = lab.run;
    expect(lab.iteration).toBe(0);
    await go("undo");
    expect(lab.iteration).toBe(100);
    expect(lab).toMatchObject({ run, draft, before, now });
    expect(lab.history.at(-1)?.iteration).toBe(100);
    await go("redo");
    expect(lab.iteration).toBe(0);
    expect(lab.run).toBe(after);
    await go("undo");
    expect(lab.iteration).toBe(100);
    expect(steps.canRedo).toBe(true);
  });

  it("brings back the weights of a link where new ones were trained in their place", async () => {
    const { lab, engine, go } = await started();
    const weights = { W_rec: { rows: 1, columns: 1, data: [7] } };
    await lab.replace({ ...lab.draft, seed: 9 }, { weights, iterations: 30 });
    await lab.replace(lab.applied);
    await lab.train();
    expect(engine.session?.scale).toBe(1);
    await go("undo");
    expect(engine.session?.scale).toBe(7);
    expect([lab.iteration, lab.trainedBefore]).toEqual([0, 30]);
  });

  it("comes back as far as it was trained", async () => {
    const { lab, engine, go } = await started();
    await lab.replace({ ...lab.draft, seed: 9 });
    const { session } = engine;
    if (!session) throw new Error("There is no session.");
    session.between = () => {
      if (session.iteration === 40) void lab.pause();
      return Promise.resolve();
    };
    await lab.train();
    await go("undo");
    expect(lab.iteration).toBe(0);
    expect(lab.document?.seed).toBe(1);
    await go("redo");
    expect(lab.iteration).toBe(40);
    expect(lab.document?.seed).toBe(9);
  });

  it("leaves no step where the engine refuses it", async () => {
    const { lab, engine, steps } = await started();
    if (engine.session) engine.session.setWeights = () => Promise.reject(engine.death());
    await lab.setWeights({ W_rec: { rows: 1, columns: 1, data: [7] } });
    expect(steps.canUndo).toBe(false);
  });
});

describe("the keys", () => {
  const key = (key: string, held: Partial<KeyboardEvent> = {}) =>
    ({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held }) as KeyboardEvent;

  it("are those of the system", () => {
    expect(asksFor(key("z", { ctrlKey: true }), false)).toBe("undo");
    expect(asksFor(key("Z", { ctrlKey: true, shiftKey: true }), false)).toBe("redo");
    expect(asksFor(key("y", { ctrlKey: true }), false)).toBe("redo");
    expect(asksFor(key("z", { metaKey: true }), true)).toBe("undo");
    expect(asksFor(key("z", { metaKey: true, shiftKey: true }), true)).toBe("redo");
    for (const event of [key("z"), key("z", { metaKey: true }), key("z", { ctrlKey: true, altKey: true })])
      expect(asksFor(event, false)).toBeNull();
    expect(asksFor(key("z", { ctrlKey: true }), true)).toBeNull();
  });
});
