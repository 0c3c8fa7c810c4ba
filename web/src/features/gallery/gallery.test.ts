import type { ExperimentDocument } from "nullcline";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { Lab } from "../../state/lab.svelte";
import { namedFiles } from "../../document/files";
import { fetchExample, following, groups, type Example } from "./examples";
import { Gallery } from "./gallery.svelte";
import { started as startedLab } from "../../testing/started";

const folder = fileURLToPath(new URL("../../../../examples/", import.meta.url));
const examples = groups.flatMap((group) => group.examples);

function example(index: number): Example {
  const found = examples[index];
  if (!found) throw new Error(`There is no example ${index}.`);
  return found;
}

describe("the list of examples", () => {
  it("names files that are there, and all of them", () => {
    const documents = readdirSync(folder).filter((name) => name.endsWith(".json") && name !== "gallery.json");
    expect([...new Set(examples.map(({ file }) => file))].sort()).toEqual(documents.sort());
    for (const file of documents) {
      const document = JSON.parse(readFileSync(folder + file, "utf8")) as ExperimentDocument;
      expect(document.nullcline).toBe(1);
      expect(document.name).not.toBe("");
      for (const name of namedFiles(document)) expect(existsSync(folder + name), name).toBe(true);
    }
  });

  it("has ids of its own and sentences for each", () => {
    const ids = examples.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(groups.map(({ title }) => title)).size).toBe(groups.length);
    for (const { id, title, shows, look } of examples) {
      expect(id).toMatch(/^[a-z-]+$/);
      expect(title).not.toBe("");
      expect(look.length).toBeGreaterThan(0);
      for (const sentence of [shows, ...look]) expect(sentence).toMatch(/^[A-Z].*[^.]\.$/);
    }
  });

  it("is gone through in order", () => {
    const seen: string[] = [];
    for (let at: Example | null = example(0); at; at = following(at)) seen.push(at.id);
    expect(seen).toEqual(examples.map(({ id }) => id));
  });

  it("is fetched one by one", async () => {
    const { document, files } = await fetchExample(example(0));
    expect(document.name).toBe("Hello World");
    expect(files).toEqual({});
    await expect(fetchExample({ ...example(0), file: "none.json" })).rejects.toThrow("none.json");
  });

  it("finds the files that a document names", () => {
    expect(namedFiles({ a: ["w.npz", { file: "t.npz", key: "x" }], b: null, c: "text", d: 1 })).toEqual([
      "w.npz",
      "t.npz",
    ]);
  });
});

async function started(): Promise<{ lab: Lab; gallery: Gallery }> {
  const { lab } = await startedLab({ clock: () => 0 });
  const gallery = new Gallery(lab, (example) =>
    example.file === "none.json"
      ? Promise.reject(new Error("It is away."))
      : Promise.resolve({
          document: {
            nullcline: 1,
            name: example.title,
            task: { type: "Choice" },
            network: { type: "Plain" },
            seed: 7,
          },
          files: { "w.npz": new Uint8Array(1) },
          next: following(example),
        }),
  );
  gallery.show();
  return { lab, gallery };
}

describe("the gallery", () => {
  it("opens an example with its files, and a note", async () => {
    const { lab, gallery } = await started();
    await gallery.choose(example(0));
    expect(lab.draft.name).toBe(example(0).title);
    expect(lab.document?.seed).toBe(7);
    expect(Object.keys(lab.files)).toEqual(["w.npz"]);
    expect(gallery.open).toBe(false);
    expect(gallery.note).toBe(example(0));
    expect(gallery.next).toBe(example(1));
    gallery.dismissNote();
    expect(gallery.note).toBeNull();
  });

  it("asks before it drops a trained network", async () => {
    const { lab, gallery } = await started();
    await lab.step();
    await gallery.choose(example(0));
    expect(gallery.asked).toBe(example(0));
    expect(gallery.loss).toBe(
      "The network that was trained here for 1 iteration makes way and stays in Runs.",
    );
    expect(lab.iteration).toBe(1);
    gallery.close();
    expect(gallery.asked).toBeNull();
    await gallery.take(example(0));
    expect(lab.iteration).toBe(0);
    expect(gallery.loss).toBe("");
  });

  it("asks before it drops changes, but for a name", async () => {
    const { lab, gallery } = await started();
    lab.rename("Mine");
    expect(gallery.loss).toBe("");
    lab.edit({ ...lab.draft, seed: 3 });
    await gallery.choose(example(0));
    expect(gallery.loss).toBe("Your experiment, with its changes, makes way and stays in Runs.");
    await gallery.take(example(0));
    expect(gallery.loss).toBe("");
    await gallery.choose(example(1));
    expect(gallery.current).toBe(example(1));
    lab.edit({ ...lab.draft, seed: 4 });
    await gallery.choose(example(2));
    expect(gallery.open).toBe(true);
    expect(gallery.asked).toBe(example(2));
  });

  it("says whether the engine is still to come, or will not", async () => {
    let fail: (error: Error) => void = () => undefined;
    const lab = new Lab({ connect: () => new Promise((_, reject) => (fail = reject)) });
    const gallery = new Gallery(lab);
    const start = lab.start();
    await gallery.choose(example(0));
    expect(gallery.failure).toBe("The page is still loading; choose an example once it is there.");
    fail(new Error("It is away."));
    await start;
    await gallery.choose(example(0));
    expect(gallery.failure).toBe("The engine is not running.");
  });

  it("changes nothing when an example cannot be fetched", async () => {
    const { lab, gallery } = await started();
    const draft = lab.draft;
    await gallery.choose({ ...example(0), file: "none.json" });
    expect(gallery.failure).toBe(
      "Hello World could not be fetched. It is away. Look at the connection and try again.",
    );
    expect(gallery.open).toBe(true);
    expect(lab.draft).toBe(draft);
  });

  it("puts the note away when the experiment goes by another name", async () => {
    const { lab, gallery } = await started();
    await gallery.choose(example(0));
    lab.rename("Mine");
    expect(gallery.note).toBeNull();
  });
});
