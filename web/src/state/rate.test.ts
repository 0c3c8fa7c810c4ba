import { describe, expect, it } from "vitest";
import { RateMeter } from "./rate";

describe("RateMeter", () => {
  it("tells nothing until it has something to tell", () => {
    const meter = new RateMeter();
    expect(meter.rate()).toBeNull();
    meter.restart(0, 0);
    meter.add(50, 100);
    expect(meter.rate()).toBeNull();
    expect(meter.timeLeft(100)).toBeNull();
  });

  it("measures trials per second and the time left", () => {
    const meter = new RateMeter();
    meter.restart(1000, 500);
    meter.add(2000, 1500);
    expect(meter.rate()).toBe(1000);
    expect(meter.timeLeft(2000)).toBe(2000);
    expect(meter.timeLeft(-5)).toBe(0);
  });

  it("forgets what is older than its window, and pauses", () => {
    const meter = new RateMeter(1000);
    meter.restart(0, 0);
    for (let time = 100; time <= 3000; time += 100)
      meter.add(time, time < 1500 ? time : 1500 + 3 * (time - 1500));
    expect(meter.rate()).toBe(3000);
    meter.restart(90_000, 6000);
    meter.add(91_000, 8000);
    expect(meter.rate()).toBe(2000);
  });
});
