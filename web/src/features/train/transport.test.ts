import { describe, expect, it } from "vitest";
import { announcement, pace, type Standing } from "./transport";

const ready: Standing = {
  phase: "ready",
  activity: "idle",
  iteration: 0,
  iterations: 391,
  finished: false,
  diverged: false,
  rate: null,
  timeLeft: null,
};

describe("pace", () => {
  it.each<[Partial<Standing>, string]>([
    [{ phase: "loading" }, "loading…"],
    [{ phase: "failed" }, "no engine"],
    [{ phase: "lost", iteration: 20 }, "no engine"],
    [{}, "ready"],
    [{ activity: "training" }, "starting…"],
    [{ activity: "training", iteration: 20, rate: 9420.4, timeLeft: 3200 }, "9,420 trials/s · 4\u202fs left"],
    [{ activity: "pausing", iteration: 20, rate: 9420 }, "pausing…"],
    [{ iteration: 20, rate: 9420 }, "paused"],
    [{ iteration: 391, finished: true, rate: 9420 }, "finished · 9,420 trials/s"],
    [{ iteration: 212, diverged: true }, "stopped"],
  ])("of %j is %j", (standing, text) => {
    expect(pace({ ...ready, ...standing })).toBe(text);
  });
});

it("tells a screen reader of changes only", () => {
  expect(announcement(ready)).toBe("");
  const training: Standing = { ...ready, activity: "training", iteration: 10 };
  expect(announcement(training)).toBe(announcement({ ...training, iteration: 20 }));
  expect(announcement({ ...ready, iteration: 391, finished: true })).toBe(
    "Training finished after 391 iterations.",
  );
  expect(announcement({ ...ready, iteration: 12 })).toBe("Paused at iteration 12.");
});
