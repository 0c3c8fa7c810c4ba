import { describe, expect, it } from "vitest";
import { stageOf, stagePlans } from "./curriculum";

describe("the stages of a curriculum", () => {
  it("are those of the document, each with its threshold", () => {
    const stages = [
      { task: { coherence: 0.7 }, threshold: null },
      { task: { type: "Memory", coherence: 0.4 }, threshold: 0.02, metric: "loss" },
      { task: {} },
    ];
    const task = { type: "Choice", coherence: 0.2 };
    expect(stagePlans({ task, curriculum: { stages, metric: "accuracy", threshold: 0.9 } })).toEqual([
      { title: "coherence 0.7", metric: "accuracy", threshold: 0.9 },
      { title: "Memory", metric: "loss", threshold: 0.02 },
      { title: "", metric: "accuracy", threshold: 0.9 },
    ]);
  });

  it("are told apart by what differs, however much of their tasks is written out", () => {
    const task = { type: "Choice", dt: 10, coherence: null };
    const stages = [0.7, 0.2].map((coherence) => ({ task: { ...task, coherence } }));
    const other = { task: { type: "Memory", dt: 10, delay: 200 } };
    const plans = stagePlans({ task, curriculum: { stages: [...stages, other] } });
    expect(plans.map(({ title }) => title)).toEqual([
      "Choice, coherence 0.7",
      "Choice, coherence 0.2",
      "Memory",
    ]);
    const alone = stagePlans({ task, curriculum: { stages } });
    expect(alone.map(({ title }) => title)).toEqual(["coherence 0.7", "coherence 0.2"]);
  });

  it("are none where the document has none, or something else in their place", () => {
    expect(stagePlans(null)).toEqual([]);
    expect(stagePlans({ curriculum: null })).toEqual([]);
    expect(stagePlans({ curriculum: { stages: "all" } })).toEqual([]);
    expect(stagePlans({ curriculum: { stages: [3] } })).toEqual([
      { title: "", metric: "accuracy", threshold: NaN },
    ]);
  });

  it("have a place in the whole", () => {
    expect(stageOf({ stage: 0, stages: 0 })).toBe("");
    expect(stageOf({ stage: 1, stages: 4 })).toBe("stage 2 of 4");
    expect(stageOf({ stage: 4, stages: 4 })).toBe("all 4 stages passed");
    expect(stageOf({ stage: 1, stages: 1 })).toBe("the only stage passed");
  });
});
