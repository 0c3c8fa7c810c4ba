import { load, type ExperimentDocument, type Schema } from "nullcline";
import { describe, expect, it } from "vitest";
import { presets, presetsFor, withDefaults, withPreset } from "./presets";

const hello: ExperimentDocument = {
  nullcline: 1,
  task: { type: "PerceptualDiscrimination" },
  network: { type: "Basic", N_rec: 20 },
};

async function described(): Promise<{ root: Schema; problems: (document: ExperimentDocument) => unknown[] }> {
  const engine = await load();
  return { root: engine.describe(), problems: (document) => engine.check(document).problems };
}

describe("presets", () => {
  it("are what the engine understands, and change only what they speak of", async () => {
    const { root, problems } = await described();
    for (const preset of presets) {
      expect(presetsFor(root, preset.section, hello)).toContain(preset);
      const document = withPreset(root, hello, preset);
      expect(problems(document), preset.title).toEqual([]);
      const section = document[preset.section];
      expect(section).toMatchObject({ ...(hello[preset.section] as object | undefined) });
    }
  });

  it("are offered where they mean something", async () => {
    const { root } = await described();
    const titles = (section: string, document: ExperimentDocument) =>
      presetsFor(root, section, document).map(({ title }) => title);
    expect(titles("network", { ...hello, network: { type: "LSTM" } })).toEqual([]);
    expect(titles("curriculum", { ...hello, task: { type: "MatchToCategory" } })).toEqual([]);
    expect(titles("task", { ...hello, task: { type: "MatchToCategory" } })).toEqual([
      "No noise on the inputs",
    ]);
    expect(titles("seed", hello)).toEqual([]);
  });

  it("leave nothing in the document that is a default", async () => {
    const { root } = await described();
    const quick = presets.find(({ section }) => section === "training");
    if (!quick) throw new Error("preset");
    expect(withPreset(root, hello, quick).training).toEqual({ training_iters: 5000 });
  });
});

describe("the defaults of a section", () => {
  it("come back, and its type stays", async () => {
    const { root } = await described();
    const changed = {
      ...hello,
      task: { type: "MatchToCategory", dt: 20 },
      training: { training_iters: 5000 },
      curriculum: { stages: [{ task: {} }] },
    };
    expect(withDefaults(root, changed, "task").task).toEqual({ type: "MatchToCategory" });
    expect(withDefaults(root, changed, "network").network).toEqual({ type: "Basic" });
    expect(withDefaults(root, changed, "training")).not.toHaveProperty("training");
    expect(withDefaults(root, changed, "curriculum")).not.toHaveProperty("curriculum");
    expect(withDefaults(root, changed, "nothing")).toBe(changed);
    const own = { ...hello, task: { type: "Trials", file: "a.npz", dt: 20 } };
    expect(withDefaults(root, own, "task").task).toEqual({ type: "Trials", file: "a.npz" });
  });
});
