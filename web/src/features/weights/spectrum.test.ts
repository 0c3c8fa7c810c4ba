import { describe, expect, it } from "vitest";
import { Spectrum } from "./spectrum.svelte";
import { started as startedLab } from "../../testing/started";

async function started(N_rec = 4) {
  const { lab, engine } = await startedLab({
    document: { nullcline: 1, task: { type: "Choice" }, network: { type: "Plain", N_rec } },
  });
  let asked = 0;
  const eigenvalues = engine.eigenvalues.bind(engine);
  engine.eigenvalues = (matrix) => {
    asked++;
    return eigenvalues(matrix);
  };
  let time = 0;
  const spectrum = new Spectrum(lab, () => time);
  return { lab, engine, spectrum, asked: () => asked, pass: (more: number) => (time += more) };
}

describe("the spectrum", () => {
  it("is that of the weights now, without those before as long as they are the same", async () => {
    const { spectrum } = await started();
    await spectrum.refresh();
    expect([...(spectrum.found?.now.re ?? [])]).toEqual([1, 1, 1, 1]);
    expect(spectrum.found?.before).toBeNull();
    expect(spectrum.found?.lesioned).toBeNull();
  });

  it("has those before, found once", async () => {
    const { lab, spectrum, asked } = await started();
    await lab.train();
    await spectrum.refresh();
    expect(spectrum.found?.now.re[0]).toBe(101);
    expect(spectrum.found?.before?.re[0]).toBe(1);
    expect(asked()).toBe(2);
    await spectrum.refresh();
    expect(asked()).toBe(3);
  });

  it("follows a lesion", async () => {
    const { lab, spectrum } = await started();
    lab.setLesion({ units: [2] });
    await spectrum.refresh();
    expect([...(spectrum.found?.lesioned?.re ?? [])]).toEqual([1, 1, 0, 1]);
    expect(spectrum.found?.window).toBeNull();
    lab.setLesion({ units: [2], window: [400, 900] });
    await spectrum.refresh();
    expect(spectrum.found?.window).toEqual([400, 900]);
  });

  it("is found seldom while the network trains", async () => {
    const { lab, engine, spectrum, asked, pass } = await started();
    if (!engine.session) throw new Error("There is no session.");
    engine.session.between = async () => {
      pass(300);
      await spectrum.refresh();
    };
    await lab.train();
    // Ten slices of 300 ms: at the start, and then once a second.
    expect(asked()).toBeLessThan(10);
    expect(asked()).toBeGreaterThan(0);
  });

  it("of many units waits until it is asked for", async () => {
    const { spectrum, asked } = await started(301);
    await spectrum.refresh();
    expect(spectrum.found).toBeNull();
    expect(asked()).toBe(0);
    await spectrum.measure();
    expect(spectrum.found?.now.re).toHaveLength(301);
  });
});
