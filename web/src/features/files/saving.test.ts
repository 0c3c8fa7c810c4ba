import { readNpz } from "nullcline/npz";
import { describe, expect, it } from "vitest";
import { npyHeader } from "./npy";
import { recognise } from "./recognise";
import { saveExperiment, saveLearningCurve, saveRun, saveTrials, saveWeights } from "./saving";
import { started as startedLab } from "../../testing/started";

async function page() {
  const { lab } = await startedLab({ clock: () => 0 });
  await lab.train();
  const saved: { name: string; content: Blob }[] = [];
  const save = (name: string, content: Blob) => saved.push({ name, content });
  return { lab, saved, save, saving: { lab, experiment: "Mine, seed 2" } };
}

describe("saving", () => {
  it("names files after the experiment", async () => {
    const { saving, saved, save } = await page();
    await saveWeights(saving, save);
    await saveTrials(saving, 4, save);
    await saveRun(saving, save);
    saveLearningCurve(saving, save);
    saveExperiment(saving, save);
    expect(saved.map(({ name }) => name)).toEqual([
      "mine-seed-2-weights.npz",
      "mine-seed-2-trials.npz",
      "mine-seed-2-run.npz",
      "mine-seed-2-learning-curve.csv",
      "mine-seed-2.json",
    ]);
  });

  it("writes trials that can be opened again", async () => {
    const { saving, saved, save } = await page();
    await saveTrials(saving, 4, save);
    const bytes = new Uint8Array((await saved[0]?.content.arrayBuffer()) ?? []);
    expect(recognise(bytes, "own.npz")).toMatchObject({ kind: "trials", count: 4 });
    const shapes = readNpz(bytes, "own.npz").map((member) => [
      member.key,
      "bytes" in member ? npyHeader(member.bytes)?.shape : null,
    ]);
    expect(shapes).toEqual([
      ["x", [4, 5, 2]],
      ["y", [4, 5, 2]],
      ["mask", [4, 5, 2]],
    ]);
  });

  it("writes the learning curve as a table, and the experiment as it was written", async () => {
    const { lab, saving, saved, save } = await page();
    saveLearningCurve(saving, save);
    saveExperiment(saving, save);
    expect(await saved[0]?.content.text()).toMatch(
      /^iteration,loss,accuracy,test_loss,test_accuracy,test_trials\n0,,,0\.1,0\.5,1000\n10,0\.1,0\.55,,,\n/,
    );
    expect(JSON.parse((await saved[1]?.content.text()) ?? "")).toEqual(lab.draft);
  });
});
