import { describe, expect, it } from "vitest";
import type { Lab } from "../../../state/lab.svelte";
import { DocumentText } from "./text.svelte";
import { started as startedLab, settled } from "../../../testing/started";

async function opened(): Promise<{ lab: Lab; text: DocumentText }> {
  const { lab } = await startedLab();
  return { lab, text: new DocumentText(lab) };
}

describe("the document as text", () => {
  it("takes edits of the form, and gives its own to it", async () => {
    const { lab, text } = await opened();
    expect(text.text).toContain('"task": { "type": "Choice" }');
    lab.edit({ ...lab.draft, seed: 5 });
    expect(text.text).toContain('"seed": 5');
    text.type(text.text.replace('"seed": 5', '"seed": 6'));
    expect(lab.draft.seed).toBe(6);
  });

  it("stays as typed as long as it says the same", async () => {
    const { lab, text } = await opened();
    const typed = '{"network":{"type":"Plain"},   "task":{"type":"Choice"},"nullcline":1.0}';
    text.type(typed);
    expect(text.text).toBe(typed);
    lab.rename("Mine");
    expect(text.text).toContain('"name": "Mine"');
  });

  it("keeps the last document that could be read, and the text that could not", async () => {
    const { lab, text } = await opened();
    const before = lab.draft;
    text.type('{ "nullcline": 1,\n  "task": }');
    expect(lab.draft).toBe(before);
    expect(text.broken).toMatchObject({ line: 2, column: 11 });
    expect(text.text).toBe('{ "nullcline": 1,\n  "task": }');
    expect(text.overtaken).toBe(false);
    expect(text.unreadLine).toBe(2);
    lab.rename("Mine");
    expect(text.overtaken).toBe(true);
    expect(text.unreadLine).toBeNull();
    expect(text.text).toBe('{ "nullcline": 1,\n  "task": }');
    text.drop();
    expect(text.broken).toBeNull();
    expect(text.text).toContain("Mine");
  });

  it("marks what the engine finds wrong at its line", async () => {
    const { text } = await opened();
    text.type(
      '{ "nullcline": 1,\n  "task": { "type": "Choice",\n  "dt": -5 }, "network": { "type": "Plain" } }',
    );
    await settled();
    expect(text.marks).toEqual([
      { line: 3, column: null, text: expect.stringContaining("must be above 0. Use a positive") as string },
    ]);
    expect(text.lineOf("task.dt")).toBe(3);
  });
});
