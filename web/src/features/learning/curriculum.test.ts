import { describe, expect, it } from "vitest";
import { stageOf, stagePlans } from "./curriculum";

describe("the stages of a curriculum", () => {
  it("are those of the document, each with its threshold", () => {
    const stages = [
      { task: { coherence: 0.7 }, threshold: null },
      { task: { type: "Memory", delay: [200, 400] }, threshold: 0.02, metric: "loss" },
      { task: {} },
    ];
    expect(stagePlans({ curriculum: { stages, metric: "accuracy", threshold: 0.9 } })).toEqual([
      { title: "coherence 0.7", metric: "accuracy", threshold: 0.9 },
      { title: "Memory, delay [200,400]", metric: "loss", threshold: 0.02 },
      { title: "", metric: "accuracy", threshold: 0.9 },
    ]);
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
  });
});
