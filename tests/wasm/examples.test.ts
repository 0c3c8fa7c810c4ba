import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { small } from "./support.js";

const examples = fileURLToPath(new URL("../../examples/", import.meta.url));

describe("the examples for Node", () => {
  let folder: string;
  let document: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "nullcline-"));
    document = join(folder, "small.json");
    writeFileSync(document, JSON.stringify(small()));
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  const run = (name: string): string => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(examples, name), document], {
      encoding: "utf8",
    });
    expect(stderr).toBe("");
    expect(status).toBe(0);
    return stdout;
  };

  it("train an experiment", () => {
    expect(run("train.mjs")).toMatch(
      /iteration 60 of 60: loss [\d.]+, \d+ % correct\n.* fresh trials; weights [0-9a-f]{16}/,
    );
  });

  it("lesion each unit of a network", () => {
    const said = run("lesion.mjs");
    expect(said).toMatch(/^[\d.]+ % correct with all 12 units\.\n/);
    expect(said.match(/^Without unit .*: [\d.]+ % \(-?[\d.]+ % less\)$/gm)).toHaveLength(10);
    expect(said).toMatch(/\d+ units cost more than 1 % each/);
  });
});
