import { load, type Engine } from "nullcline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { count, decoders, mostHeap, mostMemory, mutate, type Gauges } from "./decoders.js";

const gauges: Gauges = {
  // The processor's time, since others may use it as well.
  milliseconds: () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  },
  heap: () => process.memoryUsage().arrayBuffers,
};

describe("ten thousand mutations of", { timeout: 300_000 }, () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await load({ threads: 1 });
  });
  afterAll(() => {
    expect(engine.handles()).toBe(0);
    engine[Symbol.dispose]();
  });

  it.each(decoders)("$name: those that are refused change nothing", async (decoder) => {
    const outcome = await mutate(decoder, engine, gauges);
    expect(outcome.complaints).toEqual([]);
    expect(outcome.taken + outcome.refused).toBe(count);
    expect(outcome.taken).toBeGreaterThanOrEqual(decoder.least.taken);
    expect(outcome.refused).toBeGreaterThanOrEqual(decoder.least.refused);
    expect(outcome.memory).toBeLessThan(mostMemory);
    expect(outcome.heap).toBeLessThan(mostHeap);
  });
});
