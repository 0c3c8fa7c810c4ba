import { expect, it } from "vitest";
import { fakeSchema } from "../../testing/fake-engine";
import { chosenIn, partsOf, sharingOf } from "./choosing";
import type { Standing } from "./sharing";

const document = { nullcline: 1, task: { type: "Choice" }, network: { type: "Plain" } };

it("lists the fields of a document, section by section", () => {
  const parts = partsOf(fakeSchema, document);
  expect(parts.map(({ path, title }) => [path, title])).toEqual([
    ["task", "Task"],
    ["network", "Network"],
    ["training", "Training"],
    ["", "Run"],
  ]);
  expect(parts[0]?.fields[0]).toEqual({ path: "task.type", title: "Choice of task" });
  expect(parts[1]?.fields.map(({ path }) => path)).toEqual(["network.N_rec", "network.initializer"]);
  expect(parts.at(-1)?.fields).toEqual([{ path: "seed", title: "Seed" }]);
});

it("writes what is chosen in few words, and reads it back", () => {
  const parts = partsOf(fakeSchema, document);
  const all = parts.flatMap(({ fields }) => fields.map(({ path }) => path));
  const chosen = Object.fromEntries(
    all.map(
      (path) => [path, path === "network.N_rec" ? "shown" : path === "seed" ? "locked" : "hidden"] as const,
    ),
  );
  const sharing = sharingOf(parts, chosen);
  expect(sharing).toEqual({ hidden: ["*", "!network.N_rec", "!seed"], locked: ["seed"] });
  expect(Object.fromEntries(chosenIn(parts, sharing))).toEqual(chosen);
  expect(sharingOf(parts, {})).toEqual({});
});

it("says whatever is chosen, so that it is read back", () => {
  const parts = partsOf(fakeSchema, document);
  const all = parts.flatMap(({ fields }) => fields.map(({ path }) => path));
  const standings: Standing[] = ["shown", "locked", "hidden"];
  for (let draw = 1; draw < 300; ++draw) {
    const chosen = Object.fromEntries(
      all.map((path, i) => [path, standings[Math.floor((draw * 7919) / 3 ** i) % 3] ?? "shown"] as const),
    );
    const sharing = sharingOf(parts, chosen);
    expect(Object.fromEntries(chosenIn(parts, sharing)), JSON.stringify(sharing)).toEqual(chosen);
  }
  const one = (path: string, standing: Standing) =>
    sharingOf(parts, Object.fromEntries(all.map((at) => [at, at === path ? standing : "hidden"])));
  expect(sharingOf(parts, Object.fromEntries(all.map((path) => [path, "locked"])))).toEqual({
    locked: ["*"],
  });
  expect(one("task.coherence", "shown")).toEqual({ hidden: ["*", "!task.coherence"] });
  expect(sharingOf(parts, { "task.type": "locked", "task.dt": "locked", "task.N_batch": "locked" })).toEqual({
    locked: ["task", "!task.coherence"],
  });
});
