import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

let time = 0;
let frames: (() => void)[] = [];

/** Draws so many frames, 16 ms apart. */
async function draw(count = 1): Promise<void> {
  for (let frame = 0; frame < count; frame++) {
    time += 16;
    await vi.advanceTimersByTimeAsync(16);
    const now = frames;
    frames = [];
    for (const callback of now) callback();
  }
}

describe("drawing in turns", () => {
  beforeEach(() => {
    time = 0;
    frames = [];
    vi.useFakeTimers({ toFake: ["setTimeout"] });
    vi.stubGlobal("requestAnimationFrame", (callback: () => void) => frames.push(callback));
    vi.spyOn(performance, "now").mockImplementation(() => time);
    vi.resetModules();
  });

  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });

  it("draws one plot a frame, each with its latest data", async () => {
    const { drawSoon } = await import("./queue");
    const drawn: string[] = [];
    const [a, b] = [{}, {}];
    drawSoon(a, () => drawn.push("a1"));
    drawSoon(b, () => drawn.push("b1"));
    drawSoon(a, () => drawn.push("a2"));
    await draw();
    expect(drawn).toEqual(["a2"]);
    await draw();
    expect(drawn).toEqual(["a2", "b1"]);
  });

  it("draws a plot ten times a second at most, and a slow one less often", async () => {
    const { drawSoon } = await import("./queue");
    const count = { quick: 0, slow: 0 };
    const [quick, slow] = [{}, {}];
    for (let frame = 0; frame < 125; frame++) {
      drawSoon(quick, () => count.quick++);
      drawSoon(slow, () => {
        count.slow++;
        time += 40;
      });
      await draw();
    }
    expect(count.quick).toBeGreaterThan(10);
    expect(count.quick).toBeLessThanOrEqual(23);
    expect(count.slow).toBeLessThanOrEqual(6);
  });

  it("forgets a plot that is gone", async () => {
    const { drawSoon, forgetDrawing } = await import("./queue");
    const plot = {};
    const callback = vi.fn();
    drawSoon(plot, callback);
    forgetDrawing(plot);
    await draw(2);
    expect(callback).not.toHaveBeenCalled();
  });
});
